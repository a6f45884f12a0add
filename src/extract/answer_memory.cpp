#include "extract/answer_memory.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>

namespace oddsloom {
namespace {

// Of a list node, a map node, its bucket and the heap's own words, beside what is in them.
constexpr std::size_t kOverhead = 112;
constexpr std::size_t kMostSegments = 64;  // six bits

ContentHash question_of(const Fetch& fetch) {
  std::string text;
  for (const WantedEvent& event : fetch.events) {
    text += to_json(event.work);
    text += std::to_string(event.period);
    for (const std::string& bet_type : event.bet_types) text.append(bet_type).push_back(';');
  }
  return content_hash(text);
}

}  // namespace

ContentHash AnswerMemory::name(const Fetch& fetch) {
  return fetch.body.empty() ? content_hash(fetch.url) : content_hash(fetch.url + "\n" + fetch.body);
}

const std::vector<SaidBefore>* AnswerMemory::recall(const ContentHash& name, const Fetch& fetch,
                                                    const ContentHash& body) {
  const auto at = by_name_.find(name);
  if (at == by_name_.end()) return nullptr;
  const Remembered& known = *at->second;
  if (known.unknown > 0 || known.answer != body || known.question != question_of(fetch))
    return nullptr;
  recent_first_.splice(recent_first_.begin(), recent_first_, at->second);
  return &known.said;
}

void AnswerMemory::remember(const ContentHash& name, const Fetch& fetch, const ContentHash& body,
                            const Mapping& mapping) {
  forget(name);
  Remembered fresh{name, question_of(fetch), body, ++last_serial_, {}, 0};
  if (!read(fetch, mapping, fresh)) return;
  bytes_ += size_of(fresh);
  recent_first_.push_front(std::move(fresh));
  by_name_.emplace(name, recent_first_.begin());
  while (bytes_ > most_bytes_ && !recent_first_.empty()) forget(std::prev(recent_first_.end()));
}

// False: it cannot be remembered, or something of it could not be read.
bool AnswerMemory::read(const Fetch& fetch, const Mapping& mapping, Remembered& into) {
  if (fetch.events.size() > std::numeric_limits<std::uint16_t>::max()) return false;
  if (!mapping.partly_read.empty()) return false;
  std::unordered_map<std::string_view, std::uint16_t> events;
  for (std::size_t i = 0; i < fetch.events.size(); ++i)
    events[fetch.events[i].work.event_id] = static_cast<std::uint16_t>(i);
  const auto add = [&](const std::string& event_id, const std::string& bet_type, SaidBefore said) {
    const auto event = events.find(event_id);
    if (event == events.end()) return;
    const auto& asked = fetch.events[event->second].bet_types;
    const auto type = asked.find(bet_type);
    if (type == asked.end()) return;  // the one that carries the names, asked for alongside
    said.event = event->second;
    said.bet_type = static_cast<std::uint8_t>(std::distance(asked.begin(), type));
    into.said.push_back(said);
  };
  std::size_t wanted = 0, records = 0;
  for (const WantedEvent& event : fetch.events) wanted += event.bet_types.size();
  into.said.reserve(wanted);
  for (const Record& record : mapping.records) {
    const auto segment = segment_number(record.segment);
    if (!segment) return false;
    SaidBefore said;
    said.segment = *segment & 0x3FU;
    if (record.line) said.line = *record.line;
    if (record.start_time) said.start_time = *record.start_time;
    add(record.event_id, record.bet_type, said);
  }
  records = into.said.size();
  for (const MarketNotOffered& market : mapping.not_offered) {
    SaidBefore said;
    said.what = SaidBefore::What::NotOffered;
    add(market.event_id, market.bet_type, said);
  }
  for (const std::string& event_id : mapping.missing_events)
    if (const auto event = events.find(event_id); event != events.end())
      for (const std::string& bet_type : fetch.events[event->second].bet_types) {
        SaidBefore said;
        said.what = SaidBefore::What::MissingEvent;
        add(event_id, bet_type, said);
      }
  std::sort(into.said.begin(), into.said.end(), [](const SaidBefore& a, const SaidBefore& b) {
    return std::tie(a.event, a.bet_type) < std::tie(b.event, b.bet_type);
  });
  std::size_t answered = 0;
  for (std::size_t i = 0; i < into.said.size(); ++i)
    answered += i == 0 || std::tie(into.said[i].event, into.said[i].bet_type) !=
                              std::tie(into.said[i - 1].event, into.said[i - 1].bet_type);
  into.unknown = static_cast<std::uint32_t>(records);
  into.said.shrink_to_fit();
  return answered == wanted;
}

std::optional<std::uint8_t> AnswerMemory::segment_number(const std::string& segment) {
  const auto at = std::find(segments_.begin(), segments_.end(), segment);
  const auto number = static_cast<std::size_t>(at - segments_.begin());
  if (number >= kMostSegments) return std::nullopt;
  if (at == segments_.end()) segments_.push_back(segment);
  return static_cast<std::uint8_t>(number);
}

AnswerPart AnswerMemory::part_of(const ContentHash& name, std::size_t event, std::size_t bet_type,
                                 const Record& record) const {
  const auto at = by_name_.find(name);
  if (at == by_name_.end()) return {};
  const auto& said = at->second->said;
  const auto place = [](const SaidBefore& one) { return std::pair(one.event, one.bet_type); };
  const std::pair wanted(static_cast<std::uint16_t>(event), static_cast<std::uint8_t>(bet_type));
  auto one = std::lower_bound(said.begin(), said.end(), wanted,
                              [&](const SaidBefore& a, const auto& b) { return place(a) < b; });
  for (; one != said.end() && place(*one) == wanted; ++one)
    if (segments_[one->segment] == record.segment &&
        one->line == record.line.value_or(Line{SaidBefore::kNoLine}))
      return {name, at->second->serial, static_cast<std::uint32_t>(one - said.begin())};
  return {};
}

void AnswerMemory::stored(const AnswerPart& part, const ContentHash& content) {
  const auto at = by_name_.find(part.answer);
  // A later answer to the same question may stand there by now.
  if (at == by_name_.end() || at->second->serial != part.serial) return;
  SaidBefore& said = at->second->said[part.position];
  if (said.content == ContentHash{}) --at->second->unknown;
  said.content = content;
}

void AnswerMemory::forget(const ContentHash& name) {
  if (const auto at = by_name_.find(name); at != by_name_.end()) forget(at->second);
}

void AnswerMemory::forget(Place at) {
  bytes_ -= size_of(*at);
  by_name_.erase(at->name);
  recent_first_.erase(at);
}

std::size_t AnswerMemory::size_of(const Remembered& remembered) {
  return kOverhead + sizeof(Remembered) + remembered.said.capacity() * sizeof(SaidBefore);
}

}  // namespace oddsloom
