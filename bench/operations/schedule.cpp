#include "bench/operations/inputs.h"
#include "bench/operations/operation.h"
#include "discover/event_table.h"
#include "transport/host_budget.h"

namespace oddsloom::bench {
namespace {

constexpr unsigned kEvents = 10'000;
constexpr unsigned kGrants = 1'000;

// Ten thousand events known, none of them due.
std::shared_ptr<EventTable> table() {
  auto out = std::make_shared<EventTable>();
  for (unsigned i = 0; i < kEvents; ++i) out->saw(work_of(kFirstEvent + i), 1, kNow);
  for (KnownEvent* event : out->due(kNow)) event->due = kNow + Millis(60'000);
  return out;
}

}  // namespace

std::vector<Operation> schedule_operations() {
  return {
      {"schedule/list-page-of-100-known", "event", 100,
       [table = table()] {
         for (unsigned i = 0; i < 100; ++i) table->saw(work_of(kFirstEvent + i * 97), 2, kNow);
       }},
      {"schedule/look-with-nothing-due-of-10000", "look", 1,
       [table = table()] { expect(table->due(kNow).empty(), "something is due"); }},
      {"budget/begin-and-end", "request", kGrants,
       [] {
         HostBudget budget({.requests_per_second = 1e6, .burst = 1e6, .in_flight = 50});
         for (unsigned i = 0; i < kGrants; ++i) {
           const UtcMillis now = kNow + Millis(i);
           expect(budget.try_begin(now).granted, "a request was held back");
           budget.end(now, HostAnswer::Good);
         }
       }},
  };
}

}  // namespace oddsloom::bench
