// Keeps a watch model up to date from a store, also one that other processes write: documents at
// the start, then the change log, then the sighting times of what is on screen. Every turn reads a
// bounded amount. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/watch_health.h"
#include "app/watch_model.h"
#include "store/store.h"

namespace oddsloom {

class WatchFeed {
 public:
  // The model outlives the feed.
  WatchFeed(std::unique_ptr<Reader> reader, std::unique_ptr<WorkStreams> streams,
            WatchModel& model);

  // Reads what is new. `on_screen`: keys of the documents whose ages are being looked at. Gives the
  // prices that moved. A store that cannot be read now is told in health().trouble.
  std::vector<PriceMove> turn(UtcMillis now, const std::vector<std::string>& on_screen);

  const WatchHealth& health() const { return health_; }

 private:
  Result<void> read_changes(UtcMillis now, std::vector<PriceMove>& moves);
  Result<void> read_all(UtcMillis now, std::vector<PriceMove>& moves);
  Result<void> read_shown(UtcMillis now, const std::vector<std::string>& keys,
                          std::vector<PriceMove>& moves);
  Result<void> read_statistics(UtcMillis now);
  void see(const MatchDocument& document, UtcMillis now, std::vector<PriceMove>& moves);

  std::unique_ptr<Reader> reader_;
  std::unique_ptr<WorkStreams> streams_;
  WatchModel& model_;
  WatchHealth health_;
  std::uint64_t sequence_ = 0;         // how far the change log was read
  std::uint64_t counted_changes_ = 0;  // since counted_at_
  UtcMillis counted_at_;
  UtcMillis all_due_, shown_due_, statistics_due_;
};

}  // namespace oddsloom
