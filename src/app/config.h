// The program's settings: the one table of them, the files and variables they come from, and the
// structs of the parts they fill. Start-up only; the values are read by every command. Values; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/paths.h"
#include "base/log.h"
#include "base/settings.h"
#include "discover/browser_listener.h"
#include "discover/poller.h"
#include "discover/socket_listener.h"
#include "extract/worker.h"
#include "store/store.h"
#include "transport/http_client.h"

namespace oddsloom {

SettingTable settings_table();

struct ConfigSources {
  std::optional<std::string> file;  // --config; else searched for (paths.h)
  Environment environment;
  std::vector<GivenSetting> options;  // --store and the like; they win
};

struct Config {
  Settings settings;
  std::string file;  // the one that was read, "" = none
};

// Errors: everything that is wrong with file, variables and options, all at once. A file named by
// --config must exist.
tl::expected<Config, std::vector<SettingProblem>> load_config(const ConfigSources& sources);

// ---- what the parts want to know

struct LogSettings {
  log::Level level = log::Level::Info;
  log::Format format = log::Format::Text;
  std::string file;  // "" = standard error
};
LogSettings log_settings(const Settings& settings);

StoreOptions store_options(const Settings& settings, const BetTypes& bet_types);
HttpClientConfig http_settings(const Settings& settings, const Environment& environment,
                               const std::string& base_url);
RetryPolicy retry_policy(const Settings& settings);
// Streams and consumer are the caller's to fill in.
WorkerConfig worker_settings(const Settings& settings);
// Budget, source and bet types are the caller's to fill in.
PollerConfig poller_settings(const Settings& settings);
// Bet types are the caller's to fill in, and whether anybody else confirms.
SocketListenerConfig socket_settings(const Settings& settings, const Environment& environment,
                                     const Bookmaker& bookmaker, Source source);
BrowserListenerConfig browser_settings(const Settings& settings, const Bookmaker& bookmaker);
// The folder's limits with what is set for that bookmaker.
HostBudgetConfig budget_settings(const Settings& settings, const Bookmaker& bookmaker);
std::string base_url(const Settings& settings, const Bookmaker& bookmaker);

// What https_proxy and its kin say for a URL; empty = go directly.
std::vector<std::string> environment_proxies(const Environment& environment,
                                             const std::string& url);

}  // namespace oddsloom
