#include "discover/intake.h"

#include <algorithm>
#include <thread>

namespace oddsloom {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kMostCommitFailures = 10;      // in a row: the store cannot be used
constexpr std::size_t kMostLooks = 100'000;  // events; beyond that many that wait, a look is lost
constexpr Millis kLooksAgain{100};           // after a full backlog or a busy store
constexpr std::size_t kAppendAtOnce = 500;

}  // namespace

Intake::Intake(const Bookmaker& bookmaker, WorkStreams& streams, MatchBook& book,
               IntakeMetrics& metrics, IntakeConfig config, Clock clock)
    : bookmaker_(bookmaker),
      streams_(streams),
      book_(book),
      metrics_(metrics),
      config_(std::move(config)),
      clock_(std::move(clock)) {
  for (const std::string& bet_type : config_.bet_types)
    for (int period = 0; period < (config_.source == Source::Live ? 1 : kPeriods); ++period)
      all_streams_.push_back({bookmaker_.name, bet_type, config_.source, period});
}

void Intake::record(Record record) {
  if (waiting_.size() >= config_.most_waiting_records) return look_at(entry_of(record));
  if (waiting_.empty()) waiting_since_ = clock_();
  waiting_.push_back(std::move(record));
}

void Intake::look_at(const WorkEntry& event) {
  if (looks_.size() >= kMostLooks && !looks_.contains(event.event_id)) {
    if (looks_wanted_ < looks_.size())
      std::erase_if(looks_, [](const auto& look) { return !look.second.wanted; });
    if (looks_.size() >= kMostLooks) {
      metrics_.looks_dropped.add();
      if (const auto seen = trouble_.pass())
        log::warn("looks_dropped", {log::kv("bookmaker", bookmaker_.name), log::kv("seen", *seen),
                                    log::kv("waiting", looks_wanted_)});
      return;
    }
  }
  Look& look = looks_.try_emplace(event.event_id).first->second;
  const bool knows_less = event.home.empty() && !look.event.home.empty();
  if (!knows_less) look.event = event;
  if (!look.wanted) ++looks_wanted_;
  look.wanted = true;
}

Result<void> Intake::turn() {
  if (auto collected = collect(Millis(0)); !collected) return collected;
  const UtcMillis now = clock_();
  if (!waiting_.empty() &&
      (now - waiting_since_ >= config_.linger || waiting_.size() >= config_.most_together)) {
    if (book_.uncollected() >= MatchBook::kMostUncollected)
      if (auto collected = collect(config_.linger); !collected) return collected;
    if (book_.uncollected() < MatchBook::kMostUncollected) submit();
  }
  if (looks_wanted_ > 0 && now >= looks_not_before_) return append_looks();
  return {};
}

std::optional<Millis> Intake::due_in() const {
  if (waiting_.empty() && looks_wanted_ == 0 && submitted_.empty()) return std::nullopt;
  const UtcMillis now = clock_();
  Millis due = kLooksAgain;
  if (!waiting_.empty()) due = std::min(due, waiting_since_ + config_.linger - now);
  if (looks_wanted_ > 0 && now < looks_not_before_)
    due = std::min(due, looks_not_before_ - now);
  else
    for (const auto& [id, look] : looks_)
      if (look.wanted) due = std::min(due, look.not_before - now);
  // A commit under way is looked for soon, not all the time.
  return std::max(due, Millis(submitted_.empty() ? 0 : 1));
}

Result<void> Intake::finish(Millis most) {
  const auto until = Steady::now() + most;
  while (!waiting_.empty() || book_.uncollected() > 0) {
    if (Steady::now() >= until)
      return fail(ErrorKind::Timeout, "stop", "the store did not take the last commit in time");
    if (!waiting_.empty() && book_.uncollected() < MatchBook::kMostUncollected) submit();
    if (auto collected = collect(Millis(20)); !collected) return collected;
  }
  while (looks_wanted_ > 0) {
    const std::size_t before = looks_wanted_;
    if (auto appended = append_looks(); !appended) return appended;
    if (looks_wanted_ < before) continue;
    if (Steady::now() >= until) break;
    std::this_thread::sleep_for(kLooksAgain / 5);
  }
  return {};
}

// The same market is in one commit at a time: two sightings of it in one would have to be told
// apart by a store that does many at once. False: what comes first has to wait for one under way.
bool Intake::submit() {
  CommitBatch batch;
  std::vector<Submitted> submitted;
  while (submitted.size() < waiting_.size() && submitted.size() < config_.most_together) {
    Record& record = waiting_[submitted.size()];
    if (!under_way_.insert(record.id()).second) break;
    submitted.push_back({record.id(), entry_of(record)});
    batch.records.push_back(std::move(record));
  }
  if (submitted.empty()) return false;
  waiting_.erase(waiting_.begin(),
                 waiting_.begin() + static_cast<std::ptrdiff_t>(submitted.size()));
  submitted_.emplace(book_.submit(std::move(batch)), std::move(submitted));
  return true;
}

Result<void> Intake::collect(Millis wait) {
  if (book_.uncollected() == 0) return {};
  for (const CommitReport& report : book_.collect(wait)) {
    const auto at = submitted_.find(report.ticket);
    if (at == submitted_.end()) continue;
    const std::vector<Submitted> submitted = std::move(at->second);
    submitted_.erase(at);
    for (const Submitted& one : submitted) under_way_.erase(one.id);
    if (report.result) {
      commit_failures_ = 0;
      for (const Committed committed : report.records) count(committed);
      continue;
    }
    // What was heard is lost; the workers fetch it.
    metrics_.commit_failures.add();
    for (const Submitted& one : submitted) look_at(one.event);
    if (++commit_failures_ >= kMostCommitFailures) return fail_in("commit", report.result.error());
    if (const auto seen = trouble_.pass())
      log::warn("intake_failed", {log::kv("bookmaker", bookmaker_.name), log::kv("seen", *seen),
                                  log::kv("error", report.result.error().text())});
  }
  return {};
}

void Intake::count(Committed committed) {
  switch (committed) {
    case Committed::Created:
      return metrics_.created.add();
    case Committed::Merged:
      return metrics_.merged.add();
    case Committed::Same:
      return metrics_.same.add();
    case Committed::Stale:
      return metrics_.stale.add();
    case Committed::Absent:
      return metrics_.absent.add();
  }
}

Result<void> Intake::append_looks() {
  const UtcMillis now = clock_();
  std::map<int, std::vector<Look*>> due;
  std::size_t count = 0;
  for (auto& [id, look] : looks_) {
    if (!look.wanted || now < look.not_before || count == kAppendAtOnce) continue;
    if (const auto period = period_of(look.event, now)) {
      due[*period].push_back(&look);
      ++count;
    } else {
      look.wanted = false;  // beyond the last day that has a stream
      --looks_wanted_;
    }
  }
  if (count == 0) return {};
  auto backlog = streams_.backlog(all_streams_);
  if (!backlog) return problem(backlog.error());
  if (*backlog + count * config_.bet_types.size() > config_.most_backlog) {
    metrics_.looks_held_back.add();
    looks_not_before_ = now + kLooksAgain;
    return {};
  }
  for (auto& [period, looks] : due) {
    std::vector<WorkEntry> entries;
    for (const Look* look : looks) entries.push_back(look->event);
    for (const std::string& bet_type : config_.bet_types) {
      auto ids = streams_.append({bookmaker_.name, bet_type, config_.source, period}, entries);
      if (!ids) return problem(ids.error());
    }
    for (Look* look : looks) {
      look->wanted = false;
      look->not_before = now + config_.look_apart;
      --looks_wanted_;
    }
    metrics_.looks.add(looks.size());
  }
  return {};
}

// A store that is busy or away now is tried again; anything else ends the listener.
Result<void> Intake::problem(const Error& error) {
  if (!error.retryable()) return fail_in("intake", error);
  looks_not_before_ = clock_() + kLooksAgain;
  if (const auto seen = trouble_.pass())
    log::warn("intake_failed", {log::kv("bookmaker", bookmaker_.name), log::kv("seen", *seen),
                                log::kv("error", error.text())});
  return {};
}

// The day's stream; nothing for days beyond the last one.
std::optional<int> Intake::period_of(const WorkEntry& event, UtcMillis now) const {
  if (config_.source == Source::Live || !event.start_time) return 0;
  const int day = day_index(bookmaker_, *event.start_time, now);
  if (day >= kPeriods) return std::nullopt;
  return std::max(0, day);
}

}  // namespace oddsloom
