// What the command line asks for: one struct per subcommand, plain values as typed, not yet judged
// against what exists. Filled by command_line.h, read by the commands. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "bookmaker/listen_ways.h"

namespace oddsloom {

// Exit codes.
inline constexpr int kDone = 0;
inline constexpr int kFailedWork = 1;
inline constexpr int kBadUsage = 2;

// Taken by every command; empty = not given.
struct GlobalOptions {
  std::optional<std::string> config_file;
  std::optional<std::string> store_url;
  bool cluster = false;
  std::optional<std::string> log_level, log_format, log_file;
};

struct ExtractOptions {
  std::string bookmaker, bet_types, source;
  std::optional<int> period;  // nothing = every day
  bool drain = false;
  std::optional<std::string> base_url;
  std::optional<std::int64_t> workers;
};

struct ListenOptions {
  std::string bookmaker, source;
  std::vector<ListenWay> ways;  // empty = what is set, or the bookmaker's folder declares
  std::string bet_types = "all";
  bool once = false;
  std::optional<std::string> browser_address;  // --browser=ADDRESS
  std::optional<std::string> base_url;
};

struct IngestOptions {
  std::string bookmaker;
  std::string bet_types = "all";
  std::string source;  // "" = both
  std::vector<std::string> har;
  std::optional<std::string> listen;  // HTTP endpoint, "host:port"
  std::optional<std::string> base_url;
  bool json = false;
};

struct PushOptions {
  std::string bookmaker, bet_types, source;
  int period = 0;
  bool json = false;
};

struct MapOptions {
  std::string bookmaker, bet_types, source;
  std::string payload;  // file, "" or "-" = standard input
  std::string entries;  // file, "" = none
  std::string sport;    // the bookmaker's sport id, "" = as entries and answer say
};

struct ShowOptions {
  std::string key;  // a document's, "" = by the filters
  std::string bookmaker, bet_type, source, event_id, text;
  std::size_t limit = 50;
  bool json = false;
};

struct StreamsOptions {
  bool json = false;
};

struct DeadOptions {
  enum class Action { List, Retry, Drop };
  Action action = Action::List;
  std::vector<std::string> ids;
  bool all = false;
  std::size_t limit = 1000;
  bool json = false;
};

struct LinksOptions {
  enum class Action { List, Undo, Forget };
  Action action = Action::List;
  std::vector<std::string> event;             // bookmaker, source, event id: for undo and forget
  std::string bookmaker, event_id, match_id;  // filters of list, "" = any
  bool undone = false;                        // only undone ones
  std::size_t limit = 1000;
  bool json = false;
};

struct LinkOptions {
  bool once = false;
};

struct WatchOptions {
  std::string bookmaker, text;  // filters, "" = all
  bool plain = false;           // lines even on a terminal
  std::optional<Millis> lasting;
};

struct CheckOptions {
  std::string folder;  // of bookmakers or of one; "" = the configured one
  bool json = false;
};

struct DoctorOptions {
  bool json = false;
};

struct SimulatorOptions {
  std::uint16_t port = 0;
  std::uint64_t seed = 1;
  std::size_t upcoming = 300, live = 40;
  std::string faults;  // as sim/faults.h reads it
  Millis latency{0}, jitter{0};
  double postponed = 0;   // share of the events
  bool old_live = false;  // live answers of the older generation
};

struct SimulateOptions {
  SimulatorOptions simulator;
};

struct RunOptions {
  bool simulate = false;
  SimulatorOptions simulator;
  std::vector<std::string> bookmakers;  // empty = as configured
  std::optional<std::string> base_url;
  std::optional<std::int64_t> workers;
  bool plain = false;
  std::optional<Millis> lasting;
  bool serve = true;  // answers clients, too
};

struct ServeOptions {
  std::vector<std::string> listen;  // empty = as configured
};

struct KeyOptions {
  enum class Action { List, Add, Revoke };
  Action action = Action::List;
  std::string name;
  std::optional<std::uint64_t> quota;  // credits a month
  std::optional<std::uint32_t> rate;   // requests a second
  bool json = false;
};

struct ConfigOptions {
  enum class Page { Effective, Markdown, Example };
  Page page = Page::Effective;
  bool json = false;
};

// What packages install beside the program.
struct PageOptions {
  enum class Page { Manual, Bash, Zsh, Fish };
  Page page = Page::Manual;
};

struct VersionOptions {};

using CommandOptions =
    std::variant<ExtractOptions, ListenOptions, IngestOptions, PushOptions, MapOptions, ShowOptions,
                 StreamsOptions, DeadOptions, LinksOptions, LinkOptions, WatchOptions,
                 DoctorOptions, CheckOptions, SimulateOptions, RunOptions, ServeOptions, KeyOptions,
                 ConfigOptions, PageOptions, VersionOptions>;

}  // namespace oddsloom
