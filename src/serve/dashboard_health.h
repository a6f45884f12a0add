// The health page's JSON: how old each bookmaker's prices are, what its requests came to, how full
// the work streams are. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serve/board_health.h"
#include "serve/catalog.h"
#include "store/store.h"

namespace oddsloom {

// What the workers and listeners of a bookmaker did since they started, where they run in this
// process.
struct BookmakerActivity {
  std::string bookmaker;  // its name
  std::uint64_t requests = 0;
  std::uint64_t in_flight = 0;
  std::vector<std::pair<std::string, std::uint64_t>> failures;  // by kind, those that happened
  std::uint64_t held_back = 0;                                  // how often the budget said no
  std::vector<std::string> waits;  // what requests wait for now: "retry-after 4s"
};

struct DashboardHealth {
  UtcMillis at;
  std::string trouble;  // why the store cannot be read; "" = it can
  std::uint64_t matches = 0;
  std::vector<SourceHealth> freshness;
  std::optional<std::vector<BookmakerActivity>> activity;  // nothing: the workers run elsewhere
  std::vector<StreamStatistics> streams;
};

std::string to_json(const DashboardHealth& health, const Catalog& catalog);

}  // namespace oddsloom
