// Follows a store, also one that other processes write, and makes boards of it: the documents at
// the start, a bet type and source at a time, then the change log by cursor; sighting times as the
// store tells them, live ones often, and once a minute all of them, because what the store has
// removed is known by its absence. Matches are those of the links
// where there are any; an event that nothing is linked with is a match of its own. What a turn
// reads is bounded, so a start takes several of them. Stores -> keeper -> odds_api, feed,
// dashboard. One thread; the boards are any thread's.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "serve/board.h"
#include "serve/catalog.h"
#include "store/links.h"
#include "store/store.h"

namespace oddsloom {

struct BoardTurn {
  std::shared_ptr<const Board> board;  // nullptr: nothing changed
  std::vector<BoardChange> changes;    // in the order of the log
  // Changes were missed (the log was trimmed past the cursor): the board is true, but `changes` do
  // not lead to it from the one before. So also with the first board.
  bool gap = false;
  std::string trouble;  // why the store could not be read; "" = it could. The next turn goes on
};

class BoardKeeper {
 public:
  struct Rhythm {
    Millis live{1'000};       // how often live sightings are read
    Millis upcoming{10'000};  // and upcoming ones
    Millis all{60'000};       // and of everything, to find out what is gone
    Millis links{1'000};
    std::size_t most_changes = 5'000;  // in one turn
  };

  // The catalog outlives the keeper. `links` may be nullptr: no match has events of two bookmakers.
  BoardKeeper(const Catalog& catalog, std::unique_ptr<Reader> reader,
              std::unique_ptr<LinkBook> links, Rhythm rhythm);
  BoardKeeper(const Catalog& catalog, std::unique_ptr<Reader> reader,
              std::unique_ptr<LinkBook> links = nullptr)
      : BoardKeeper(catalog, std::move(reader), std::move(links), Rhythm()) {}

  BoardTurn turn(UtcMillis now);
  // Everything was read once; until then there is no board.
  bool ready() const { return ready_; }

 private:
  struct EventHash {
    std::size_t operator()(const EventId& id) const;
  };
  struct Market {
    BoardMarket market;
    std::size_t rank = 0;       // of its bet type
    std::uint64_t reading = 0;  // of its source's, when it was last met
  };
  struct Event {
    std::string match_id;
    std::vector<Market> markets;  // in BoardEvent's order
  };
  struct Match {
    std::set<EventId> events;
    std::shared_ptr<const BoardMatch> made;
  };
  // One bet type and source: what is read at a time at the start.
  struct Slice {
    std::string bet_type;
    Source source;
    std::size_t rank;
    bool read = false;
  };
  // What is known of a source's sightings.
  struct Watch {
    Source source;
    Millis every;
    UtcMillis due{}, all_due{};
    UtcMillis newest{};
    std::uint64_t readings = 0;  // of everything
  };

  Result<void> follow(UtcMillis now, BoardTurn& out);
  Result<void> begin();
  Result<void> read_changes(BoardTurn& out);
  Result<void> read_slice(Slice& slice);
  Result<void> read_seen(Watch& watch, UtcMillis now);
  Result<void> read_links(UtcMillis now);
  struct Place {
    std::vector<Market>::iterator at;
    bool known;
  };
  static Place place_in(Event& event, std::size_t rank, const std::string& segment,
                        const std::optional<Line>& line);
  // `change` is filled in where the record says something new; nullptr: nobody wants to know.
  void take(const Record& record, std::size_t rank, BoardChange* change);
  void sight(const Seen& seen, std::uint64_t reading);
  void note_live(const Record& record, UtcMillis observed_at);
  void note_time(Event& event, Market& market, UtcMillis observed_at);
  void drop_unread(const Watch& watch);
  void place(const EventId& id, Event& event, const std::string& match_id);
  void link(const Link& link);
  void unlink(const EventId& id);
  void move(const EventId& id, const std::string& match_id);
  bool is_live(const BoardEvent& event, UtcMillis now) const;
  std::string match_of(const EventId& id) const;
  std::size_t rank_of(const std::string& bet_type) const;
  std::shared_ptr<const BoardMatch> make(const std::string& id, const Match& match,
                                         UtcMillis now) const;
  void end_lives(UtcMillis now);
  std::shared_ptr<const Board> make_board(UtcMillis now);

  const Catalog& catalog_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<LinkBook> links_;
  Rhythm rhythm_;

  std::unordered_map<EventId, Event, EventHash> events_;
  std::unordered_map<std::string, Match> matches_;
  struct Linked {
    std::string match_id;
    BoardLink how;
  };
  std::unordered_map<EventId, Linked, EventHash> linked_;  // events of linked matches
  std::unordered_map<std::string, UtcMillis> live_seen_;   // by bookmaker: the newest live sighting
  std::unordered_set<std::string> dirty_;                  // ids of matches to make anew
  std::vector<std::shared_ptr<const BoardMatch>> order_;
  std::shared_ptr<const BoardIndex> index_;

  std::vector<Slice> slices_;
  std::vector<Watch> watches_;
  std::uint64_t cursor_ = 0, told_cursor_ = 0;
  std::uint64_t revision_ = 0;
  UtcMillis links_due_;
  bool begun_ = false, ready_ = false, gap_ = true;
};

}  // namespace oddsloom
