// Where a Redis store is: the URL of the setting store.url, taken apart. Pure; any thread.
//   redis://[[USER]:PASSWORD@]HOST[:6379][/0][?OPTIONS]         rediss:// = the same over TLS
//   unix:///PATH[?db=0&user=..&password=..]
//   redis+sentinel://[[USER]:PASSWORD@]HOST[:26379],HOST..[/MASTER[/0]][?OPTIONS]
//   rediss+sentinel:// likewise
// OPTIONS: ca_file=PEM (trusted instead of the system's), cert_file=PEM, key_file=PEM (a client's
// own), server_name=NAME (expected in the certificate instead of HOST), sentinel_user=,
// sentinel_password=. USER, PASSWORD and values are percent-decoded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace oddsloom {

struct RedisAddress {
  std::string host;        // name or address; "" with a path
  std::uint16_t port = 0;  // 0 with a path
  std::string path;        // of a unix socket
  auto operator<=>(const RedisAddress&) const = default;
  std::string text() const;  // "host:6379", "[::1]:6379", "unix:/run/redis.sock"
};

struct RedisTarget {
  std::vector<RedisAddress> addresses;  // one; several with Sentinel: the sentinels
  std::string master;                   // the name Sentinel knows it by; "" = no Sentinel
  bool tls = false;
  std::string user, password;                    // "" = none
  std::string sentinel_user, sentinel_password;  // "" = none
  int database = 0;
  std::string ca_file, cert_file, key_file, server_name;  // "" = not given

  std::string text() const;  // for messages, without secrets: "redis://host:6379"
};

// Whether a store URL is one of these at all.
bool is_redis_url(std::string_view url);

// Errors: Invalid, with what is wrong and what was expected (never with a password); an unknown
// option is told with the one that was probably meant.
Result<RedisTarget> parse_redis_url(std::string_view url);

}  // namespace oddsloom
