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
  const Start start = start_up(global, std::move(more));
  const BetTypes bet_types = load_bet_types_or_stop(start);
  Serving serving(start, bookmaker_named(start, bet_types, options.bookmaker));
  const Source source = chosen_source(options.source);
  const auto chosen = chosen_bet_types(serving.bookmaker, bet_types, options.bet_types);
  StopSignals signals;
  const auto store = open_store_or_stop(start, bet_types);

  Crew crew(signals.source());
  add_poller(crew, {start, bet_types, *store}, serving, source, chosen, options.once);
  const auto failure = crew.join();
  log::info("listen_ended", {log::kv("pages", serving.lists.pages.value()),
                             log::kv("events", serving.lists.events_listed.value()),
                             log::kv("appended", serving.lists.appended.value()),
                             log::kv("failures", serving.lists.page_failures.value())});
  if (!failure) return kDone;
  print_problem("oddsloom listen: " + failure->text());
  return kFailedWork;
}

}  // namespace oddsloom
