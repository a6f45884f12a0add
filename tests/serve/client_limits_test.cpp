#include "serve/client_limits.h"

#include <gtest/gtest.h>

#include <string>

namespace oddsloom {
namespace {

using std::chrono::milliseconds;
const TokenBucket::Clock::time_point kStart{std::chrono::hours(1)};

TEST(TokenBucket, ASecondsWorthAtOnceThenAtItsRate) {
  TokenBucket bucket;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bucket.take(5, kStart).count(), 0) << i;
  EXPECT_EQ(bucket.take(5, kStart), milliseconds(200));
  EXPECT_EQ(bucket.take(5, kStart + milliseconds(100)), milliseconds(100));
  EXPECT_EQ(bucket.take(5, kStart + milliseconds(200)).count(), 0);
  EXPECT_FALSE(bucket.is_full(5, kStart + milliseconds(1100)));
  EXPECT_TRUE(bucket.is_full(5, kStart + milliseconds(1200)));
}

TEST(ClientLimits, AddressesDoNotShareAndIpv6ClientsAreTheirNetwork) {
  ClientLimits limits(1, 2);
  EXPECT_EQ(limits.request("192.0.2.1", kStart).count(), 0);
  EXPECT_GT(limits.request("192.0.2.1", kStart).count(), 0);
  limits.request("::ffff:192.0.2.9", kStart);  // as an IPv6 socket names an IPv4 client
  EXPECT_GT(limits.request("::ffff:192.0.2.9", kStart).count(), 0);
  EXPECT_EQ(limits.request("::ffff:192.0.2.10", kStart).count(), 0);
  EXPECT_EQ(limits.request("192.0.2.2", kStart).count(), 0);
  EXPECT_EQ(limits.request("2001:db8:1:2::1", kStart).count(), 0);
  EXPECT_GT(limits.request("2001:db8:1:2:ffff::9", kStart).count(), 0);
  EXPECT_EQ(limits.request("2001:db8:1:3::1", kStart).count(), 0);
}

TEST(ClientLimits, ConnectionsAreCountedPerAddress) {
  ClientLimits limits(1, 2);
  EXPECT_TRUE(limits.enter("192.0.2.1"));
  EXPECT_TRUE(limits.enter("192.0.2.1"));
  EXPECT_FALSE(limits.enter("192.0.2.1"));
  EXPECT_TRUE(limits.enter("192.0.2.2"));
  limits.leave("192.0.2.1");
  EXPECT_TRUE(limits.enter("192.0.2.1"));
}

TEST(ClientLimits, WhatIsRememberedIsBoundedAndForgotten) {
  ClientLimits limits(1, 2);
  for (std::size_t i = 0; i < ClientLimits::kMostClients + 100; ++i)
    limits.request("10." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." +
                       std::to_string(i % 256),
                   kStart);
  EXPECT_EQ(limits.known(), ClientLimits::kMostClients);
  // Whoever comes beyond that shares one allowance.
  EXPECT_GT(limits.request("192.0.2.77", kStart).count(), 0);
  EXPECT_TRUE(limits.enter("192.0.2.78"));
  limits.leave("192.0.2.78");
  limits.sweep(kStart + std::chrono::seconds(2));
  EXPECT_EQ(limits.known(), 0U);
  EXPECT_EQ(limits.request("192.0.2.77", kStart).count(), 0);
}

}  // namespace
}  // namespace oddsloom
