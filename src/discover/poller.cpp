#include "discover/poller.h"

#include <algorithm>

#include "discover/event_table.h"
#include "discover/list_walk.h"

namespace oddsloom {
namespace {

constexpr Millis kTurn{50};  // longest wait in one turn; bounds the reaction to a stop
constexpr std::size_t kAppendAtOnce = 500;

class Poller {
 public:
  Poller(PollerParts parts, PollerConfig config)
      : parts_(std::move(parts)), config_(std::move(config)), walk_(parts_, config_) {
    for (const std::string& bet_type : config_.bet_types)
      for (int period = 0; period < (config_.source == Source::Live ? 1 : kPeriods); ++period)
        streams_.push_back({parts_.bookmaker.name, bet_type, config_.source, period});
  }

  // Reads the lists when their time has come, and meanwhile appends whatever is due for a look.
  Result<void> run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const UtcMillis now = parts_.clock();
      const bool asked_for = parts_.rounds && !walk_.under_way() && parts_.rounds->asked_for();
      if (!walk_.under_way() && (asked_for || now >= next_round_)) {
        ++round_;
        walk_.begin();
        next_round_ = now + (config_.source == Source::Live ? config_.live_list_every
                                                            : config_.upcoming_list_every);
      }
      const bool was_under_way = walk_.under_way();
      for (WorkEntry& work : walk_.advance(kTurn))
        events_.saw(std::move(work), round_, parts_.clock());
      const bool round_ended = was_under_way && !walk_.under_way();
      if (round_ended && walk_.complete()) events_.forget_unseen(round_);
      parts_.metrics.known.set(static_cast<std::int64_t>(events_.size()));
      // One round for a caller that wants just that: appended when all is known, in one go.
      if (!config_.once || round_ended)
        if (auto appended = append_due(); !appended) return appended;
      if (config_.once && round_ended)
        return walk_.complete() ? Result<void>{}
                                : fail(ErrorKind::Unavailable, "", walk_.last_failure());
    }
    walk_.abort();
    return {};
  }

 private:
  Result<void> append_due() {
    const UtcMillis now = parts_.clock();
    const std::vector<KnownEvent*> due = events_.due(now);
    if (due.empty()) return {};
    auto backlog = parts_.streams->backlog(streams_);
    if (!backlog) return problem(backlog.error());
    const std::size_t per_event = config_.bet_types.size();
    const std::uint64_t room =
        config_.most_backlog > *backlog ? (config_.most_backlog - *backlog) / per_event : 0;
    if (room < due.size()) parts_.metrics.held_back.add((due.size() - room) * per_event);

    std::map<int, std::vector<WorkEntry>> by_period;
    for (std::size_t i = 0; i < due.size() && i < room; ++i) {
      KnownEvent& event = *due[i];
      event.due = now + again_in(event, now);
      if (const auto period = period_of(event.work, now)) by_period[*period].push_back(event.work);
    }
    // The same slice for every bet type before the next slice, so that workers find an event's bet
    // types together.
    for (const auto& [period, entries] : by_period)
      for (std::size_t first = 0; first < entries.size(); first += kAppendAtOnce) {
        const std::vector<WorkEntry> slice(
            entries.begin() + static_cast<std::ptrdiff_t>(first),
            entries.begin() +
                static_cast<std::ptrdiff_t>(std::min(first + kAppendAtOnce, entries.size())));
        for (const std::string& bet_type : config_.bet_types) {
          auto ids = parts_.streams->append(
              {parts_.bookmaker.name, bet_type, config_.source, period}, slice);
          if (!ids) return problem(ids.error());
          parts_.metrics.appended.add(ids->size());
        }
      }
    return {};
  }

  Millis again_in(const KnownEvent& event, UtcMillis now) const {
    if (config_.source == Source::Live) return config_.live_look_every;
    return look_interval(config_, parts_.bookmaker.fresh_upcoming,
                         event.work.start_time ? *event.work.start_time - now : Millis(0));
  }

  // The day's stream; nothing for days beyond the last one. What has started but is still listed
  // counts as today.
  std::optional<int> period_of(const WorkEntry& work, UtcMillis now) const {
    if (config_.source == Source::Live || !work.start_time) return 0;
    const int day = day_index(parts_.bookmaker, *work.start_time, now);
    if (day >= kPeriods) return std::nullopt;
    return std::max(0, day);
  }

  // A store that is busy or away now is tried again at the next turn; anything else ends the
  // poller.
  Result<void> problem(const Error& error) {
    if (!error.retryable()) return fail_in("append", error);
    if (const auto seen = trouble_.pass())
      log::warn("append_failed", {log::kv("seen", *seen), log::kv("error", error.text())});
    return {};
  }

  PollerParts parts_;
  PollerConfig config_;
  ListWalk walk_;
  EventTable events_;
  std::vector<StreamId> streams_;
  std::uint64_t round_ = 0;
  UtcMillis next_round_;
  log::Sampler trouble_;
};

}  // namespace

Millis look_interval(const PollerConfig& config, Millis fresh_for, Millis until_kick_off) {
  // A hundredth of the time left: every 36 s an hour before, every 5 s in the last minutes.
  const Millis by_nearness = std::max(until_kick_off, Millis(0)) / 100;
  const Millis longest = std::max(fresh_for / 2, config.upcoming_look_least);
  return std::clamp(by_nearness, config.upcoming_look_least, longest);
}

Result<void> run_poller(PollerParts parts, PollerConfig config, std::stop_token stop) {
  if (config.bet_types.empty()) return fail(ErrorKind::Invalid, "poller", "no bet types to feed");
  return Poller(std::move(parts), std::move(config)).run(stop);
}

}  // namespace oddsloom
