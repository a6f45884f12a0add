// The embedded store: one SQLite file holds streams, documents, change log and announcements. Made
// by open_store("sqlite:PATH"). Any thread; many processes may open the same file.
#pragma once

#include "store/sqlite_bell.h"
#include "store/sqlite_tidy.h"
#include "store/sqlite_writer.h"

namespace oddsloom {

class SqliteStore final : public Store {
 public:
  // Errors: those of prepare_sqlite_file.
  static Result<std::unique_ptr<Store>> open(const std::string& path, StoreOptions options);

  Result<std::unique_ptr<WorkStreams>> work_streams() override;
  Result<std::unique_ptr<MatchBook>> match_book() override;
  Result<std::unique_ptr<Reader>> reader() override;
  Result<std::unique_ptr<LinkBook>> link_book() override;
  Result<void> tidy() override;
  Result<Examination> examine(const ExaminationProgress& progress) override;

 private:
  SqliteStore(std::string path, StoreOptions options);

  const std::string path_;
  const StoreOptions options_;
  WriteTurn turn_;
  Bell bell_;
  std::unique_ptr<SqliteWriter> writer_;
  std::mutex tidy_mutex_;
  std::unique_ptr<SqliteTidy> tidy_;
};

}  // namespace oddsloom
