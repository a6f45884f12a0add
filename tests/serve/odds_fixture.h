// A small board made by hand, and an API over it: what golden answers are about.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "serve/board_match.h"
#include "serve/odds_api.h"

namespace oddsloom::test {

inline constexpr UtcMillis kNow{1'935'921'600'000};  // 2031-05-07T12:00:00Z
inline const std::string kLiveId = "0123456789abcdef0123456789abcdef";
inline const std::string kNextId = "11112222333344445555666677778888";
inline const std::string kHandballId = "99998888777766665555444433332222";

inline Catalog odds_catalog() {
  Catalog out;
  out.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
                            {"btts", {"yes", "no"}, false, "BTTS", "btts"},
                            {"double_chance", {"1X", "12", "X2"}, false, "DOUBLE_CHANCE", "dc"},
                            {"draw_no_bet", {"1", "2"}, false, "DRAW_NO_BET", "dnb"},
                            {"two_way", {"1", "2"}, false, "TWO_WAY", "2way"},
                            {"totals", {"over", "under"}, true, "TOTALS", "totals"},
                            {"handicap", {"1", "2"}, true, "HANDICAP", "handicap"},
                            {"odd_even", {"odd", "even"}, false, "ODD_EVEN", "odd_even"}});
  const std::map<std::pair<Source, std::string>, std::string> sports{
      {{Source::Live, "1"}, "football"},
      {{Source::Upcoming, "1"}, "football"},
      {{Source::Upcoming, "6"}, "handball"},
      {{Source::Upcoming, "12"}, "rugby"}};
  for (const char* name : {"Alpha", "Beta"}) {
    CatalogBookmaker one;
    one.name = fmt::format("Bookie{}", name);
    one.key = name == std::string("Alpha") ? "bookiealpha" : "bookiebeta";
    one.title = fmt::format("Bookie {}", name);
    one.regions = {name == std::string("Alpha") ? "ke" : "ng"};
    one.live_limit = Millis(15'000);
    one.upcoming_limit = Millis(180'000);
    one.sports = sports;
    out.bookmakers.push_back(one);
  }
  return out;
}

struct Prices {
  std::vector<std::pair<std::string, std::int32_t>> of;  // outcome, thousandths; 0 = suspended
};

inline BoardMarket market(std::string bet_type, const Prices& prices,
                          UtcMillis observed = kNow - Millis(2'000),
                          std::optional<Line> line = std::nullopt,
                          std::string segment = std::string(kFullTime)) {
  Record record;
  record.bet_type = std::move(bet_type);
  record.segment = std::move(segment);
  record.line = line;
  record.market_id = "m1";
  for (const auto& [key, price] : prices.of) {
    Outcome outcome;
    outcome.key = key;
    outcome.price = Price{price == 0 ? 1'500 : price};
    outcome.status = price == 0 ? Status::Suspended : Status::Open;
    outcome.usable = price != 0;
    outcome.selection_id = fmt::format("s-{}", key);
    record.outcomes.push_back(outcome);
  }
  record.observed_at = observed;
  return {std::make_shared<const Record>(record), observed};
}

struct Fixture {
  std::string home = "Arsenal", away = "Chelsea", competition = "Kenya: Premier League";
  std::string sport_id = "1";
  std::optional<UtcMillis> start = kNow + Millis(3'600'000);
};

inline BoardEvent listing(const std::string& bookmaker, Source source, const std::string& id,
                          const Fixture& fixture, std::vector<BoardMarket> markets) {
  BoardEvent out{bookmaker, source, id, {}, {}};
  for (BoardMarket& one : markets) {
    Record record = *one.record;
    record.bookmaker = bookmaker;
    record.source = source;
    record.event_id = id;
    record.home = fixture.home;
    record.away = fixture.away;
    record.competition = fixture.competition;
    record.sport_id = fixture.sport_id;
    record.start_time = fixture.start;
    out.markets.push_back({std::make_shared<const Record>(record), one.observed_at});
  }
  return out;
}

inline std::shared_ptr<const BoardMatch> match(const Catalog& catalog, const std::string& id,
                                               std::vector<BoardEvent> events, bool live = false) {
  auto out = match_of_events(id, std::move(events), catalog);
  out->live = live;
  return out;
}

inline std::shared_ptr<const Board> board(std::vector<std::shared_ptr<const BoardMatch>> matches) {
  auto out = std::make_shared<Board>();
  out->at = kNow;
  sort_matches(matches);
  out->index = index_of(matches);
  out->matches = std::move(matches);
  return out;
}

// "/v4/sports?all=true" as the server would hand it over.
inline WebRequest request(std::string_view target, UtcMillis now = kNow) {
  WebRequest out;
  out.method = "GET";
  out.now = now;
  const auto mark = target.find('?');
  out.path = target.substr(0, mark);
  std::string_view query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    const auto equals = one.find('=');
    out.query.emplace_back(one.substr(0, equals),
                           equals == std::string_view::npos ? "" : one.substr(equals + 1));
  }
  return out;
}

class OddsApiTest : public ::testing::Test {
 protected:
  OddsApiTest() {
    const Fixture playing{"Gor Mahia", "AFC Leopards", "Kenya: Premier League", "1",
                          kNow - Millis(1'800'000)};
    const Fixture next;
    const Fixture handball{"Kiel", "Aalborg", "", "6", kNow + Millis(7'200'000)};
    auto alpha = listing("BookieAlpha", Source::Live, "a1", playing,
                         {market("three_way", {{{"1", 2'100}, {"X", 3'000}, {"2", 3'925}}})});
    auto beta = listing("BookieBeta", Source::Live, "b1", playing,
                        {market("three_way", {{{"1", 2'050}, {"X", 0}, {"2", 4'000}}})});
    beta.link = BoardLink{"betradar", 1};
    std::vector<BoardMarket> all{
        market("three_way", {{{"1", 1'500}, {"X", 4'000}, {"2", 6'500}}}),
        market("btts", {{{"yes", 1'800}, {"no", 1'950}}}),
        market("double_chance", {{{"1X", 1'100}, {"12", 1'220}, {"X2", 2'480}}}),
        market("draw_no_bet", {{{"1", 1'140}, {"2", 5'000}}}),
        market("odd_even", {{{"odd", 1'900}, {"even", 1'900}}}),
        market("three_way", {{{"1", 2'000}, {"X", 2'200}, {"2", 7'000}}}, kNow - Millis(2'000),
               std::nullopt, "first_half"),
        market("handicap", {{{"1", 1'900}, {"2", 1'950}}}, kNow - Millis(2'000), Line{-1'000})};
    for (const auto& [line, over, under] :
         {std::tuple(1'500, 1'300, 3'400), std::tuple(2'500, 1'850, 1'900),
          std::tuple(3'500, 3'000, 1'350)})
      all.push_back(
          market("totals", {{{"over", over}, {"under", under}}}, kNow - Millis(2'000), Line{line}));
    matches_ = {
        match(catalog_, kLiveId, {alpha, beta}, true),
        match(catalog_, kNextId, {listing("BookieAlpha", Source::Upcoming, "a2", next, all)}),
        match(catalog_, kHandballId,
              {listing("BookieBeta", Source::Upcoming, "b3", handball,
                       {market("two_way", {{{"1", 1'650}, {"2", 2'150}}})})})};
    api_.publish(board(matches_));
  }

  HttpAnswer ask(std::string_view target, UtcMillis now = kNow) {
    return api_.answer(request(target, now));
  }
  WebResponse get(std::string_view target, UtcMillis now = kNow) {
    HttpAnswer answer = ask(target, now);
    return answer.later ? answer.later() : answer.response;
  }
  std::string body(std::string_view target, UtcMillis now = kNow) {
    const WebResponse response = get(target, now);
    return response.body ? *response.body : "";
  }

  Catalog catalog_ = odds_catalog();
  std::vector<std::shared_ptr<const BoardMatch>> matches_;
  OddsApi api_{catalog_};
};

}  // namespace oddsloom::test
