// A bookmaker's feed as its folder declares it ([feeds.X]): where it is, how its messages are
// framed, what to subscribe to, and what a message says. Used by discover/socket_listener; prices
// in a message are read by mapping.h, by the folder's forms. Immutable after loading; any thread.
// docs/bookmaker-folder.md describes the file's side.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bookmaker/framing.h"
#include "bookmaker/spec.h"
#include "model/work_entry.h"

namespace oddsloom {

struct FeedSettings {
  std::string name;  // "live"
  Source source = Source::Live;
  std::string url;  // "wss://.."
  Framing framing;
  std::vector<std::string> headers;  // "Name: value", of the handshake; beside the bookmaker's own
  std::vector<std::string> subscribe;        // texts for frame(), {sport_id} filled in per sport
  std::vector<std::string> subscribe_event;  // likewise {event_id}, {market_id}
  std::size_t most_event_rooms = 500;        // subscriptions to events at a time
  Millis silence{30'000};  // nothing said so long, though events are in play: a gap
  Millis most_lag{2'000};  // an answer to a ping that takes longer: what comes is not fresh
};

// Null = the bookmaker declares none for the source.
const FeedSettings* feed_of(const Bookmaker& bookmaker, Source source);

// The feed's address where another base_url than the folder's is in force: that host, the feed's
// path.
std::string feed_url(const Bookmaker& bookmaker, const FeedSettings& feed,
                     const std::string& base_url);

// What to send once the session is ready, not yet framed: for every sport whose lists are read.
std::vector<std::string> subscriptions(const Bookmaker& bookmaker, const FeedSettings& feed);
// What to send for an event that has come into play; empty where the feed has no rooms of events.
std::vector<std::string> event_subscriptions(const Bookmaker& bookmaker, const FeedSettings& feed,
                                             const WorkEntry& event,
                                             const std::vector<std::string>& bet_types);

// What one message says.
struct FeedNews {
  enum class Kind {
    Other,   // of no interest: a name that the folder does not declare
    Market,  // markets of the events; `payload` is for map_answer
    Event    // how the events stand
  };
  struct About {
    std::string event_id;
    std::string state;  // Event: the values of look_when_changed; differs = worth a look
  };
  Kind kind = Kind::Other;
  std::string payload;
  std::vector<About> events;
};

// Errors: Malformed (no JSON, no event id where one belongs), with the message's name and path.
Result<FeedNews> read_news(const Bookmaker& bookmaker, const FeedSettings& feed,
                           const FeedMessage& message);

}  // namespace oddsloom
