#include <fmt/format.h>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/crew.h"
#include "app/signals.h"
#include "app/web.h"

namespace oddsloom {

int execute(const ServeOptions& options, const GlobalOptions& global) {
  std::vector<GivenSetting> more;
  if (!options.listen.empty())
    more.push_back(given_option("--listen", "serve", "listen",
                                fmt::format("{}", fmt::join(options.listen, ","))));
  const Start start = start_up(global, std::move(more));
  StopSignals signals;
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const auto bookmakers = all_bookmakers(start, bet_types);
  const auto store = open_store_or_stop(start, bet_types);
  Web web(start, bet_types, *store, bookmakers, Web::WhereTaken::Refuse);
  std::string addresses;
  for (const std::string& url : web.urls()) addresses += fmt::format("serving at {}\n", url);
  const int code = printed(addresses);
  Crew crew(signals.source());
  web.add_to(crew);
  if (const auto failure = crew.join()) {
    print_problem(fmt::format("oddsloom serve: {}", failure->text()));
    return kFailedWork;
  }
  return code;
}

}  // namespace oddsloom
