// The last answer to each request, by hash: an answer that is byte for byte what was seen last time
// costs no mapping. Bounded by the number of records remembered; the least recently used go first.
// Not thread-safe: one worker's own.
#pragma once

#include <list>
#include <string>
#include <unordered_map>

#include "base/hash.h"
#include "bookmaker/mapping.h"

namespace oddsloom {

class AnswerMemory {
 public:
  explicit AnswerMemory(std::size_t most_records) : most_records_(most_records) {}

  // The mapping of an equal answer to an equal question, or null. Valid until the next call of
  // remember.
  const Mapping* recall(const Fetch& fetch, std::string_view body);
  void remember(const Fetch& fetch, std::string_view body, const Mapping& mapping);

 private:
  struct Remembered {
    std::string url;
    ContentHash question;  // what was known of the events when it was mapped
    ContentHash answer;
    Mapping mapping;
  };
  void forget(std::list<Remembered>::iterator at);

  std::size_t most_records_;
  std::size_t records_ = 0;
  std::list<Remembered> recent_first_;
  std::unordered_map<std::string_view, std::list<Remembered>::iterator> by_url_;
};

}  // namespace oddsloom
