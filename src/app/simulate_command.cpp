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
  const int code = printed(simulator->base_url() + "\n");
  while (!pause_for(signals.token(), Millis(60'000))) {
  }
  return code;
}

}  // namespace oddsloom
