#include "serve/feed_channel.h"

#include <fmt/format.h>

#include "base/json_writer.h"

namespace oddsloom {
namespace {

constexpr std::size_t kChunk = 48 << 10;  // bytes of a snapshot's frame, about
constexpr Millis kSnapshotAge{1'000};     // a younger one is shared

}  // namespace

const std::deque<std::uint64_t>& FeedChannel::positions() {
  if (scanned_ < book_.begin()) scanned_ = lost_ = book_.begin();
  while (scanned_ < book_.end()) {
    const FeedEntry& entry = book_.entry(++scanned_);
    if (filter_.passes(*entry.subject)) positions_.push_back(entry.position);
  }
  for (; !positions_.empty() && positions_.front() <= book_.begin(); positions_.pop_front())
    lost_ = std::max(lost_, positions_.front());
  return positions_;
}

std::shared_ptr<const FeedSnapshot> FeedChannel::young_snapshot(UtcMillis now) const {
  auto known = snapshot_.lock();
  return known && now - known->made_at < kSnapshotAge ? known : nullptr;
}

std::shared_ptr<const FeedSnapshot> FeedChannel::make_snapshot(UtcMillis now) {
  auto out = std::make_shared<FeedSnapshot>();
  out->position = book_.end();
  out->made_at = now;
  const auto add = [&](std::string_view event, std::string_view id, std::string_view json) {
    out->frames.push_back(make_frame(event, id, json));
    out->bytes += out->frames.back()->size();
  };
  std::string chunk;
  std::int64_t markets = 0;
  const auto flush = [&] {
    if (!chunk.empty()) add("snapshot", "", fmt::format("{{\"markets\":[{}]}}", chunk));
    chunk.clear();
  };
  for (const auto& [id, market] : book_.markets()) {
    if (!market->record->offered || !filter_.passes(*market->subject)) continue;
    if (!chunk.empty()) chunk += ',';
    chunk += book_.state_json(*market);
    ++markets;
    if (chunk.size() >= kChunk) flush();
  }
  flush();
  add("snapshot-complete", book_.id(book_.sequence()),
      fmt::format("{{\"markets\":{},\"at\":\"{}\"}}", markets, to_iso8601(now)));
  snapshot_ = out;
  return out;
}

SharedFrame FeedChannel::heartbeat(UtcMillis now, const std::vector<SourceAge>& ages) {
  if (heartbeat_ && heartbeat_at_ == now && heartbeat_sequence_ == book_.sequence())
    return heartbeat_;
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("at", std::string_view(to_iso8601(now))).key("sources").begin_array();
  for (const SourceAge& age : ages) {
    if (!filter_.bookmakers.empty() && filter_.bookmakers.count(age.bookmaker) == 0) continue;
    json.begin_object()
        .member("bookmaker", std::string_view(age.bookmaker))
        .member("source", to_string(age.source))
        .member("markets", static_cast<std::uint64_t>(age.markets))
        .member("stale", static_cast<std::uint64_t>(age.stale));
    const auto put_age = [&](std::string_view name, UtcMillis seen) {
      json.key(name);
      if (age.markets == age.stale)
        json.null();
      else
        json.value(static_cast<std::int64_t>((now - seen).count()));
    };
    put_age("oldest_age_ms", age.oldest);
    put_age("newest_age_ms", age.newest);
    json.end_object();
  }
  json.end_array().end_object();
  heartbeat_ = make_frame("heartbeat", filter_.nothing ? "" : book_.id(book_.sequence()), text);
  heartbeat_at_ = now;
  heartbeat_sequence_ = book_.sequence();
  return heartbeat_;
}

}  // namespace oddsloom
