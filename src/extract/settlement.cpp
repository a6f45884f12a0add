#include "extract/settlement.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace oddsloom {
namespace {

// The parts of a mapping by event, so that a request of fifty events is settled in one pass.
struct ByEvent {
  std::vector<std::pair<std::size_t, Record*>> records;  // by the event's place among those asked
  std::unordered_map<std::string_view, std::vector<std::string_view>> not_offered;
  std::set<std::pair<std::string_view, std::string_view>> partly_read;
  std::unordered_set<std::string_view> missing;

  ByEvent(const std::vector<EventWork>& events, Mapping& mapping) {
    std::unordered_map<std::string_view, std::size_t> places;
    places.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i)
      places.emplace(events[i].wanted.work.event_id, i);
    records.reserve(mapping.records.size());
    for (Record& record : mapping.records)
      if (const auto at = places.find(record.event_id); at != places.end())
        records.emplace_back(at->second, &record);
    std::stable_sort(records.begin(), records.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const MarketNotOffered& market : mapping.not_offered)
      not_offered[market.event_id].push_back(market.bet_type);
    for (const MarketNotOffered& market : mapping.partly_read)
      partly_read.emplace(market.event_id, market.bet_type);
    missing.insert(mapping.missing_events.begin(), mapping.missing_events.end());
  }
  bool is_not_offered(const std::string& event_id, const std::string& bet_type) const {
    const auto at = not_offered.find(event_id);
    return at != not_offered.end() &&
           std::find(at->second.begin(), at->second.end(), bet_type) != at->second.end();
  }
};

std::string first_problem(const Mapping& mapping) {
  return mapping.problems.empty() ? std::string("the market could not be read")
                                  : mapping.problems.front();
}

}  // namespace

Settlement::Settlement(const WorkerParts& parts, const WorkerConfig& config, Source source,
                       Batch& batch, const AnswerMemory& memory)
    : bookmaker_(parts.bookmaker),
      bet_types_(parts.bet_types),
      config_(config),
      source_(source),
      metrics_(parts.metrics),
      batch_(batch),
      memory_(memory) {}

void Settlement::answered(std::vector<EventWork> events, Mapping mapping, const ContentHash& name,
                          UtcMillis asked_at, UtcMillis now) {
  const ByEvent answer(events, mapping);
  auto behind = answer.records.begin();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto first = behind;
    while (behind != answer.records.end() && behind->first == i) ++behind;
    const std::span records(first, behind);
    const EventWork& event = events[i];
    const std::string& event_id = event.wanted.work.event_id;
    const UtcMillis since = waiting_since(event.since, now, config_.linger);
    if (answer.missing.contains(event_id)) {
      missing(event, asked_at, now);
      continue;
    }
    std::size_t position = 0;  // of the bet type
    for (const std::string& bet_type : event.wanted.bet_types) {
      bool found = false;
      std::vector<Line> lines;
      for (const auto& [place, record] : records)
        if (record->bet_type == bet_type) {
          if (record->line) lines.push_back(*record->line);
          const AnswerPart origin = memory_.part_of(name, i, position, *record);
          batch_.add(std::move(*record), since, origin);
          found = true;
        }
      ++position;
      if (found) {
        if (!lines.empty() && !answer.partly_read.contains({event_id, bet_type}))
          keep_lines(event, bet_type, std::move(lines), asked_at, since);
        acknowledge(event, bet_type, since);
      } else if (answer.is_not_offered(event_id, bet_type)) {
        withdraw(event, bet_type, asked_at, since);
      } else {
        const Failure unreadable{
            FailureKind::OtherShape, Remedy::Retry,
            fmt::format("{}: {} ({} {}, event {})", to_string(FailureKind::OtherShape),
                        first_problem(mapping), bookmaker_.name, bet_type, event_id),
            std::nullopt};
        metrics_.failed(FailureKind::OtherShape).add();
        for (const HeldEntry& entry : event.entries)
          if (entry.ref.stream.bet_type == bet_type)
            retry(event, entry, unreadable, static_cast<int>(config_.retry.most_attempts), now);
      }
    }
  }
}

void Settlement::answered_again(const std::vector<EventWork>& events,
                                const std::vector<SaidBefore>& said, const ContentHash& answer,
                                UtcMillis asked_at, UtcMillis now) {
  auto one = said.begin();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const EventWork& event = events[i];
    const UtcMillis since = waiting_since(event.since, now, config_.linger);
    if (one != said.end() && one->event == i && one->what == SaidBefore::What::MissingEvent) {
      missing(event, asked_at, now);
      while (one != said.end() && one->event == i) ++one;
      continue;
    }
    std::size_t position = 0;
    for (const std::string& bet_type : event.wanted.bet_types) {
      if (one != said.end() && one->event == i && one->bet_type == position &&
          one->what == SaidBefore::What::NotOffered)
        withdraw(event, bet_type, asked_at, since);
      else
        acknowledge(event, bet_type, since);
      std::vector<Line> lines;
      for (; one != said.end() && one->event == i && one->bet_type == position; ++one)
        if (one->what == SaidBefore::What::Record) {
          batch_.add(sighting(event, bet_type, *one, asked_at), since, answer);
          if (one->line.thousandths != SaidBefore::kNoLine) lines.push_back(one->line);
        }
      if (!lines.empty()) keep_lines(event, bet_type, std::move(lines), asked_at, since);
      ++position;
    }
  }
}

Sighting Settlement::sighting(const EventWork& event, const std::string& bet_type,
                              const SaidBefore& said, UtcMillis asked_at) const {
  Sighting out;
  out.id = {
      bookmaker_.name, bet_type, source_, event.wanted.work.event_id, memory_.segment(said.segment),
      std::nullopt};
  if (said.line.thousandths != SaidBefore::kNoLine) out.id.line = said.line;
  out.content = said.content;
  out.observed_at = asked_at;
  out.period = event.wanted.period;
  if (said.start_time.value != SaidBefore::kNoStart) out.start_time = said.start_time;
  for (const HeldEntry& entry : event.entries)
    if (entry.ref.stream.bet_type == bet_type) out.entries.push_back(entry.ref);
  return out;
}

void Settlement::failed(std::vector<EventWork> events, const Failure& failure, UtcMillis now) {
  for (const EventWork& event : events) {
    if (failure.remedy == Remedy::Withdraw) {
      for (const std::string& bet_type : event.wanted.bet_types)
        withdraw(event, bet_type, now, now);
      continue;
    }
    for (const HeldEntry& entry : event.entries)
      retry(event, entry, failure, static_cast<int>(config_.retry.most_attempts), now);
  }
}

void Settlement::returned(const EventWork& event, UtcMillis now) {
  for (const HeldEntry& entry : event.entries) batch_.delay({entry.ref, now, false}, now);
}

void Settlement::put_off(const Entry& entry, UtcMillis until, UtcMillis now) {
  batch_.delay({entry.ref, until, false}, now);
}

void Settlement::unusable(const Entry& entry, const std::string& reason, UtcMillis now) {
  batch_.bury({entry.ref, reason}, now);
  metrics_.entries_buried.add();
}

void Settlement::missing(const EventWork& event, UtcMillis observed_at, UtcMillis now) {
  const bool not_offered = missing_event_means(bookmaker_, source_) == MissingEvent::NotOffered;
  const Failure gone{
      FailureKind::MissingEvent, Remedy::Retry,
      fmt::format("{}: the answer does not hold the event ({} {})",
                  to_string(FailureKind::MissingEvent), bookmaker_.name, to_string(source_)),
      std::nullopt};
  if (!not_offered) metrics_.failed(FailureKind::MissingEvent).add();
  for (const std::string& bet_type : event.wanted.bet_types) {
    const bool seen_often =
        std::all_of(event.entries.begin(), event.entries.end(), [&](const HeldEntry& entry) {
          return entry.ref.stream.bet_type != bet_type ||
                 entry.attempts + 1 >= config_.missing_event_attempts;
        });
    if (not_offered || seen_often) {
      withdraw(event, bet_type, observed_at, waiting_since(event.since, now, config_.linger));
      continue;
    }
    for (const HeldEntry& entry : event.entries)
      if (entry.ref.stream.bet_type == bet_type)
        retry(event, entry, gone, static_cast<int>(config_.retry.most_attempts), now);
  }
}

bool Settlement::has_lines(const std::string& bet_type) const {
  const BetType* type = bet_types_.find(bet_type);
  return type && type->has_line;
}

void Settlement::keep_lines(const EventWork& event, const std::string& bet_type,
                            std::vector<Line> lines, UtcMillis observed_at, UtcMillis since) {
  LinesOffered offered;
  offered.id.bookmaker = bookmaker_.name;
  offered.id.bet_type = bet_type;
  offered.id.source = source_;
  offered.id.event_id = event.wanted.work.event_id;
  offered.lines = std::move(lines);
  offered.observed_at = observed_at;
  offered.period = event.wanted.period;
  batch_.add(std::move(offered), since);
}

void Settlement::withdraw(const EventWork& event, const std::string& bet_type,
                          UtcMillis observed_at, UtcMillis since) {
  metrics_.markets_not_offered.add();
  acknowledge(event, bet_type, since);
  if (has_lines(bet_type)) return keep_lines(event, bet_type, {}, observed_at, since);
  Record nothing;
  nothing.bookmaker = bookmaker_.name;
  nothing.bet_type = bet_type;
  nothing.source = source_;
  nothing.event_id = event.wanted.work.event_id;
  nothing.offered = false;
  nothing.status = Status::Closed;
  nothing.observed_at = nothing.changed_at = observed_at;
  batch_.add(std::move(nothing), since);
}

void Settlement::acknowledge(const EventWork& event, const std::string& bet_type, UtcMillis since) {
  for (const HeldEntry& entry : event.entries)
    if (entry.ref.stream.bet_type == bet_type) batch_.acknowledge(entry.ref, since);
}

void Settlement::retry(const EventWork& event, const HeldEntry& entry, const Failure& failure,
                       int most_attempts, UtcMillis now) {
  const int failed = entry.attempts + 1;
  if (failed >= most_attempts) {
    batch_.bury({entry.ref, fmt::format("failed {} times, last {}; event {}", failed,
                                        failure.message, event.wanted.work.event_id)},
                now);
    metrics_.entries_buried.add();
    return;
  }
  const Millis wait =
      retry_delay(config_.retry, static_cast<unsigned>(failed), failure.retry_after, random_);
  batch_.delay({entry.ref, now + wait, true}, now);
  metrics_.entries_delayed.add();
}

}  // namespace oddsloom
