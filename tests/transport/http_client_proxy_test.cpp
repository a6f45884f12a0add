// Requests through proxies: which one is used, how their failures are told from the site's, and
// that the environment has no say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "tests/transport/client_helpers.h"
#include "tests/transport/scripted_server.h"
#include "tests/transport/socks_server.h"

namespace oddsloom {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Connection = ScriptedServer::Connection;

constexpr const char* kSite = "http://odds.invalid/list";

HttpRequest attempt(std::string url, unsigned number) {
  HttpRequest request = get(std::move(url));
  request.attempt = number;
  return request;
}

// Sets environment variables for one test.
class Environment {
 public:
  ~Environment() {
    for (const auto& [name, value] : saved_)
      value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
  }
  void set(const std::string& name, const std::string& value) {
    const char* old = std::getenv(name.c_str());
    saved_.emplace_back(name, old ? std::optional<std::string>(old) : std::nullopt);
    setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> saved_;
};

TEST(HttpClientProxies, TheAttemptChoosesTheProxy) {
  ScriptedServer first(always(answer("first")));
  ScriptedServer second(always(answer("second")));
  auto client = make_client({.proxies = {first.url(""), second.url("")}});
  EXPECT_EQ(fetch(*client, attempt(kSite, 0)).body, "first");
  EXPECT_EQ(fetch(*client, attempt(kSite, 1)).body, "second");
  EXPECT_EQ(fetch(*client, attempt(kSite, 2)).body, "first");
  EXPECT_EQ(fetch(*client, attempt(kSite, 5)).body, "second");
  ASSERT_EQ(first.requests().size(), 2U);
  EXPECT_EQ(target_of(first.requests()[0]), kSite) << "a proxy is given the whole URL";
  EXPECT_EQ(first.connections(), 1U);
}

TEST(HttpClientProxies, TheProxysPasswordGoesToTheProxy) {
  ScriptedServer proxy(always(answer("x")));
  auto client =
      make_client({.proxies = {"http://weaver:loom@127.0.0.1:" + std::to_string(proxy.port())}});
  fetch(*client, kSite);
  ASSERT_EQ(proxy.requests().size(), 1U);
  EXPECT_THAT(proxy.requests()[0], HasSubstr("Proxy-Authorization: Basic d2VhdmVyOmxvb20="));
}

TEST(HttpClientProxies, ADeadProxyIsProxyFailed) {
  const std::string port = std::to_string(closed_port());
  for (const std::string scheme : {"http", "socks5", "socks5h", "socks4a"}) {
    const HttpResponse response =
        fetch(*make_client({.proxies = {scheme + "://127.0.0.1:" + port}}), "http://127.0.0.1:9/");
    EXPECT_EQ(response.end, TransferEnd::ProxyFailed) << scheme << ": " << response.message;
  }
}

TEST(HttpClientProxies, AProxyWithoutAddressIsProxyFailed) {
  const HttpResponse response =
      fetch(*make_client({.proxies = {"http://" + std::string(64, 'p') + ".invalid:3128"}}), kSite);
  EXPECT_EQ(response.end, TransferEnd::ProxyFailed) << response.message;
}

TEST(HttpClientProxies, AProxyThatWantsAPasswordIsProxyFailed) {
  ScriptedServer proxy(
      always(answer("", "Proxy-Authenticate: Basic realm=\"x\"\r\n", "407 Who are you")));
  auto client = make_client({.proxies = {proxy.url("")}});
  const HttpResponse plain = fetch(*client, kSite);
  EXPECT_EQ(plain.end, TransferEnd::ProxyFailed);
  EXPECT_EQ(plain.status, 407);
  EXPECT_THAT(plain.message, HasSubstr("407"));
  const HttpResponse tunnelled = fetch(*client, "https://odds.invalid/list");
  EXPECT_EQ(tunnelled.end, TransferEnd::ProxyFailed) << tunnelled.message;
}

TEST(HttpClientProxies, ATunnelThatIsRefusedIsProxyFailed) {
  ScriptedServer proxy(always(answer("no", "", "403 Forbidden")));
  auto client = make_client({.proxies = {proxy.url("")}});
  const HttpResponse response = fetch(*client, "https://odds.invalid/list");
  EXPECT_EQ(response.end, TransferEnd::ProxyFailed) << response.message;
  ASSERT_FALSE(proxy.requests().empty());
  EXPECT_THAT(proxy.requests()[0], StartsWith("CONNECT odds.invalid:443 "));
}

TEST(HttpClientProxies, AProxyThatHangsUpOnTheTunnelIsProxyFailed) {
  ScriptedServer proxy([](Connection& connection) { connection.read_request(); });
  const HttpResponse response =
      fetch(*make_client({.proxies = {proxy.url("")}}), "https://odds.invalid/list");
  EXPECT_EQ(response.end, TransferEnd::ProxyFailed) << response.message;
}

TEST(HttpClientProxies, ASocksProxyIsAskedForTheName) {
  ScriptedServer site(always(answer("through the proxy")));
  SocksServer proxy(site.port(), "weaver", "loom");
  const auto client =
      make_client({.proxies = {"socks5h://weaver:loom@127.0.0.1:" + std::to_string(proxy.port())}});
  EXPECT_EQ(fetch(*client, "http://odds.invalid/list").body, "through the proxy");
  EXPECT_EQ(proxy.asked_for(), std::vector<std::string>{"odds.invalid:80"});
}

TEST(HttpClientProxies, ASocksProxyThatRefusesIsProxyFailed) {
  ScriptedServer proxy([](Connection& connection) {
    connection.read_bytes(3);
    connection.send("\x05\xFF");  // none of your ways to log in
    connection.wait_closed();
  });
  const HttpResponse response = fetch(
      *make_client({.proxies = {"socks5h://127.0.0.1:" + std::to_string(proxy.port())}}), kSite);
  EXPECT_EQ(response.end, TransferEnd::ProxyFailed) << response.message;
}

TEST(HttpClientProxies, AFailureBehindTheTunnelIsNotTheProxys) {
  ScriptedServer proxy([](Connection& connection) {
    if (!connection.read_request()) return;
    connection.send("HTTP/1.1 200 Connection established\r\n\r\n");
    connection.send("this is no TLS server");
    connection.wait_closed();
  });
  const HttpResponse response =
      fetch(*make_client({.proxies = {proxy.url("")}}), "https://odds.invalid/list");
  EXPECT_EQ(response.end, TransferEnd::TlsFailed) << response.message;
}

TEST(HttpClientProxies, TheEnvironmentChoosesNoProxy) {
  const std::string dead = "http://127.0.0.1:" + std::to_string(closed_port());
  Environment environment;
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    environment.set(name, dead);
  ScriptedServer server(always(answer("direct")));
  const HttpResponse response = fetch(*make_client(), server.url());
  EXPECT_EQ(response.end, TransferEnd::Done) << response.message;
  EXPECT_EQ(response.body, "direct");
}

TEST(HttpClientProxies, TheEnvironmentCannotSwitchOurProxyOff) {
  Environment environment;
  environment.set("no_proxy", "*");
  environment.set("NO_PROXY", "*");
  ScriptedServer proxy(always(answer("through the proxy")));
  EXPECT_EQ(fetch(*make_client({.proxies = {proxy.url("")}}), kSite).body, "through the proxy");
}

TEST(HttpClientProxies, WhatIsNoProxyUrlIsRefusedAtOnceWithoutItsPassword) {
  for (const char* proxy : {"", "nonsense", "127.0.0.1:3128", "ftp://127.0.0.1:21", "http://",
                            "http://u:hunter2@:80", "http://u:hunter2@host:port"}) {
    const auto client = HttpClient::create({.proxies = {"http://127.0.0.1:3128", proxy}});
    ASSERT_FALSE(client) << proxy;
    EXPECT_EQ(client.error().kind, ErrorKind::Invalid);
    EXPECT_THAT(client.error().text(), HasSubstr("proxies[1]"));
    EXPECT_THAT(client.error().text(), Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace oddsloom
