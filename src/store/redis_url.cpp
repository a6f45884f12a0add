#include "store/redis_url.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::uint16_t kServerPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;
constexpr std::string_view kUsualMaster = "mymaster";

struct Scheme {
  std::string_view prefix;
  bool tls;
  bool sentinel;
  bool path;
};
constexpr std::array<Scheme, 5> kSchemes{{{"redis://", false, false, false},
                                          {"rediss://", true, false, false},
                                          {"redis+sentinel://", false, true, false},
                                          {"rediss+sentinel://", true, true, false},
                                          {"unix://", false, false, true}}};

const Scheme* scheme_of(std::string_view url) {
  for (const Scheme& scheme : kSchemes)
    if (url.starts_with(scheme.prefix)) return &scheme;
  return nullptr;
}

// What is wrong never quotes what may hold a password: a forgotten '@' or an unencoded '/' moves
// parts of one anywhere.
tl::unexpected<Error> wrong(std::string message) {
  return fail(ErrorKind::Invalid, "store.url", std::move(message));
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

Result<std::string> decode(std::string_view text, std::string_view what) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto high = i + 1 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
    if (!high || !low)
      return wrong(std::string(what) + ": a % must be followed by two hexadecimal digits");
    const auto byte = static_cast<char>(*high * 16 + *low);
    if (byte == '\0') return wrong(std::string(what) + ": %00 is not allowed");
    out += byte;
    i += 2;
  }
  return out;
}

// Cuts `text` at the first `separator`; what follows it is given.
std::string_view cut(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

Result<void> read_credentials(std::string_view text, RedisTarget& target) {
  const bool has_password = text.find(':') != std::string_view::npos;
  const std::string_view password = cut(text, ':');
  if (!has_password)
    return wrong("before the '@' USER:PASSWORD or :PASSWORD is expected, and there is no ':'");
  auto user = decode(text, "user");
  auto word = decode(password, "password");
  if (!user) return tl::unexpected(std::move(user.error()));
  if (!word) return tl::unexpected(std::move(word.error()));
  if (word->empty() && !user->empty()) return wrong("there is a user without a password");
  target.user = std::move(*user);
  target.password = std::move(*word);
  return {};
}

bool stands_in_a_host(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == ':' || c == '%';
}

Result<RedisAddress> read_address(std::string_view text, std::uint16_t usual_port) {
  RedisAddress address;
  address.port = usual_port;
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return wrong("an IPv6 address without its closing ']'");
    address.host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return wrong("after ']' only :PORT is expected");
    if (!rest.empty()) port = rest.substr(1);
  } else {
    const auto colon = text.find(':');
    if (colon != text.rfind(':'))
      return wrong("a host with several ':': an IPv6 address stands in brackets, [::1]:6379");
    if (colon != std::string_view::npos) port = text.substr(colon + 1);
    auto host = decode(text.substr(0, colon), "host");
    if (!host) return tl::unexpected(std::move(host.error()));
    address.host = std::move(*host);
  }
  if (address.host.empty()) return wrong("the host is missing, e.g. redis://localhost:6379/0");
  if (!std::all_of(address.host.begin(), address.host.end(), stands_in_a_host))
    return wrong("a host is made of letters, digits, '-', '_', '.' and ':'");
  if (port) {
    const auto number = parse_int(*port);
    if (!number || *number < 1 || *number > std::numeric_limits<std::uint16_t>::max())
      return wrong("the port of host '" + address.host + "' is not a number 1..65535");
    address.port = static_cast<std::uint16_t>(*number);
  }
  return address;
}

Result<void> read_database(std::string_view text, RedisTarget& target) {
  const auto number = parse_int(text);
  if (!number || *number < 0 || *number > std::numeric_limits<int>::max())
    return wrong("the database is not a whole number from 0");
  target.database = static_cast<int>(*number);
  return {};
}

struct Option {
  std::string name;
  std::string* text;  // where it goes; null = the database
};

std::vector<Option> options_of(const Scheme& scheme, RedisTarget& target) {
  if (scheme.path) return {{"db", nullptr}, {"user", &target.user}, {"password", &target.password}};
  std::vector<Option> options{{"ca_file", &target.ca_file},
                              {"cert_file", &target.cert_file},
                              {"key_file", &target.key_file},
                              {"server_name", &target.server_name}};
  if (scheme.sentinel) {
    options.push_back({"sentinel_user", &target.sentinel_user});
    options.push_back({"sentinel_password", &target.sentinel_password});
  }
  return options;
}

Result<void> unknown_option(std::string_view name, const std::vector<Option>& known) {
  std::vector<std::string> names;
  std::string list;
  for (const Option& option : known) {
    names.push_back(option.name);
    list += (list.empty() ? "" : ", ") + option.name;
  }
  std::string message = "unknown option '" + std::string(name) + "'";
  if (const auto meant = nearest(name, names))
    return wrong(message + ", did you mean '" + *meant + "'?");
  return wrong(message + "; known here are " + list);
}

Result<void> read_options(std::string_view text, const Scheme& scheme, RedisTarget& target) {
  if (text.empty()) return {};
  const std::vector<Option> known = options_of(scheme, target);
  for (std::string_view piece : split(text, '&')) {
    if (piece.find('=') == std::string_view::npos)
      return wrong("after '?' NAME=VALUE is expected, several with '&' between");
    const std::string_view raw = cut(piece, '=');
    const Option* option = nullptr;
    for (const Option& candidate : known)
      if (candidate.name == piece) option = &candidate;
    if (!option) return unknown_option(piece, known);
    auto value = decode(raw, option->name);
    if (!value) return tl::unexpected(std::move(value.error()));
    if (option->text) {
      *option->text = std::move(*value);
    } else if (auto database = read_database(*value, target); !database) {
      return database;
    }
  }
  return {};
}

Result<void> check_options(const RedisTarget& target) {
  if (!target.tls &&
      !(target.ca_file + target.cert_file + target.key_file + target.server_name).empty())
    return wrong("ca_file, cert_file, key_file and server_name are for TLS: use rediss://");
  if (target.cert_file.empty() != target.key_file.empty())
    return wrong("cert_file and key_file belong together; one is missing");
  if (!target.user.empty() && target.password.empty())
    return wrong("there is a user without a password");
  if (!target.sentinel_user.empty() && target.sentinel_password.empty())
    return wrong("there is a sentinel_user without a sentinel_password");
  return {};
}

Result<void> read_hosts(std::string_view text, const Scheme& scheme, RedisTarget& target) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    if (auto read = read_credentials(text.substr(0, at), target); !read) return read;
    text.remove_prefix(at + 1);
  }
  for (const std::string_view host : split(text, ',')) {
    auto address = read_address(host, scheme.sentinel ? kSentinelPort : kServerPort);
    if (!address) return tl::unexpected(std::move(address.error()));
    target.addresses.push_back(std::move(*address));
  }
  if (target.addresses.size() > 1 && !scheme.sentinel)
    return wrong(
        "several hosts are for redis+sentinel:// only; of a cluster any one node is enough");
  return {};
}

// What stands between the hosts and '?': [/MASTER][/DATABASE].
Result<void> read_path(std::string_view path, const Scheme& scheme, RedisTarget& target) {
  if (scheme.sentinel) {
    target.master = kUsualMaster;
    const std::string_view database = cut(path, '/');
    if (!path.empty()) {
      auto master = decode(path, "master");
      if (!master) return tl::unexpected(std::move(master.error()));
      target.master = std::move(*master);
    }
    path = database;
  }
  return path.empty() ? Result<void>() : read_database(path, target);
}

Result<void> read_socket_path(std::string_view path, RedisTarget& target) {
  if (!path.starts_with('/'))
    return wrong("after unix:// an absolute path is expected, e.g. unix:///run/redis/redis.sock");
  auto decoded = decode(path, "path");
  if (!decoded) return tl::unexpected(std::move(decoded.error()));
  RedisAddress address;
  address.path = std::move(*decoded);
  target.addresses.push_back(std::move(address));
  return {};
}

}  // namespace

std::string RedisAddress::text() const {
  if (!path.empty()) return "unix:" + path;
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return name + ":" + std::to_string(port);
}

std::string RedisTarget::text() const {
  std::string out = tls ? "rediss" : "redis";
  if (!master.empty()) out += "+sentinel";
  out += "://";
  std::string hosts;
  for (const RedisAddress& address : addresses) {
    if (!address.path.empty()) return "unix://" + address.path;
    hosts += (hosts.empty() ? "" : ",") + address.text();
  }
  return out + hosts + (master.empty() ? "" : "/" + master);
}

bool is_redis_url(std::string_view url) { return scheme_of(url) != nullptr; }

Result<RedisTarget> parse_redis_url(std::string_view url) {
  const Scheme* scheme = scheme_of(url);
  if (!scheme)
    return wrong(
        "not a Redis URL: redis://, rediss://, redis+sentinel://, rediss+sentinel:// or "
        "unix:///PATH "
        "is expected");
  RedisTarget target;
  target.tls = scheme->tls;
  url.remove_prefix(scheme->prefix.size());
  const auto end = url.find_first_of("/?");
  const std::string_view hosts = url.substr(0, end);
  std::string_view path = end == std::string_view::npos ? std::string_view() : url.substr(end);
  if (path.find('@') != std::string_view::npos)
    return wrong(
        "'@' after '/' or '?': within user, password and values write / as %2F, ? as %3F, @ as "
        "%40");
  const std::string_view options = cut(path, '?');

  Result<void> read;
  if (scheme->path) {
    if (!hosts.empty())
      return wrong("unix:// has no host; the path follows at once: unix:///run/redis/redis.sock");
    read = read_socket_path(path, target);
  } else {
    read = read_hosts(hosts, *scheme, target);
    if (!path.empty()) path.remove_prefix(1);
    if (read) read = read_path(path, *scheme, target);
  }
  if (read) read = read_options(options, *scheme, target);
  if (read) read = check_options(target);
  if (!read) return tl::unexpected(std::move(read.error()));
  return target;
}

}  // namespace oddsloom
