#include "serve/feed_client.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace oddsloom::test {
namespace {

namespace dom = simdjson::dom;

std::string text(dom::element of, const char* member) {
  dom::element value;
  if (of[member].get(value) != simdjson::SUCCESS || value.is_null()) return "";
  return std::string(value.get_string().value());
}

std::string word(dom::element list, std::size_t at) {
  return std::string(list.at(at).get_string().value());
}

std::string number(dom::element of, const char* member) {
  dom::element value;
  if (of[member].get(value) != simdjson::SUCCESS || value.is_null()) return "";
  return fmt::format("{:.3f}", value.get_double().value());
}

std::string key_of(dom::element market) {
  return fmt::format("{} {} {} {} {} {}", text(market, "bookmaker"), text(market, "source"),
                     text(market, "event_id"), text(market, "bet_type"), text(market, "segment"),
                     number(market, "line"));
}

void update(FeedClient::Market& known, dom::element market) {
  known.match_id = text(market, "match_id");
  known.status = text(market, "status");
  known.stale = bool(market["stale"]);
  if (bool(market["full"])) {
    known.outcomes.clear();
    known.home = text(market, "home_team");
    known.away = text(market, "away_team");
  }
  for (const dom::element one : dom::array(market["outcomes"]))
    known.outcomes[text(one, "key")] = {number(one, "price"), number(one, "last_price"),
                                        text(one, "status")};
}

}  // namespace

std::string FeedClient::key(const Record& record, const std::string& bookmaker) {
  return fmt::format("{} {} {} {} {} {}", bookmaker, to_string(record.source), record.event_id,
                     record.bet_type, record.segment,
                     record.line ? fmt::format("{:.3f}", record.line->thousandths / 1000.0) : "");
}

void FeedClient::take(std::string_view bytes) {
  buffer_.append(bytes);
  for (std::size_t end = 0; (end = buffer_.find("\n\n")) != std::string::npos;) {
    Event event;
    std::string_view block = std::string_view(buffer_).substr(0, end);
    while (!block.empty()) {
      const auto line_end = std::min(block.find('\n'), block.size());
      const std::string_view line = block.substr(0, line_end);
      const auto colon = line.find(": ");
      if (colon != std::string_view::npos) {
        const std::string_view field = line.substr(0, colon), value = line.substr(colon + 2);
        if (field == "id") event.id = value;
        if (field == "event") event.name = value;
        if (field == "data") event.data = value;
        if (field == "retry") retry = value;
      }
      block.remove_prefix(std::min(line_end + 1, block.size()));
    }
    buffer_.erase(0, end + 2);
    if (!event.name.empty()) apply(event);
  }
}

void FeedClient::message(const std::string& text_) {
  dom::parser parser;
  const dom::element root = parser.parse(text_);
  Event event{text(root, "event"), text(root, "id"), simdjson::minify(root["data"].value())};
  apply(event);
}

void FeedClient::apply(const Event& event) {
  events.push_back(event);
  dom::parser parser;
  const dom::element data = parser.parse(event.data);
  const std::string& name = event.name;
  if (name == "reset") {
    ++resets;
    markets.clear();
    has_snapshot = false;
  } else if (name == "snapshot") {
    for (const dom::element market : dom::array(data["markets"]))
      update(markets[key_of(market)], market);
  } else if (name == "snapshot-complete") {
    has_snapshot = true;
  } else if (name == "odds" || name == "suspended") {
    update(markets[key_of(data)], data);
  } else if (name == "removed") {
    markets.erase(key_of(data));
  } else if (name == "stale") {
    markets[key_of(data)].stale = true;
  } else if (name == "matched") {
    const std::string begin = fmt::format("{} {} {} ", text(data, "bookmaker"),
                                          text(data, "source"), text(data, "event_id"));
    for (auto& [key, market] : markets)
      if (key.starts_with(begin)) market.match_id = text(data, "match_id");
  } else if (name == "resumed") {
    if (bool(data["first"])) listed_.clear();
    for (const dom::element one : dom::array(data["events"]))
      listed_[fmt::format("{} {} {} ", std::string_view(one.at(0)), std::string_view(one.at(1)),
                          std::string_view(one.at(2)))] = {word(one, 3), word(one, 4),
                                                           word(one, 5)};
    if (bool(data["last"]))
      for (auto market = markets.begin(); market != markets.end();) {
        std::size_t at = 0;
        for (int i = 0; i < 3; ++i) at = market->first.find(' ', at) + 1;
        const auto found = listed_.find(market->first.substr(0, at));
        if (found == listed_.end()) {
          market = markets.erase(market);
          continue;
        }
        market->second.match_id = found->second.match_id;
        market->second.home = found->second.home;
        market->second.away = found->second.away;
        market->second.stale = false;
        ++market;
      }
  }
  if (!event.id.empty()) {
    last_id = event.id;
    if (name == "odds" || name == "suspended" || name == "removed") ++change_ids[event.id];
  }
}

std::size_t FeedClient::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [&](const Event& event) { return event.name == name; }));
}

const FeedClient::Event* FeedClient::last(std::string_view name) const {
  const auto found = std::find_if(events.rbegin(), events.rend(),
                                  [&](const Event& event) { return event.name == name; });
  return found == events.rend() ? nullptr : &*found;
}

}  // namespace oddsloom::test
