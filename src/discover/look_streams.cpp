#include "discover/look_streams.h"

#include <algorithm>
#include <map>

namespace oddsloom {
namespace {

constexpr std::size_t kAppendAtOnce = 500;

}  // namespace

LookStreams::LookStreams(const Bookmaker& bookmaker, WorkStreams& streams, Of of, Counter& appended)
    : bookmaker_(bookmaker), streams_(streams), of_(std::move(of)), appended_(appended) {
  for (const std::string& bet_type : of_.bet_types)
    for (int period = 0; period < (of_.source == Source::Live ? 1 : kPeriods); ++period)
      all_.push_back({bookmaker_.name, bet_type, of_.source, period});
}

std::optional<int> LookStreams::period_of(const WorkEntry& event, UtcMillis now) const {
  if (of_.source == Source::Live || !event.start_time) return 0;
  const int day = day_index(bookmaker_, *event.start_time, now);
  if (day >= kPeriods) return std::nullopt;
  return std::max(0, day);
}

Result<std::size_t> LookStreams::room() {
  auto backlog = streams_.backlog(all_);
  if (!backlog) return tl::unexpected(backlog.error());
  full_.clear();
  return of_.most_backlog > *backlog ? (of_.most_backlog - *backlog) / of_.bet_types.size() : 0;
}

Result<std::size_t> LookStreams::in_hand(std::size_t few) {
  auto backlog = streams_.backlog(all_);
  if (!backlog) return tl::unexpected(backlog.error());
  full_.clear();
  if (*backlog <= few * of_.bet_types.size()) return *backlog / of_.bet_types.size();
  auto statistics = streams_.statistics();
  if (!statistics) return tl::unexpected(statistics.error());
  std::map<std::string, std::uint64_t, std::less<>> lengths, moving;
  for (const std::string& bet_type : of_.bet_types) lengths[bet_type] = moving[bet_type] = 0;
  for (const StreamStatistics& one : *statistics) {
    if (std::find(all_.begin(), all_.end(), one.stream) == all_.end()) continue;
    lengths[one.stream.bet_type] += one.length;
    moving[one.stream.bet_type] += one.length - std::min(one.delayed, one.length);
  }
  for (const auto& [bet_type, length] : lengths)
    if (length >= of_.most_backlog / of_.bet_types.size()) full_.push_back(bet_type);
  if (full_.size() == of_.bet_types.size()) return of_.most_backlog;
  const auto fewest =
      std::min_element(moving.begin(), moving.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return fewest->second;
}

Result<void> LookStreams::append(const std::vector<WorkEntry>& events, UtcMillis now) {
  std::map<int, std::vector<WorkEntry>> by_period;
  for (const WorkEntry& event : events)
    if (const auto period = period_of(event, now)) by_period[*period].push_back(event);
  for (const auto& [period, entries] : by_period)
    for (std::size_t first = 0; first < entries.size(); first += kAppendAtOnce) {
      const std::size_t end = std::min(first + kAppendAtOnce, entries.size());
      const std::vector<WorkEntry> slice(entries.begin() + static_cast<std::ptrdiff_t>(first),
                                         entries.begin() + static_cast<std::ptrdiff_t>(end));
      for (const std::string& bet_type : of_.bet_types)
        if (std::find(full_.begin(), full_.end(), bet_type) == full_.end())
          waiting_.push_back({{bookmaker_.name, bet_type, of_.source, period}, slice});
    }
  return flush();
}

Result<void> LookStreams::flush() {
  while (!waiting_.empty()) {
    auto ids = streams_.append(waiting_.front().first, waiting_.front().second);
    if (!ids) return problem(ids.error());
    appended_.add(ids->size());
    waiting_.pop_front();
  }
  return {};
}

// A store that is busy or away now is tried again at the next turn; anything else ends the poller.
Result<void> LookStreams::problem(const Error& error) {
  if (!error.retryable()) return fail_in("append", error);
  if (const auto seen = trouble_.pass())
    log::warn("append_failed", {log::kv("seen", *seen), log::kv("error", error.text())});
  return {};
}

}  // namespace oddsloom
