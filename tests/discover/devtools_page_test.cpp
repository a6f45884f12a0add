// A page spoken to as a browser speaks, message by message.
#include "discover/devtools_page.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "transport/base64.h"

namespace oddsloom {
namespace {

class Page : public ::testing::Test {
 protected:
  Page() {
    config_.url = "https://www.example.com/live";
    config_.wanted = [](TrafficKind kind, std::string_view url) {
      return kind == TrafficKind::Frame ? url.starts_with("wss://feed.")
                                        : url.find("/api/") != std::string_view::npos;
    };
    config_.most_body = 1'000;
    page_ = std::make_unique<DevToolsPage>(
        config_, [this](std::string_view json) { sent_.emplace_back(json); }, next_id_);
  }

  bool hear(const std::string& json) {
    simdjson::dom::object object;
    EXPECT_EQ(parser_.parse(json).get(object), simdjson::SUCCESS) << json;
    return page_->handle(object, now_);
  }

  // The number of the last command of that method; 0 = there was none.
  std::uint64_t last(const std::string& method) {
    for (auto at = sent_.rbegin(); at != sent_.rend(); ++at) {
      simdjson::dom::object object;
      std::uint64_t id = 0;
      std::string_view name;
      if (parser_.parse(*at).get(object) == simdjson::SUCCESS &&
          object["method"].get(name) == simdjson::SUCCESS && name == method &&
          object["id"].get(id) == simdjson::SUCCESS)
        return id;
    }
    return 0;
  }

  void answer(const std::string& method, const std::string& result) {
    hear(fmt::format(R"({{"id":{},"result":{}}})", last(method), result));
  }

  void event(const std::string& method, const std::string& parameters,
             const std::string& session = "S") {
    hear(fmt::format(R"({{"method":"{}","params":{},"sessionId":"{}"}})", method, parameters,
                     session));
  }

  void open() {
    page_->open();
    answer("Target.createTarget", R"({"targetId":"T"})");
    answer("Target.attachToTarget", R"({"sessionId":"S"})");
    answer("Network.enable", "{}");
  }

  void respond(const std::string& id, const std::string& url, const std::string& more = "") {
    event("Network.responseReceived",
          fmt::format(
              R"({{"requestId":"{}","type":"Fetch","response":{{"url":"{}","status":200{}}}}})", id,
              url, more));
  }
  void finish(const std::string& id, double at = 100) {
    event("Network.loadingFinished", fmt::format(R"({{"requestId":"{}","timestamp":{}}})", id, at));
  }

  PageConfig config_;
  std::vector<std::string> sent_;
  std::uint64_t next_id_ = 0;
  UtcMillis now_{1'000'000'000'000};
  std::unique_ptr<DevToolsPage> page_;
  simdjson::dom::parser parser_;
};

TEST_F(Page, ItIsLoadedOnlyWhenItIsWatched) {
  page_->open();
  answer("Target.createTarget", R"({"targetId":"T"})");
  answer("Target.attachToTarget", R"({"sessionId":"S"})");
  EXPECT_EQ(last("Page.navigate"), 0U);
  answer("Network.enable", "{}");
  EXPECT_NE(last("Page.navigate"), 0U);
  EXPECT_FALSE(page_->trouble());
}

TEST_F(Page, BodiesOfWantedAnswersAreTaken) {
  open();
  respond("1", "https://www.example.com/api/list");
  respond("2", "https://www.example.com/picture.png");
  finish("2");
  EXPECT_EQ(last("Network.getResponseBody"), 0U);
  finish("1");
  answer("Network.getResponseBody", R"({"body":"{\"a\":1}","base64Encoded":false})");
  const auto seen = page_->take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].body, "{\"a\":1}");
  EXPECT_EQ(seen[0].url, "https://www.example.com/api/list");
  EXPECT_EQ(seen[0].observed_at, now_);
  EXPECT_TRUE(page_->take().empty());
  EXPECT_EQ(page_->waiting(), 0U);
}

TEST_F(Page, WhatWaitedInTheBrowserIsNotTakenForNewer) {
  open();
  respond("1", "https://www.example.com/api/list");
  finish("1", 100.0);
  answer("Network.getResponseBody", R"({"body":"x","base64Encoded":false})");
  now_ = now_ + Millis(5'000);
  respond("2", "https://www.example.com/api/list");
  finish("2", 101.0);  // 4 s of the 5 it lay there
  answer("Network.getResponseBody", R"({"body":"y","base64Encoded":false})");
  const auto seen = page_->take();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1].observed_at - seen[0].observed_at, Millis(1'000));
}

TEST_F(Page, AnAnswerCountsFromWhenItWasAskedFor) {
  open();
  respond("1", "https://www.example.com/api/list", R"(,"timing":{"requestTime":99.75})");
  finish("1", 100.0);
  answer("Network.getResponseBody", R"({"body":"x","base64Encoded":false})");
  const auto seen = page_->take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].observed_at, now_ - Millis(250));
}

TEST_F(Page, TooLargeLostAndCachedAnswersAreCountedAndLeft) {
  open();
  respond("1", "https://www.example.com/api/list");
  event("Network.dataReceived", R"({"requestId":"1","dataLength":2000})");
  finish("1");
  respond("2", "https://www.example.com/api/list", R"(,"fromDiskCache":true)");
  finish("2");
  event("Network.requestServedFromCache", R"({"requestId":"3"})");
  respond("3", "https://www.example.com/api/list");
  finish("3");
  EXPECT_EQ(last("Network.getResponseBody"), 0U);
  respond("4", "https://www.example.com/api/list");
  finish("4");
  hear(fmt::format(R"({{"id":{},"error":{{"code":-32000,"message":"No data"}}}})",
                   last("Network.getResponseBody")));
  EXPECT_EQ(page_->counts().too_large, 1U);
  EXPECT_EQ(page_->counts().cached, 2U);
  EXPECT_EQ(page_->counts().lost, 1U);
  EXPECT_TRUE(page_->take().empty());
  EXPECT_EQ(page_->waiting(), 0U);
}

TEST_F(Page, FramesOfWantedSocketsAreTaken) {
  open();
  event("Network.webSocketCreated", R"({"requestId":"9","url":"wss://feed.example.com/x"})");
  event("Network.webSocketCreated", R"({"requestId":"8","url":"wss://chat.example.com/x"})");
  const auto frame = [&](const std::string& id, int opcode, const std::string& data) {
    event(
        "Network.webSocketFrameReceived",
        fmt::format(
            R"({{"requestId":"{}","timestamp":100,"response":{{"opcode":{},"payloadData":"{}"}}}})",
            id, opcode, data));
  };
  frame("9", 1, "hello");
  frame("8", 1, "chat");
  frame("9", 2, "aGVsbG8=");
  frame("9", 2, "no base64!");
  const auto seen = page_->take();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].kind, TrafficKind::Frame);
  EXPECT_EQ(seen[0].url, "wss://feed.example.com/x");
  EXPECT_EQ(seen[0].body, "hello");
  EXPECT_EQ(seen[1].body, "hello");
}

TEST_F(Page, TheOwnDocumentComesByItself) {
  open();
  event(
      "Network.responseReceived",
      R"({"requestId":"1","type":"Document","frameId":"T","response":{"url":"https://www.example.com/live","status":200}})");
  finish("1");
  answer("Network.getResponseBody", R"({"body":"<html>","base64Encoded":false})");
  EXPECT_TRUE(page_->take().empty());
  const auto document = page_->take_document();
  ASSERT_TRUE(document);
  EXPECT_EQ(document->body, "<html>");
  EXPECT_FALSE(page_->take_document());
}

TEST_F(Page, ARefusalIsSeenWithoutItsBody) {
  open();
  event(
      "Network.responseReceived",
      R"({"requestId":"1","type":"Fetch","response":{"url":"https://www.example.com/api/list","status":403}})");
  event(
      "Network.responseReceived",
      R"({"requestId":"2","type":"Document","frameId":"T","response":{"url":"https://www.example.com/live","status":429}})");
  const auto seen = page_->take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].status, 403);
  ASSERT_TRUE(page_->take_document());
  EXPECT_EQ(page_->waiting(), 0U);
}

TEST_F(Page, FramesAndWorkersOfThePageAreWatchedToo) {
  open();
  event("Target.attachedToTarget", R"({"sessionId":"W","targetInfo":{"type":"worker"}})");
  EXPECT_NE(last("Runtime.runIfWaitingForDebugger"), 0U);
  event("Network.webSocketCreated", R"({"requestId":"9","url":"wss://feed.example.com/x"})", "W");
  EXPECT_EQ(page_->waiting(), 1U);
  event("Target.detachedFromTarget", R"({"sessionId":"W"})");
  EXPECT_EQ(page_->waiting(), 0U);
  EXPECT_FALSE(page_->trouble());
}

TEST_F(Page, ItSaysWhyItCannotGoOn) {
  open();
  answer("Page.navigate", R"({"frameId":"T","errorText":"net::ERR_CONNECTION_REFUSED"})");
  EXPECT_EQ(page_->trouble(), "net::ERR_CONNECTION_REFUSED");
}

TEST_F(Page, ACrashEndsIt) {
  open();
  event("Inspector.targetCrashed", "{}");
  EXPECT_EQ(page_->trouble(), "the page crashed");
}

TEST_F(Page, AClosedTabEndsIt) {
  open();
  hear(R"({"method":"Target.detachedFromTarget","params":{"sessionId":"S"}})");
  EXPECT_EQ(page_->trouble(), "the tab was closed");
}

TEST_F(Page, OtherTabsAreNoneOfItsBusiness) {
  open();
  EXPECT_FALSE(hear(R"({"method":"Network.loadingFinished","params":{},"sessionId":"OTHER"})"));
  EXPECT_FALSE(hear(R"({"id":4711,"result":{}})"));
  EXPECT_FALSE(hear(R"({"method":"Target.detachedFromTarget","params":{"sessionId":"OTHER"}})"));
  EXPECT_FALSE(page_->trouble());
}

TEST_F(Page, WhatAWildPageAsksForIsBounded) {
  open();
  for (int i = 0; i < 5'000; ++i) {
    respond(fmt::format("r{}", i), "https://www.example.com/api/list");
    event("Network.webSocketCreated",
          fmt::format(R"({{"requestId":"s{}","url":"wss://feed.example.com/x"}})", i));
  }
  EXPECT_LE(page_->waiting(), 1'256U);
  for (int i = 0; i < 5'000; ++i) finish(fmt::format("r{}", i));
  EXPECT_LE(page_->waiting(), 512U);
  EXPECT_GT(page_->counts().lost, 0U);
}

TEST(Base64, IsReadOrRefused) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("aA=="), "h");
  EXPECT_EQ(decode_base64("aGU="), "he");
  EXPECT_EQ(decode_base64("aGVs\r\nbG8h"), "hello!");
  EXPECT_EQ(decode_base64("aGVsbG8"), std::nullopt);  // its padding is gone: cut off?
  EXPECT_EQ(decode_base64("a==="), std::nullopt);
  EXPECT_EQ(decode_base64("aG=s"), std::nullopt);
  EXPECT_EQ(decode_base64("aG s"), std::nullopt);
  EXPECT_EQ(decode_base64(" aGVs   "), std::nullopt);
  EXPECT_EQ(decode_base64("===="), std::nullopt);
  for (const std::string text : {"", "h", "he", "hel", "me:pass word"})
    EXPECT_EQ(decode_base64(encode_base64(text)), text);
}

}  // namespace
}  // namespace oddsloom
