// The AsyncAPI document describes what the feed really tells and understands: a real FeedService is
// led through everything that it can say, to clients of both transports, and every frame is held
// against the document.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/json_writer.h"
#include "serve/feed.h"
#include "serve/feed_world.h"
#include "serve/odds_fixture.h"
#include "support/temp_dir.h"

namespace oddsloom::test {
namespace {

// A feed over a world made by hand, which may be started anew, and one client at a time.
class ToldFeed {
 public:
  ToldFeed(Transport transport, std::string& lines) : transport_(transport), lines_(lines) {
    start();
  }

  FeedWorld world;
  std::uint64_t log_begin = 0;

  void start() {
    client_ = nullptr;
    FeedConfig config;
    config.epoch = "abc";
    config.conflate_after = 2;
    feed_ = std::make_unique<FeedService>(
        std::move(config), catalog_,
        [this](std::uint64_t after, std::size_t most, const auto& done) {
          FeedLogPage page;
          page.reaches_back_to = log_begin;
          for (const auto& [sequence, key, record] : world.log)
            if (sequence > after && page.changes.size() < most)
              page.changes.push_back({sequence, key, record});
          done(std::move(page));
        },
        metrics_);
  }
  void publish() { feed_->publish(world.board(), world.take_changes(), world.now); }
  void pass(Millis span) {
    world.now = world.now + span;
    feed_->tick(world.now);
  }
  void connect(const std::string& last_id = "") {
    WebRequest request;
    request.path = "/feed";
    request.now = world.now;
    if (!last_id.empty()) request.query = {{"lastEventId", last_id}};
    client_ = feed_->answer(request, transport_, [] {}).subscriber;
    ASSERT_NE(client_, nullptr);
  }
  void read() {
    for (;;) {
      const auto frames = client_->next(world.now);
      if (frames.empty()) return;
      for (const auto& frame : frames) add("frame", *frame, false);
    }
  }
  // What a websocket client says, and whether it was understood.
  void say(const std::string& message) {
    client_->received(message);
    bool understood = true;
    for (const auto& frame : client_->next(world.now)) {
      understood = understood && frame->find(R"("event":"error")") == std::string::npos;
      add("frame", *frame, false);
    }
    read();
    add("said", message, understood);
  }

 private:
  void add(std::string_view what, const std::string& text, bool understood) {
    JsonWriter(lines_)
        .begin_object()
        .member("transport", transport_ == Transport::WebSocket ? "socket" : "events")
        .member(what, std::string_view(text))
        .member("understood", understood)
        .end_object();
    lines_ += '\n';
  }

  const Transport transport_;
  std::string& lines_;
  const Catalog catalog_ = feed_catalog();
  FeedServiceMetrics metrics_;
  std::unique_ptr<FeedService> feed_;
  std::unique_ptr<Subscriber> client_;
};

Record suspended(Record record) {
  record.status = Status::Suspended;
  for (Outcome& outcome : record.outcomes) {
    outcome.status = Status::Suspended;
    outcome.usable = false;
  }
  return record;
}

// All kinds of markets, and what befalls them while somebody listens.
void tell_changes(ToldFeed& feed) {
  Record total = totals(), live = test::market("2"), nameless = test::market("3"),
         other = test::market("77"), closed = test::market("5");
  live.source = Source::Live;
  nameless.sport_id = "unknown";
  nameless.home = nameless.away = nameless.competition = "";
  nameless.start_time = std::nullopt;
  other.bookmaker = "BookieAlpha";
  closed.status = closed.outcomes[0].status = Status::Closed;
  closed.outcomes[0].usable = false;
  closed.outcomes[0].price = std::nullopt;
  for (const Record& record : {test::market("1"), test::market("4"), total, live, nameless, other})
    feed.world.change(record);
  feed.publish();
  feed.connect();
  feed.read();
  const auto next = [&](const Record& record) {
    feed.world.change(record);
    feed.publish();
    feed.read();
  };
  next(test::market("1", 2'150));
  next(suspended(test::market("1", 2'150)));
  next(closed);
  feed.world.withdraw(test::market("4"));
  feed.publish();
  feed.read();
  feed.world.expire(live);
  feed.publish();
  feed.read();
  feed.world.link(other, feed.world.match_of(test::market("1")));
  feed.publish();
  feed.read();
  feed.pass(Millis(121'000));  // every price is too old now
  feed.read();
  feed.world.see(test::market("1"));
  feed.world.see(total);
  feed.publish();
  feed.pass(Millis(10'000));
  feed.read();
}

// A client that reads too slowly, and those that come back.
void tell_latecomers(ToldFeed& feed) {
  for (int price = 2'200; price < 2'300; price += 10) {
    feed.world.change(test::market("1", price));
    feed.world.change(suspended(test::market("6", price)));
    feed.world.change(test::market("7", price));
    feed.publish();
  }
  feed.world.withdraw(test::market("7"));
  feed.publish();
  feed.read();
  for (const char* id : {"abc-110", "yesterday", "other-110", "abc-99999"}) {
    feed.connect(id);
    feed.read();
  }
  feed.pass(Millis(130'000));
  feed.start();  // another process: what was before is in the store's log alone
  feed.publish();
  feed.connect("abc-101");
  feed.read();
  feed.log_begin = 110;
  feed.connect("abc-101");
  feed.read();
}

void say_everything(ToldFeed& feed) {
  const std::string match = feed.world.match_of(test::market("1"));
  feed.connect();
  feed.read();
  feed.say(R"({"op":"subscribe"})");
  feed.say(fmt::format(R"({{"op":"subscribe","sports":["soccer"],"bookmakers":["bookiedelta"],)"
                       R"("regions":["ke"],"markets":["h2h","totals"],"eventIds":["{}"]}})",
                       match));
  feed.say(fmt::format(R"({{"op":"subscribe","sports":"soccer, tennis","bookmakers":"bookiedelta",)"
                       R"("regions":"","markets":"h2h","eventIds":"{}","lastEventId":"abc-120"}})",
                       match));
  feed.say(R"({"op":"unsubscribe"})");
  feed.pass(Millis(10'000));
  feed.read();
  for (const char* wrong :
       {"[]", "7", "{}", R"({"op":"dance"})", R"({"op":1})", R"({"op":"subscribe","sport":"x"})",
        R"({"op":"subscribe","sports":1})", R"({"op":"subscribe","sports":["soccer",2]})",
        R"({"op":"subscribe","lastEventId":7})", R"({"op":"unsubscribe","sports":"soccer"})",
        R"({"sports":"soccer"})"})
    feed.say(wrong);
}

using AsyncapiTest = OddsApiTest;

TEST_F(AsyncapiTest, EveryFrameIsAsTheDocumentSays) {
  std::string lines;
  for (const Transport transport : {Transport::EventStream, Transport::WebSocket}) {
    ToldFeed feed(transport, lines);
    tell_changes(feed);
    tell_latecomers(feed);
    if (transport == Transport::WebSocket) say_everything(feed);
  }
  const TempDir dir;
  const std::string command = fmt::format(
      "python3 {0}/tests/serve/asyncapi_check.py {1} {2} {0}/docs/feed.md", ODDSLOOM_SOURCE_DIR,
      dir.write("asyncapi.json", body("/asyncapi.json")), dir.write("frames.jsonl", lines));
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace oddsloom::test
