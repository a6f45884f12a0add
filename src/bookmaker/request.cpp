#include "bookmaker/request.h"

#include <fmt/format.h>

#include <algorithm>

#include "bookmaker/compiled_spec.h"

namespace oddsloom {
namespace {

const Sport* sport_of(const CompiledSpec& spec, Source source, const WorkEntry& event) {
  return event.sport_id.empty() ? spec.default_sport() : spec.sport(source, event.sport_id);
}

std::string sport_id_of(const CompiledSpec& spec, Source source, const WorkEntry& event) {
  if (!event.sport_id.empty()) return event.sport_id;
  const Sport* sport = spec.default_sport();
  return sport && sport->side(source) ? sport->side(source)->id : std::string();
}

// The ids of the markets these events want, by sport and in the order of bet types, each once.
std::vector<std::string> market_ids(const CompiledSpec& spec, const Endpoint& endpoint,
                                    const std::vector<WantedEvent>& events) {
  std::vector<std::string> out;
  std::set<const Sport*> sports;
  std::set<std::string> bet_types;
  bool names_missing = false;
  for (const WantedEvent& event : events) {
    sports.insert(sport_of(spec, endpoint.source, event.work));
    bet_types.insert(event.bet_types.begin(), event.bet_types.end());
    names_missing = names_missing || event.work.home.empty() || event.work.away.empty();
  }
  if (names_missing && spec.names_from) bet_types.insert(spec.names_from->bet_type);
  for (const Sport& sport : spec.sports) {
    if (!sports.contains(&sport) || !sport.side(endpoint.source)) continue;
    for (const auto& [bet_type, id] : sport.side(endpoint.source)->markets) {
      if (!bet_types.contains(bet_type)) continue;
      std::string written = endpoint.market_id;
      written.replace(written.find("{id}"), 4, id);
      if (std::find(out.begin(), out.end(), written) == out.end()) out.push_back(written);
    }
  }
  return out;
}

Fetch fetch_of(const Bookmaker& bookmaker, const Endpoint& endpoint,
               std::vector<WantedEvent> events, const std::string& base_url) {
  const CompiledSpec& spec = *bookmaker.compiled;
  std::vector<std::string> event_ids;
  for (const WantedEvent& event : events) event_ids.push_back(event.work.event_id);
  const UrlTemplate::Values values{
      {"event_ids", std::move(event_ids)},
      {"market_ids", market_ids(spec, endpoint, events)},
      {"sport_id", {sport_id_of(spec, endpoint.source, events.front().work)}}};
  return {endpoint.name,
          endpoint.source,
          endpoint.method,
          (base_url.empty() ? bookmaker.base_url : base_url) + endpoint.url.fill(values),
          bookmaker.headers,
          endpoint.body.fill(values, UrlTemplate::Escape::Json),
          std::move(events)};
}

}  // namespace

std::string request_group(const Bookmaker& bookmaker, Source source, const WorkEntry& event) {
  const Endpoint* endpoint = bookmaker.compiled->endpoint(source);
  return endpoint && endpoint->one_sport ? sport_id_of(*bookmaker.compiled, source, event)
                                         : std::string();
}

std::size_t ids_per_request(const Bookmaker& bookmaker, Source source) {
  const Endpoint* endpoint = bookmaker.compiled->endpoint(source);
  return endpoint ? endpoint->ids_per_request : 1;
}

std::vector<Fetch> plan_fetches(const Bookmaker& bookmaker, Source source,
                                std::vector<WantedEvent> events, std::size_t most_ids,
                                const std::string& base_url) {
  const CompiledSpec& spec = *bookmaker.compiled;
  const Endpoint* endpoint = spec.endpoint(source);
  if (!endpoint) return {};
  const std::size_t most = std::max<std::size_t>(1, std::min(most_ids, endpoint->ids_per_request));
  struct Group {
    std::string sport_id;
    std::vector<WantedEvent> events;
  };
  std::vector<Group> groups;  // in the order in which their first event comes
  for (WantedEvent& event : events) {
    const std::string sport_id =
        endpoint->one_sport ? sport_id_of(spec, source, event.work) : std::string();
    // Only the last group of a sport can have room.
    const auto last = std::find_if(groups.rbegin(), groups.rend(),
                                   [&](const Group& group) { return group.sport_id == sport_id; });
    if (last != groups.rend() && last->events.size() < most)
      last->events.push_back(std::move(event));
    else
      groups.push_back({sport_id, {std::move(event)}});
  }
  std::vector<Fetch> out;
  for (Group& group : groups)
    out.push_back(fetch_of(bookmaker, *endpoint, std::move(group.events), base_url));
  return out;
}

std::vector<Fetch> split_fetch(const Bookmaker& bookmaker, const Fetch& fetch,
                               const std::string& base_url) {
  const Endpoint* endpoint = bookmaker.compiled->endpoint(fetch.source);
  if (!endpoint || fetch.events.size() < 2) return {};
  const auto middle =
      fetch.events.begin() + static_cast<std::ptrdiff_t>((fetch.events.size() + 1) / 2);
  return {fetch_of(bookmaker, *endpoint, {fetch.events.begin(), middle}, base_url),
          fetch_of(bookmaker, *endpoint, {middle, fetch.events.end()}, base_url)};
}

}  // namespace oddsloom
