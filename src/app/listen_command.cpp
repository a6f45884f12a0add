#include <algorithm>

#include "app/commands.h"
#include "app/console.h"
#include "app/serving.h"
#include "app/signals.h"
#include "base/log.h"

namespace oddsloom {

namespace {

void log_what_was_shown(const BrowserMetrics& metrics) {
  log::info(
      "browser_ended",
      {log::kv("responses", metrics.responses.value()), log::kv("frames", metrics.frames.value()),
       log::kv("records", metrics.records.value()),
       log::kv("created", metrics.intake.created.value()),
       log::kv("merged", metrics.intake.merged.value()),
       log::kv("same", metrics.intake.same.value()), log::kv("looks", metrics.intake.looks.value()),
       log::kv("lost", metrics.lost.value()), log::kv("too_large", metrics.too_large.value()),
       log::kv("cached", metrics.cached.value()), log::kv("blocked", metrics.blocked.value()),
       log::kv("browsers", metrics.browsers.value())});
}

}  // namespace

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
  const auto ways =
      options.ways.empty() ? chosen_ways(start, serving.bookmaker, source) : options.ways;
  const auto asked_for = [&](ListenWay way) {
    return std::find(options.ways.begin(), options.ways.end(), way) != options.ways.end();
  };
  if (options.once && asked_for(ListenWay::Socket))
    throw BadStart("--once is a round of the lists; a feed has no end (--socket)");
  if (options.once && asked_for(ListenWay::Browser))
    throw BadStart("--once is a round of the lists; a page in a browser has no end (--browser)");
  StopSignals signals;
  const auto store = open_store_or_stop(start, bet_types);
  Crew crew(signals.source());
  const House house{start, bet_types, *store};
  if (options.once)
    add_round_of_lists(crew, house, serving, source, chosen);
  else
    add_listeners(crew, house, serving, source, chosen, ways);
  const auto failure = crew.join();
  if (serving.browser.browsers.value() > 0) log_what_was_shown(serving.browser);
  const PollerMetrics& lists = serving.lists(source);
  log::info("listen_ended",
            {log::kv("pages", lists.pages.value()), log::kv("events", lists.events_listed.value()),
             log::kv("appended", lists.appended.value()),
             log::kv("failures", lists.page_failures.value()),
             log::kv("heard", serving.feed.messages.value()),
             log::kv("changed", serving.feed.intake.merged.value()),
             log::kv("looks", serving.feed.intake.looks.value()),
             log::kv("gaps", serving.feed.gaps.value())});
  if (!failure) return kDone;
  print_problem("oddsloom listen: " + failure->text());
  return kFailedWork;
}

}  // namespace oddsloom
