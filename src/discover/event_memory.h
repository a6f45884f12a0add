// What a listener knows of events from lists it saw pass by: who plays, when, in which sport. The
// answers with the markets say none of that. Bounded: of too many the one not seen for longest
// goes. Not thread-safe: one listener's own.
#pragma once

#include <list>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "bookmaker/request.h"

namespace oddsloom {

class EventMemory {
 public:
  EventMemory(std::set<std::string> bet_types, std::size_t most)
      : bet_types_(std::move(bet_types)), most_(most) {}

  // What is not known in `work` does not take away what was.
  void learn(WorkEntry work);
  // Null: never heard of. The pointer holds until the next learn().
  WantedEvent* find(std::string_view event_id);
  std::size_t size() const { return events_.size(); }

 private:
  std::set<std::string> bet_types_;
  std::size_t most_;
  std::list<WantedEvent> events_;  // last seen first
  std::unordered_map<std::string_view, std::list<WantedEvent>::iterator> by_id_;
};

}  // namespace oddsloom
