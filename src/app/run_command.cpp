#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/commands.h"
#include "app/console.h"
#include "app/linking.h"
#include "app/local_time.h"
#include "app/serving.h"
#include "app/serving_activity.h"
#include "app/serving_families.h"
#include "app/signals.h"
#include "app/simulation.h"
#include "app/terminal.h"
#include "app/watch_loop.h"
#include "app/web.h"
#include "base/text.h"

namespace oddsloom {
namespace {

constexpr Millis kRateOver{5000};  // events come in bursts, one per round of a list

bool is_simulated_only(const std::string& name) {
  const auto house = sim::house_named(name);
  return house && *house != sim::House::BookieDelta;
}

std::vector<GivenSetting> settings_in(const RunOptions& options, const sim::Simulator* simulator,
                                      const std::vector<std::string>& names) {
  std::vector<GivenSetting> out;
  if (options.workers)
    out.push_back(
        given_option("--workers", "extract", "workers", std::to_string(*options.workers)));
  for (const std::string& name : names)
    if (options.base_url)
      out.push_back(given_option("--base-url", "bookmaker." + name, "base_url", *options.base_url));
  if (simulator)
    for (const sim::House house : sim::kHouses)
      out.push_back(given_option("--simulate", fmt::format("bookmaker.{}", to_string(house)),
                                 "base_url", simulator->base_url(house)));
  return out;
}

std::vector<std::string> names_to_serve(const RunOptions& options, const Settings& settings) {
  if (options.simulate) {
    std::vector<std::string> simulated;
    for (const sim::House house : sim::kHouses) simulated.emplace_back(to_string(house));
    return simulated;
  }
  if (!options.bookmakers.empty()) return options.bookmakers;
  if (const auto& named = settings.list("bookmakers", "run"); !named.empty()) return named;
  auto all = bookmaker_names(settings.text("bookmakers", "folder"));
  // Unless they are named: there is nobody there but a simulator.
  std::erase_if(all, is_simulated_only);
  if (all.empty())
    throw BadStart(settings.text("bookmakers", "folder") +
                   ": holds no folder with a bookmaker.toml");
  return all;
}

// Simulated odds never mix with real ones: they get a store of their own unless one is named.
GlobalOptions with_store_of_its_own(GlobalOptions global, const Start& first) {
  if (!first.settings().is_given("store", "url"))
    global.store_url = "sqlite:" + (state_folder(first.environment) / "simulated.db").string();
  return global;
}

std::string wait_text(const std::string& bookmaker, const HostBudget::State& state, UtcMillis now) {
  const std::string why = fmt::format("{} ({})", bookmaker, to_string(state.waiting));
  const Millis left = state.until - now;
  return left < Millis(1000) ? why : why + " " + age_text(left);
}

// Of a budget that does not reach: what it would take, and what waits meanwhile.
std::string late_text(const std::string& bookmaker, Source source, const PollerMetrics& lists) {
  const auto per_second = [](const Gauge& milli) {
    return static_cast<double>(milli.value()) / 1000;
  };
  return fmt::format(
      "{} {}: {:.1f} requests/s keep {} events fresh, the budget leaves {:.1f}; {} too old, {} "
      "late",
      bookmaker, to_string(source), per_second(lists.needed_milli), lists.known.value(),
      per_second(lists.allowed_milli), lists.past_limit.value(), lists.delayed.value());
}

// Numbers of the parts in this process, for the view.
class PartsHealth {
 public:
  explicit PartsHealth(const std::vector<std::unique_ptr<Serving>>& served) : served_(served) {}

  void add(WatchHealth& health, UtcMillis now) {
    WatchHealth::Parts parts;
    std::uint64_t events = 0;
    std::map<std::string, std::uint64_t> failures;
    for (const auto& serving : served_) {
      const ExtractMetrics& metrics = serving->extract;
      events += metrics.events_fetched.value();
      parts.requests += metrics.requests.value();
      for (std::size_t kind = 0; kind < kFailureKinds; ++kind)
        if (const auto count = metrics.failures[kind].value())
          failures[std::string(to_string(static_cast<FailureKind>(kind)))] += count;
      for (const Source source : {Source::Live, Source::Upcoming}) {
        const PollerMetrics& lists = serving->lists(source);
        parts.requests += lists.pages.value();
        if (const auto count = lists.page_failures.value()) failures["list"] += count;
        if (lists.out_of_reach.value() > 0)
          parts.late.push_back(late_text(serving->bookmaker.name, source, lists));
      }
      const HostBudget::State state = serving->budget.state(now);
      parts.in_flight += state.in_flight;
      if (const auto& feed = serving->feed; feed.connects.value() + feed.gaps.value() > 0)
        if (feed.ready.value() == 0) parts.waits.push_back(serving->bookmaker.name + " (feed)");
      if (state.waiting != HostWait::None)
        parts.waits.push_back(wait_text(serving->bookmaker.name, state, now));
    }
    parts.failures.assign(failures.begin(), failures.end());
    measure(events, now);
    parts.events_per_second = events_per_second_;
    health.parts = std::move(parts);
  }

 private:
  void measure(std::uint64_t events, UtcMillis now) {
    const Millis since = now - measured_at_;
    if (since < kRateOver) return;
    if (measured_at_.value > 0)
      events_per_second_ =
          1000.0 * static_cast<double>(events - events_) / static_cast<double>(since.count());
    measured_at_ = now;
    events_ = events;
  }

  const std::vector<std::unique_ptr<Serving>>& served_;
  double events_per_second_ = 0;
  std::uint64_t events_ = 0;
  UtcMillis measured_at_;
};

void add_everything(Crew& crew, const House& house,
                    const std::vector<std::unique_ptr<Serving>>& served) {
  std::size_t workers = 0;
  for (const auto& serving : served) {
    const Bookmaker& bookmaker = serving->bookmaker;
    for (const Source source : {Source::Live, Source::Upcoming}) {
      add_workers(crew, house, *serving,
                  {chosen_streams(bookmaker.name, bookmaker.bet_types, source, std::nullopt)},
                  workers);
      add_listeners(crew, house, *serving, source, bookmaker.bet_types,
                    chosen_ways(house.start, bookmaker, source));
    }
  }
  add_tidying(crew, house.store);
}

// What clients ask, in the same process.
std::unique_ptr<Web> web_of(const House& house, const std::vector<std::unique_ptr<Serving>>& served,
                            const std::vector<Bookmaker>& bookmakers) {
  auto web = std::make_unique<Web>(house.start, house.bet_types, house.store, bookmakers,
                                   Web::WhereTaken::TakeAnother);
  for (const auto& serving : served) {
    web->add_metrics(
        [&one = *serving](MetricFamilies& families) { tell(families, one, now_utc()); });
    web->add_activity([&one = *serving](UtcMillis now) { return activity_of(one, now); });
  }
  return web;
}

}  // namespace

int execute(const RunOptions& options, const GlobalOptions& asked) {
  const bool screen = !options.plain && output_is_screen(read_environment());
  // First without the simulator, whose address is a setting too and is known only once it runs.
  const Start first = start_up(asked, {}, screen);
  const GlobalOptions global = options.simulate ? with_store_of_its_own(asked, first) : asked;
  const auto names = names_to_serve(options, first.settings());
  StopSignals signals(screen ? leave_screen : std::function<void()>());
  std::unique_ptr<sim::Simulator> simulator;
  if (options.simulate) simulator = start_simulator(options.simulator);
  const Start start = start_up(global, settings_in(options, simulator.get(), names), screen);

  const BetTypes bet_types = load_bet_types_or_stop(start);
  std::vector<std::unique_ptr<Serving>> served;
  for (const std::string& name : names)
    served.push_back(std::make_unique<Serving>(start, bookmaker_named(start, bet_types, name)));
  std::vector<Bookmaker> bookmakers;
  for (const auto& serving : served) bookmakers.push_back(serving->bookmaker);
  const auto store = open_store_or_stop(start, bet_types);
  PartsHealth health(served);

  const auto web = options.serve ? web_of({start, bet_types, *store}, served, bookmakers) : nullptr;

  Crew crew(signals.source());
  if (web) web->add_to(crew);
  add_everything(crew, {start, bet_types, *store}, served);
  crew.add_helper("linking", [&, sport_of = sports_of(bookmakers)](std::stop_token stop) {
    return keep_linking(*store, sport_of, false, stop);
  });
  std::string header = redact_url(start.settings().text("store", "url"));
  if (web && screen) header += "  " + web->urls().front() + "/";
  if (web && !screen) printed(fmt::format("serving at {}/\n", web->urls().front()));
  const WatchLoop loop{*store,
                       bet_types,
                       Freshness(bookmakers),
                       std::move(header),
                       "",
                       "",
                       screen,
                       colour_wanted(start.environment),
                       options.lasting,
                       [&](WatchHealth& to, UtcMillis now) { health.add(to, now); }};
  const auto watched = run_watch(loop, signals.token());
  signals.source().request_stop();
  const auto failure = crew.join();
  if (screen) print_problem("The log is in " + screen_log_file(start));
  if (failure) print_problem("oddsloom run: " + failure->text());
  if (!watched) print_problem("oddsloom run: " + watched.error().text());
  return failure || !watched ? kFailedWork : kDone;
}

}  // namespace oddsloom
