// What clients with equal filters share: which entries of the log are for them, the snapshot one of
// them begins with, the heartbeat. I/O thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "serve/feed_book.h"
#include "serve/feed_filter.h"

namespace oddsloom {

// The state of everything at one position of the log, in frames of bounded size.
struct FeedSnapshot {
  std::vector<SharedFrame> frames;  // "snapshot", .., "snapshot-complete"
  std::uint64_t position = 0;       // after it the client reads on
  UtcMillis made_at;
  std::size_t bytes = 0;
};

class FeedChannel {
 public:
  FeedChannel(const FeedBook& book, FeedFilter filter)
      : book_(book), filter_(std::move(filter)), scanned_(book.begin()), lost_(book.begin()) {}

  const FeedFilter& filter() const { return filter_; }
  // Positions of the entries for this filter, oldest first, as far as the log reaches back.
  const std::deque<std::uint64_t>& positions();
  // Up to which some may have been for this filter that the log no longer holds.
  std::uint64_t lost() const { return lost_; }
  // One made a moment ago that somebody still reads, or nullptr.
  std::shared_ptr<const FeedSnapshot> young_snapshot(UtcMillis now) const;
  std::shared_ptr<const FeedSnapshot> make_snapshot(UtcMillis now);
  SharedFrame heartbeat(UtcMillis now, const std::vector<SourceAge>& ages);

 private:
  const FeedBook& book_;
  const FeedFilter filter_;
  std::deque<std::uint64_t> positions_;
  std::uint64_t scanned_ = 0, lost_ = 0;
  std::weak_ptr<const FeedSnapshot> snapshot_;
  SharedFrame heartbeat_;
  UtcMillis heartbeat_at_;
  std::uint64_t heartbeat_sequence_ = 0;
};

}  // namespace oddsloom
