// `oddsloom serve` and `oddsloom key` as a user meets them: the real program, over sockets.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>

#include "app/program.h"
#include "app/serve_settings.h"
#include "base/text.h"
#include "store/store.h"
#include "support/http_wire.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::get;
using testing::HasSubstr;
using testing::Not;

std::uint16_t port_of(const Program& program) {
  EXPECT_TRUE(program.says("serving at http://127.0.0.1:"));
  const std::string said = program.out_so_far();
  return static_cast<std::uint16_t>(std::strtoul(said.c_str() + said.rfind(':') + 1, nullptr, 10));
}

TEST(ServeCommand, SaysWhereItServesAnswersAndEndsInOrder) {
  Program program;
  program.start({"serve", "--listen", "127.0.0.1:0"});
  const std::uint16_t port = port_of(program);
  EXPECT_EQ(get(port, "/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(get(port, "/nothing").status, 404);
  EXPECT_THAT(get(port, "/errors").body, HasSubstr("id=\"missing-key\""));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().code, 0);
}

TEST(ServeCommand, KeysAreMadeShownOnceAndTakenBackWhileItServes) {
  Program server, command;
  const std::string file = server.folder().file("keys");
  for (Program* program : {&server, &command}) {
    program->environment["ODDSLOOM_SERVE_KEYS"] = "required";
    program->environment["ODDSLOOM_SERVE_KEYS_FILE"] = file;
    program->environment["ODDSLOOM_SERVE_ACCESS_LOG"] = "true";
  }
  server.start({"serve", "--listen", "127.0.0.1:0"});
  const std::uint16_t port = port_of(server);
  EXPECT_EQ(get(port, "/v4/sports").status, 401);
  const Ended added = command.run({"key", "add", "alice", "--quota", "10"});
  ASSERT_EQ(added.code, 0) << added.err;
  const std::string key(trim(added.out));
  const auto status = [&] { return get(port, "/v4/sports?apiKey=" + key).status; };
  EXPECT_TRUE(test::wait_until([&] { return status() == 200; }));
  const Ended listed = command.run({"key", "list", "--json"});
  EXPECT_THAT(listed.out, HasSubstr(R"("name":"alice","active":true)"));
  EXPECT_THAT(listed.out, HasSubstr(R"("used":0,"quota":10)"));
  EXPECT_THAT(listed.out, Not(HasSubstr(key)));
  EXPECT_EQ(command.run({"key", "add", "alice"}).code, 2);
  EXPECT_EQ(command.run({"key", "revoke", "alice"}).code, 0);
  EXPECT_TRUE(test::wait_until([&] { return status() == 401; }));
  server.signal(SIGINT);
  const Ended ended = server.wait();
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("key=alice"));
  EXPECT_THAT(ended.err, Not(HasSubstr(key)));
  EXPECT_THAT(ended.err, Not(HasSubstr("apiKey")));
}

TEST(ServeCommand, WhatCannotBeServedIsSaidAtOnce) {
  Program program;
  const Ended address = program.run({"serve", "--listen", "odds:80"});
  EXPECT_EQ(address.code, 2);
  EXPECT_THAT(address.err, HasSubstr("odds:80: expected an IP address and a port"));
  program.environment["ODDSLOOM_SERVE_TLS_CERTIFICATE"] = "/nowhere/cert.pem";
  EXPECT_THAT(program.run({"serve", "--listen", "127.0.0.1:0"}).err, HasSubstr("belong together"));
  program.environment["ODDSLOOM_SERVE_TLS_KEY"] = "/nowhere/key.pem";
  EXPECT_THAT(program.run({"serve", "--listen", "127.0.0.1:0"}).err,
              HasSubstr("/nowhere/cert.pem"));
}

// What a client of the feed is told from its beginning to the end of `until`.
std::string told_by_feed(std::uint16_t port, const std::string& last_id, const std::string& until) {
  test::RawClient client(port);
  EXPECT_TRUE(client.send(test::request(
      "/feed", last_id.empty() ? "" : fmt::format("Last-Event-ID: {}\r\n", last_id))));
  return client.read_until(until);
}

// Commits that many prices of one market, one after the other, and tidies up.
void commit_prices(const std::string& url, int first, int count) {
  StoreOptions options;
  options.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"}});
  options.most_changes = 5;
  const auto store = open_store(url, options);
  ASSERT_TRUE(store) << store.error().text();
  const auto book = (*store)->match_book();
  ASSERT_TRUE(book) << book.error().text();
  const UtcMillis now = now_utc();
  for (int i = first; i < first + count; ++i) {
    Record record;
    record.bookmaker = "BookieDelta";
    record.bet_type = "three_way";
    record.event_id = "9124285";
    record.home = "Northgate Rovers";
    record.away = "Southquay United";
    record.start_time = now + Millis(3'600'000);
    record.outcomes = {{"1", Price{2'000 + i}, Status::Open, true, "1", "Northgate Rovers"},
                       {"X", Price{3'400}, Status::Open, true, "2", "Draw"},
                       {"2", Price{3'900}, Status::Open, true, "3", "Southquay United"}};
    record.observed_at = now;
    const auto stored = commit(**book, {{std::move(record)}, {}, {}, {}});
    ASSERT_TRUE(stored) << stored.error().text();
  }
  const auto tidied = (*store)->tidy();
  ASSERT_TRUE(tidied) << tidied.error().text();
}

TEST(ServeCommand, AClientOfTheFeedGoesOnThoughTheLogWasTrimmedWhileNobodyServed) {
  Program program;
  const std::string url = program.environment.at("ODDSLOOM_STORE_URL");
  const auto serve = [&](const std::string& last_id, const std::string& until) {
    program.start({"serve", "--listen", "127.0.0.1:0"});
    std::string told = told_by_feed(port_of(program), last_id, until);
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait().code, 0);
    return told;
  };
  commit_prices(url, 0, 1);
  const std::string begun = serve("", "event: heartbeat");
  const auto at = begun.rfind("id: ");
  ASSERT_NE(at, std::string::npos) << begun;
  const std::string id = begun.substr(at + 4, begun.find('\n', at) - at - 4);
  commit_prices(url, 1, 3);  // nothing is trimmed yet
  EXPECT_THAT(serve(id, "event: resumed"), Not(HasSubstr("reset")));
  commit_prices(url, 4, 10);
  EXPECT_THAT(serve(id, "event: snapshot-complete"), HasSubstr("log_trimmed"));
  const std::string newest = fmt::format("{}-13", id.substr(0, id.find('-')));
  EXPECT_THAT(serve(newest, "event: resumed"), AllOf(HasSubstr("2.013"), Not(HasSubstr("reset"))));
}

TEST(ServeSettings, SayHowLongAnAnswerIsToldAgain) {
  const auto age = [](const char* text) {
    const auto settings = resolve_settings(serve_settings_table(),
                                           {{"serve", "answer_age", std::string(text), "here"}});
    return settings ? odds_api_settings(*settings).answer_age : Millis(-1);
  };
  EXPECT_EQ(age("2s"), Millis(2'000));
  EXPECT_EQ(age("0s"), Millis(0));
  EXPECT_EQ(age("2h"), Millis(-1));
}

TEST(KeyCommand, WantsANameWhereOneIsMeant) {
  Program program;
  EXPECT_EQ(program.run({"key", "add"}).code, 2);
  EXPECT_EQ(program.run({"key", "list", "alice"}).code, 2);
  EXPECT_EQ(program.run({"key", "revoke", "alice"}).code, 2);
  EXPECT_EQ(program.run({"key", "bury"}).code, 2);
  EXPECT_EQ(program.run({"key", "list"}).code, 0);
}

}  // namespace
}  // namespace oddsloom
