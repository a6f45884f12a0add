// Serving, put together: the board that follows the store, what answers from it, the server, and
// the threads they run on. Used by serve and run. Made at start-up; what is bad there ends the
// program (BadStart). Everything handed in outlives it, and it outlives the crew.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/assemble.h"
#include "app/crew.h"
#include "serve/dashboard_health.h"
#include "serve/metric_families.h"

namespace oddsloom {

class Web {
 public:
  // What to do where the address to listen at is in use: end the program, or, unless somebody asked
  // for that very address, take any free port.
  enum class WhereTaken { Refuse, TakeAnother };
  Web(const Start& start, const BetTypes& bet_types, Store& store,
      const std::vector<Bookmaker>& bookmakers, WhereTaken where_taken);
  ~Web();

  // More to tell at /metrics. Before add_to().
  void add_metrics(MetricSource source);
  // What the workers in this process do, for the dashboard. Before add_to().
  void add_activity(std::function<BookmakerActivity(UtcMillis now)> activity);
  // "http://127.0.0.1:8090", with the real ports.
  std::vector<std::string> urls() const;
  void add_to(Crew& crew);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace oddsloom
