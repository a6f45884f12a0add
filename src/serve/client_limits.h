// How much one client may ask: requests a second and connections by address. An IPv6 client is its
// /64, for it has all of that. Memory is bounded: beyond so many addresses at once the rest share
// one allowance. I/O thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace oddsloom {

// `rate` a second on average, one second's worth at once.
struct TokenBucket {
  using Clock = std::chrono::steady_clock;

  double tokens = -1;  // below 0: never used, full
  Clock::time_point at{};

  // Nothing to wait for: taken. Else after how long there is one.
  std::chrono::milliseconds take(double rate, Clock::time_point now);
  bool is_full(double rate, Clock::time_point now) const;
};

class ClientLimits {
 public:
  using Clock = TokenBucket::Clock;

  ClientLimits(double requests_per_second, std::size_t most_connections)
      : rate_(requests_per_second), most_connections_(most_connections) {}

  // False: this address has as many connections as it may. Else leave() must follow.
  bool enter(std::string_view address);
  void leave(std::string_view address);
  // 0: go ahead.
  std::chrono::milliseconds request(std::string_view address, Clock::time_point now);
  // Forgets whom there is nothing to remember of.
  void sweep(Clock::time_point now);
  std::size_t known() const { return clients_.size(); }

  static constexpr std::size_t kMostClients = 65'536;

 private:
  struct Client {
    TokenBucket bucket;
    std::size_t connections = 0;
  };
  Client& client(std::string_view address);

  double rate_;
  std::size_t most_connections_;
  std::unordered_map<std::string, Client> clients_;
  Client others_;
};

}  // namespace oddsloom
