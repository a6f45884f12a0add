// Hand-made boards and the changes between them, for tests of the feed: records are set, seen again
// and let go by hand, and time is moved by hand.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/sample.h"
#include "serve/board.h"
#include "serve/catalog.h"
#include "store/links.h"

namespace oddsloom::test {

inline BetTypes feed_bet_types() {
  return BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
                   {"btts", {"yes", "no"}, false, "BTTS", "btts"},
                   {"double_chance", {"1X", "12", "X2"}, false, "DOUBLE_CHANCE", "double_chance"},
                   {"totals", {"over", "under"}, true, "TOTALS", "totals"},
                   {"handicap", {"1", "2"}, true, "HANDICAP", "handicap"}});
}

inline Catalog feed_catalog() {
  Catalog out;
  out.bet_types = feed_bet_types();
  for (const auto& [name, key, region] :
       {std::tuple{"BookieAlpha", "bookiealpha", "ng"}, {"BookieDelta", "bookiedelta", "ke"}}) {
    CatalogBookmaker one;
    one.name = name;
    one.key = key;
    one.title = name;
    one.regions = {region};
    one.live_limit = Millis(30'000);
    one.upcoming_limit = Millis(120'000);
    one.sports[{Source::Live, "1"}] = one.sports[{Source::Upcoming, "1"}] = "football";
    one.sports[{Source::Live, "2"}] = one.sports[{Source::Upcoming, "2"}] = "tennis";
    out.bookmakers.push_back(std::move(one));
  }
  return out;
}

// An upcoming three-way market of an invented match.
inline Record market(const std::string& event_id, std::int32_t home_price = 2'000) {
  Record record = three_way();
  record.event_id = event_id;
  record.home = "Home " + event_id;
  record.away = "Away " + event_id;
  record.outcomes = {outcome("1", Price{home_price}, Status::Open, "1", "Home"),
                     outcome("X", Price{3'400}, Status::Open, "2", "Draw"),
                     outcome("2", Price{4'100}, Status::Open, "3", "Away")};
  return record;
}

class FeedWorld {
 public:
  UtcMillis now = at("2026-08-09T12:00:00Z");
  std::uint64_t sequence = 100;

  // A change of the log; several may be made before the next board.
  void change(Record record) {
    record.observed_at = record.changed_at = now;
    const auto made = std::make_shared<const Record>(std::move(record));
    BoardChange told{++sequence, match_of(*made), nullptr, made};
    auto& kept = markets_[made->id()];
    told.before = kept.record;
    kept = {made, now};
    changes_.push_back(told);
    log.push_back({sequence, "document", *made});
  }
  void withdraw(const Record& record) { change(withdrawn(*markets_.at(record.id()).record, now)); }
  void see(const Record& record) { markets_.at(record.id()).observed_at = now; }
  void see_all() {
    for (auto& [id, market] : markets_) market.observed_at = now;
  }
  void expire(const Record& record) { markets_.erase(record.id()); }  // as tidying does
  void link(const Record& record, const std::string& match_id) {
    links_[event_of(record)] = match_id;
  }
  std::string match_of(const Record& record) const {
    const auto found = links_.find(event_of(record));
    return found == links_.end() ? match_id_of(event_of(record)) : found->second;
  }
  std::vector<BoardChange> take_changes() { return std::exchange(changes_, {}); }

  std::shared_ptr<const Board> board() {
    std::map<std::string, BoardMatch> matches;
    for (const auto& [id, market] : markets_) {
      const Record& record = *market.record;
      BoardMatch& match = matches[match_of(record)];
      match.id = match_of(record);
      match.sport = record.sport_id == "1" ? "football" : "tennis";
      match.home = record.home;
      match.away = record.away;
      match.competition = record.competition;
      match.start_time = record.start_time;
      match.live = record.source == Source::Live;
      auto event = std::find_if(match.events.begin(), match.events.end(), [&](const auto& one) {
        return one.bookmaker == record.bookmaker && one.source == record.source &&
               one.event_id == record.event_id;
      });
      if (event == match.events.end())
        event =
            match.events.insert(event, {record.bookmaker, record.source, record.event_id, {}, {}});
      event->markets.push_back(market);
    }
    auto out = std::make_shared<Board>();
    auto index = std::make_shared<BoardIndex>();
    out->sequence = sequence;
    out->at = now;
    for (auto& [id, match] : matches) {
      auto& known = known_[id];
      if (!known || !is_equal(*known, match))
        known = std::make_shared<const BoardMatch>(std::move(match));
      index->places.emplace(id, out->matches.size());
      out->matches.push_back(known);
    }
    out->index = std::move(index);
    return out;
  }

  std::vector<std::tuple<std::uint64_t, std::string, Record>> log;  // all changes ever

 private:
  static EventId event_of(const Record& record) {
    return {record.bookmaker, record.source, record.event_id};
  }
  static bool is_equal(const BoardMatch& a, const BoardMatch& b) {
    return a.live == b.live &&
           std::equal(a.events.begin(), a.events.end(), b.events.begin(), b.events.end(),
                      [](const BoardEvent& x, const BoardEvent& y) {
                        return x.event_id == y.event_id && x.bookmaker == y.bookmaker &&
                               std::equal(x.markets.begin(), x.markets.end(), y.markets.begin(),
                                          y.markets.end(), [](const auto& m, const auto& n) {
                                            return m.record == n.record &&
                                                   m.observed_at == n.observed_at;
                                          });
                      });
  }

  std::map<RecordId, BoardMarket> markets_;
  std::map<EventId, std::string> links_;
  std::vector<BoardChange> changes_;
  std::map<std::string, std::shared_ptr<const BoardMatch>> known_;
};

}  // namespace oddsloom::test
