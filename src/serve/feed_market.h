// One bookmaker's market of one event as feed clients know it, and its JSON. Pure; I/O thread.
// The JSON is documented in docs/feed.md and by asyncapi.json, and stable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "serve/board.h"
#include "serve/catalog.h"
#include "serve/feed_filter.h"
#include "serve/feed_frame.h"

namespace oddsloom {

struct FeedMarket {
  RecordId id;
  Millis limit{0};       // a price seen longer ago is not one
  std::string identity;  // its constant members: "bookmaker":"bookiedelta",..
  std::shared_ptr<const FeedSubject> subject;
  std::shared_ptr<const Record> record;  // as clients were told
  UtcMillis observed_at;                 // when it was last seen to hold
  bool stale = false;                    // clients were told that it is too old
  bool gone = false;                     // it is no longer in the store
  std::uint64_t newest = 0;              // position of the last that was said of it; 0 = nothing
  std::uint64_t generation = 0;          // of the board that held it last
  SharedFrame conflated;  // its state, for clients that cannot follow; made when wanted
};

std::shared_ptr<FeedMarket> make_feed_market(const Record& record,
                                             const CatalogBookmaker* bookmaker);

inline bool is_fresh(const FeedMarket& market, UtcMillis now) {
  return now - market.observed_at <= market.limit;
}

// Which event says what a record says: "odds", "suspended" or "removed".
std::string_view event_of(const Record& record);

// Everything that is known of it, with the match's names; `match` may be nullptr.
struct MarketView {
  const FeedMarket& market;
  const Record& record;
  UtcMillis observed_at;
  const BoardMatch* match = nullptr;
  bool stale = false;
  bool conflated = false;
};
std::string full_json(const MarketView& view);
// Its outcomes that differ from `before`, and its status and times.
std::string changed_json(const MarketView& view, const Record& before);
// That it is too old, or gone: no outcomes. `reason`: "not_seen", "withdrawn", "expired".
std::string notice_json(const MarketView& view, std::string_view reason);

// Nothing that clients are told differs, but for the time it was seen.
bool says_the_same(const Record& a, const Record& b);
// Names and kick-off, which only full_json holds, are equal.
bool is_called_the_same(const Record& a, const Record& b);

}  // namespace oddsloom
