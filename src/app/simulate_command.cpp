#include <fmt/format.h>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/crew.h"
#include "app/signals.h"
#include "app/simulation.h"

namespace oddsloom {

int execute(const SimulateOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global);
  StopSignals signals;
  const auto simulator = start_simulator(options.simulator);
  std::string addresses;
  for (const sim::House house : sim::kHouses)
    addresses += fmt::format("{}  {}\n", to_string(house), simulator->base_url(house));
  const int code = printed(addresses);
  while (!pause_for(signals.token(), Millis(60'000))) {
  }
  return code;
}

}  // namespace oddsloom
