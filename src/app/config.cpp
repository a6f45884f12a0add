#include "app/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "app/toml_settings.h"
#include "base/text.h"
#include "store/redis_url.h"

namespace oddsloom {
namespace {

constexpr std::uintmax_t kMostConfigBytes = 1U << 20U;

Result<std::string> read_small_file(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorKind::NotFound, file, "cannot be read: " + error.message());
  if (size > kMostConfigBytes) return fail(ErrorKind::OutOfRange, file, "is larger than 1 MiB");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return fail(ErrorKind::NotFound, file, "cannot be read");
  return std::move(text).str();
}

void check_together(const Settings& settings, std::vector<SettingProblem>& problems) {
  const auto longer = [&](std::string_view a, std::string_view b) {
    const auto &first = settings.at("extract", a), &second = settings.at("extract", b);
    if (std::get<Millis>(first.value) > std::get<Millis>(second.value))
      problems.push_back({first.given ? first.origin : second.origin, fmt::format("extract.{}", a),
                          fmt::format("expected not more than extract.{}, which is {}", b,
                                      to_text(std::get<Millis>(second.value)))});
  };
  longer("retry_first", "retry_longest");
}

std::size_t count_of(const Settings& settings, std::string_view section, std::string_view key) {
  return static_cast<std::size_t>(settings.integer(section, key));
}

std::string lookup(const Environment& environment, const std::string& name) {
  const auto at = environment.find(name);
  return at == environment.end() ? std::string() : at->second;
}

std::string host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos)
    url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return to_lower_ascii(url.substr(0, url.rfind(':')));
}

}  // namespace

tl::expected<Config, std::vector<SettingProblem>> load_config(const ConfigSources& sources) {
  const SettingTable table = settings_table();
  Config config;
  std::vector<SettingProblem> problems;
  if (sources.file)
    config.file = *sources.file;
  else if (const auto found = find_config_file(sources.environment))
    config.file = found->string();

  std::vector<GivenSetting> given;
  const auto fallback = [&](std::string section, std::string key, std::string value) {
    given.push_back({std::move(section), std::move(key), std::move(value), "default", true, true});
  };
  fallback("store", "url",
           "sqlite:" + (state_folder(sources.environment) / "oddsloom.db").string());
  fallback("bookmakers", "folder", find_bookmakers_folder(program_folder()).string());

  if (!config.file.empty()) {
    if (const auto text = read_small_file(config.file)) {
      TomlSettings read = parse_toml_settings(*text, config.file);
      problems = std::move(read.problems);
      given.insert(given.end(), read.given.begin(), read.given.end());
    } else {
      problems.push_back({config.file, "", text.error().message});
    }
  }
  const auto variables = settings_from_environment(table, sources.environment);
  given.insert(given.end(), variables.begin(), variables.end());
  given.insert(given.end(), sources.options.begin(), sources.options.end());

  auto settings = resolve_settings(table, given);
  if (!settings) {
    problems.insert(problems.end(), settings.error().begin(), settings.error().end());
  } else {
    config.settings = *std::move(settings);
    check_together(config.settings, problems);
    // The seed's pool: as many requests as the batch has messages, at most fifty.
    if (!config.settings.is_given("extract", "in_flight"))
      config.settings.set("extract", "in_flight",
                          {std::min<std::int64_t>(config.settings.integer("extract", "batch"), 50),
                           "default", false});
  }
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return config;
}

LogSettings log_settings(const Settings& settings) {
  LogSettings out;
  const std::string& level = settings.text("log", "level");
  out.level = level == "debug"   ? log::Level::Debug
              : level == "info"  ? log::Level::Info
              : level == "warn"  ? log::Level::Warn
              : level == "error" ? log::Level::Error
                                 : log::Level::Off;
  if (settings.text("log", "format") == "json") out.format = log::Format::Json;
  out.file = settings.text("log", "file");
  return out;
}

StoreOptions store_options(const Settings& settings, const BetTypes& bet_types) {
  StoreOptions out;
  out.naming.prefix = settings.text("store", "prefix");
  out.naming.document_prefix = settings.text("store", "document_prefix");
  const std::string& tags = settings.text("store", "hash_tags");
  out.hash_tags = tags == "on" ? HashTags::On : tags == "off" ? HashTags::Off : HashTags::Auto;
  out.bet_types = bet_types;
  out.keep_live = settings.duration("store", "keep_live");
  out.keep_upcoming = settings.duration("store", "keep_upcoming");
  out.most_changes = static_cast<std::uint64_t>(settings.integer("store", "most_changes"));
  // There they lie in memory.
  if (is_redis_url(settings.text("store", "url")) && !settings.is_given("store", "most_changes"))
    out.most_changes = 100'000;
  return out;
}

HttpClientConfig http_settings(const Settings& settings, const Environment& environment,
                               const std::string& base_url) {
  HttpClientConfig out;
  out.connect_timeout = settings.duration("http", "connect_timeout");
  out.total_timeout = settings.duration("http", "total_timeout");
  out.most_connections_per_host = count_of(settings, "extract", "in_flight");
  out.most_body_bytes = count_of(settings, "http", "most_body");
  out.ca_file = settings.text("http", "ca_file");
  out.proxies = settings.list("http", "proxies");
  if (out.proxies.empty() && settings.boolean("http", "use_environment_proxies"))
    out.proxies = environment_proxies(environment, base_url);
  out.http2 = settings.boolean("http", "http2");
  return out;
}

RetryPolicy retry_policy(const Settings& settings) {
  return {static_cast<unsigned>(settings.integer("extract", "attempts")),
          settings.duration("extract", "retry_first"),
          settings.duration("extract", "retry_longest")};
}

WorkerConfig worker_settings(const Settings& settings) {
  WorkerConfig out;
  out.batch = count_of(settings, "extract", "batch");
  out.linger = settings.duration("extract", "linger");
  out.in_flight = count_of(settings, "extract", "in_flight");
  out.most_ids = count_of(settings, "extract", "most_ids");
  out.most_held = count_of(settings, "extract", "most_held");
  out.visibility = settings.duration("extract", "visibility");
  out.stop_grace = settings.duration("extract", "stop_grace");
  out.retry = retry_policy(settings);
  out.most_deliveries = static_cast<int>(settings.integer("extract", "most_deliveries"));
  out.missing_event_attempts =
      static_cast<int>(settings.integer("extract", "missing_event_attempts"));
  return out;
}

PollerConfig poller_settings(const Settings& settings) {
  PollerConfig out;
  out.live_list_every = settings.duration("discover", "live_list_every");
  out.upcoming_list_every = settings.duration("discover", "upcoming_list_every");
  out.adaptive = settings.text("discover", "schedule") == "adaptive";
  out.most_ids = count_of(settings, "extract", "most_ids");
  out.live_look_least = settings.duration("discover", "live_look_least");
  out.live_look_every = settings.duration("discover", "live_look_every");
  if (settings.is_given("discover", "live_look_every"))
    out.live_look_least = std::max(out.live_look_least, out.live_look_every);
  out.upcoming_look_least = settings.duration("discover", "upcoming_look_least");
  out.most_backlog = static_cast<std::uint64_t>(settings.integer("discover", "most_backlog"));
  out.retry = retry_policy(settings);
  return out;
}

SocketListenerConfig socket_settings(const Settings& settings, const Environment& environment,
                                     const Bookmaker& bookmaker, Source source) {
  SocketListenerConfig out;
  out.source = source;
  out.base_url = base_url(settings, bookmaker);
  const HttpClientConfig http = http_settings(settings, environment, out.base_url);
  out.ca_file = http.ca_file;
  if (!http.proxies.empty()) out.proxy = http.proxies.front();
  out.most_backlog = static_cast<std::uint64_t>(settings.integer("discover", "most_backlog"));
  out.retry = retry_policy(settings);
  return out;
}

BrowserListenerConfig browser_settings(const Settings& settings, const Bookmaker& bookmaker) {
  BrowserListenerConfig out;
  out.base_url = base_url(settings, bookmaker);
  out.address = settings.text("browser", "address");
  out.program = {settings.text("browser", "program"), settings.list("browser", "arguments")};
  out.reload_every = settings.duration("browser", "reload_every");
  out.most_memory = std::uint64_t{1'000'000} * count_of(settings, "browser", "most_memory");
  out.most_body = count_of(settings, "http", "most_body");
  if (const auto* held = settings.find("bookmaker." + bookmaker.name, "longest_pause"))
    out.longest_pause = std::get<Millis>(held->value);
  out.blocked_pause = std::min(out.blocked_pause, out.longest_pause);
  out.intake.most_backlog =
      static_cast<std::uint64_t>(settings.integer("discover", "most_backlog"));
  return out;
}

HostBudgetConfig budget_settings(const Settings& settings, const Bookmaker& bookmaker) {
  HostBudgetConfig out;
  out.requests_per_second = bookmaker.host.requests_per_second;
  out.burst = bookmaker.host.burst;
  out.in_flight = bookmaker.host.in_flight;
  const std::string section = "bookmaker." + bookmaker.name;
  if (const auto* held = settings.find(section, "requests_per_second"))
    out.requests_per_second = std::get<double>(held->value);
  if (const auto* held = settings.find(section, "burst")) out.burst = std::get<double>(held->value);
  if (const auto* held = settings.find(section, "in_flight"))
    out.in_flight = static_cast<unsigned>(std::get<std::int64_t>(held->value));
  if (const auto* held = settings.find(section, "longest_pause"))
    out.breaker_longest = std::get<Millis>(held->value);
  return out;
}

std::string base_url(const Settings& settings, const Bookmaker& bookmaker) {
  const auto* held = settings.find("bookmaker." + bookmaker.name, "base_url");
  std::string url = held ? std::get<std::string>(held->value) : bookmaker.base_url;
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

std::vector<std::string> environment_proxies(const Environment& environment,
                                             const std::string& url) {
  const std::string host = host_of(url);
  std::string exempt = lookup(environment, "no_proxy");
  if (exempt.empty()) exempt = lookup(environment, "NO_PROXY");
  for (const std::string_view piece : split(exempt, ',')) {
    std::string name = to_lower_ascii(trim(piece));
    if (!name.empty() && name.front() == '.') name.erase(0, 1);
    const bool below = host.size() > name.size() && host.ends_with("." + name);
    if (name == "*" || (!name.empty() && (host == name || below))) return {};
  }
  // HTTP_PROXY in capitals is not read: under CGI a client's header could set it.
  const bool tls = to_lower_ascii(url.substr(0, 8)) == "https://";
  const std::vector<std::string> names =
      tls ? std::vector<std::string>{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}
          : std::vector<std::string>{"http_proxy", "all_proxy", "ALL_PROXY"};
  for (const std::string& name : names)
    if (std::string proxy = lookup(environment, name); !proxy.empty())
      return {proxy.find("://") == std::string::npos ? "http://" + proxy : proxy};
  return {};
}

}  // namespace oddsloom
