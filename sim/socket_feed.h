// What the simulated bookmaker pushes: Socket.IO 2 over Engine.IO 3, rooms, EVENT_UPDATE,
// MARKET_UPDATE and BUFFERED_MARKET_UPDATE with the feed's own field names, and what can go wrong
// with it. Between the world and the server's websockets. Time is handed in; one thread.
//
//   0{"sid",..} 40                              to whoever has connected
//   42["subscribe","sport-1"]                   MARKET_UPDATE and EVENT_UPDATE of a sport
//   42["subscribe","buffered-event-ID-194-0.00"]  BUFFERED_MARKET_UPDATE of one market
//   42["unsubscribe",room]; 2 is answered by 3; a client that does not ping is left
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/faults.h"
#include "sim/socket.h"
#include "sim/world.h"

namespace oddsloom::sim {

class SocketFeed {
 public:
  explicit SocketFeed(const World& world) : world_(world) {}

  void opened(std::uint64_t id, UtcMillis now);
  void heard(std::uint64_t id, const std::string& text, UtcMillis now);
  void closed(std::uint64_t id) { clients_.erase(id); }
  // `world_now` may stand still while `now` goes on.
  std::vector<SocketOut> turn(UtcMillis now, UtcMillis world_now, const FaultPlan& faults);

  std::uint64_t messages() const { return messages_; }  // updates pushed, to all together
  const std::array<std::uint64_t, kFeedFaults>& dealt() const { return dealt_; }
  std::size_t clients() const { return clients_.size(); }

 private:
  struct Waiting {
    UtcMillis due;
    SocketOut out;
  };
  struct Client {
    std::set<std::string> rooms;
    std::deque<Waiting> waiting;
    UtcMillis heard_at;  // anything
    bool silent = false;
    std::string held_back;  // a message that goes after the next one
  };

  void look(UtcMillis world_now);
  void look_at_event(const Event& event, UtcMillis world_now);
  void push(const std::string& room, std::string_view name, const std::string& body);
  void push_market(const Event& event, const MarketSpec& spec, const std::string& body);
  void push_event(const Event& event, bool over, UtcMillis world_now);
  void deliver(std::uint64_t id, Client& client, const std::string& text);
  void enqueue(std::uint64_t id, Client& client, SocketOut::What what, std::string text);

  const World& world_;
  std::map<std::uint64_t, Client> clients_;
  std::map<std::pair<std::int64_t, int>, std::string> said_;  // by event and place in its table
  struct Playing {
    Event event;
    std::string state;
    UtcMillis clock_told;
  };
  std::map<std::int64_t, Playing> playing_;
  bool watching_ = false;  // said_ and playing_ are what was true at the last look
  UtcMillis now_, next_look_;
  FaultPlan faults_;
  std::uint64_t messages_ = 0, rolls_ = 0;
  std::array<std::uint64_t, kFeedFaults> dealt_{};
};

}  // namespace oddsloom::sim
