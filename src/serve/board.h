// Everything that clients can be told now: the matches, and what every bookmaker says of them. Kept
// up to date by board_keeper.h from the store; read by odds_api, feed and dashboard. A board is
// never changed once it is made, and the next one shares with it every match that stayed the same,
// so any thread may keep one as long as it likes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/record.h"

namespace oddsloom {

// One bookmaker's listing of a match.
struct BoardEvent {
  std::string bookmaker;
  Source source = Source::Upcoming;
  std::string event_id;
  // In the order of the bet types, then by segment and line. As stored: whether a price still holds
  // is judged when it is told, by the catalog's limits.
  std::vector<std::shared_ptr<const Record>> markets;
};

struct BoardMatch {
  std::string id;     // 32 lower-case hex digits; that of the links, see store/links.h
  std::string sport;  // "football"; "" = the bookmaker's sport id is not declared
  // As the first bookmaker by name says that knows them; "" = nobody does.
  std::string home, away, competition;
  std::optional<UtcMillis> start_time;
  bool live = false;               // somebody lists it as live
  std::vector<BoardEvent> events;  // by bookmaker, live before upcoming, then by event id
};

struct Board {
  std::uint64_t sequence = 0;  // of the change log: what is in it up to here is in the board
  UtcMillis at;                // when it was made
  std::vector<std::shared_ptr<const BoardMatch>> matches;  // live first, then by kick-off, then id
  std::unordered_map<std::string_view, const BoardMatch*> by_id;

  const BoardMatch* find(std::string_view id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
  }
};

// One entry of the change log, as the board was told it.
struct BoardChange {
  std::uint64_t sequence = 0;
  std::string match_id;
  std::shared_ptr<const Record> before;  // nullptr: not known before
  std::shared_ptr<const Record> after;
};

}  // namespace oddsloom
