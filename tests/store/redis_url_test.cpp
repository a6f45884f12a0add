#include "store/redis_url.h"

#include <gtest/gtest.h>

namespace oddsloom::test {
namespace {

RedisTarget good(const std::string& url) {
  auto target = parse_redis_url(url);
  EXPECT_TRUE(target) << url << ": " << target.error().text();
  return target ? *target : RedisTarget{};
}

std::string error(const std::string& url) {
  const auto target = parse_redis_url(url);
  EXPECT_FALSE(target) << url;
  if (target) return "";
  EXPECT_EQ(target.error().kind, ErrorKind::Invalid);
  return target.error().text();
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(RedisUrl, HostPortAndDatabase) {
  const RedisTarget target = good("redis://redis.example:7000/3");
  ASSERT_EQ(target.addresses.size(), 1U);
  EXPECT_EQ(target.addresses[0].host, "redis.example");
  EXPECT_EQ(target.addresses[0].port, 7000);
  EXPECT_EQ(target.database, 3);
  EXPECT_FALSE(target.tls);
  EXPECT_TRUE(target.master.empty());
  EXPECT_EQ(target.text(), "redis://redis.example:7000");
}

TEST(RedisUrl, PortAndDatabaseHaveUsualValues) {
  EXPECT_EQ(good("redis://h").addresses[0].port, 6379);
  EXPECT_EQ(good("redis://h/").database, 0);
  EXPECT_EQ(good("redis+sentinel://h").addresses[0].port, 26379);
}

TEST(RedisUrl, UserAndPasswordArePercentDecoded) {
  const RedisTarget both = good("redis://al%40ice:p%2Fw%3A%25@h");
  EXPECT_EQ(both.user, "al@ice");
  EXPECT_EQ(both.password, "p/w:%");
  const RedisTarget alone = good("redis://:secret@h");
  EXPECT_EQ(alone.user, "");
  EXPECT_EQ(alone.password, "secret");
  EXPECT_EQ(alone.text(), "redis://h:6379");
  EXPECT_EQ(good("redis://:with:colon@h").password, "with:colon");
}

TEST(RedisUrl, Ipv6StandsInBrackets) {
  const RedisTarget target = good("redis://[::1]:7000");
  EXPECT_EQ(target.addresses[0].host, "::1");
  EXPECT_EQ(target.addresses[0].port, 7000);
  EXPECT_EQ(target.addresses[0].text(), "[::1]:7000");
  EXPECT_EQ(good("redis://[fe80::1]").addresses[0].port, 6379);
  EXPECT_TRUE(says(error("redis://::1:7000"), "brackets"));
  EXPECT_TRUE(says(error("redis://[::1"), "]"));
  EXPECT_TRUE(says(error("redis://[::1]7000"), ":PORT"));
}

TEST(RedisUrl, TlsAndItsFiles) {
  const RedisTarget target = good(
      "rediss://h:6380/1?ca_file=/etc/ca%20x.pem&cert_file=c.pem&key_file=k.pem&server_name=n");
  EXPECT_TRUE(target.tls);
  EXPECT_EQ(target.ca_file, "/etc/ca x.pem");
  EXPECT_EQ(target.cert_file, "c.pem");
  EXPECT_EQ(target.key_file, "k.pem");
  EXPECT_EQ(target.server_name, "n");
  EXPECT_EQ(target.text(), "rediss://h:6380");
  EXPECT_TRUE(says(error("redis://h?ca_file=x"), "rediss://"));
  EXPECT_TRUE(says(error("rediss://h?cert_file=x"), "belong together"));
}

TEST(RedisUrl, UnixSocket) {
  const RedisTarget target = good("unix:///run/redis%20one.sock?db=2&user=u&password=p%26q");
  EXPECT_EQ(target.addresses[0].path, "/run/redis one.sock");
  EXPECT_EQ(target.addresses[0].text(), "unix:/run/redis one.sock");
  EXPECT_EQ(target.database, 2);
  EXPECT_EQ(target.user, "u");
  EXPECT_EQ(target.password, "p&q");
  EXPECT_EQ(target.text(), "unix:///run/redis one.sock");
  EXPECT_TRUE(says(error("unix://"), "absolute path"));
  EXPECT_TRUE(says(error("unix://host/path"), "no host"));
}

TEST(RedisUrl, SentinelHasSeveralHostsAndAMaster) {
  const RedisTarget target =
      good("redis+sentinel://u:p@a:1,b,[::1]:3/odds/4?sentinel_user=su&sentinel_password=sp");
  ASSERT_EQ(target.addresses.size(), 3U);
  EXPECT_EQ(target.addresses[0].text(), "a:1");
  EXPECT_EQ(target.addresses[1].text(), "b:26379");
  EXPECT_EQ(target.addresses[2].text(), "[::1]:3");
  EXPECT_EQ(target.master, "odds");
  EXPECT_EQ(target.database, 4);
  EXPECT_EQ(target.password, "p");
  EXPECT_EQ(target.sentinel_user, "su");
  EXPECT_EQ(target.sentinel_password, "sp");
  EXPECT_EQ(target.text(), "redis+sentinel://a:1,b:26379,[::1]:3/odds");
  EXPECT_EQ(good("redis+sentinel://a").master, "mymaster");
  EXPECT_TRUE(good("rediss+sentinel://a").tls);
  EXPECT_TRUE(says(error("redis://a,b"), "redis+sentinel://"));
  EXPECT_TRUE(says(error("redis+sentinel://a,,b"), "host is missing"));
}

TEST(RedisUrl, UnknownOptionsAreToldWithTheOneMeant) {
  EXPECT_TRUE(says(error("rediss://h?cafile=x"), "did you mean 'ca_file'"));
  EXPECT_TRUE(says(error("unix:///p?passwort=x"), "did you mean 'password'"));
  EXPECT_TRUE(says(error("redis://h?zzzzzzzzz=x"), "known here are"));
  EXPECT_TRUE(says(error("redis://h?sentinel_user=x"), "unknown option"));
  EXPECT_TRUE(says(error("redis://h?nothing"), "NAME=VALUE"));
}

TEST(RedisUrl, NumbersAreChecked) {
  for (const char* url : {"redis://h/-1", "redis://h/x", "redis://h/1/2", "redis://h/99999999999",
                          "redis://h/1.5", "unix:///p?db=-1", "redis+sentinel://h/m/x"})
    EXPECT_TRUE(says(error(url), "database")) << url;
  for (const char* url : {"redis://h:0", "redis://h:65536", "redis://h:", "redis://h:x"})
    EXPECT_TRUE(says(error(url), "port")) << url;
}

TEST(RedisUrl, OtherThingsAreNotRedisUrls) {
  EXPECT_TRUE(is_redis_url("redis://h"));
  EXPECT_TRUE(is_redis_url("rediss+sentinel://h"));
  EXPECT_TRUE(is_redis_url("unix:///p"));
  EXPECT_FALSE(is_redis_url("sqlite:odds.db"));
  EXPECT_FALSE(is_redis_url("redis:h"));
  EXPECT_TRUE(says(error("http://h"), "redis://"));
  EXPECT_TRUE(says(error("redis://"), "host is missing"));
  EXPECT_TRUE(says(error("redis://user@h"), "USER:PASSWORD"));
  EXPECT_TRUE(says(error("redis://user:@h"), "without a password"));
  EXPECT_TRUE(says(error("redis://:a%4@h"), "hexadecimal"));
  EXPECT_TRUE(says(error("redis://:a%00@h"), "%00"));
  EXPECT_TRUE(says(error("redis://a b"), "letters, digits"));
  EXPECT_TRUE(says(error("redis+sentinel://one,tw\x01o/odds"), "letters, digits"));
}

TEST(RedisUrl, APasswordIsNeverInAnError) {
  for (const char* url :
       {"redis://:hunter%zz2@h", "redis://:hun/hunter2@h", "redis://:hun?hunter2@h",
        "redis://user:hunter2", "redis://:hunter2", "redis://u:hunter2@h:x",
        "redis://u:hunter2@h/x", "redis://u:hunter2@h?cafile=1",
        "unix:///p?password=hunter2&databas=1", "redis://u:hun@hunter2/hunter2",
        "redis+sentinel://u:hunter2@a,b/m/x", "redis+sentinel://a?sentinel_password=hunter2&x"})
    EXPECT_FALSE(says(error(url), "hunter2")) << url;
}

}  // namespace
}  // namespace oddsloom::test
