// What answers that passed by mean: recognised by the bookmaker's folder, read by the same mapping
// as those that were asked for, and either complete records or the ids of events that somebody has
// to ask about. Between a page or a capture and the intake. No I/O; not thread-safe: one listener's
// own.
#pragma once

#include <string>
#include <vector>

#include "bookmaker/mapping.h"
#include "bookmaker/spec.h"
#include "discover/captured.h"
#include "discover/event_memory.h"

namespace oddsloom {

struct TrafficConfig {
  std::string base_url;                // "" = the bookmaker's own
  std::vector<std::string> bet_types;  // of interest
  std::optional<Source> only;          // nothing = both sources
  std::size_t most_events = 20'000;    // remembered, per source
};

struct TrafficReading {
  enum class Kind {
    NotOurs,  // no rule of the folder is about it
    Read,     // whatever was in it was read
    Blocked,  // the site refuses: a challenge page, 401, 403, 429
    Useless,  // an error, a page, a changed format, something cut off: `message` says which
  };
  Kind kind = Kind::NotOurs;
  std::string rule;     // its name in the folder
  std::string message;  // of Blocked and Useless
  Source source = Source::Live;
  std::size_t events = 0;          // that a list told of
  std::vector<Record> records;     // with teams and kick-off; withdrawals among them
  std::vector<WorkEntry> unknown;  // events of which too little is known, or could be read
  std::vector<std::string> problems;
};

class TrafficReader {
 public:
  TrafficReader(const Bookmaker& bookmaker, const BetTypes& bet_types, TrafficConfig config);

  // Whether anything would be read from it.
  bool wants(TrafficKind kind, std::string_view url) const;
  TrafficReading read(const Captured& seen);
  // Of a page's own document: whether it is a challenge or refusal rather than the page.
  std::optional<std::string> refusal(const Captured& document) const;
  std::size_t known_events() const { return live_.size() + upcoming_.size(); }

 private:
  EventMemory& memory(Source source) { return source == Source::Live ? live_ : upcoming_; }
  void read_list_into(const Captured& seen, const TrafficMatch& match, TrafficReading& out);
  void read_frame_into(const Captured& seen, const TrafficMatch& match, TrafficReading& out);
  void read_markets_into(std::string_view body, const Captured& seen, const TrafficMatch& match,
                         TrafficReading& out);
  void ask_about(const std::string& event_id, const TrafficMatch& match, TrafficReading& out);
  bool place(Record& record);

  const Bookmaker& bookmaker_;
  const BetTypes& bet_types_;
  const TrafficConfig config_;
  EventMemory live_, upcoming_;
};

}  // namespace oddsloom
