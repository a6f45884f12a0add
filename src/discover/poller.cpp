#include "discover/poller.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bookmaker/request.h"
#include "discover/event_table.h"
#include "discover/list_walk.h"
#include "discover/look_plan.h"
#include "discover/look_results.h"
#include "discover/look_streams.h"

namespace oddsloom {
namespace {

constexpr Millis kTurn{50};        // longest wait in one turn; bounds the reaction to a stop
constexpr Millis kFullPause{250};  // after the streams were found to hold enough
constexpr Millis kReportEvery{1'000};
constexpr int kSureAfter = 5;  // reports in a row until it is said that the budget reaches or not
// What the streams may hold: so many seconds of what the budget could fetch.
constexpr double kInHandSeconds = 1.5;
// Of an event about which nothing is known yet; an upcoming one, days before.
constexpr double kLiveChangesPerSecond = 0.03, kUpcomingChangesPerSecond = 1.0 / 1800;
constexpr Millis kReadLiveLooksEvery{500}, kReadUpcomingLooksEvery{5'000};

std::size_t request_size(const PollerParts& parts, const PollerConfig& config) {
  return std::max<std::size_t>(
      1, std::min(config.most_ids, ids_per_request(parts.bookmaker, config.source)));
}

ScheduleConfig schedule_config(const PollerParts& parts, const PollerConfig& config) {
  const bool live = config.source == Source::Live;
  ScheduleConfig out;
  out.requests_per_second = config.requests_per_second;
  out.burst = config.burst;
  out.ids_per_request = request_size(parts, config);
  out.fresh_for = parts.bookmaker.fresh_for(config.source);
  out.look_least = live ? config.live_look_least : config.upcoming_look_least;
  out.changes_per_second = live ? kLiveChangesPerSecond : kUpcomingChangesPerSecond;
  return out;
}

std::int64_t milli(double number) { return static_cast<std::int64_t>(std::lround(number * 1000)); }

class Poller {
 public:
  Poller(PollerParts parts, PollerConfig config)
      : parts_(std::move(parts)),
        config_(std::move(config)),
        adaptive_(config_.adaptive && !config_.once),
        walk_(parts_, config_),
        streams_(parts_.bookmaker, *parts_.streams,
                 {config_.source, config_.bet_types, config_.most_backlog},
                 parts_.metrics.appended),
        plan_(parts_.bookmaker, config_.source, schedule_config(parts_, config_)),
        results_(std::move(parts_.reader),
                 {parts_.bookmaker.name, config_.source, config_.bet_types,
                  parts_.bookmaker.fresh_for(config_.source)}) {}

  // Reads the lists when their time has come, and meanwhile appends whatever wants a look.
  Result<void> run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const UtcMillis now = parts_.clock();
      const bool asked_for = parts_.rounds && !walk_.under_way() && parts_.rounds->asked_for();
      if (!walk_.under_way() && (asked_for || now >= next_round_)) {
        ++round_;
        walk_.begin();
        round_began_ = now;
        pages_before_ = pages_read();
        next_round_ = now + lists_every();
      }
      const bool was_under_way = walk_.under_way();
      for (Listed& event : walk_.advance(kTurn)) listed(std::move(event));
      const bool round_ended = was_under_way && !walk_.under_way();
      if (round_ended && walk_.complete()) forget_unseen();
      if (round_ended && adaptive_)
        next_round_ =
            round_began_ + list_interval(lists_every(),
                                         static_cast<double>(pages_read() - pages_before_),
                                         config_.requests_per_second);
      parts_.metrics.known.set(
          static_cast<std::int64_t>(adaptive_ ? plan_.size() : events_.size()));
      // One round for a caller that wants just that: appended when all is known, in one go.
      if (!config_.once || round_ended)
        if (auto appended = adaptive_ ? append_best() : append_due(); !appended) return appended;
      if (config_.once && round_ended)
        return walk_.complete() ? Result<void>{}
                                : fail(ErrorKind::Unavailable, "", walk_.last_failure());
    }
    walk_.abort();
    return {};
  }

 private:
  Millis lists_every() const {
    return config_.source == Source::Live ? config_.live_list_every : config_.upcoming_list_every;
  }
  std::uint64_t pages_read() const {
    return parts_.metrics.pages.value() + parts_.metrics.page_failures.value();
  }

  void listed(Listed event) {
    const UtcMillis now = parts_.clock();
    if (!adaptive_) return events_.saw(std::move(event.work), round_, now);
    if (!streams_.period_of(event.work, now)) return plan_.forget(event.work.event_id);
    plan_.listed(std::move(event), round_, now);
  }

  void forget_unseen() {
    if (adaptive_)
      plan_.forget_unseen(round_);
    else
      events_.forget_unseen(round_);
  }

  // ---- at fixed intervals

  Result<void> append_due() {
    const UtcMillis now = parts_.clock();
    if (streams_.waits()) return streams_.append({}, now);
    const std::vector<KnownEvent*> due = events_.due(now);
    if (due.empty()) return {};
    auto room = streams_.room();
    if (!room) return problem(room.error());
    if (*room < due.size())
      parts_.metrics.held_back.add((due.size() - *room) * config_.bet_types.size());
    std::vector<WorkEntry> wanted;
    for (std::size_t i = 0; i < due.size() && i < *room; ++i) {
      due[i]->due = now + again_in(*due[i], now);
      wanted.push_back(due[i]->work);
    }
    return streams_.append(wanted, now);
  }

  Millis again_in(const KnownEvent& event, UtcMillis now) const {
    if (config_.source == Source::Live) return config_.live_look_every;
    return look_interval(config_, parts_.bookmaker.fresh_upcoming,
                         event.work.start_time ? *event.work.start_time - now : Millis(0));
  }

  // ---- by what a look is worth

  Result<void> append_best() {
    const UtcMillis now = parts_.clock();
    count_others(now);
    if (auto learned = learn(now); !learned) return learned;
    report(now);
    if (now < next_append_) return {};
    if (streams_.waits()) return streams_.append({}, now);
    // Looks that came to nothing may still lie on the streams, with a worker that is gone; they are
    // no reason to look at nothing else.
    const std::size_t most = most_in_hand() + plan_.in_vain();
    auto in_hand = streams_.in_hand(most);
    if (!in_hand) return problem(in_hand.error());
    std::vector<WorkEntry> wanted;
    while (*in_hand + wanted.size() < most) {
      const std::vector<WorkEntry> request = plan_.next(now);
      if (request.empty()) break;
      parts_.metrics.requests.add();
      wanted.insert(wanted.end(), request.begin(), request.end());
    }
    if (*in_hand >= most) {
      next_append_ = now + kFullPause;
      parts_.metrics.held_back.add(config_.bet_types.size());
    }
    return streams_.append(wanted, now);
  }

  std::size_t most_in_hand() const {
    const auto requests =
        static_cast<std::size_t>(std::ceil(config_.requests_per_second * kInHandSeconds));
    const std::size_t most = std::max<std::size_t>(2, requests) * request_size(parts_, config_);
    return std::min<std::size_t>(most, config_.most_backlog / config_.bet_types.size());
  }

  // What lists take of the budget, and another poller's looks.
  void count_others(UtcMillis now) {
    const auto lists = [](const PollerMetrics& metrics) {
      return metrics.pages.value() + metrics.page_failures.value();
    };
    std::uint64_t others = lists(parts_.metrics);
    if (parts_.beside) others += lists(*parts_.beside) + parts_.beside->requests.value();
    if (others > others_) plan_.spent(static_cast<double>(others - others_), now);
    others_ = others;
  }

  Result<void> learn(UtcMillis now) {
    if (now < next_read_) return {};
    next_read_ =
        now + (config_.source == Source::Live ? kReadLiveLooksEvery : kReadUpcomingLooksEvery);
    auto looks = results_.read(now);
    if (!looks) return problem(looks.error());
    plan_.looked(*looks, now);
    return {};
  }

  void report(UtcMillis now) {
    if (now < next_report_) return;
    next_report_ = now + kReportEvery;
    const Schedule::Report report = plan_.report(now);
    PollerMetrics& metrics = parts_.metrics;
    metrics.delayed.set(static_cast<std::int64_t>(report.delayed));
    metrics.past_limit.set(static_cast<std::int64_t>(report.past_limit));
    metrics.needed_milli.set(milli(report.needed));
    metrics.allowed_milli.set(milli(report.allowed));
    unlike_ = report.feasible() == reaches_ ? 0 : unlike_ + 1;
    if (unlike_ < kSureAfter) return;
    reaches_ = report.feasible();
    metrics.out_of_reach.set(reaches_ ? 0 : 1);
    log::write(reaches_ ? log::Level::Info : log::Level::Warn,
               reaches_ ? "budget_reaches_again" : "budget_too_small",
               {log::kv("bookmaker", parts_.bookmaker.name),
                log::kv("source", to_string(config_.source)), log::kv("events", plan_.size()),
                log::kv("past_limit", report.past_limit), log::kv("delayed", report.delayed),
                log::kv("requests_per_second_needed", fmt::format("{:.1f}", report.needed)),
                log::kv("requests_per_second_left", fmt::format("{:.1f}", report.allowed))});
  }

  // A store that is busy or away now is tried again at the next turn; anything else ends the
  // poller.
  Result<void> problem(const Error& error) {
    if (!error.retryable()) return fail_in("streams", error);
    if (const auto seen = trouble_.pass())
      log::warn("poller_store_failed", {log::kv("seen", *seen), log::kv("error", error.text())});
    return {};
  }

  PollerParts parts_;
  const PollerConfig config_;
  const bool adaptive_;
  ListWalk walk_;
  LookStreams streams_;
  std::uint64_t round_ = 0;
  UtcMillis round_began_, next_round_;
  std::uint64_t pages_before_ = 0;  // the round
  log::Sampler trouble_;
  // fixed
  EventTable events_;
  // adaptive
  LookPlan plan_;
  LookResults results_;
  std::uint64_t others_ = 0;  // requests, as last counted
  bool reaches_ = true;       // as last said
  int unlike_ = 0;            // reports in a row that say otherwise
  UtcMillis next_append_, next_read_, next_report_;
};

}  // namespace

Millis list_interval(Millis wanted, double pages, double requests_per_second) {
  const double seconds = pages / (requests_per_second * kListShare);
  return std::max(wanted, Millis(static_cast<Millis::rep>(std::min(seconds * 1000, 1e9))));
}

Millis look_interval(const PollerConfig& config, Millis fresh_for, Millis until_kick_off) {
  // A hundredth of the time left: every 36 s an hour before, every 5 s in the last minutes.
  const Millis by_nearness = std::max(until_kick_off, Millis(0)) / 100;
  const Millis longest = std::max(fresh_for / 2, config.upcoming_look_least);
  return std::clamp(by_nearness, config.upcoming_look_least, longest);
}

Result<void> run_poller(PollerParts parts, PollerConfig config, std::stop_token stop) {
  if (config.bet_types.empty()) return fail(ErrorKind::Invalid, "poller", "no bet types to feed");
  if (config.adaptive && !config.once && !parts.reader)
    return fail(ErrorKind::Invalid, "poller", "no reader to learn from");
  return Poller(std::move(parts), std::move(config)).run(stop);
}

}  // namespace oddsloom
