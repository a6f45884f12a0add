#include "sim/socket_feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "sim/noise.h"
#include "sim/pricing.h"
#include "sim/wording.h"

namespace oddsloom::sim {
namespace {

constexpr std::int64_t kLookEvery = 10;  // milliseconds, on their multiples
constexpr Millis kClockEvery{5'000};     // an event tells its clock so often
constexpr Millis kPingEvery{25'000};
constexpr Millis kPingGrace{5'000};
constexpr std::size_t kMostRooms = 10'000;

std::string sport_room(Sport sport) { return fmt::format("sport-{}", sport_info(sport).live_id); }

std::string market_room(const Event& event, const MarketSpec& spec) {
  return fmt::format("buffered-event-{}-{}-{}", event.live_id, spec.id,
                     line_two_decimals(spec.line));
}

// One market as the feed words it; "" = not offered now.
std::string market_body(const World& world, const Book& book, const EventNames& names,
                        const MarketSpec& spec) {
  const auto offered = quote(world, book, spec);
  if (!offered) return "";
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("eventId", book.event.live_id)
      .member("eventMarketId", live_event_market_id(book.event, spec))
      .member("type", spec.id)
      .member("handicap", line_two_decimals(spec.line))
      .member("name", live_market_name(spec))
      .member("status", offered->suspended ? "Suspended" : "Open")
      .member("template", spec.columns)
      .member("sequence", spec.sequence);
  json.key("selections").begin_array();
  // Every other suspended market comes without its selections.
  const bool bare =
      offered->suspended && hash_of({book.event.seed, 61, static_cast<std::uint64_t>(spec.id)}) % 2;
  for (int i = 0; i < offered->count && !bare; ++i) {
    const Selection& selection = offered->selections.at(static_cast<std::size_t>(i));
    json.begin_object()
        .member("id", live_selection_id(book.event, spec, i))
        .member("name", live_selection_name(names, spec, i))
        .member("odds", odds_text(selection.hundredths))
        .member("status", selection.closed ? "Closed" : "Open")
        .end_object();
  }
  json.end_array().end_object();
  return out;
}

// What is said of a market that is no longer offered.
std::string gone_body(const Event& event, const MarketSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("eventId", event.live_id)
      .member("eventMarketId", live_event_market_id(event, spec))
      .member("type", spec.id)
      .member("handicap", line_two_decimals(spec.line))
      .member("name", live_market_name(spec))
      .member("status", "Suspended")
      .member("template", spec.columns)
      .member("sequence", spec.sequence);
  json.key("selections").begin_array().end_array().end_object();
  return out;
}

std::string state_text(const MatchState& state) {
  return fmt::format("{} {}:{}", state.phase->name, state.home_score, state.away_score);
}

}  // namespace

void SocketFeed::opened(std::uint64_t id, UtcMillis now) {
  Client& client = clients_[id];
  client.heard_at = now;
  now_ = now;
  enqueue(id, client, SocketOut::What::Text,
          fmt::format(R"(0{{"sid":"sim{}","upgrades":[],"pingInterval":{},"pingTimeout":{}}})", id,
                      kPingEvery.count(), kPingGrace.count()));
  enqueue(id, client, SocketOut::What::Text, "40");
}

void SocketFeed::heard(std::uint64_t id, const std::string& text, UtcMillis now) {
  const auto at = clients_.find(id);
  if (at == clients_.end()) return;
  now_ = now;
  at->second.heard_at = now;
  if (text == "2") return enqueue(id, at->second, SocketOut::What::Text, "3");
  constexpr std::string_view kSubscribe = R"(42["subscribe",)";
  constexpr std::string_view kUnsubscribe = R"(42["unsubscribe",)";
  const bool in = text.starts_with(kSubscribe);
  if (!in && !text.starts_with(kUnsubscribe)) return;
  const auto begin = text.find('"', in ? kSubscribe.size() : kUnsubscribe.size());
  const auto end = text.find('"', begin + 1);
  if (begin == std::string::npos || end == std::string::npos) return;
  const std::string room = text.substr(begin + 1, end - begin - 1);
  if (!in)
    at->second.rooms.erase(room);
  else if (at->second.rooms.size() < kMostRooms)
    at->second.rooms.insert(room);
}

std::vector<SocketOut> SocketFeed::turn(UtcMillis now, UtcMillis world_now,
                                        const FaultPlan& faults) {
  now_ = now;
  if (!(faults_ == faults)) {
    faults_ = faults;
    for (auto& [id, client] : clients_) client.silent = false;
  }
  const bool wanted = std::any_of(clients_.begin(), clients_.end(),
                                  [](const auto& c) { return !c.second.rooms.empty(); });
  if (!wanted) {
    watching_ = false;
  } else if (!watching_ || now >= next_look_) {
    look(world_now);
    next_look_ = {(now.value / kLookEvery + 1) * kLookEvery};
  }
  std::vector<SocketOut> out;
  for (auto& [id, client] : clients_) {
    if (now - client.heard_at > kPingEvery + kPingGrace) {
      client.waiting.clear();
      out.push_back({id, SocketOut::What::Cut, ""});
      continue;
    }
    while (!client.waiting.empty() && client.waiting.front().due <= now) {
      out.push_back(std::move(client.waiting.front().out));
      client.waiting.pop_front();
    }
  }
  return out;
}

// The first look says nothing: a client learns how things stand by asking, and from then on what
// changes.
void SocketFeed::look(UtcMillis world_now) {
  const auto events = world_.in_play(world_now);
  if (!watching_) {
    said_.clear();
    playing_.clear();
  }
  std::set<std::int64_t> still;
  for (const Event& event : events) {
    still.insert(event.live_id);
    look_at_event(event, world_now);
  }
  for (auto at = playing_.begin(); at != playing_.end();) {
    if (still.contains(at->first)) {
      ++at;
      continue;
    }
    push_event(at->second.event, true, world_now);
    std::erase_if(said_, [&](const auto& said) { return said.first.first == at->first; });
    at = playing_.erase(at);
  }
  watching_ = true;
}

void SocketFeed::look_at_event(const Event& event, UtcMillis world_now) {
  const auto [at, is_new] = playing_.try_emplace(event.live_id);
  Playing& playing = at->second;
  playing.event = event;
  const std::string state = state_text(world_.state(event, world_now));
  if (state != playing.state || world_now - playing.clock_told >= kClockEvery) {
    if (watching_) push_event(event, false, world_now);
    playing.state = state;
    playing.clock_told = world_now;
  }
  const EventNames names = world_.names(event);
  const Book book = open_book(world_, event, Source::Live, world_now);
  const auto table = market_table(event.sport, Source::Live);
  const auto count = static_cast<std::size_t>(core_markets(event.sport, Source::Live));
  for (std::size_t i = 0; i < count; ++i) {
    std::string body = market_body(world_, book, names, table[i]);
    std::string& said = said_[{event.live_id, static_cast<int>(i)}];
    if (body == said) continue;
    if (watching_) push_market(event, table[i], body.empty() ? gone_body(event, table[i]) : body);
    said = std::move(body);
  }
}

void SocketFeed::push_market(const Event& event, const MarketSpec& spec, const std::string& body) {
  push(sport_room(event.sport), "MARKET_UPDATE", body);
  push(market_room(event, spec), "BUFFERED_MARKET_UPDATE", body);
}

void SocketFeed::push_event(const Event& event, bool over, UtcMillis world_now) {
  const MatchState state = world_.state(event, over ? event.end : world_now);
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("id", event.live_id)
      .member("sportId", sport_info(event.sport).live_id)
      .member("status", over                   ? "Ended"
                        : state.phase->playing ? "Started"
                                               : "Break")
      .member("isPaused", false);
  json.key("state").begin_object();
  json.member("currentEventPhase", state.phase->name)
      .member("matchTime",
              fmt::format("{:02}:{:02}", state.clock_seconds / 60, state.clock_seconds % 60));
  json.key("matchScore").begin_object();
  json.member("home", fmt::format("{}", state.home_score))
      .member("away", fmt::format("{}", state.away_score));
  json.end_object().end_object().end_object();
  push(sport_room(event.sport), "EVENT_UPDATE", out);
}

void SocketFeed::push(const std::string& room, std::string_view name, const std::string& body) {
  std::string text;
  for (auto& [id, client] : clients_) {
    if (!client.rooms.contains(room)) continue;
    if (text.empty()) text = fmt::format(R"(42["{}",{}])", name, body);
    ++messages_;
    deliver(id, client, text);
  }
}

// One message to one client, or what befalls it.
void SocketFeed::deliver(std::uint64_t id, Client& client, const std::string& text) {
  if (client.silent) return;
  const std::uint64_t roll = rolls_++;
  double at = unit(hash_of({faults_.seed, 62, roll}));
  for (std::size_t i = 0; i < kFeedFaults; ++i) {
    const auto fault = static_cast<FeedFault>(i);
    if (fault == FeedFault::Refuse) continue;  // befalls handshakes
    if (at >= faults_.feed.at(i)) {
      at -= faults_.feed.at(i);
      continue;
    }
    ++dealt_.at(i);
    switch (fault) {
      case FeedFault::Cut:
        return enqueue(id, client, SocketOut::What::Cut, "");
      case FeedFault::Restart:
        enqueue(id, client, SocketOut::What::Text, "41");
        return enqueue(id, client, SocketOut::What::Goodbye, "");
      case FeedFault::Garble: {
        if (roll % 3 == 0) return enqueue(id, client, SocketOut::What::Binary, "\x01\x02\x03");
        std::string broken = text.substr(0, text.size() * 2 / 3);
        if (roll % 3 == 1) broken += "#!";
        return enqueue(id, client, SocketOut::What::Text, broken);
      }
      case FeedFault::Duplicate:
        enqueue(id, client, SocketOut::What::Text, text);
        break;
      case FeedFault::Reorder:
        if (!client.held_back.empty()) break;
        client.held_back = text;
        return;
      case FeedFault::Silence:
        client.silent = true;
        return;
      case FeedFault::Refuse:
        break;
    }
    break;
  }
  enqueue(id, client, SocketOut::What::Text, text);
  if (const std::string late = std::exchange(client.held_back, ""); !late.empty())
    enqueue(id, client, SocketOut::What::Text, late);
}

void SocketFeed::enqueue(std::uint64_t id, Client& client, SocketOut::What what, std::string text) {
  client.waiting.push_back({now_ + faults_.feed_delay, {id, what, std::move(text)}});
}

}  // namespace oddsloom::sim
