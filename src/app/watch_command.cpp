#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/signals.h"
#include "app/terminal.h"
#include "app/watch_loop.h"
#include "base/text.h"

namespace oddsloom {

int execute(const WatchOptions& options, const GlobalOptions& global) {
  const bool screen = !options.plain && output_is_screen(read_environment());
  const Start start = start_up(global, {}, screen);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const auto bookmakers = all_bookmakers(start, bet_types);
  StopSignals signals(screen ? leave_screen : std::function<void()>());
  const auto store = open_store_or_stop(start, bet_types);
  const WatchLoop loop{*store,
                       bet_types,
                       Freshness(bookmakers),
                       redact_url(start.settings().text("store", "url")),
                       options.bookmaker,
                       options.text,
                       screen,
                       colour_wanted(start.environment),
                       options.lasting,
                       {}};
  const auto result = run_watch(loop, signals.token());
  if (result) return kDone;
  print_problem("oddsloom watch: " + result.error().text());
  return kFailedWork;
}

}  // namespace oddsloom
