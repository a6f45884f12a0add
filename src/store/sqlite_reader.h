// The embedded store's Reader: every answer is one snapshot, whatever is being written meanwhile.
// A record's history is found through the record: it ends when the record expires, though its
// changes may still be in the log. Belongs to one thread.
#pragma once

#include "store/sqlite_record_rows.h"
#include "store/store.h"

namespace oddsloom {

class SqliteReader final : public Reader {
 public:
  // Errors as of connect_sqlite.
  static Result<std::unique_ptr<Reader>> open(const std::string& path);

  Result<std::string> identity() override;
  Result<std::vector<MatchDocument>> documents(const DocumentFilter& filter) override;
  Result<std::optional<MatchDocument>> document(const std::string& key) override;
  Result<std::optional<std::string>> find(const RecordId& id) override;
  Result<std::vector<Change>> changes(std::uint64_t after, std::size_t most) override;
  Result<LogSpan> change_log() override;
  Result<std::vector<Change>> history(const RecordId& id, std::size_t most) override;
  Result<std::vector<MatchDocument>> as_of(UtcMillis at) override;
  Result<std::vector<Announcement>> announcements(const std::string& stream, std::uint64_t after,
                                                  std::size_t most) override;
  Result<std::vector<Seen>> seen(const std::string& bookmaker, Source source,
                                 std::optional<UtcMillis> since, std::size_t most) override;
  Result<StoreCounts> counts() override;

 private:
  explicit SqliteReader(std::unique_ptr<Connection> connection);
  std::vector<MatchDocument> read_documents(Rows rows);
  Change read_change(const Rows& rows);

  std::unique_ptr<Connection> connection_;
  Statement document_, find_, changes_, history_, announcements_, seen_, counts_;
};

}  // namespace oddsloom
