#include "serve/client_limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace oddsloom {
namespace {

double filled(const TokenBucket& bucket, double rate, TokenBucket::Clock::time_point now) {
  const double most = std::max(rate, 1.0);
  if (bucket.tokens < 0) return most;
  const std::chrono::duration<double> since = now - bucket.at;
  return std::min(most, bucket.tokens + rate * std::max(since.count(), 0.0));
}

// "2001:db8:1:2::7" -> its first eight bytes.
std::string whose(std::string_view address) {
  std::array<char, 16> bytes{};
  std::string text(address);
  if (text.find(':') == std::string::npos || inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1)
    return text;
  constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  if (std::string_view(bytes.data(), kMapped.size()) == kMapped)
    return std::string(bytes.data() + kMapped.size(), 4);
  return std::string(bytes.data(), 8);
}

}  // namespace

std::chrono::milliseconds TokenBucket::take(double rate, Clock::time_point now) {
  tokens = filled(*this, rate, now);
  at = now;
  if (tokens >= 1) {
    tokens -= 1;
    return std::chrono::milliseconds(0);
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil((1 - tokens) / rate * 1e3)));
}

bool TokenBucket::is_full(double rate, Clock::time_point now) const {
  return filled(*this, rate, now) >= std::max(rate, 1.0);
}

ClientLimits::Client& ClientLimits::client(std::string_view address) {
  std::string key = whose(address);
  const auto found = clients_.find(key);
  if (found != clients_.end()) return found->second;
  if (clients_.size() >= kMostClients) return others_;
  return clients_[std::move(key)];
}

bool ClientLimits::enter(std::string_view address) {
  Client& one = client(address);
  if (one.connections >= most_connections_) return false;
  ++one.connections;
  return true;
}

void ClientLimits::leave(std::string_view address) {
  // Who came while the table was full is counted there, and may be known by now.
  const auto found = clients_.find(whose(address));
  Client& one = found != clients_.end() && found->second.connections > 0 ? found->second : others_;
  if (one.connections > 0) --one.connections;
}

std::chrono::milliseconds ClientLimits::request(std::string_view address, Clock::time_point now) {
  return client(address).bucket.take(rate_, now);
}

void ClientLimits::sweep(Clock::time_point now) {
  std::erase_if(clients_, [&](const auto& entry) {
    return entry.second.connections == 0 && entry.second.bucket.is_full(rate_, now);
  });
}

}  // namespace oddsloom
