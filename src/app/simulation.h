// The simulated bookmakers as options ask for it. Used by simulate and run. Start-up only.
#pragma once

#include <memory>

#include "app/options.h"
#include "sim/simulator.h"

namespace oddsloom {

// Throws BadStart (assemble.h) for a plan of faults that cannot be read or a port that is taken.
std::unique_ptr<sim::Simulator> start_simulator(const SimulatorOptions& options);

}  // namespace oddsloom
