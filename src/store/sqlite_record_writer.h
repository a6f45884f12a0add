// What becomes of one record: created, merged, same, stale or absent. The heart of a commit; runs
// on the writer thread, inside its transaction. Belongs to one thread, with its connection.
#pragma once

#include "store/sqlite_record_rows.h"
#include "store/store.h"

namespace oddsloom {

class SqliteRecordWriter {
 public:
  // `options` must outlive it.
  SqliteRecordWriter(Connection& connection, const StoreOptions& options);

  // `hash` is content_hash(record), and afterwards of what is stored. Failures are noted in the
  // connection; what is returned then means nothing.
  Committed write(Record record, ContentHash& hash);
  Committed see(const Sighting& sighting);
  // Withdraws what is stored of other lines.
  void keep_lines(const LinesOffered& offered);

 private:
  // What the store knows of a record.
  struct Known {
    std::int64_t row = 0;
    std::int64_t document = 0;
    std::int64_t last_change = 0;
    ContentHash hash;
    UtcMillis observed_at;
    bool offered = true;
    std::optional<UtcMillis> start_time;
    bool adds = false;  // something that the sighting did not know was completed from it
  };

  // Completes `record`, where its content is another, by what the sighting does not know.
  std::optional<Known> look_up(Record& record, const ContentHash& hash, const std::string& line);
  Committed create(Record& record, const ContentHash& hash, const std::string& line);
  Committed merge(Record& record, const ContentHash& hash, const std::string& line,
                  const Known& known);
  Committed withdraw(const Record& sighting, ContentHash& hash, const std::string& line,
                     const Known& known);
  Committed touch(const Record& record, const Known& known);
  // Gives the change's sequence.
  std::int64_t log_change(std::int64_t document, std::int64_t previous, const Record& record,
                          const std::string& line, const std::string& outcomes);
  std::string insert_document(const BetType& type, const Record& record, UtcMillis now);

  Connection& connection_;
  const StoreOptions& options_;
  Statement look_up_, read_, lines_of_, see_, last_seen_, touch_, merge_, insert_document_,
      insert_record_, move_start_;
  Statement log_change_, announce_;
};

}  // namespace oddsloom
