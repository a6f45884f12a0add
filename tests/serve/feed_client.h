// A client of the feed as docs/feed.md tells people to write one: it keeps what it was told, by
// market, and where it stands. Takes the bytes of an event stream, or websocket messages. One
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"

namespace oddsloom::test {

class FeedClient {
 public:
  struct Outcome {
    std::string price, last_price, status;  // "" = none
    bool operator==(const Outcome&) const = default;
  };
  struct Market {
    std::string match_id, status, home, away;
    bool stale = false;
    std::map<std::string, Outcome> outcomes;
    bool operator==(const Market&) const = default;
  };
  struct Told {
    std::string match_id, home, away;
  };
  struct Event {
    std::string name, id, data;
  };

  void take(std::string_view bytes);      // of an event stream, in any pieces
  void message(const std::string& text);  // of a websocket
  void lose_connection() { buffer_.clear(); }

  // "bookiedelta upcoming 4410027 three_way full_time 2.5"
  static std::string key(const Record& record, const std::string& bookmaker);

  std::string last_id;
  std::map<std::string, Market> markets;
  std::vector<Event> events;              // all that came, in order
  std::map<std::string, int> change_ids;  // of odds, suspended and removed: how often each came
  bool has_snapshot = false;              // a complete one, or resumed from an id
  int resets = 0;
  std::string retry;

  std::size_t count(std::string_view name) const;
  const Event* last(std::string_view name) const;

 private:
  void apply(const Event& event);

  std::string buffer_;
  std::map<std::string, Told> listed_;  // by a resumed that is not complete yet
};

}  // namespace oddsloom::test
