// The dashboard's files as a browser gets them, and the JSON that its page asks for, from a real
// store through a real server.
#include "serve/dashboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "serve/server_under_test.h"
#include "support/http_wire.h"
#include "support/temp_dir.h"

namespace oddsloom::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr UtcMillis kNoon{1'935'921'600'000};  // 2031-05-07T12:00:00Z
const EventId kEvent{"BookieDelta", Source::Live, "4410027"};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return *std::move(result);
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Catalog catalog() {
  Catalog out;
  out.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
                            {"totals", {"over", "under"}, true, "TOTALS", "totals"}});
  out.bookmakers = {
      {"BookieDelta", "bookiedelta", "Bookie Delta", {"ke"}, Millis(15'000), Millis(180'000), {}}};
  return out;
}

Record record_of(std::int32_t price, UtcMillis observed, Status status = Status::Open) {
  Record record;
  record.bookmaker = kEvent.bookmaker;
  record.bet_type = "three_way";
  record.source = kEvent.source;
  record.event_id = kEvent.event_id;
  record.home = "Bodø Vale";
  record.away = "Łuk \"Rostown\"";
  record.competition = "Northern League";
  record.start_time = kNoon;
  record.status = status;
  for (const char* key : {"1", "X", "2"})
    record.outcomes.push_back({key, Price{price}, status, status == Status::Open, "", ""});
  record.observed_at = observed;
  return record;
}

// A dashboard over a board of one match and the store that it came from.
class DashboardTest : public testing::Test {
 protected:
  DashboardTest() {
    StoreOptions options;
    options.bet_types = catalog_.bet_types;
    store_ = must(open_store("sqlite:" + folder_.file("odds.db"), options));
    reader_ = must(store_->reader());
    book_ = must(store_->match_book());
    board_ = std::make_shared<Board>();
  }

  void commit_record(const Record& record) {
    CommitBatch batch;
    batch.records.push_back(record);
    must(commit(*book_, std::move(batch)));
    list(record);
  }

  void list(const Record& record, const std::optional<BoardLink>& link = {}) {
    BoardMatch match;
    match.id = match_id_of(kEvent);
    match.home = record.home;
    match.away = record.away;
    match.live = true;
    match.events = {{kEvent.bookmaker,
                     kEvent.source,
                     kEvent.event_id,
                     {{std::make_shared<const Record>(record), record.observed_at}},
                     link}};
    board_->matches = {std::make_shared<const BoardMatch>(match)};
    auto index = std::make_shared<BoardIndex>();
    index->places[match.id] = 0;
    board_->index = index;
  }

  DashboardSources sources() {
    DashboardSources out;
    out.board = [this] { return board_; };
    out.streams = [this] { return streams_; };
    out.trouble = [this] { return trouble_; };
    out.activity = [](UtcMillis) { return std::nullopt; };
    out.read_history = [this](const std::vector<RecordId>& records, std::size_t most,
                              const auto& done) { done(read_histories(*reader_, records, most)); };
    return out;
  }

  RawAnswer ask(const std::string& target, DashboardSources from) {
    Dashboard dashboard(catalog_, std::move(from));
    ServerUnderTest server([&](const WebRequest& request, Transport transport, auto wake) {
      return dashboard.answer(request, transport, std::move(wake));
    });
    RawClient client(server.port());
    client.send(request(target));
    RawAnswer out = client.answer();
    if (out.header("content-type") == "text/event-stream") out.body = client.read_to_end();
    return out;
  }
  RawAnswer ask(const std::string& target) { return ask(target, sources()); }

  std::string history_target() const {
    return "/dashboard/history?match=" + match_id_of(kEvent) + "&bet_type=three_way";
  }

  const TempDir folder_;
  const Catalog catalog_ = catalog();
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<MatchBook> book_;
  std::shared_ptr<Board> board_;
  std::vector<StreamStatistics> streams_;
  std::string trouble_;
};

TEST(DashboardAssets, AreTheFilesByteForByte) {
  const DashboardAssets assets;
  std::size_t count = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(ODDSLOOM_SOURCE_DIR) / "web")) {
    const std::string name = file.path().filename().string();
    const WebResponse* asset = assets.find(name == "index.html" ? "/" : "/web/" + name);
    ASSERT_NE(asset, nullptr) << name;
    EXPECT_EQ(*asset->body, content_of(file.path())) << name;
    ++count;
  }
  EXPECT_GT(count, 20U);
  ASSERT_NE(assets.find("/web/dygraph.min.js"), nullptr);
  EXPECT_THAT(*assets.find("/web/dygraph.min.js")->body, HasSubstr("MIT"));
}

TEST(DashboardAssets, SayWhatTheyAre) {
  const DashboardAssets assets;
  EXPECT_EQ(assets.find("/")->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(assets.find("/web/main.js")->content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(assets.find("/web/base.css")->content_type, "text/css; charset=utf-8");
  EXPECT_EQ(assets.find("/web/icon.svg")->content_type, "image/svg+xml");
  for (const char* path : {"/web/", "/web/index.html", "/web/../main.js", "/web/main", "/main.js"})
    EXPECT_EQ(assets.find(path), nullptr) << path;
}

// Whatever the page names is there, and it names nothing of other servers.
TEST(DashboardAssets, NameOnlyEachOther) {
  const DashboardAssets assets;
  const std::regex place("(?:src|href)=\"([^\"#][^\"]*)\"|from '\\./([^']+)'");
  const std::filesystem::path folder = std::filesystem::path(ODDSLOOM_SOURCE_DIR) / "web";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string text = content_of(file.path());
    for (std::sregex_iterator at(text.begin(), text.end(), place), end; at != end; ++at) {
      const std::string path = (*at)[1].matched ? (*at)[1].str() : "/web/" + (*at)[2].str();
      EXPECT_NE(assets.find(path), nullptr) << file.path() << " names " << path;
    }
    EXPECT_THAT(text, Not(HasSubstr("https://"))) << file.path();
    // But for types in comments, which name no file that a browser asks for.
    EXPECT_FALSE(std::regex_search(text, std::regex("[^{<|]import\\('"))) << file.path();
  }
}

TEST_F(DashboardTest, ThePageComesWithAPolicyAndIsNotSentTwice) {
  Dashboard dashboard(catalog_, sources());
  ServerUnderTest server([&](const WebRequest& request, Transport transport, auto wake) {
    return dashboard.answer(request, transport, std::move(wake));
  });
  const RawAnswer page = get(server.port(), "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.header("content-security-policy"), HasSubstr("default-src 'none'"));
  EXPECT_THAT(page.header("content-security-policy"), Not(HasSubstr("unsafe")));
  EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
  const std::string etag = page.header("etag");
  EXPECT_EQ(get(server.port(), "/", "If-None-Match: " + etag + "\r\n").status, 304);
  EXPECT_NE(get(server.port(), "/web/main.js").header("etag"), etag);
  const RawAnswer packed = get(server.port(), "/web/dygraph.min.js", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 60'000U);
}

TEST(Dashboard, ThePageIsOpenAndWhatItTellsIsNot) {
  for (const char* path : {"/", "/web/main.js"}) EXPECT_TRUE(Dashboard::is_open(path)) << path;
  for (const char* path : {"/dashboard/health", "/feed", "/v4/sports"})
    EXPECT_FALSE(Dashboard::is_open(path)) << path;
  EXPECT_TRUE(Dashboard::is_mine("/dashboard/health"));
  EXPECT_FALSE(Dashboard::is_mine("/v4/sports"));
}

TEST_F(DashboardTest, TheCatalogNamesBookmakersAndBetTypes) {
  EXPECT_EQ(ask("/dashboard/catalog").body,
            R"({"bookmakers":[{"key":"bookiedelta","title":"Bookie Delta","live_limit_ms":15000,)"
            R"("upcoming_limit_ms":180000}],"bet_types":[)"
            R"({"name":"three_way","outcomes":["1","X","2"],"has_line":false},)"
            R"({"name":"totals","outcomes":["over","under"],"has_line":true}]})");
}

TEST_F(DashboardTest, BeforeTheStoreWasReadNothingIsTold) {
  board_ = nullptr;
  for (const std::string& target : {std::string("/dashboard/health"),
                                    "/dashboard/match?id=" + match_id_of(kEvent), history_target()})
    EXPECT_EQ(ask(target).status, 503) << target;
  EXPECT_EQ(ask("/").status, 200);
}

TEST_F(DashboardTest, HealthTellsAgesStreamsAndTrouble) {
  list(record_of(2'060, now_utc() - Millis(60'000)));
  streams_ = {{{"BookieDelta", "three_way", Source::Live, 0}, 12, 8, 1, 3, kNoon, {"a", "b"}}};
  trouble_ = "disk full";
  const std::string told = ask("/dashboard/health").body;
  EXPECT_THAT(told, HasSubstr(R"("trouble":"disk full","matches":1,)"));
  EXPECT_THAT(told, HasSubstr(R"("title":"Bookie Delta","source":"live","limit_ms":15000,)"
                              R"("matches":1,"markets":1,"within_limit":0)"));
  EXPECT_THAT(told, HasSubstr(R"("source":"upcoming","limit_ms":180000,"matches":0,"markets":0,)"
                              R"("within_limit":0,"suspended":0,"p50_ms":null)"));
  EXPECT_THAT(told, HasSubstr(R"("activity":null)"));
  EXPECT_THAT(told, HasSubstr(R"("stream":"bookiedelta_three_way-live-0_event","length":12,)"
                              R"("pending":8,"delayed":1,"dead":3,)"
                              R"("oldest":"2031-05-07T12:00:00.000Z","consumers":2)"));
}

TEST_F(DashboardTest, HealthTellsRequestsWhereTheWorkersAreHere) {
  DashboardSources from = sources();
  from.activity = [](UtcMillis) {
    return std::vector<BookmakerActivity>{
        {"BookieDelta", 93, 2, {{"timeout", 4}}, 17, {"retry-after 4s"}}};
  };
  EXPECT_THAT(ask("/dashboard/health", std::move(from)).body,
              HasSubstr(R"("requests":93,"in_flight":2,"failures":{"timeout":4},"held_back":17,)"
                        R"("waits":["retry-after 4s"])"));
}

TEST_F(DashboardTest, AMatchTellsItsListingsAndWhyTheyAreOne) {
  list(record_of(2'060, kNoon));
  const std::string target = "/dashboard/match?id=" + match_id_of(kEvent);
  EXPECT_THAT(ask(target).body,
              HasSubstr(R"("bookmaker":"bookiedelta","title":"Bookie Delta","source":"live",)"
                        R"("event_id":"4410027","home":"Bodø Vale","away":"Łuk \"Rostown\"",)"
                        R"("competition":"Northern League",)"
                        R"("start_time":"2031-05-07T12:00:00.000Z","link":null)"));
  list(record_of(2'060, kNoon), BoardLink{"betradar", 0.97, "betradar 61239123", kNoon});
  EXPECT_THAT(ask(target).body, HasSubstr(R"("link":{"method":"betradar","score":0.970,)"
                                          R"("evidence":"betradar 61239123",)"
                                          R"("linked_at":"2031-05-07T12:00:00.000Z"})"));
  EXPECT_EQ(ask("/dashboard/match").status, 422);
  EXPECT_EQ(ask("/dashboard/match?id=" + std::string(32, '0')).status, 404);
}

TEST_F(DashboardTest, HistoryTellsWhatTheChangeLogHolds) {
  commit_record(record_of(2'060, kNoon));
  commit_record(record_of(2'060, kNoon + Millis(5'000)));  // the same: no change
  commit_record(record_of(1'925, kNoon + Millis(10'000), Status::Suspended));
  Record gone = record_of(0, kNoon + Millis(20'000));
  gone.outcomes.clear();
  gone.offered = false;
  commit_record(gone);
  const std::string told = ask(history_target()).body;
  EXPECT_THAT(told, HasSubstr("event: answer\ndata: {\"listings\":[{"));
  EXPECT_THAT(told, HasSubstr(R"("whole":true,"points":[)"
                              R"({"at":"2031-05-07T12:00:00.000Z","offered":true,"outcomes":)"
                              R"({"1":{"price":2.06,"status":"open","usable":true},)"));
  EXPECT_THAT(told, HasSubstr(R"({"at":"2031-05-07T12:00:10.000Z","offered":true,"outcomes":)"
                              R"({"1":{"price":1.925,"status":"suspended","usable":false},)"));
  EXPECT_THAT(told, HasSubstr(R"({"at":"2031-05-07T12:00:20.000Z","offered":false,"outcomes":)"
                              R"({"1":{"price":1.925,"status":"closed","usable":false},)"));
  EXPECT_THAT(told, Not(HasSubstr("12:00:05")));
}

TEST_F(DashboardTest, OnlyTheNewestOfALongHistoryAreTold) {
  for (int i = 0; i < 5; ++i) commit_record(record_of(2'000 + i, kNoon + Millis(i)));
  const auto histories = must(read_histories(*reader_, {record_of(0, kNoon).id()}, 2));
  ASSERT_EQ(histories.size(), 1U);
  EXPECT_FALSE(histories[0].whole);
  ASSERT_EQ(histories[0].changes.size(), 2U);
  EXPECT_EQ(histories[0].changes[0].record.outcomes[0].price, Price{2'003});
}

TEST_F(DashboardTest, HistoryRefusesWhatItCannotTell) {
  list(record_of(2'060, kNoon));
  const std::string match = "/dashboard/history?match=" + match_id_of(kEvent);
  EXPECT_THAT(ask(match).body, HasSubstr("bet_type: is missing"));
  EXPECT_EQ(ask(match + "&bet_type=totals&line=two").status, 422);
  EXPECT_EQ(ask("/dashboard/history?match=0&bet_type=three_way").status, 404);
  DashboardSources from = sources();
  from.read_history = [](const auto&, std::size_t, const auto& done) {
    done(fail(ErrorKind::Unavailable, "history", "the store is gone"));
  };
  EXPECT_THAT(ask(history_target(), std::move(from)).body,
              HasSubstr("event: refusal\ndata: {\"message\":\"history: the store is gone\"}"));
}

TEST_F(DashboardTest, WhatIsNotThereIsNotFound) {
  for (const char* target : {"/web/none.js", "/dashboard/", "/dashboard/none"})
    EXPECT_EQ(ask(target).status, 404) << target;
}

}  // namespace
}  // namespace oddsloom::test
