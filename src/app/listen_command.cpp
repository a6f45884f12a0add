#include <algorithm>

#include "app/browser_listening.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/serving.h"
#include "app/signals.h"
#include "base/log.h"

namespace oddsloom {

int execute(const ListenOptions& options, const GlobalOptions& global) {
  std::vector<GivenSetting> more;
  if (options.base_url)
    more.push_back(given_option("--base-url", "bookmaker." + options.bookmaker, "base_url",
                                *options.base_url));
  if (options.browser_address)
    more.push_back(given_option("--browser", "browser", "address", *options.browser_address));
  const Start start = start_up(global, std::move(more));
  const BetTypes bet_types = load_bet_types_or_stop(start);
  Serving serving(start, bookmaker_named(start, bet_types, options.bookmaker));
  const Source source = chosen_source(options.source);
  const auto chosen = chosen_bet_types(serving.bookmaker, bet_types, options.bet_types);
  if (options.once &&
      std::find(options.ways.begin(), options.ways.end(), ListenWay::Socket) != options.ways.end())
    throw BadStart("--once is a round of the lists; a feed has no end (--socket)");
  if (options.once && options.browser)
    throw BadStart("--once is a round of the lists; a page in a browser has no end (--browser)");
  StopSignals signals;
  const auto store = open_store_or_stop(start, bet_types);
  BrowserMetrics shown;
  Crew crew(signals.source());
  const House house{start, bet_types, *store};
  if (options.browser) add_browser_listener(crew, house, serving.bookmaker, source, chosen, shown);
  if (options.once)
    add_poller(crew, house, serving, source, chosen, true);
  else if (!options.browser || !options.ways.empty())
    add_listeners(crew, house, serving, source, chosen,
                  options.ways.empty() ? declared_ways(serving.bookmaker, source) : options.ways);
  const auto failure = crew.join();
  if (options.browser) log_browser_listening(shown);
  log::info("listen_ended", {log::kv("pages", serving.lists.pages.value()),
                             log::kv("events", serving.lists.events_listed.value()),
                             log::kv("appended", serving.lists.appended.value()),
                             log::kv("failures", serving.lists.page_failures.value()),
                             log::kv("heard", serving.feed.messages.value()),
                             log::kv("changed", serving.feed.intake.merged.value()),
                             log::kv("looks", serving.feed.intake.looks.value()),
                             log::kv("gaps", serving.feed.gaps.value())});
  if (!failure) return kDone;
  print_problem("oddsloom listen: " + failure->text());
  return kFailedWork;
}

}  // namespace oddsloom
