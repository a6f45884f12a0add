#include "extract/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "bookmaker/mapping.h"
#include "bookmaker/request.h"
#include "extract/answer_memory.h"
#include "extract/batch.h"
#include "extract/claims.h"
#include "extract/event_queue.h"
#include "extract/report.h"
#include "extract/settlement.h"

namespace oddsloom {
namespace {

constexpr Millis kIdleWait{
    200};  // for new work when there is nothing in hand; bounds the reaction to a stop
constexpr Millis kLeastBusyWait{2};   // between looks at the streams while something is under way
constexpr Millis kDrainLook{50};      // between looks whether other workers have finished the rest
constexpr Millis kLongestGather{20};  // that a request waits to become full
constexpr int kMostCommitFailures = 10;  // in a row: the store cannot be used

struct Transfer {
  Fetch fetch;
  std::vector<EventWork> events;  // those of `fetch`, in its order; all claimed before the request
                                  // was sent, so the answer may serve them
};

struct Submitted {
  std::vector<EntryRef> settles;
  std::size_t acknowledged = 0;
  BatchOrigins origins;
};

class Worker {
 public:
  Worker(WorkerParts parts, WorkerConfig config)
      : parts_(std::move(parts)),
        config_(std::move(config)),
        source_(config_.streams.front().source),
        per_request_(std::max<std::size_t>(
            1, std::min(config_.most_ids, ids_per_request(parts_.bookmaker, source_)))),
        // Two requests' worth; more where requests carry little, so that a claim is worth its trip.
        most_queued_(std::max(2 * per_request_, config_.batch)),
        bet_types_(count_bet_types(config_.streams)),
        gather_(std::min(config_.linger / 5, kLongestGather)),
        // What is found sooner would wait for company first.
        busy_wait_(std::max(gather_, kLeastBusyWait)),
        events_(per_request_, bet_types_),
        batch_(config_.batch, config_.linger),
        memory_(config_.most_remembered),
        settlement_(parts_, config_, source_, batch_, memory_),
        report_(parts_.metrics) {}

  Result<void> run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (auto claimed = claim(); !claimed) return claimed;
      start_transfers();
      wait_and_finish();
      if (batch_.due(now())) submit();
      if (commit_failures_ >= kMostCommitFailures) return tl::unexpected(last_commit_error_);
      if (auto kept = keep_claims(); !kept) return kept;
      if (config_.drain && idle()) {
        auto left = parts_.streams->backlog(config_.streams);
        if (!left && !left.error().retryable()) return fail_in("backlog", left.error());
        if (left && *left == 0) return {};
        idle_wait_ = kDrainLook;
      }
    }
    return wind_up();
  }

 private:
  UtcMillis now() const { return parts_.clock(); }
  bool idle() const { return claims_.empty() && parts_.book->uncollected() == 0; }

  // ---- claim: entries, while there is not enough work for the next requests

  Result<void> claim() {
    const UtcMillis at = now();
    if (2 * events_.size() > most_queued_ || claims_.size() >= config_.most_held) return {};
    // With nothing in hand there is no reason to put a look off, but that the last one failed.
    if (at < next_claim_ && (claim_failed_ || !idle())) return {};
    ClaimRequest request{config_.streams, config_.consumer, 0, config_.visibility,
                         idle() ? idle_wait_ : Millis(0)};
    request.most =
        std::min(config_.most_held - claims_.size(), (most_queued_ - events_.size()) * bet_types_);
    auto entries = parts_.streams->claim(request);
    if (!entries) {
      if (!entries.error().retryable()) return fail_in("claim", entries.error());
      report_.claim_failed(entries.error(), at);
      claim_failed_ = true;
      next_claim_ = now() + kIdleWait;
      return {};
    }
    claim_failed_ = false;
    // Fewer than asked for: that was all there is.
    next_claim_ = entries->size() < request.most ? now() + busy_wait_ : now();
    idle_wait_ = kIdleWait;
    parts_.metrics.claimed.add(entries->size());
    for (Entry& entry : *entries) admit(std::move(entry));
    // The nearest day goes first, but not always: a far day must not starve behind a busy near one.
    if (!entries->empty() && ++claimed_ % 8 == 0)
      std::rotate(config_.streams.begin(), config_.streams.begin() + 1, config_.streams.end());
    return {};
  }

  void admit(Entry entry) {
    const UtcMillis at = now();
    claims_.add(entry.ref, at);
    if (entry.deliveries > config_.most_deliveries)
      return settlement_.unusable(entry,
                                  fmt::format("delivered {} times without an end; event {}",
                                              entry.deliveries, entry.work.event_id),
                                  at);
    if (entry.work.event_id.empty())
      if (auto named = name_event(*parts_.reader, parts_.bookmaker.name, entry.work); !named) {
        report_.claim_failed(named.error(), at);
        return settlement_.put_off(entry, at + kIdleWait, at);
      }
    if (entry.work.event_id.empty()) return settlement_.unusable(entry, "names no event", at);
    const UtcMillis since = waiting_since(entry.appended_at, at, config_.linger);
    events_.add(std::move(entry), since);
  }

  // ---- coalesce and start: one request for as many waiting events as it can carry

  void start_transfers() {
    budget_opens_.reset();
    while (!events_.empty() && transfers_.size() < config_.in_flight && worth_asking()) {
      const HostBudget::Grant grant = parts_.budget.try_begin(now());
      if (!grant.granted) {
        budget_opens_ = grant.retry_at;
        return;
      }
      send(events_.take());
    }
  }

  // A request that is not full waits a moment for company. That costs no time where it matters: the
  // commit's linger counts from when the work was asked for, and is longer.
  bool worth_asking() const {
    return events_.fills_a_request() || now() - events_.oldest() >= gather_;
  }

  void send(std::vector<EventWork> events) {
    std::vector<WantedEvent> wanted;
    wanted.reserve(events.size());
    for (EventWork& event : events) {
      event.wanted.period = period_of(event.wanted);
      wanted.push_back(event.wanted);
    }
    Transfer transfer;
    transfer.fetch = std::move(
        plan_fetches(parts_.bookmaker, source_, std::move(wanted), per_request_, config_.base_url)
            .front());
    // Events that cannot share this request (another sport) go back for the next one.
    std::unordered_set<std::string_view> asked;
    for (const WantedEvent& event : transfer.fetch.events) asked.insert(event.work.event_id);
    const auto others = std::stable_partition(
        events.begin(), events.end(),
        [&](const EventWork& event) { return asked.contains(event.wanted.work.event_id); });
    for (auto event = events.end(); event != others;) events_.put_back(std::move(*--event));
    transfer.events.assign(std::make_move_iterator(events.begin()),
                           std::make_move_iterator(others));

    HttpRequest request{++last_tag_,         transfer.fetch.method,
                        transfer.fetch.url,  transfer.fetch.headers,
                        transfer.fetch.body, 0};
    for (const HeldEntry& entry : transfer.events.front().entries)
      request.attempt = std::max(request.attempt, static_cast<unsigned>(entry.attempts));
    parts_.metrics.requests.add();
    parts_.metrics.events_fetched.add(transfer.events.size());
    parts_.metrics.in_flight.add(1);
    transfers_.emplace(request.tag, std::move(transfer));
    parts_.http->start(std::move(request));
  }

  // The day as it is now: an entry may have waited past midnight, on the stream of another day.
  int period_of(const WantedEvent& event) const {
    if (source_ == Source::Live || !event.work.start_time) return event.period;
    const int day = day_index(parts_.bookmaker, *event.work.start_time, now());
    return day < kPeriods ? std::max(0, day) : event.period;
  }

  // ---- poll: finished transfers become records and acknowledgements, or a classified failure

  void wait_and_finish() {
    const Millis wait = idle() && !claim_failed_ ? Millis(0) : until_something_is_due();
    const bool only_commits = transfers_.empty() && parts_.book->uncollected() > 0;
    for (HttpResponse& response : parts_.http->poll(only_commits ? Millis(0) : wait))
      finish(response);
    collect(only_commits ? wait : Millis(0));
    parts_.metrics.held.set(static_cast<std::int64_t>(claims_.size()));
  }

  Millis until_something_is_due() const {
    Millis wait = std::min(busy_wait_, batch_.due_in(now()).value_or(busy_wait_));
    if (!events_.empty() && !budget_opens_ && transfers_.size() < config_.in_flight)
      wait = std::clamp(gather_ - (now() - events_.oldest()), Millis(0), wait);
    if (budget_opens_) wait = std::clamp(*budget_opens_ - now(), Millis(0), wait);
    return wait;
  }

  // An answer is surely no older than its request, and no more than that: what a feed pushed while
  // it was under way may be newer, and must not be written over. So the sighting is of sent_at.
  void finish(const HttpResponse& response) {
    const auto at = transfers_.find(response.tag);
    if (at == transfers_.end()) return;
    Transfer transfer = std::move(at->second);
    transfers_.erase(at);
    parts_.metrics.in_flight.add(-1);
    parts_.metrics.bytes_received.add(response.wire_bytes);

    const std::string place = fmt::format("{} {}", parts_.bookmaker.name, transfer.fetch.endpoint);
    const ContentHash name = AnswerMemory::name(transfer.fetch);
    const std::vector<SaidBefore>* said = nullptr;
    Mapping mapping;
    std::optional<Failure> failure =
        classify_response(response, ids_per_request(parts_.bookmaker, source_) == 1, place);
    const ContentHash body = failure ? ContentHash{} : content_hash(response.body);
    if (!failure) said = memory_.recall(name, transfer.fetch, body);
    if (!failure && !said) {
      mapping = map(name, body, transfer.fetch, response, place);
      failure = classify_body(mapping, place);
    }
    parts_.budget.end(now(), host_answer(failure), failure ? failure->retry_after : std::nullopt);
    if (said) {
      parts_.metrics.answers_unchanged.add();
      return settlement_.answered_again(transfer.events, *said, name, response.sent_at, now());
    }
    if (!failure)
      return settlement_.answered(std::move(transfer.events), std::move(mapping), name,
                                  response.sent_at, now());

    report_.fetch_failed(*failure, transfer.events, now());
    if (failure->remedy == Remedy::Split && transfer.events.size() > 1)
      return split(std::move(transfer.events));
    settlement_.failed(std::move(transfer.events), *failure, now());
  }

  Mapping map(const ContentHash& name, const ContentHash& body, const Fetch& fetch,
              const HttpResponse& response, const std::string& place) {
    parts_.metrics.answers_mapped.add();
    MappingContext context;
    context.source = source_;
    context.observed_at = response.sent_at;
    context.events = &fetch.events;
    Mapping mapping = map_answer(parts_.bookmaker, parts_.bet_types, context, response.body);
    if (mapping.kind == AnswerKind::Good) {
      memory_.remember(name, fetch, body, mapping);
      report_.mapping_problems(mapping, place, now());
    }
    return mapping;
  }

  // Too many at once: each half may be asked for right away.
  void split(std::vector<EventWork> events) {
    const std::size_t half = (events.size() + 1) / 2;
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
      event->most_together = std::min(event->most_together, half);
      events_.put_back(std::move(*event));
    }
  }

  // ---- commit: submitted now, its outcome collected on a later turn

  void submit() {
    BatchOrigins origins = batch_.take_origins();
    CommitBatch content = batch_.take();
    Submitted submitted{content.acknowledge, content.acknowledge.size(), std::move(origins)};
    for (const Delay& delay : content.delays) submitted.settles.push_back(delay.ref);
    for (const Burial& burial : content.burials) submitted.settles.push_back(burial.ref);
    submitted_.emplace(parts_.book->submit(std::move(content)), std::move(submitted));
  }

  // A batch that failed was not stored: its entries are not acknowledged, and come back by
  // themselves when their visibility ends.
  void collect(Millis wait) {
    if (parts_.book->uncollected() == 0) return;
    for (const CommitReport& done : parts_.book->collect(wait)) {
      const auto at = submitted_.find(done.ticket);
      if (at == submitted_.end()) continue;
      claims_.settled(at->second.settles);
      learn(done, at->second.origins);
      report_.committed(done, at->second.acknowledged, at->second.settles.size());
      commit_failures_ = done.result ? 0 : commit_failures_ + 1;
      if (!done.result) last_commit_error_ = done.result.error();
      submitted_.erase(at);
    }
  }

  // What the store keeps of an answer is what an equal answer may be told by.
  void learn(const CommitReport& done, const BatchOrigins& origins) {
    if (!done.result) return;
    for (std::size_t i = 0; i < done.records.size(); ++i)
      if (origins.records[i].serial != 0 && done.records[i] != Committed::Stale)
        memory_.stored(origins.records[i], done.contents[i]);
    for (std::size_t i = 0; i < done.sightings.size(); ++i)
      if (done.sightings[i] == Committed::Absent) memory_.forget(origins.sightings[i]);
  }

  // What is held for long (a budget that lets little through, a slow host) must not look abandoned.
  Result<void> keep_claims() {
    const UtcMillis at = now();
    if (at < next_renewal_) return {};
    next_renewal_ = at + config_.visibility / 4;
    const std::vector<EntryRef> old = claims_.renew(at, config_.visibility / 4);
    if (old.empty()) return {};
    auto extended = parts_.streams->extend(old, config_.consumer, config_.visibility);
    if (!extended && !extended.error().retryable()) return fail_in("extend", extended.error());
    return {};
  }

  // ---- stop: what is in flight may finish within the grace; the rest goes back as if never
  // claimed

  Result<void> wind_up() {
    const UtcMillis until = now() + config_.stop_grace;
    while (!transfers_.empty() && now() < until) {
      wait_and_finish();
      if (batch_.due(now())) submit();
    }
    parts_.http->abort_all();
    for (const auto& [tag, transfer] : transfers_) {
      parts_.budget.end(now(), HostAnswer::Good);
      parts_.metrics.in_flight.add(-1);
      for (const EventWork& event : transfer.events) settlement_.returned(event, now());
    }
    while (!events_.empty())
      for (const EventWork& event : events_.take()) settlement_.returned(event, now());
    if (!batch_.empty()) submit();
    const UtcMillis last = now() + config_.stop_grace;
    while (parts_.book->uncollected() > 0) {
      if (now() >= last)
        return fail(ErrorKind::Timeout, "stop", "the store did not take the last commit in time");
      collect(busy_wait_);
    }
    return {};
  }

  static std::size_t count_bet_types(const std::vector<StreamId>& streams) {
    std::set<std::string_view> names;
    for (const StreamId& stream : streams) names.insert(stream.bet_type);
    return names.size();
  }

  WorkerParts parts_;
  WorkerConfig config_;
  const Source source_;
  const std::size_t per_request_;
  const std::size_t most_queued_;  // events that may wait for a request before no more are claimed
  const std::size_t bet_types_;
  const Millis gather_;
  const Millis busy_wait_;
  Claims claims_;
  EventQueue events_;
  Batch batch_;
  AnswerMemory memory_;
  Settlement settlement_;
  Report report_;
  std::unordered_map<std::uint64_t, Transfer> transfers_;   // by tag
  std::unordered_map<std::uint64_t, Submitted> submitted_;  // by ticket
  std::uint64_t last_tag_ = 0;
  std::uint64_t claimed_ = 0;
  bool claim_failed_ = false;
  UtcMillis next_claim_;
  UtcMillis next_renewal_;
  Millis idle_wait_ = kIdleWait;
  std::optional<UtcMillis> budget_opens_;
  int commit_failures_ = 0;
  Error last_commit_error_;
};

}  // namespace

Result<void> run_worker(WorkerParts parts, WorkerConfig config, std::stop_token stop) {
  if (config.streams.empty()) return fail(ErrorKind::Invalid, "worker", "no streams to serve");
  prepare_folding();
  return Worker(std::move(parts), std::move(config)).run(stop);
}

}  // namespace oddsloom
