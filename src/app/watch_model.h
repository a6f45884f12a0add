// What the watch view knows: matches with their markets as last seen, and which prices have just
// moved. Fed by watch_feed.h from the store, drawn by watch_view.h. Pure; one thread.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/freshness.h"
#include "model/record.h"

namespace oddsloom {

struct WatchPrice {
  std::optional<Price> price;
  Status status = Status::Open;
  bool usable = false;  // as stored; freshness is judged when it is shown
  int move = 0;         // +1 up, -1 down, at moved_at
  UtcMillis moved_at;
};

struct WatchMarket {
  std::string document_key;
  std::string bet_type;
  std::optional<Line> line;
  bool offered = true;
  std::map<std::string, WatchPrice> prices;  // by outcome
  UtcMillis observed_at;
  bool fresh = true;  // as judged by the last visible()
};

// One bookmaker's event.
struct WatchRow {
  struct Id {
    std::string bookmaker;
    Source source = Source::Upcoming;
    std::string event_id;
    auto operator<=>(const Id&) const = default;
  };
  Id id;
  std::string home, away, competition;
  std::optional<UtcMillis> start_time;
  std::map<std::string, WatchMarket> markets;  // by bet type and line, "totals 2.5"; full time
};

// A price that changed from one bettable value to another.
struct PriceMove {
  WatchRow::Id event;
  std::string match, market, outcome;  // market: "btts", "totals 2.5"
  Price from, to;
};

struct WatchCounts {
  std::size_t live = 0, upcoming = 0;
};

class WatchModel {
 public:
  explicit WatchModel(Freshness freshness) : freshness_(std::move(freshness)) {}

  // A record as stored under a key. Older sightings than the known one change nothing.
  std::vector<PriceMove> see(const std::string& document_key, const Record& record, UtcMillis now);
  // The document is not there any more.
  void forget(const std::string& document_key);
  // Everything but documents with these keys is gone.
  void keep_only(const std::vector<std::string>& sorted_keys);

  // Live ones first, then by kick-off. Left out: upcoming ones whose kick-off has passed, live ones
  // nobody has seen for two minutes, and what does not match bookmaker and text.
  std::vector<const WatchRow*> visible(UtcMillis now, const std::string& bookmaker,
                                       const std::string& text);

 private:
  Freshness freshness_;
  std::map<WatchRow::Id, WatchRow> rows_;
  std::map<std::string, std::pair<WatchRow::Id, std::string>> by_key_;  // to event and market
};

// The market of a bet type that stands for it: of its lines the one whose prices are nearest to
// each other, which is where the bookmaker expects it to be. Nothing: none is known.
const WatchMarket* main_market(const WatchRow& row, const std::string& bet_type);

WatchCounts count(const std::vector<const WatchRow*>& rows);
// "Home - Away", "event 123" where names are not known.
std::string match_name(const WatchRow& row);

}  // namespace oddsloom
