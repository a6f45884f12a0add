#include "serve/feed_core.h"

namespace oddsloom {

std::shared_ptr<FeedChannel> FeedCore::channel(FeedFilter filter) {
  std::erase_if(channels_, [](const auto& known) { return known.second.expired(); });
  auto& known = channels_[filter.text()];
  auto channel = known.lock();
  if (!channel) {
    channel = std::make_shared<FeedChannel>(book, std::move(filter));
    known = channel;
  }
  return channel;
}

std::shared_ptr<const FeedSnapshot> FeedCore::snapshot(FeedChannel& channel, UtcMillis now) {
  if (auto young = channel.young_snapshot(now)) return young;
  std::size_t bytes = 0;
  std::erase_if(snapshots_, [&](const auto& weak) {
    const auto snapshot = weak.lock();
    if (snapshot) bytes += snapshot->bytes;
    return !snapshot;
  });
  if (bytes >= config.snapshot_bytes) return nullptr;
  auto made = channel.make_snapshot(now);
  snapshots_.push_back(made);
  return made;
}

}  // namespace oddsloom
