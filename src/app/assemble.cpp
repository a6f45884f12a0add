#include "app/assemble.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.h"

namespace oddsloom {
namespace {

namespace fs = std::filesystem;

template <class Problems>
[[noreturn]] void stop_with(const Problems& problems) {
  std::string text;
  for (const auto& problem : problems) text += (text.empty() ? "" : "\n") + problem.text();
  throw BadStart(text);
}

void add_option(std::vector<GivenSetting>& out, const std::optional<std::string>& value,
                const std::string& option, const std::string& section, const std::string& key) {
  if (value) out.push_back(given_option(option, section, key, *value));
}

HttpClientConfig http_of(const Start& start, const Bookmaker& bookmaker) {
  return http_settings(start.settings(), start.environment, base_url(start.settings(), bookmaker));
}

}  // namespace

GivenSetting given_option(std::string option, std::string section, std::string key,
                          std::string value) {
  return {std::move(section), std::move(key), std::move(value), std::move(option), true};
}

tl::expected<Config, std::vector<SettingProblem>> settings_of(const GlobalOptions& global,
                                                              const Environment& environment,
                                                              std::vector<GivenSetting> more) {
  ConfigSources sources{global.config_file, environment, std::move(more)};
  add_option(sources.options, global.store_url, "--store", "store", "url");
  if (global.cluster)
    sources.options.push_back(given_option("--cluster", "store", "hash_tags", "on"));
  add_option(sources.options, global.log_level, "--log-level", "log", "level");
  add_option(sources.options, global.log_format, "--log-format", "log", "format");
  add_option(sources.options, global.log_file, "--log-file", "log", "file");
  return load_config(sources);
}

Start start_up(const GlobalOptions& global, std::vector<GivenSetting> more, bool screen) {
  Start start;
  start.environment = read_environment();
  auto config = settings_of(global, start.environment, std::move(more));
  if (!config) stop_with(config.error());
  start.config = *std::move(config);
  LogSettings log = log_settings(start.settings());
  if (screen) log.file = screen_log_file(start);
  if (auto ready = log::setup(log.level, log.format, log.file); !ready)
    throw BadStart(ready.error().text());
  return start;
}

std::string screen_log_file(const Start& start) {
  const std::string& named = start.settings().text("log", "file");
  if (!named.empty()) return named;
  const fs::path folder = state_folder(start.environment);
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  return (folder / "oddsloom.log").string();
}

BetTypes load_bet_types_or_stop(const Start& start) {
  const std::string folder = start.settings().text("bookmakers", "folder");
  std::error_code ignored;
  if (!start.settings().is_given("bookmakers", "folder") && !fs::exists(folder, ignored))
    throw BadStart(
        "no folder of bookmakers was found; name it in bookmakers.folder or ODDSLOOM_BOOKMAKERS");
  auto loaded = load_bet_types((fs::path(folder) / "bet_types.toml").string());
  if (!loaded) stop_with(loaded.error());
  return *std::move(loaded);
}

std::vector<std::string> bookmaker_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (std::error_code ignored; fs::exists(at->path() / "bookmaker.toml", ignored))
      names.push_back(at->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Bookmaker bookmaker_named(const Start& start, const BetTypes& bet_types, const std::string& name) {
  const std::string folder = start.settings().text("bookmakers", "folder");
  const auto names = bookmaker_names(folder);
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw BadStart(unknown_word("bookmaker", name, names) + " (in " + folder + ")");
  auto loaded = load_bookmaker((fs::path(folder) / name).string(), bet_types);
  if (!loaded) stop_with(loaded.error());
  return *std::move(loaded);
}

std::vector<Bookmaker> all_bookmakers(const Start& start, const BetTypes& bet_types) {
  std::vector<Bookmaker> out;
  for (const std::string& name : bookmaker_names(start.settings().text("bookmakers", "folder")))
    out.push_back(bookmaker_named(start, bet_types, name));
  return out;
}

std::vector<std::string> chosen_bet_types(const Bookmaker& bookmaker, const BetTypes& bet_types,
                                          const std::string& text) {
  if (text == "all") return bookmaker.bet_types;
  std::vector<std::string> asked;
  for (const std::string_view piece : split(text, ',')) {
    const std::string name(trim(piece));
    if (!bet_types.find(name)) {
      auto names = bet_types.names();
      names.emplace_back("all");
      throw BadStart(unknown_word("bet type", name, names));
    }
    if (std::find(bookmaker.bet_types.begin(), bookmaker.bet_types.end(), name) ==
        bookmaker.bet_types.end())
      throw BadStart(fmt::format("{} has no bet type {}; it has {}", bookmaker.name, name,
                                 fmt::join(bookmaker.bet_types, ", ")));
    asked.push_back(name);
  }
  std::vector<std::string> out;
  for (const std::string& name : bookmaker.bet_types)
    if (std::find(asked.begin(), asked.end(), name) != asked.end()) out.push_back(name);
  return out;
}

Source chosen_source(const std::string& text) {
  const auto source = parse_source(text);
  if (!source) throw BadStart(unknown_word("source", text, {"live", "upcoming"}));
  return *source;
}

std::vector<StreamId> chosen_streams(const std::string& bookmaker,
                                     const std::vector<std::string>& bet_types, Source source,
                                     std::optional<int> period) {
  const int first = source == Source::Live ? 0 : period.value_or(0);
  const int last = source == Source::Live ? 0 : period.value_or(kPeriods - 1);
  std::vector<StreamId> out;
  for (int day = first; day <= last; ++day)
    for (const std::string& bet_type : bet_types) out.push_back({bookmaker, bet_type, source, day});
  return out;
}

std::string unknown_word(std::string_view kind, const std::string& word,
                         const std::vector<std::string>& known) {
  std::string text = fmt::format("unknown {} '{}'", kind, word);
  if (known.empty()) return text + "; there is none";
  if (const auto meant = nearest(word, known))
    return text + fmt::format("; did you mean {}? There are {}", *meant, fmt::join(known, ", "));
  return text + fmt::format("; there are {}", fmt::join(known, ", "));
}

std::unique_ptr<Store> open_store_or_stop(const Start& start, const BetTypes& bet_types,
                                          StoreUse use) {
  const std::string& url = start.settings().text("store", "url");
  // Only the folder that is ours by default is made; a path that was given is the user's to make.
  const fs::path folder = state_folder(start.environment);
  if (const auto colon = url.find(':'); use == StoreUse::Work && colon != std::string::npos &&
                                        fs::path(url.substr(colon + 1)).parent_path() == folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw BadStart(folder.string() + ": cannot be made: " + error.message());
  }
  StoreOptions options = store_options(start.settings(), bet_types);
  options.bookmakers = bookmaker_names(start.settings().text("bookmakers", "folder"));
  options.look_only = use == StoreUse::LookOnly;
  return or_stop(open_store(url, std::move(options)));
}

WorkerParts worker_parts(const Start& start, const Bookmaker& bookmaker, const BetTypes& bet_types,
                         Store& store, HostBudget& budget, ExtractMetrics& metrics) {
  return {bookmaker,
          bet_types,
          or_stop(store.work_streams()),
          or_stop(store.match_book()),
          or_stop(store.reader()),
          or_stop(HttpClient::create(http_of(start, bookmaker))),
          budget,
          metrics,
          system_clock()};
}

PollerParts poller_parts(const Start& start, const Bookmaker& bookmaker, Store& store,
                         HostBudget& budget, PollerMetrics& metrics) {
  return {bookmaker,
          or_stop(store.work_streams()),
          or_stop(HttpClient::create(http_of(start, bookmaker))),
          budget,
          metrics,
          system_clock(),
          or_stop(store.reader())};
}

SocketListenerParts socket_parts(const Start& start, const Bookmaker& bookmaker,
                                 const BetTypes& bet_types, Store& store, HostBudget& budget,
                                 FeedMetrics& metrics) {
  return {bookmaker,
          bet_types,
          or_stop(store.work_streams()),
          or_stop(store.match_book()),
          or_stop(HttpClient::create(http_of(start, bookmaker))),
          budget,
          metrics,
          system_clock()};
}

std::string consumer_name(std::size_t number) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return fmt::format("{}:{}:{}", host.data(), ::getpid(), number);
}

}  // namespace oddsloom
