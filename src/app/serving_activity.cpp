#include "app/serving_activity.h"

#include <fmt/format.h>

namespace oddsloom {

BookmakerActivity activity_of(const Serving& serving, UtcMillis now) {
  const HostBudget::State state = serving.budget.state(now);
  BookmakerActivity out;
  out.bookmaker = serving.bookmaker.name;
  out.requests = serving.extract.requests.value() + serving.live_lists.pages.value() +
                 serving.upcoming_lists.pages.value();
  out.in_flight = state.in_flight;
  for (std::size_t kind = 0; kind < kFailureKinds; ++kind)
    if (const auto count = serving.extract.failures[kind].value())
      out.failures.emplace_back(to_string(static_cast<FailureKind>(kind)), count);
  if (const auto count =
          serving.live_lists.page_failures.value() + serving.upcoming_lists.page_failures.value())
    out.failures.emplace_back("list", count);
  out.held_back = state.held_back;
  const Millis left = state.until - now;
  if (state.waiting != HostWait::None)
    out.waits.push_back(left < Millis(1'000) ? std::string(to_string(state.waiting))
                                             : fmt::format("{} {}s", to_string(state.waiting),
                                                           left.count() / 1'000));
  for (const Source source : {Source::Live, Source::Upcoming})
    if (const PollerMetrics& lists = serving.lists(source); lists.out_of_reach.value() > 0)
      out.waits.push_back(fmt::format("{}: {} events wait for the budget, {} past their limit",
                                      to_string(source), lists.delayed.value(),
                                      lists.past_limit.value()));
  return out;
}

}  // namespace oddsloom
