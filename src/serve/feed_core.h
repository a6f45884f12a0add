// What the feed's clients have in common: the book, the channels, and what bounds the memory that
// beginners and those who come back after long take. Part of feed.h. I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "serve/feed_channel.h"
#include "serve/feed_metrics.h"
#include "store/store.h"

namespace oddsloom {

// A page of the store's change log.
struct FeedLogPage {
  std::vector<Change> changes;  // after the place that was asked for, oldest first
  // Reader::change_log().begin, asked for after the changes were read: where it lies beyond the
  // place, some may be missing.
  std::uint64_t reaches_back_to = 0;
};
// Reads the change log on another thread and hands the page over on the I/O thread; must not wait.
using ReadFeedLog = std::function<void(std::uint64_t after, std::size_t most,
                                       std::function<void(Result<FeedLogPage>)> done)>;

struct FeedConfig {
  // Of the store: another store has another one, the same store keeps it. Without '-'.
  std::string epoch;
  Millis heartbeat_every{10'000};
  Millis retry{2'000};  // told to clients: how long to wait before they come back
  FeedBook::Limits log{};
  std::size_t conflate_after = 512;         // frames that a client is behind
  Millis slow_after{60'000};                // so long behind, or with a snapshot, and it is let go
  std::size_t snapshot_bytes = 64U << 20U;  // of all snapshots being sent; the next one waits
  std::size_t replays = 32;                 // clients reading the store's log at a time
  std::size_t replay_page = 500;
};

class FeedSubscriber;

struct FeedCore {
  FeedCore(FeedConfig settings, const Catalog& bookmakers, ReadFeedLog reads_log,
           FeedServiceMetrics& counts)
      : config(std::move(settings)),
        catalog(bookmakers),
        read_log(std::move(reads_log)),
        book(bookmakers, config.epoch, config.log),
        metrics(counts) {}

  // Clients with equal filters get the same one.
  std::shared_ptr<FeedChannel> channel(FeedFilter filter);
  // nullptr: too many are under way, ask again.
  std::shared_ptr<const FeedSnapshot> snapshot(FeedChannel& channel, UtcMillis now);

  const FeedConfig config;
  const Catalog& catalog;
  const ReadFeedLog read_log;
  FeedBook book;
  FeedServiceMetrics& metrics;
  std::vector<SourceAge> ages;
  std::set<FeedSubscriber*> subscribers;
  std::size_t replays_under_way = 0;

 private:
  std::map<std::string, std::weak_ptr<FeedChannel>> channels_;
  std::vector<std::weak_ptr<const FeedSnapshot>> snapshots_;
};

}  // namespace oddsloom
