// How work is given out: looks without the write lock whether there is any, takes a fair share in
// one transaction, waits for news when there is none. Part of sqlite_work_streams; belongs to one
// thread, with its connection.
#pragma once

#include <unordered_map>

#include "store/fair_share.h"
#include "store/sqlite_bell.h"
#include "store/sqlite_stream_rows.h"
#include "store/sqlite_transaction.h"
#include "store/store.h"

namespace oddsloom {

class SqliteClaimer {
 public:
  // All must outlive it.
  SqliteClaimer(Connection& connection, StreamRows& streams, WriteTurn& turn, Bell& bell,
                const Clock& clock);

  // As WorkStreams::claim; failures are noted in the connection.
  std::vector<Entry> claim(const ClaimRequest& request);

 private:
  struct Glance {
    bool ready = false;
    std::optional<UtcMillis> next_due;  // of what is delayed or held
  };

  // An entry as it lies there.
  struct Found {
    std::string entry;  // JSON
    UtcMillis appended_at;
    int deliveries = 0, attempts = 0;
  };
  using FoundByRow = std::unordered_map<std::int64_t, Found>;

  void register_streams(const std::vector<StreamId>& streams);
  Glance glance(const std::vector<StreamId>& streams, UtcMillis now);
  std::vector<Entry> take(const ClaimRequest& request);
  std::vector<Candidate> candidates(const StreamId& stream, UtcMillis now, std::size_t most,
                                    FoundByRow& found);
  std::optional<Entry> hold(const StreamId& stream, std::int64_t row, const Found& found,
                            const ClaimRequest& request, UtcMillis now);
  void remember_consumer(const StreamId& stream, const std::string& consumer, UtcMillis now);
  std::int64_t data_version();

  Connection& connection_;
  StreamRows& streams_;
  WriteTurn& turn_;
  Bell& bell_;
  const Clock& clock_;
  std::chrono::steady_clock::time_point last_found_;
  Statement first_due_, due_, fresh_, hold_, bury_, remove_, remember_, version_;
};

}  // namespace oddsloom
