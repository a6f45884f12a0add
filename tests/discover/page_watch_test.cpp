// When a page is opened, left and opened again, by a clock that is set by hand; the browser is
// spoken for message by message, the store is a real one.
#include "discover/page_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/pipeline.h"

namespace oddsloom {
namespace {

using test::Pipeline;

class PageWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    config_.bet_types = test::all_bet_types();
    config_.reload_every = Millis(20'000);  // within it the page is never silent for so long
    config_.intake.bet_types = config_.bet_types;
  }

  // Of a browser that was attached to, or of one of our own.
  void watch(bool attached) {
    if (attached) config_.address = "127.0.0.1:9222";
    watch_ = std::make_unique<PageWatch>(parts_, config_, traffic_, intake_,
                                         pipeline_.bookmaker->base_url + "/live");
    turn();
  }

  void turn() {
    watch_->turn([this](std::string_view json) { sent_.emplace_back(json); }, next_id_);
    watch_->take_in();
  }

  void pass(Millis span) {
    now_ = now_ + span;
    turn();
  }

  std::size_t sent(const std::string& method) const {
    return static_cast<std::size_t>(
        std::count_if(sent_.begin(), sent_.end(), [&](const std::string& json) {
          return json.find('"' + method + '"') != std::string::npos;
        }));
  }

  void hear(const std::string& json) {
    simdjson::dom::object object;
    ASSERT_EQ(parser_.parse(json).get(object), simdjson::SUCCESS) << json;
    EXPECT_TRUE(watch_->handle(object)) << json;
    watch_->take_in();
  }

  // Commands are numbered as they are sent: the answers to the last that opened a page.
  void opened(const std::string& tab) {
    hear(fmt::format(R"({{"id":{},"result":{{"targetId":"{}"}}}})", next_id_, tab));
    hear(fmt::format(R"({{"id":{},"result":{{"sessionId":"of {}"}}}})", next_id_, tab));
    const std::uint64_t watching = next_id_ - 1;
    hear(fmt::format(R"({{"id":{},"result":{{}}}})", watching));
    hear(fmt::format(R"({{"id":{},"result":{{"frameId":"{}"}}}})", next_id_, tab));
  }

  // An answer that is of interest.
  void shown(const std::string& tab) {
    const auto event = [&](const std::string& method, const std::string& parameters) {
      hear(fmt::format(R"({{"method":"Network.{}","sessionId":"of {}","params":{}}})", method, tab,
                       parameters));
    };
    event("responseReceived",
          fmt::format(R"({{"requestId":"1","type":"Fetch","timestamp":1,"response":{{"status":200,
                          "url":"{}/api/live/sports/1/events?limit=50&offset=0"}}}})",
                      pipeline_.bookmaker->base_url));
    event("loadingFinished", R"({"requestId":"1","timestamp":1})");
    hear(fmt::format(
        R"({{"id":{},"result":{{"body":"{{\"events\":[],\"loadMore\":false}}","base64Encoded":false}}}})",
        next_id_));
    ASSERT_TRUE(watch_->has_shown_something());
  }

  Pipeline pipeline_;
  BrowserMetrics metrics_;
  BrowserListenerConfig config_;
  UtcMillis now_{1'786'300'000'000};
  const BrowserListenerParts parts_{
      *pipeline_.bookmaker,   pipeline_.bet_types, nullptr, nullptr, metrics_,
      [this] { return now_; }};
  TrafficReader traffic_{
      *pipeline_.bookmaker, pipeline_.bet_types, {"", test::all_bet_types(), Source::Live, 100}};
  std::unique_ptr<MatchBook> book_ = Pipeline::must(pipeline_.store->match_book());
  Intake intake_{*pipeline_.bookmaker, *pipeline_.streams, *book_,
                 metrics_.intake,      config_.intake,     parts_.clock};
  std::unique_ptr<PageWatch> watch_;
  std::vector<std::string> sent_;
  std::uint64_t next_id_ = 0;
  simdjson::dom::parser parser_;
};

TEST_F(PageWatchTest, ATabInSomebodysBrowserIsRenewedAfterReloadEvery) {
  watch(true);
  opened("A");
  shown("A");
  pass(config_.reload_every - Millis(1));
  EXPECT_EQ(sent("Target.closeTarget"), 0U);
  pass(Millis(1));
  EXPECT_EQ(sent("Target.closeTarget"), 1U);
  EXPECT_NE(sent_.back().find(R"("targetId":"A")"), std::string::npos) << sent_.back();
  turn();  // at once, for nothing has failed
  EXPECT_EQ(sent("Target.createTarget"), 2U);
  EXPECT_EQ(metrics_.pages.value(), 2U);
  EXPECT_EQ(metrics_.silent_pages.value(), 0U);
  opened("B");
  shown("B");
  // Counted from when it was opened.
  pass(config_.reload_every - Millis(1));
  EXPECT_EQ(sent("Target.closeTarget"), 1U);
  pass(Millis(1));
  EXPECT_EQ(sent("Target.closeTarget"), 2U);
}

TEST_F(PageWatchTest, InABrowserOfOurOwnTheListenerRenewsAllOfIt) {
  watch(false);
  opened("A");
  for (int i = 0; i < 10; ++i) {
    shown("A");
    pass(config_.reload_every / 2);
  }
  EXPECT_EQ(sent("Target.closeTarget"), 0U);
  EXPECT_EQ(metrics_.pages.value(), 1U);
}

TEST_F(PageWatchTest, ASilentPageIsOpenedAnewAfterPausesThatDouble) {
  watch(false);
  opened("A");
  shown("A");
  const Millis silence = silent_after(*pipeline_.bookmaker);
  pass(silence - Millis(1));
  EXPECT_EQ(sent("Target.closeTarget"), 0U);
  pass(Millis(1));
  EXPECT_EQ(sent("Target.closeTarget"), 1U);
  EXPECT_EQ(metrics_.silent_pages.value(), 1U);
  std::size_t pages = 1;
  for (const int pause : {500, 1'000, 2'000}) {
    pass(Millis(pause - 1));
    EXPECT_EQ(metrics_.pages.value(), pages) << pause;
    EXPECT_EQ(watch_->doubts_the_browser(), pause == 2'000) << "the third in a row";
    pass(Millis(1));
    EXPECT_EQ(metrics_.pages.value(), ++pages) << pause;
    opened("A");
    pass(silence);
  }
  // One that shows something makes up for those that did not.
  pass(Millis(4'000));
  opened("B");
  shown("B");
  pass(silence);
  pages = metrics_.pages.value();
  pass(Millis(500));
  EXPECT_EQ(metrics_.pages.value(), pages + 1);
}

}  // namespace
}  // namespace oddsloom
