// Everything that clients can be told now: the matches, and what every bookmaker says of them. Kept
// up to date by board_keeper.h from the store; read by odds_api, feed and dashboard. A board is
// never changed once it is made, and the next one shares with it every match that stayed the same,
// so any thread may keep one as long as it likes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/record.h"

namespace oddsloom {

// A record and when it was last seen to hold. The time stands beside the record, because it moves
// every few seconds while the record, which is large, stays: observed_at of the record itself is
// that of its last change or older reading, and says nothing about freshness.
struct BoardMarket {
  std::shared_ptr<const Record> record;
  UtcMillis observed_at;
};

// How a listing was found to be of the match; as store/links.h tells it.
struct BoardLink {
  std::string method;  // "betradar"
  double score = 1;    // 0..1
  std::string evidence{};
  UtcMillis linked_at{};
};

// One bookmaker's listing of a match.
struct BoardEvent {
  std::string bookmaker;
  Source source = Source::Upcoming;
  std::string event_id;
  // In the order of the bet types, then by segment and line. As stored: whether a price still holds
  // is judged when it is told, by the catalog's limits.
  std::vector<BoardMarket> markets;
  std::optional<BoardLink> link;  // nothing: the match is named after this listing
};

struct BoardMatch {
  std::string id;     // 32 lower-case hex digits; that of the links, see store/links.h
  std::string sport;  // "football"; "" = the bookmaker's sport id is not declared
  // As the first bookmaker by name says that knows them; "" = nobody does.
  std::string home, away, competition;
  std::optional<UtcMillis> start_time;
  // Somebody lists it as live. Bookmakers do not say when a match is over, they stop listing it:
  // one that a bookmaker does not see for two minutes, while it sees others, is not live any more.
  bool live = false;
  bool was_live = false;           // it was; what is not live any more is over
  std::vector<BoardEvent> events;  // by bookmaker, live before upcoming, then by event id
};

// Places in Board::matches by id. Boards share it as long as no match comes, goes or changes its
// place.
struct BoardIndex {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> places;
};

struct Board {
  std::uint64_t sequence = 0;  // of the change log: what is in it up to here is in the board
  UtcMillis at;                // when it was made
  std::vector<std::shared_ptr<const BoardMatch>> matches;  // live first, then by kick-off, then id
  std::shared_ptr<const BoardIndex> index;                 // nullptr: there are no matches

  const BoardMatch* find(std::string_view id) const {
    if (!index) return nullptr;
    const auto found = index->places.find(id);
    return found == index->places.end() ? nullptr : matches[found->second].get();
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
