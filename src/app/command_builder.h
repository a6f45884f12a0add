// The syntax of every command, as CLI11 takes it, and what it fills in. Part of command_line.cpp,
// the only one to include it.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <map>

#include "app/command_line.h"
#include "app/usage_text.h"
#include "app/version.h"
#include "base/text.h"

namespace oddsloom {

// A duration such as 15s, read by CLI11's validation so that a bad one is a usage error.
inline std::string check_duration(const std::string& text) {
  const auto span = parse_duration(text);
  return span ? std::string() : span.error().message;
}

inline constexpr const char* kEveryCommand = "Options of every command";

inline void add_global(CLI::App& app, GlobalOptions& out) {
  const auto group = kEveryCommand;
  app.add_option("--config", out.config_file, "Settings file")->type_name("FILE")->group(group);
  app.add_option("--store", out.store_url, "Where everything is kept: sqlite:PATH or redis://HOST")
      ->type_name("URL")
      ->group(group);
  app.add_flag("--cluster", out.cluster, "Key names as a Redis cluster needs them")->group(group);
  app.add_option("--log-level", out.log_level, "debug, info, warn, error, off")
      ->type_name("LEVEL")
      ->group(group);
  app.add_option("--log-format", out.log_format, "text or json")->type_name("FORMAT")->group(group);
  app.add_option("--log-file", out.log_file, "Write the log there")
      ->type_name("FILE")
      ->group(group);
}

struct Builder {
  CLI::App app{kPurpose, "oddsloom"};
  CommandLine line;
  bool version = false;

  ExtractOptions extract;
  ListenOptions listen;
  IngestOptions ingest;
  PushOptions push;
  MapOptions map;
  ShowOptions show;
  StreamsOptions streams;
  DeadOptions dead;
  LinksOptions links;
  LinkOptions link;
  WatchOptions watch;
  DoctorOptions doctor;
  CheckOptions check;
  SimulateOptions simulate;
  RunOptions run;
  ServeOptions serve;
  KeyOptions key;
  ConfigOptions config;
  PageOptions page;
  bool effective = false, markdown = false, example = false, poll = false, socket = false;
  std::string browser_at;  // --browser: "true", or the address after '='
  std::vector<std::pair<CLI::App*, std::function<CommandOptions()>>> commands;

  Builder() {
    app.footer(kExamples);
    app.require_subcommand(0, 1);
    app.add_flag("--version", version, "Print the version");
    add_global(app, line.global);
    add_extract();
    add_listen();
    add_ingest();
    add_push();
    add_map();
    add_show();
    add_streams();
    add_dead();
    add_links();
    add_watch();
    add_doctor();
    add_check();
    add_run();
    add_simulate();
    add_serve();
    add_key();
    add_config();
    add_pages();
    command("version", "Print the version", "", [] { return VersionOptions{}; });
  }

  CLI::App& command(const std::string& name, const std::string& purpose,
                    const std::string& examples, std::function<CommandOptions()> options) {
    CLI::App* sub = app.add_subcommand(name, purpose);
    if (!examples.empty()) sub->footer("Examples:\n" + examples);
    add_global(*sub, line.global);
    commands.emplace_back(sub, std::move(options));
    return *sub;
  }

  template <class Action>
  static void action(CLI::App& sub, Action& out, const std::map<std::string, Action>& words,
                     const char* purpose) {
    std::vector<std::string> names;
    for (const auto& [name, meaning] : words) names.push_back(name);
    sub.add_option_function<std::string>(
           "action", [&out, words](const std::string& word) { out = words.at(word); }, purpose)
        ->required()
        ->check(CLI::IsMember(names));
  }

  static void json_flag(CLI::App& sub, bool& out) {
    sub.add_flag("--json", out, "Data for programs");
  }

  static void duration(CLI::App& sub, const std::string& name, Millis& out,
                       const std::string& purpose) {
    sub.add_option_function<std::string>(
           name, [&out](const std::string& text) { out = *parse_duration(text); }, purpose)
        ->check(check_duration)
        ->type_name("DURATION");
  }

  static void lasting(CLI::App& sub, std::optional<Millis>& out) {
    sub.add_option_function<std::string>(
           "--for", [&out](const std::string& text) { out = *parse_duration(text); },
           "End after this long, such as 30s")
        ->check(check_duration)
        ->type_name("DURATION");
  }

  static void bookmaker(CLI::App& sub, std::string& out) {
    sub.add_option("bookmaker", out, "A bookmaker, such as BookieDelta")->required();
  }
  static void bet_types(CLI::App& sub, std::string& out) {
    sub.add_option("bet_type", out, "A bet type, several with commas between, or all")->required();
  }
  static void source(CLI::App& sub, std::string& out) {
    sub.add_option("source", out, "live or upcoming")->required();
  }

  void add_extract() {
    auto& sub = command("extract", "Take work off the streams, fetch, map and keep the odds",
                        "  oddsloom extract BookieDelta three_way upcoming 0\n"
                        "  oddsloom extract BookieDelta three_way,btts live --workers 4\n"
                        "  oddsloom extract BookieDelta all upcoming --drain",
                        [this] { return extract; });
    bookmaker(sub, extract.bookmaker);
    bet_types(sub, extract.bet_types);
    source(sub, extract.source);
    sub.add_option("period", extract.period, "Day: 0 today .. 4; left out: all of them")
        ->check(CLI::Range(0, 4));
    sub.add_flag("--drain", extract.drain, "End when there is nothing left to do");
    sub.add_option("--base-url", extract.base_url, "Ask this address")->type_name("URL");
    sub.add_option("--workers", extract.workers, "Workers, each a thread")
        ->check(CLI::Range(1, 256))
        ->type_name("N");
  }

  void add_listen() {
    auto& sub = command("listen", "Learn which events exist and put them on the work streams",
                        "  oddsloom listen BookieDelta live\n"
                        "  oddsloom listen BookieDelta live --socket --poll\n"
                        "  oddsloom listen BookieDelta upcoming --once --bet-types three_way\n"
                        "  oddsloom listen BookieDelta live --browser\n"
                        "  oddsloom listen BookieDelta live --browser=127.0.0.1:9222",
                        [this] {
                          if (poll) listen.ways.push_back(ListenWay::Poll);
                          if (socket) listen.ways.push_back(ListenWay::Socket);
                          if (!browser_at.empty()) listen.ways.push_back(ListenWay::Browser);
                          if (!browser_at.empty() && browser_at != "true")
                            listen.browser_address = browser_at;
                          return listen;
                        });
    bookmaker(sub, listen.bookmaker);
    source(sub, listen.source);
    sub.add_flag("--poll", poll, "By reading the bookmaker's lists, and by asking again");
    sub.add_flag("--socket", socket,
                 "By what the bookmaker pushes; without any of these: what its folder declares");
    // A flag takes a value after '=' only, so that what follows --browser is never its address.
    sub.add_flag(
        "--browser", browser_at,
        "By watching its pages in a Chromium: one of its own, or, as --browser=HOST:PORT, one "
        "whose DevTools are there. Complete odds are kept at once, without step 2");
    sub.add_flag("--once", listen.once, "One round of the lists, then end");
    sub.add_option("--bet-types", listen.bet_types, "Which streams to feed: a list, or all");
    sub.add_option("--base-url", listen.base_url, "Ask this address")->type_name("URL");
  }

  void add_ingest() {
    auto& sub = command(
        "ingest", "Keep the odds in captured traffic: a browser extension's, a proxy's, a HAR file",
        "  oddsloom ingest BookieDelta < traffic.jsonl\n"
        "  oddsloom ingest BookieDelta --har session.har\n"
        "  oddsloom ingest BookieDelta --listen 127.0.0.1:8098\n\n"
        "A line is {\"url\": .., \"received_at\": .., \"body\": ..} and, where it applies, "
        "status,\n"
        "encoding (base64), kind (response or frame). What is not the bookmaker's is skipped.",
        [this] { return ingest; });
    bookmaker(sub, ingest.bookmaker);
    sub.add_option("--har", ingest.har, "HAR files, instead of lines on standard input")
        ->type_name("FILE");
    sub.add_option("--listen", ingest.listen,
                   "Take lines or HAR by HTTP POST at this address, until interrupted; port 0 is "
                   "any free one")
        ->type_name("HOST:PORT")
        ->excludes("--har");
    sub.add_option("--source", ingest.source, "Only live or upcoming");
    sub.add_option("--bet-types", ingest.bet_types, "Which to keep: a list, or all");
    sub.add_option("--base-url", ingest.base_url, "The address the traffic was with")
        ->type_name("URL");
    json_flag(sub, ingest.json);
  }

  void add_push() {
    auto& sub = command("push", "Append work entries, JSON lines from standard input",
                        "  echo '{\"event_id\": \"123\"}' | oddsloom push BookieDelta three_way "
                        "upcoming 0\n"
                        "  oddsloom push BookieDelta all live 0 < entries.jsonl",
                        [this] { return push; });
    bookmaker(sub, push.bookmaker);
    bet_types(sub, push.bet_types);
    source(sub, push.source);
    sub.add_option("period", push.period, "Day: 0 today .. 4")->required()->check(CLI::Range(0, 4));
    json_flag(sub, push.json);
  }

  void add_map() {
    auto& sub =
        command("map", "Map one stored answer to records, JSON lines on standard output",
                "  oddsloom map BookieDelta all upcoming --payload answer.json\n"
                "  oddsloom map BookieDelta btts live --entries entries.jsonl < answer.json",
                [this] { return map; });
    bookmaker(sub, map.bookmaker);
    bet_types(sub, map.bet_types);
    source(sub, map.source);
    sub.add_option("--payload", map.payload, "The answer; left out: standard input")
        ->type_name("FILE");
    sub.add_option("--entries", map.entries, "What is known of the events, JSON lines as for push")
        ->type_name("FILE");
    sub.add_option("--sport", map.sport, "The bookmaker's sport id, where entries do not say")
        ->type_name("ID");
  }

  void add_show() {
    auto& sub = command("show", "What is known now, as a table or as JSON lines",
                        "  oddsloom show --source live --bet-type three_way\n"
                        "  oddsloom show --text rovers --json\n"
                        "  oddsloom show BookieDelta_lst-THREE_WAY_live:1786289400-0-1234567",
                        [this] { return show; });
    sub.add_option("key", show.key, "The key of one document");
    sub.add_option("--bookmaker", show.bookmaker, "Only this one")->type_name("NAME");
    sub.add_option("--bet-type", show.bet_type, "Only this one")->type_name("NAME");
    sub.add_option("--source", show.source, "live or upcoming");
    sub.add_option("--event", show.event_id, "Only this event")->type_name("ID");
    sub.add_option("--text", show.text, "Part of a team's or competition's name");
    sub.add_option("--limit", show.limit, "Documents at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    json_flag(sub, show.json);
  }

  void add_streams() {
    auto& sub =
        command("streams", "Length, age and consumers of the work streams",
                "  oddsloom streams\n  oddsloom streams --json", [this] { return streams; });
    json_flag(sub, streams.json);
  }

  void add_dead() {
    auto& sub = command("dead", "Entries that were given up, and what to do about them",
                        "  oddsloom dead list\n"
                        "  oddsloom dead retry --all\n"
                        "  oddsloom dead drop bookiedelta_btts-live-0_event/17",
                        [this] { return dead; });
    action(sub, dead.action,
           {{"list", DeadOptions::Action::List},
            {"retry", DeadOptions::Action::Retry},
            {"drop", DeadOptions::Action::Drop}},
           "list, retry or drop");
    sub.add_option("ids", dead.ids, "Which, as list prints them");
    sub.add_flag("--all", dead.all, "All of them");
    sub.add_option("--limit", dead.limit, "How many list prints at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    json_flag(sub, dead.json);
  }

  void add_links() {
    auto& sub = command("links", "Which bookmakers' events are one match, and how to correct that",
                        "  oddsloom links list\n"
                        "  oddsloom links undo BookieDelta live 9124285     it stays alone\n"
                        "  oddsloom links forget BookieDelta live 9124285   it may be linked again",
                        [this] { return links; });
    action(sub, links.action,
           {{"list", LinksOptions::Action::List},
            {"undo", LinksOptions::Action::Undo},
            {"forget", LinksOptions::Action::Forget}},
           "list, undo or forget");
    sub.add_option("which", links.event, "BOOKMAKER SOURCE EVENT, for undo and forget")
        ->expected(3);
    sub.add_option("--bookmaker", links.bookmaker, "Only this one")->type_name("NAME");
    sub.add_option("--event", links.event_id, "Only this event id")->type_name("ID");
    sub.add_option("--match", links.match_id, "Only this match")->type_name("ID");
    sub.add_flag("--undone", links.undone, "Only those that were undone");
    sub.add_option("--limit", links.limit, "How many list prints at most")->capture_default_str();
    json_flag(sub, links.json);

    command("link", "Link the events of all bookmakers that are one match, as run does",
            "  oddsloom link\n  oddsloom link --once", [this] { return link; })
        .add_flag("--once", link.once, "Link what is there and end");
  }

  void add_watch() {
    auto& sub =
        command("watch", "Watch a store's prices move, in the terminal",
                "  oddsloom watch\n  oddsloom watch --text rovers\n  oddsloom watch --plain "
                "--for 30s",
                [this] { return watch; });
    sub.add_option("--bookmaker", watch.bookmaker, "Only this one")->type_name("NAME");
    sub.add_option("--text", watch.text, "Part of a team's or competition's name");
    sub.add_flag("--plain", watch.plain, "Lines instead of a screen");
    lasting(sub, watch.lasting);
  }

  void add_doctor() {
    auto& sub =
        command("doctor", "Look a store over and say what is wrong with it",
                "  oddsloom doctor\n"
                "  oddsloom doctor --store redis://127.0.0.1:6379\n"
                "  oddsloom doctor --json | jq '.findings[].what'\n\n"
                "It changes nothing. Exit codes: 0 no problem (there may be warnings), 1 "
                "problems,\n2 it could not be looked at. docs/operations.md says what to do "
                "about each finding.",
                [this] { return doctor; });
    json_flag(sub, doctor.json);
  }

  void add_check() {
    auto& sub = command(
        "check", "Say everything that is wrong with settings and bookmakers' folders",
        "  oddsloom check\n  oddsloom check bookmakers/BookieDelta", [this] { return check; });
    sub.add_option("folder", check.folder, "A folder of bookmakers, or of one");
    json_flag(sub, check.json);
  }

  void add_simulator(CLI::App& sub, SimulatorOptions& out) {
    sub.add_option("--port", out.port, "Simulator: port; 0 is any free one")->capture_default_str();
    sub.add_option("--seed", out.seed, "Simulator: which world")->capture_default_str();
    sub.add_option("--upcoming", out.upcoming, "Simulator: events in its upcoming lists")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));
    sub.add_option("--live", out.live, "Simulator: events in play")
        ->capture_default_str()
        ->check(CLI::Range(0, 100'000));
    sub.add_option("--faults", out.faults,
                   "Simulator: what goes wrong, such as 429=0.02,truncate=0.01")
        ->type_name("PLAN");
    duration(sub, "--latency", out.latency, "Simulator: how long answers take");
    duration(sub, "--jitter", out.jitter, "Simulator: by how much that varies");
    sub.add_option("--postponed", out.postponed,
                   "Simulator: share of events that are put off by hours, shortly before kick-off")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("SHARE");
    sub.add_flag("--old-live", out.old_live, "Simulator: live answers of the older kind");
  }

  void add_run() {
    auto& sub = command("run", "All parts in one process: listen, extract, watch",
                        "  oddsloom run --simulate\n"
                        "  oddsloom run --simulate --live 150 --upcoming 2000 --faults 429=0.02\n"
                        "  oddsloom run --bookmaker BookieDelta --plain",
                        [this] { return run; });
    sub.add_flag("--simulate", run.simulate,
                 "Against three simulated bookmakers, in a store of its own");
    sub.add_option("--bookmaker", run.bookmakers, "Only these")->type_name("NAME");
    sub.add_option("--base-url", run.base_url, "Ask this address")->type_name("URL");
    sub.add_option("--workers", run.workers, "Workers per bookmaker and source")
        ->check(CLI::Range(1, 256))
        ->type_name("N");
    sub.add_flag("--plain", run.plain, "Lines instead of a screen");
    sub.add_flag("!--no-serve", run.serve, "Answer no clients");
    lasting(sub, run.lasting);
    add_simulator(sub, run.simulator);
  }

  void add_simulate() {
    auto& sub =
        command("simulate", "Run the simulated bookmakers until interrupted; says their addresses",
                "  oddsloom simulate --port 8099\n"
                "  oddsloom simulate --faults 500=0.05,challenge=0.01 --latency 40ms",
                [this] { return simulate; });
    add_simulator(sub, simulate.simulator);
  }

  void add_serve() {
    auto& sub = command("serve", "Answer clients over HTTP until interrupted",
                        "  oddsloom serve\n"
                        "  oddsloom serve --listen 127.0.0.1:0\n"
                        "  oddsloom serve --listen 0.0.0.0:8090 --listen [::]:8090\n\n"
                        "TLS, API keys, CORS and limits are settings of the section serve.",
                        [this] { return serve; });
    sub.add_option("--listen", serve.listen, "Addresses; port 0 is any free one")
        ->type_name("HOST:PORT");
  }

  void add_key() {
    auto& sub = command("key", "API keys of clients: make, list, revoke",
                        "  oddsloom key add alice --quota 500000 --rate 30\n"
                        "  oddsloom key list\n"
                        "  oddsloom key revoke alice\n\n"
                        "Clients must show one where serve.keys = \"required\". Running servers "
                        "notice within a second.",
                        [this] { return key; });
    action(sub, key.action,
           {{"add", KeyOptions::Action::Add},
            {"list", KeyOptions::Action::List},
            {"revoke", KeyOptions::Action::Revoke}},
           "add, list or revoke");
    sub.add_option("name", key.name, "Whose it is");
    sub.add_option("--quota", key.quota, "Credits a month; left out: no end")->type_name("N");
    sub.add_option("--rate", key.rate, "Requests a second; left out: serve.key_rate")
        ->type_name("N");
    json_flag(sub, key.json);
  }

  void add_config() {
    auto& sub = command(
        "config", "The settings in force, their documentation, an example file",
        "  oddsloom config --effective\n  oddsloom config --example > oddsloom.toml", [this] {
          config.page = markdown  ? ConfigOptions::Page::Markdown
                        : example ? ConfigOptions::Page::Example
                                  : ConfigOptions::Page::Effective;
          return config;
        });
    auto* first = sub.add_flag("--effective", effective, "What is in force, and where from");
    auto* second = sub.add_flag("--markdown", markdown, "The documentation page");
    sub.add_flag("--example", example, "A settings file to start from")
        ->excludes(first)
        ->excludes(second);
    second->excludes(first);
    json_flag(sub, config.json);
  }

  void add_pages() {
    command("completion", "A completion script: source <(oddsloom completion bash)",
            "  oddsloom completion fish > ~/.config/fish/completions/oddsloom.fish",
            [this] { return page; })
        .add_option("SHELL", page.page, "bash, zsh or fish")
        ->required()
        ->transform(CLI::Transformer(
            std::map<std::string, PageOptions::Page>{{"bash", PageOptions::Page::Bash},
                                                     {"zsh", PageOptions::Page::Zsh},
                                                     {"fish", PageOptions::Page::Fish}}));
    command("manual", "The manual page", "  oddsloom manual | man -l -",
            [] { return PageOptions{}; });
  }

  std::vector<std::string> names_of_commands() const {
    std::vector<std::string> names;
    for (const auto& [sub, options] : commands) names.push_back(sub->get_name());
    return names;
  }

  Farewell usage_error(const CLI::ParseError& error) const {
    const auto chosen = app.get_subcommands();
    std::string text = error.what();
    const auto extras = app.remaining(true);
    if (!extras.empty()) {
      std::vector<std::string> candidates;
      std::string kind = "argument";
      if (extras.front().starts_with('-')) {
        kind = "option";
        const CLI::App* of = chosen.empty() ? &app : chosen.front();
        for (const CLI::Option* option : of->get_options())
          for (const std::string& name : option->get_lnames()) candidates.push_back("--" + name);
      } else if (chosen.empty()) {
        kind = "command";
        candidates = names_of_commands();
      }
      text = fmt::format("unknown {} '{}'", kind, extras.front());
      if (const auto meant = nearest(extras.front(), candidates))
        text += fmt::format("; did you mean {}?", *meant);
      else if (kind == "command")
        text += fmt::format("; there are {}", fmt::join(candidates, ", "));
    }
    const std::string name = chosen.empty() ? "" : " " + chosen.front()->get_name();
    return {kBadUsage, fmt::format("oddsloom{}: {}\nTry 'oddsloom{} --help'.\n", name, text, name)};
  }
};

}  // namespace oddsloom
