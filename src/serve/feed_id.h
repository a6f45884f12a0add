// Ids of feed events: where a client stands, in a form that it hands back. "3f9c01d2-81234": the
// store's epoch and a place in its change log, up to which the client was told everything; with
// "-c" behind, it was told the newest state of some markets instead of each change. Values; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oddsloom {

struct FeedId {
  std::string epoch;
  std::uint64_t sequence = 0;
  bool conflated = false;
  bool operator==(const FeedId&) const = default;
};

std::string to_text(const FeedId& id);
std::optional<FeedId> parse_feed_id(std::string_view text);  // nothing: not one of ours

}  // namespace oddsloom
