// Ten thousand requests that nobody would send in earnest, the same on every run, at a server that
// wants keys: it stays up, answers nothing without a key, and its log holds no key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "base/log.h"
#include "serve/room.h"
#include "support/http_wire.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::RawAnswer;
using test::RawClient;
using test::request;
using test::ServerUnderTest;
using test::TempDir;
using testing::HasSubstr;
using testing::Not;

constexpr int kRequests = 10'000;
constexpr int kPerConnection = 4;

class Mischief {
 public:
  explicit Mischief(std::string key) : key_(std::move(key)) {}

  // A request, more or less. Those with the right key where a key may stand say so.
  std::string next() {
    shows_key_ = false;
    std::string text = request(target(), headers(), method());
    switch (below(12)) {
      case 0:  // bytes of it become others
        for (std::size_t n = below(8); n > 0; --n)
          text[below(text.size())] = static_cast<char>(below(256));
        shows_key_ = true;  // it may
        break;
      case 1:
        text.resize(below(text.size()) + 1);
        break;
      case 2:
        text.insert(below(text.size()), junk(below(40)));
        shows_key_ = true;
        break;
      default:
        break;
    }
    return text;
  }
  bool may_show_key() const { return shows_key_; }
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

 private:
  template <std::size_t N>
  std::string one_of(const char* const (&words)[N]) {
    return words[below(N)];
  }
  std::string junk(std::size_t size) {
    std::string out(size, '\0');
    for (char& c : out) c = static_cast<char>(below(256));
    return out;
  }
  std::string method() {
    return one_of(
        {"GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "BREW", "get", ""});
  }
  std::string target() {
    std::string out = one_of({"/v4/sports",
                              "/v4/sports",
                              "/v4/sports",
                              "/v4/odds/",
                              "/v4/odds",
                              "/v4/x",
                              "/feed",
                              "/",
                              "//",
                              "/v4/../x",
                              "/%2e%2e/",
                              "/v4/%00",
                              "/%",
                              "*",
                              "http://h/v4/sports",
                              "/v4/sports/%F0%9F%8F%80",
                              "/..%2f..%2fetc/passwd",
                              "/v4\\x",
                              "/healthz/../v4/sports",
                              "/healthz%2f..",
                              "/errors/",
                              "/healthz/"});
    for (std::size_t n = below(4); n > 0; --n) {
      out += out.find('?') == std::string::npos ? "?" : "&";
      switch (below(5)) {
        case 0:
          out += "apiKey=" + key_.substr(0, below(key_.size()));
          break;
        case 1:
          out += "apiKey=" + std::string(below(9000), 'k');
          break;
        case 2:
          out += one_of({"regions=uk", "a=%zz", "a=%00", "b", "=", "%", "regions[]=x", "a=%ff"});
          break;
        case 3:
          out += one_of({"apiKey=", "api_key=", "APIKEY="}) + std::string("nonsense");
          break;
        default:
          out += (below(3) == 0 ? (shows_key_ = true, "apiKey=" + key_) : std::string("c=d"));
      }
    }
    return out;
  }
  std::string headers() {
    std::string out;
    for (std::size_t n = below(5); n > 0; --n)
      out += one_of({"Accept-Encoding: gzip\r\n",
                     "Content-Length: 5\r\n",
                     "Content-Length: -1\r\n",
                     "Transfer-Encoding: chunked\r\n",
                     "Transfer-Encoding: gzip, chunked\r\n",
                     "Connection: close\r\n",
                     "Connection: upgrade\r\n",
                     "Upgrade: websocket\r\n",
                     "Sec-WebSocket-Version: 13\r\n",
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
                     "If-None-Match: *\r\n",
                     "Authorization: Bearer\r\n",
                     "Authorization: Bearer x\r\n",
                     "X-Api-Key: \r\n",
                     "Expect: 100-continue\r\n",
                     "Range: bytes=0-1\r\n",
                     "X: a\r\n b\r\n",
                     ": x\r\n",
                     "Origin: null\r\n",
                     "Host: a\r\nHost: b\r\n",
                     "X:\t\t\r\n"});
    if (below(40) == 0) out += "X: " + std::string(below(40'000), 'x') + "\r\n";
    return out;
  }

  std::string key_;
  bool shows_key_ = false;
  std::mt19937_64 random_{20261125};  // the same on every run
};

TEST(Hostile, TenThousandRequestsBringNoAnswerWithoutAKey) {
  TempDir dir;
  ASSERT_TRUE(log::setup(log::Level::Debug, log::Format::Text, dir.file("log")));
  const std::string key = *add_api_key(dir.file("keys"), {"alice", {}, 1'000'000}, now_utc());
  HttpServerConfig config;
  config.client_rate = 1e6;
  config.access_log = true;
  config.head_time = Millis(300);
  test::Room room;
  ServerUnderTest server(room.handler(), config, *KeyGate::open(dir.file("keys"), 1e6));

  Mischief mischief(key);
  std::map<int, int> statuses;
  int without_key = 0;
  for (int sent = 0; sent < kRequests; sent += kPerConnection) {
    RawClient client(server.port());
    bool may_show_key = false;
    std::string all;
    for (int i = 0; i < kPerConnection; ++i) {
      all += mischief.next();
      may_show_key |= mischief.may_show_key();
    }
    // In two pieces, cut anywhere; the server may close in between.
    const std::size_t cut = mischief.below(all.size());
    (void)(client.send(all.substr(0, cut)) && client.send(all.substr(cut)));
    client.end_sending();  // or what is not whole is waited for
    const std::string said = client.read_to_end();
    for (std::size_t at = said.find("HTTP/1.1 "); at != std::string::npos;
         at = said.find("HTTP/1.1 ", at + 1)) {
      const int status = std::atoi(said.c_str() + at + 9);
      if (status == 0) continue;  // a message that names the protocol
      ++statuses[status];
      if (!may_show_key && status < 400) ++without_key;
    }
  }
  EXPECT_EQ(without_key, 0);
  EXPECT_GT(statuses[400], 100);
  EXPECT_GT(statuses[401], 100);
  EXPECT_GT(statuses[200], 10);
  EXPECT_EQ(statuses[500], 0);
  EXPECT_EQ(test::get(server.port(), "/healthz").status, 200);
  EXPECT_EQ(test::get(server.port(), "/v4/x?apiKey=" + key).status, 200);
  EXPECT_TRUE(test::wait_until([&] { return server.metrics.open_connections.value() == 0; }));
  EXPECT_EQ(room.size(), 0U);
  server.stop();
  ASSERT_TRUE(log::setup(log::Level::Info, log::Format::Text));
  std::ifstream in(dir.file("log"), std::ios::binary);
  const std::string log((std::istreambuf_iterator<char>(in)), {});
  EXPECT_THAT(log, HasSubstr("key=alice"));
  for (const std::string& part : {key, key.substr(0, 12), std::string("apiKey"), std::string("?")})
    EXPECT_EQ(log.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace oddsloom
