// Bookmakers in a box: one world, the site of each, faults and one server put together, with a
// control side of its own under /sim. For tests, `oddsloom simulate` and `oddsloom run --simulate`.
// Any thread; the sites answer on the server's own thread. BookieDelta's begins at the server's
// root, each other one at its name: http://127.0.0.1:12345/BookieSigma.
//
//   GET  /sim/truth    what is really on offer          POST /sim/freeze   time stands still
//   GET  /sim/stats    requests, events, faults         POST /sim/thaw     time jumps to the clock
//   POST /sim/faults   body: the text of faults.h, empty for none
//   GET  /sim/truth?bookmaker=BookieSigma    the same there; without it, at BookieDelta
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "sim/faults.h"
#include "sim/house.h"
#include "sim/world.h"

namespace oddsloom::sim {

struct SimulatorConfig {
  WorldConfig world;  // without an epoch: that of the clock's week, so that a restart finds the
                      // same events again
  FaultPlan faults;
  std::uint16_t port = 0;  // 0: any free one
  bool gzip = true;
  Millis latency{0};
  Millis jitter{0};
  unsigned max_ids = 50;
  unsigned max_live_ids = 15;
  bool old_live_generation = false;
  Clock clock = system_clock();
};

struct Stats {
  std::map<std::string, std::uint64_t> requests;  // by path, numbers in it written '#'; not /sim
  std::uint64_t events_served = 0;
  std::uint64_t feed_messages = 0;              // updates pushed on /socket.io/
  std::uint64_t feed_clients = 0;               // connected there now
  std::map<std::string, std::uint64_t> faults;  // by the word in faults.h
  std::uint64_t total_requests() const;
};

class Simulator {
 public:
  // Errors: Unavailable when the port is taken.
  static Result<std::unique_ptr<Simulator>> start(SimulatorConfig config);
  ~Simulator();  // stops and joins
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  std::uint16_t port() const;
  // "http://127.0.0.1:12345", with the house's prefix.
  std::string base_url(House house = House::BookieDelta) const;

  // Requests that begin after freeze() returned are answered from the same moment as the truth,
  // until thaw().
  void freeze();
  void thaw();
  void set_faults(FaultPlan faults);
  Stats stats() const;
  std::string truth_json(House house = House::BookieDelta) const;
  UtcMillis now() const;  // the world's time

 private:
  struct Impl;
  explicit Simulator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom::sim
