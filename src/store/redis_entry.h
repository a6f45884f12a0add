// Work entries as messages of a Redis stream: one field per member that is known (event_id, home,
// ..), and appended_at in milliseconds. Messages of other programs are read too: whatever names an
// event, see model/work_entry.h. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "model/work_entry.h"
#include "store/redis_reply.h"

namespace oddsloom {

// Names and values, one after the other.
std::vector<std::string> entry_fields(const WorkEntry& entry);

// `fields` as a server gives them. Errors: those of parse_work_entry.
Result<WorkEntry> read_entry_fields(ReplyView fields);

// When it was appended: its appended_at, else the time in its id.
UtcMillis appended_at(ReplyView fields, std::string_view id);

}  // namespace oddsloom
