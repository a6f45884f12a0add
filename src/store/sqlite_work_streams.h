// The embedded store's WorkStreams. Appends are durable when they return; claims survive a crash of
// the program, and after a power cut are at worst given out again. Belongs to one thread.
#pragma once

#include "store/sqlite_claimer.h"
#include "store/sqlite_dead_letters.h"

namespace oddsloom {

class SqliteWorkStreams final : public WorkStreams {
 public:
  // `turn`, `bell` and `clock` must outlive it. Errors as of connect_sqlite.
  static Result<std::unique_ptr<WorkStreams>> open(const std::string& path, WriteTurn& turn,
                                                   Bell& bell, const Clock& clock);

  Result<std::vector<std::string>> append(const StreamId& stream,
                                          const std::vector<WorkEntry>& entries) override;
  Result<std::vector<Entry>> claim(const ClaimRequest& request) override;
  Result<void> extend(const std::vector<EntryRef>& entries, const std::string& consumer,
                      Millis visibility) override;
  Result<std::vector<StreamStatistics>> statistics() override;
  Result<std::uint64_t> backlog(const std::vector<StreamId>& streams) override;
  Result<std::vector<DeadLetter>> dead(std::size_t most) override;
  Result<std::size_t> retry_dead(const std::vector<EntryRef>& entries) override;
  Result<std::size_t> drop_dead(const std::vector<EntryRef>& entries) override;

 private:
  SqliteWorkStreams(std::unique_ptr<Connection> connection, WriteTurn& turn, Bell& bell,
                    const Clock& clock);
  std::vector<StreamStatistics> read_statistics();

  std::unique_ptr<Connection> connection_;
  WriteTurn& turn_;
  Bell& bell_;
  const Clock& clock_;
  StreamRows streams_;
  SqliteClaimer claimer_;
  SqliteDeadLetters dead_letters_;
  Statement append_, extend_, count_, statistics_, consumers_;
};

}  // namespace oddsloom
