// The historical routes over a real store's change log.
#include "serve/odds_history.h"

#include "serve/odds_fixture.h"
#include "store/store.h"
#include "support/temp_dir.h"

namespace oddsloom::test {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return *std::move(result);
}

class OddsHistoryTest : public ::testing::Test {
 protected:
  OddsHistoryTest() {
    StoreOptions options;
    options.bet_types = catalog_.bet_types;
    options.clock = [] { return kNow; };
    store_ = must(open_store("sqlite:" + dir_.file("store.db"), options));
    auto book = must(store_->match_book());
    const Fixture next;
    const auto say = [&](UtcMillis at, std::int32_t home, bool offered = true) {
      const auto event =
          listing("BookieAlpha", Source::Upcoming, "a2", next,
                  {market("three_way", {{{"1", home}, {"X", 4'000}, {"2", 6'500}}}, at)});
      Record record = *event.markets[0].record;
      record.offered = offered;
      if (!offered) record.outcomes.clear();
      CommitBatch batch;
      batch.records = {record};
      must(commit(*book, std::move(batch)));
    };
    say(kNow - Millis(3'600'000), 1'500);
    say(kNow - Millis(1'800'000), 1'600);
    say(kNow - Millis(600'000), 0, false);
    api_.publish(board({match(catalog_, match_id_of({"BookieAlpha", Source::Upcoming, "a2"}),
                              {listing("BookieAlpha", Source::Upcoming, "a2", next, {})})}));
  }

  Result<std::vector<MatchDocument>> documents_at(UtcMillis at) {
    ++reads_;
    return reader_->as_of(at);
  }

  WebResponse get(std::string_view target) {
    HttpAnswer answer = api_.answer(request(target));
    return answer.later ? answer.later() : std::move(answer.response);
  }

  Catalog catalog_ = odds_catalog();
  TempDir dir_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  int reads_ = 0;
  OddsApi api_{catalog_, std::make_shared<OddsHistory>(catalog_, [this](UtcMillis at) {
                 if (!reader_) reader_ = must(store_->reader());
                 return documents_at(at);
               })};
};

const std::string kPast = "/v4/historical/sports/soccer/odds?regions=ke&date=";

TEST_F(OddsHistoryTest, TheNearestFullFiveMinutesAtOrBefore) {
  const WebResponse response = get(kPast + "2031-05-07T11:14:59Z");
  ASSERT_EQ(response.status, 200) << *response.body;
  EXPECT_TRUE(response.body->starts_with(
      R"({"timestamp":"2031-05-07T11:10:00Z","previous_timestamp":"2031-05-07T11:05:00Z",)"
      R"("next_timestamp":"2031-05-07T11:15:00Z","data":[{"id":)"))
      << *response.body;
  EXPECT_NE(response.body->find(R"("name":"Arsenal","price":1.5)"), std::string::npos);
  EXPECT_EQ(response.cost, 10);
}

TEST_F(OddsHistoryTest, PricesAreThoseOfThatMoment) {
  EXPECT_NE(get(kPast + "2031-05-07T11:29:59Z").body->find("\"price\":1.5}"), std::string::npos);
  EXPECT_NE(get(kPast + "2031-05-07T11:30:00Z").body->find("\"price\":1.6}"), std::string::npos);
  const WebResponse withdrawn = get(kPast + "2031-05-07T11:50:00Z");
  EXPECT_NE(withdrawn.body->find(R"("data":[])"), std::string::npos) << *withdrawn.body;
  EXPECT_EQ(withdrawn.cost, 0);
}

TEST_F(OddsHistoryTest, TheAliasAndUnixTimesAndNoNextOfNow) {
  const WebResponse response =
      get("/v4/sports/soccer/odds-history/?regions=ke&dateFormat=unix&date=2040-01-01T00:00:00Z");
  EXPECT_TRUE(response.body->starts_with(
      R"({"timestamp":1935921600,"previous_timestamp":1935921300,"next_timestamp":null,"data":)"))
      << *response.body;
}

TEST_F(OddsHistoryTest, EventsAndOneEventOfThePast) {
  const std::string date = "date=2031-05-07T11:10:00Z";
  const WebResponse events = get("/v4/historical/sports/soccer/events?" + date);
  EXPECT_EQ(events.body->find("bookmakers"), std::string::npos);
  EXPECT_NE(events.body->find("\"home_team\":\"Arsenal\""), std::string::npos);
  EXPECT_EQ(events.cost, 1);
  const std::string id = match_id_of({"BookieAlpha", Source::Upcoming, "a2"});
  const std::string path = "/v4/historical/sports/soccer/events/" + id + "/odds?regions=ke&";
  const WebResponse one = get(path + "markets=h2h,h2h_3_way,btts&" + date);
  EXPECT_NE(one.body->find(R"("data":{"id":")" + id), std::string::npos) << *one.body;
  EXPECT_EQ(one.cost, 20);
  EXPECT_EQ(get("/v4/historical/sports/handball/events/" + id + "/odds?regions=ke&" + date).status,
            404);
}

TEST_F(OddsHistoryTest, WrongMoments) {
  EXPECT_NE(get("/v4/historical/sports/soccer/odds?regions=ke")
                .body->find("MISSING_HISTORICAL_TIMESTAMP"),
            std::string::npos);
  EXPECT_NE(get(kPast + "yesterday").body->find("INVALID_HISTORICAL_TIMESTAMP"), std::string::npos);
  const WebResponse early = get(kPast + "2031-05-07T10:59:59Z");
  EXPECT_EQ(early.status, 422);
  EXPECT_NE(early.body->find("HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE"), std::string::npos);
}

TEST_F(OddsHistoryTest, OneMomentIsReadOnce) {
  get(kPast + "2031-05-07T11:10:00Z");
  get(kPast + "2031-05-07T11:12:00Z");
  EXPECT_EQ(reads_, 1);
}

TEST_F(OddsHistoryTest, NothingIsReadOnTheCallersThread) {
  const HttpAnswer answer = api_.answer(request(kPast + "2031-05-07T11:10:00Z"));
  EXPECT_TRUE(answer.later);
  EXPECT_EQ(reads_, 0);
}

}  // namespace
}  // namespace oddsloom::test
