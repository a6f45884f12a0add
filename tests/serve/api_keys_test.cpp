// API keys: the file, the gate, and what clients see of them.
#include "serve/api_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "serve/key_gate.h"
#include "serve/room.h"
#include "support/http_wire.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::get;
using test::ServerUnderTest;
using test::TempDir;
using test::wait_until;
using testing::HasSubstr;
using testing::Not;

std::string read_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

UtcMillis at(const std::string& time) { return *parse_iso8601(time); }

TEST(ApiKeys, OnlyTheHashIsKeptAndOnlyTheOwnerReadsIt) {
  TempDir dir;
  const std::string file = dir.file("deep/keys");
  const auto key = add_api_key(file, {"alice", 500, 30}, at("2026-11-25T09:00:00Z"));
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->size(), 47U);
  EXPECT_THAT(read_file(file), Not(HasSubstr(*key)));
  struct stat found {};
  ASSERT_EQ(stat(file.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const auto keys = read_api_keys(file);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 1U);
  const ApiKey& read = *keys->front();
  EXPECT_EQ(read.name, "alice");
  EXPECT_EQ(read.digest, digest_of(*key));
  EXPECT_EQ(read.quota, 500U);
  EXPECT_EQ(read.rate, 30U);
  EXPECT_EQ(read.created, at("2026-11-25T09:00:00Z"));
  EXPECT_NE(*add_api_key(file, {"bob", {}, {}}, now_utc()), *key);
}

TEST(ApiKeys, ANameIsGivenOnce) {
  TempDir dir;
  const std::string file = dir.file("keys");
  ASSERT_TRUE(add_api_key(file, {"alice", {}, {}}, now_utc()));
  EXPECT_EQ(add_api_key(file, {"alice", {}, {}}, now_utc()).error().kind, ErrorKind::Conflict);
  ASSERT_TRUE(revoke_api_key(file, "alice"));
  EXPECT_EQ(add_api_key(file, {"alice", {}, {}}, now_utc()).error().kind, ErrorKind::Conflict);
  EXPECT_FALSE(read_api_keys(file)->front()->active);
  const auto unknown = revoke_api_key(file, "alcie");
  EXPECT_EQ(unknown.error().kind, ErrorKind::NotFound);
  EXPECT_THAT(unknown.error().text(), HasSubstr("did you mean alice?"));
  for (const std::string name : {"", "a b", "a\nb", "å"})
    EXPECT_EQ(add_api_key(file, {name, {}, {}}, now_utc()).error().kind, ErrorKind::Invalid)
        << name;
}

TEST(ApiKeys, WhatIsWrongInAFileIsNamedByItsLine) {
  TempDir dir;
  const std::string hash(64, 'a'), other(64, 'b');
  const std::string good = "alice " + hash + " active 2026-11-25T09:00:00Z 5 -\n";
  for (const auto& [line, what] : std::vector<std::pair<std::string, std::string>>{
           {"alice", "six words"},
           {"al/ice " + hash + " active 2026-11-25T09:00:00Z - -", "name"},
           {"bob " + hash.substr(1) + " active 2026-11-25T09:00:00Z - -", "64"},
           {"bob " + other + " maybe 2026-11-25T09:00:00Z - -", "active or revoked"},
           {"bob " + other + " active yesterday - -", "time"},
           {"bob " + other + " active 2026-11-25T09:00:00Z -5 -", "expected"},
           {"bob " + other + " active 2026-11-25T09:00:00Z - 0", "expected"},
           {"alice " + other + " active 2026-11-25T09:00:00Z - -", "the name of line 2"},
           {"bob " + hash + " active 2026-11-25T09:00:00Z - -", "the key of line 2"}}) {
    const auto read = read_api_keys(dir.write("keys", "# comment\n" + good + "\n" + line + "\n"));
    ASSERT_FALSE(read) << line;
    EXPECT_THAT(read.error().text(), HasSubstr("keys:4")) << line;
    EXPECT_THAT(read.error().text(), HasSubstr(what)) << line;
  }
  EXPECT_TRUE(read_api_keys(dir.file("none"))->empty());
}

TEST(KeyUsage, CountsByMonthAndOverProcesses) {
  TempDir dir;
  const KeyDigest one = digest_of("one"), two = digest_of("two");
  const UtcMillis november = at("2026-11-30T23:59:59Z"), december = at("2026-12-01T00:00:00Z");
  KeyUsage here(dir.file("usage")), there(dir.file("usage"));
  EXPECT_EQ(here.used(one, november), 0U);
  EXPECT_EQ(here.charge(one, 7, 10, november), true);
  EXPECT_EQ(there.charge(two, 1, {}, november), true);
  EXPECT_EQ(there.charge(one, 4, 10, november), false);
  EXPECT_EQ(there.used(one, november), 7U);  // nothing was taken
  EXPECT_EQ(there.charge(one, 3, 10, november), true);
  EXPECT_EQ(here.charge(one, 1, 10, november), false);
  EXPECT_EQ(here.used(two, november), 1U);
  EXPECT_EQ(here.used(one, december), 0U);
  EXPECT_EQ(here.charge(one, 10, 10, december), true);
  KeyUsage later(dir.file("usage"));
  EXPECT_EQ(later.used(one, december), 10U);
}

TEST(KeyUsage, SurvivesItsFileBeingTakenAway) {
  TempDir dir;
  const KeyDigest one = digest_of("one");
  KeyUsage usage(dir.file("usage"));
  EXPECT_EQ(usage.charge(one, 5, 10, now_utc()), true);
  std::filesystem::resize_file(dir.file("usage"), 0);
  EXPECT_EQ(usage.charge(one, 5, 10, now_utc()), true);
  EXPECT_EQ(usage.used(one, now_utc()), 5U);
  std::filesystem::remove(dir.file("usage"));
  EXPECT_EQ(usage.used(one, now_utc()), 0U);
  KeyUsage impossible(dir.file("no/such/folder/usage"));
  EXPECT_EQ(impossible.charge(one, 1, {}, now_utc()).error().kind, ErrorKind::Unavailable);
}

struct Keyed {
  TempDir dir;
  std::string file = dir.file("keys");
  std::string key;
  std::unique_ptr<ServerUnderTest> server;
  explicit Keyed(std::optional<std::uint64_t> quota = {},
                 std::optional<std::uint32_t> rate = 1000) {
    key = add_api_key(file, {"alice", quota, rate}, now_utc()).value_or("");
    start();
  }
  void start() {
    server.reset();
    HttpServerConfig config;
    config.client_rate = 1000;
    server = std::make_unique<ServerUnderTest>(
        [](const WebRequest& asked, Transport, const std::function<void()>&) {
          HttpAnswer out = test::echo(asked);
          out.response.cost = asked.path == "/v4/odds" ? 2 : 0;
          return out;
        },
        config, *KeyGate::open(file, 1000));
  }
  test::RawAnswer ask(const std::string& target, const std::string& headers = "") {
    return get(server->port(), target, headers);
  }
};

TEST(KeyGate, AKeyIsTakenWhereverClientsPutIt) {
  Keyed keyed;
  for (const auto& [target, headers] : std::vector<std::pair<std::string, std::string>>{
           {"/v4/sports?apiKey=" + keyed.key, ""},
           {"/v4/sports?api_key=" + keyed.key, ""},
           {"/v4/sports", "X-Api-Key: " + keyed.key + "\r\n"},
           {"/v4/sports", "Authorization: Bearer " + keyed.key + "\r\n"},
           {"/v4/sports", "authorization: bearer  " + keyed.key + "\r\n"}}) {
    const auto answer = keyed.ask(target, headers);
    EXPECT_EQ(answer.status, 200) << target << headers;
    // The handler does not see it.
    EXPECT_EQ(answer.body, "/v4/sports\nkey alice\n");
  }
}

TEST(KeyGate, RefusalsSayWhichAndTellTheUsage) {
  Keyed keyed;
  ASSERT_TRUE(add_api_key(keyed.file, {"gone", {}, {}}, now_utc()));
  const auto gone = add_api_key(keyed.file, {"former", {}, {}}, now_utc());
  ASSERT_TRUE(revoke_api_key(keyed.file, "former"));
  keyed.start();
  for (const auto& [target, code] : std::vector<std::pair<std::string, std::string>>{
           {"/v4/sports", "MISSING_KEY"},
           {"/v4/sports?apiKey=", "MISSING_KEY"},
           {"/v4/sports?apiKey=olk_nonsense", "INVALID_KEY"},
           {"/v4/sports?apiKey=" + keyed.key + "x", "INVALID_KEY"},
           {"/v4/sports?apiKey=" + *gone, "DEACTIVATED_KEY"}}) {
    const auto answer = keyed.ask(target);
    EXPECT_EQ(answer.status, 401) << target;
    EXPECT_THAT(answer.body, HasSubstr("\"error_code\":\"" + code + "\""));
    EXPECT_EQ(answer.header("x-requests-remaining"), "0");
    EXPECT_EQ(answer.header("x-requests-last"), "0");
  }
  EXPECT_EQ(keyed.server->rejected(Rejection::Key), 5U);
  EXPECT_EQ(keyed.ask("/healthz").status, 200);
  EXPECT_EQ(keyed.ask("/dashboard").status, 401);
}

TEST(KeyGate, AQuotaHoldsOverARestart) {
  Keyed keyed(5);
  const std::string odds = "/v4/odds?apiKey=" + keyed.key;
  const auto first = keyed.ask(odds);
  EXPECT_EQ(first.header("x-requests-remaining"), "3");
  EXPECT_EQ(first.header("x-requests-used"), "2");
  EXPECT_EQ(first.header("x-requests-last"), "2");
  EXPECT_EQ(keyed.ask("/v4/sports?apiKey=" + keyed.key).header("x-requests-last"), "0");
  EXPECT_EQ(keyed.ask(odds).header("x-requests-remaining"), "1");
  keyed.start();
  const auto refused = keyed.ask(odds);  // costs 2, and 1 is left
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("OUT_OF_USAGE_CREDITS"));
  EXPECT_THAT(refused.body, HasSubstr("Usage quota has been reached"));
  EXPECT_THAT(refused.body, HasSubstr("usage limit"));  // a client looks for these words
  EXPECT_EQ(refused.header("x-requests-remaining"), "1");
  EXPECT_EQ(refused.header("x-requests-used"), "4");
  EXPECT_EQ(keyed.ask("/v4/sports?apiKey=" + keyed.key).status, 200);  // costs nothing
}

TEST(KeyGate, AKeysRateIsItsOwn) {
  Keyed keyed({}, 2);
  test::RawAnswer refused;
  int good = 0;
  for (int i = 0; i < 20; ++i) {
    const auto answer = keyed.ask("/v4/sports?apiKey=" + keyed.key);
    if (answer.status == 200) ++good;
    if (answer.status == 429) refused = answer;
  }
  EXPECT_GE(good, 2);
  ASSERT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("EXCEEDED_FREQ_LIMIT"));
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(refused.header("x-requests-remaining"), "1000000000");
}

TEST(KeyGate, ChangesOfTheFileAreNoticedAndBadOnesLeaveTheKeys) {
  Keyed keyed;
  const std::string target = "/v4/sports?apiKey=";
  const auto bob = add_api_key(keyed.file, {"bob", {}, 1000}, now_utc());
  EXPECT_TRUE(wait_until([&] { return keyed.ask(target + *bob).status == 200; }));
  ASSERT_TRUE(revoke_api_key(keyed.file, "bob"));
  EXPECT_TRUE(wait_until([&] { return keyed.ask(target + *bob).status == 401; }));
  auto gate = KeyGate::open(keyed.file, 1000);
  ASSERT_TRUE(gate);
  keyed.dir.write("keys", "nonsense\n");
  (*gate)->look();
  EXPECT_TRUE((*gate)->admit(keyed.key, TokenBucket::Clock::now()).key);
  EXPECT_FALSE(KeyGate::open(keyed.file, 1000));
}

TEST(KeyGate, SubscribersNeedAKeyToo) {
  TempDir dir;
  const auto key = add_api_key(dir.file("keys"), {"alice", {}, {}}, now_utc());
  test::Room room;
  ServerUnderTest server(room.handler(), {}, *KeyGate::open(dir.file("keys"), 1000));
  const std::string handshake =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  EXPECT_EQ(get(server.port(), "/feed").status, 401);
  EXPECT_EQ(get(server.port(), "/feed", handshake).status, 401);
  EXPECT_EQ(get(server.port(), "/feed?apiKey=" + *key, handshake).status, 101);
}

}  // namespace
}  // namespace oddsloom
