// Looks the embedded store's file over, for `oddsloom doctor`: damage, rows that lead nowhere,
// records that cannot be read, the write-ahead log. Reads only, records in pages, so that writers
// and checkpoints go on; the check for damage is one reader from beginning to end. Nothing is kept
// of what is read. A connection of its own; one thread.
#pragma once

#include <string>

#include "store/store.h"

namespace oddsloom {

// Errors: those of connect_sqlite, and of reading; damage is a finding.
Result<Examination> examine_sqlite(const std::string& path, const ExaminationProgress& progress);

}  // namespace oddsloom
