// Builds what a command needs from settings and the bookmakers' folder, in dependency order:
// settings, log, bet types, bookmakers, store, and the parts of workers and pollers. Start-up only;
// what cannot be built ends the program with BadStart. One thread.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/options.h"
#include "bookmaker/spec.h"
#include "discover/poller.h"
#include "discover/socket_listener.h"
#include "extract/worker.h"
#include "store/store.h"

namespace oddsloom {

// The start was not possible: what() is what to tell, a line per problem. main exits with 2.
class BadStart : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What every command begins with.
struct Start {
  Environment environment;
  Config config;
  const Settings& settings() const { return config.settings; }
};

// Reads the settings with the options that stand for some, and sets the log up.
// `screen`: the terminal will be drawn on, so the log goes to a file unless told otherwise.
Start start_up(const GlobalOptions& global, std::vector<GivenSetting> more = {},
               bool screen = false);
// The settings alone, problems as they are; for `check`.
tl::expected<Config, std::vector<SettingProblem>> settings_of(const GlobalOptions& global,
                                                              const Environment& environment,
                                                              std::vector<GivenSetting> more = {});
// Where the log of a command with a screen goes.
std::string screen_log_file(const Start& start);

// An option that stands for a setting: given_option("--workers", "extract", "workers", "4").
GivenSetting given_option(std::string option, std::string section, std::string key,
                          std::string value);

// ---- bookmakers and words of the command line

BetTypes load_bet_types_or_stop(const Start& start);
// Folder names below the bookmakers' folder that hold a bookmaker.toml.
std::vector<std::string> bookmaker_names(const std::string& folder);
Bookmaker bookmaker_named(const Start& start, const BetTypes& bet_types, const std::string& name);
std::vector<Bookmaker> all_bookmakers(const Start& start, const BetTypes& bet_types);
// "three_way", "btts,three_way" or "all", of those the bookmaker has; in the order of
// bet_types.toml.
std::vector<std::string> chosen_bet_types(const Bookmaker& bookmaker, const BetTypes& bet_types,
                                          const std::string& text);
Source chosen_source(const std::string& text);
// "unknown source 'lve'; did you mean live? There are live, upcoming"
std::string unknown_word(std::string_view kind, const std::string& word,
                         const std::vector<std::string>& known);
// Streams of the bet types, nearest day first; a live source has day 0 only, whatever was asked.
std::vector<StreamId> chosen_streams(const std::string& bookmaker,
                                     const std::vector<std::string>& bet_types, Source source,
                                     std::optional<int> period);

// ---- parts

// LookOnly: for examine(); nothing is made.
enum class StoreUse { Work, LookOnly };
std::unique_ptr<Store> open_store_or_stop(const Start& start, const BetTypes& bet_types,
                                          StoreUse use = StoreUse::Work);

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw BadStart(result.error().text());
  return *std::move(result);
}

WorkerParts worker_parts(const Start& start, const Bookmaker& bookmaker, const BetTypes& bet_types,
                         Store& store, HostBudget& budget, ExtractMetrics& metrics);
PollerParts poller_parts(const Start& start, const Bookmaker& bookmaker, Store& store,
                         HostBudget& budget, PollerMetrics& metrics);

SocketListenerParts socket_parts(const Start& start, const Bookmaker& bookmaker,
                                 const BetTypes& bet_types, Store& store, HostBudget& budget,
                                 FeedMetrics& metrics);

// "host:pid:n", unlike that of any other worker anywhere.
std::string consumer_name(std::size_t number);

}  // namespace oddsloom
