#include "store/sqlite_store.h"

#include <filesystem>

#include "store/sqlite_doctor.h"
#include "store/sqlite_link_book.h"
#include "store/sqlite_match_book.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_work_streams.h"

namespace oddsloom {

Result<std::unique_ptr<Store>> SqliteStore::open(const std::string& path, StoreOptions options) {
  std::error_code ignored;
  if (options.look_only && !std::filesystem::exists(path, ignored))
    return fail(ErrorKind::NotFound, path, "there is no such file");
  if (auto prepared = prepare_sqlite_file(path); !prepared) return tl::unexpected(prepared.error());
  std::unique_ptr<SqliteStore> store(new SqliteStore(path, std::move(options)));
  auto writer = SqliteWriter::start(path, store->turn_, store->options_);
  if (!writer) return tl::unexpected(writer.error());
  store->writer_ = *std::move(writer);
  auto tidy = SqliteTidy::open(path, store->turn_, store->options_);
  if (!tidy) return tl::unexpected(tidy.error());
  store->tidy_ = *std::move(tidy);
  return store;
}

SqliteStore::SqliteStore(std::string path, StoreOptions options)
    : path_(std::move(path)), options_(std::move(options)) {}

Result<std::unique_ptr<WorkStreams>> SqliteStore::work_streams() {
  return SqliteWorkStreams::open(path_, turn_, bell_, options_.clock);
}

Result<std::unique_ptr<MatchBook>> SqliteStore::match_book() {
  return std::make_unique<SqliteMatchBook>(*writer_);
}

Result<std::unique_ptr<Reader>> SqliteStore::reader() { return SqliteReader::open(path_); }

Result<std::unique_ptr<LinkBook>> SqliteStore::link_book() {
  return SqliteLinkBook::open(path_, turn_);
}

Result<void> SqliteStore::tidy() {
  const std::lock_guard lock(tidy_mutex_);
  return tidy_->run();
}

Result<Examination> SqliteStore::examine(const ExaminationProgress& progress) {
  return examine_sqlite(path_, progress);
}

}  // namespace oddsloom
