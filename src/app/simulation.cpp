#include "app/simulation.h"

#include "app/assemble.h"

namespace oddsloom {

std::unique_ptr<sim::Simulator> start_simulator(const SimulatorOptions& options) {
  sim::SimulatorConfig config;
  config.world.seed = options.seed;
  config.world.upcoming = options.upcoming;
  config.world.live = options.live;
  config.world.postponed_share = options.postponed;
  if (!options.faults.empty()) {
    auto plan = sim::parse_faults(options.faults);
    if (!plan) throw BadStart("--faults: " + plan.error().text());
    config.faults = *std::move(plan);
  }
  config.port = options.port;
  config.latency = options.latency;
  config.jitter = options.jitter;
  config.old_live_generation = options.old_live;
  return or_stop(sim::Simulator::start(std::move(config)));
}

}  // namespace oddsloom
