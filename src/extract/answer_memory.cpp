#include "extract/answer_memory.h"

namespace oddsloom {
namespace {

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

const Mapping* AnswerMemory::recall(const Fetch& fetch, std::string_view body) {
  const auto at = by_url_.find(fetch.url);
  if (at == by_url_.end()) return nullptr;
  const Remembered& known = *at->second;
  if (known.answer != content_hash(body) || known.question != question_of(fetch)) return nullptr;
  recent_first_.splice(recent_first_.begin(), recent_first_, at->second);
  return &known.mapping;
}

void AnswerMemory::remember(const Fetch& fetch, std::string_view body, const Mapping& mapping) {
  if (const auto at = by_url_.find(fetch.url); at != by_url_.end()) forget(at->second);
  recent_first_.push_front({fetch.url, question_of(fetch), content_hash(body), mapping});
  by_url_.emplace(recent_first_.front().url, recent_first_.begin());
  records_ += mapping.records.size() + 1;
  while (records_ > most_records_ && !recent_first_.empty()) forget(std::prev(recent_first_.end()));
}

void AnswerMemory::forget(std::list<Remembered>::iterator at) {
  records_ -= at->mapping.records.size() + 1;
  by_url_.erase(at->url);
  recent_first_.erase(at);
}

}  // namespace oddsloom
