#include "store/redis_sightings.h"

#include <fmt/format.h>

#include <set>

namespace oddsloom {
namespace {

constexpr std::int64_t kPage = 5'000;
constexpr std::size_t kPerCall = 200;  // documents of one script
constexpr Millis kPatience{10'000};

struct Place {
  std::string_view document, lookup;
  RecordId id;
};

// What a page lists, of this bookmaker, without what came before: a place moves while the list is
// walked when its record is seen.
std::vector<Place> places_of(const ReplyView& page, const RedisHouse& house, const BetType& type,
                             Source source, const std::string& bookmaker, std::set<RecordId>& met) {
  std::vector<Place> out;
  for (std::size_t i = 0; i < page.size(); i += 2) {
    const std::string_view member = page[i].text();
    const auto end = member.find('\n');
    if (end == std::string_view::npos) continue;
    const std::string_view lookup = member.substr(end + 1);
    auto id = record_of_lookup(house.options.naming, type, source, lookup);
    if (!id || (!bookmaker.empty() && id->bookmaker != bookmaker)) continue;
    if (met.insert(*id).second) out.push_back({member.substr(0, end), lookup, *std::move(id)});
  }
  return out;
}

void keep(std::vector<Seen>& out, Place& place, std::int64_t observed_at,
          const Result<UtcMillis>& changed_at) {
  if (!changed_at) return;
  // Between two looks it changed: then it was seen, too.
  out.push_back({std::move(place.id), std::max(UtcMillis{observed_at}, *changed_at), *changed_at});
}

Result<void> ask_hashes(RedisClient& client, std::vector<Place>& places,
                        std::optional<UtcMillis> since, std::vector<Seen>& out) {
  std::vector<RedisCommand> commands;
  for (std::size_t from = 0; from < places.size(); from += kPerCall) {
    const std::size_t to = std::min(places.size(), from + kPerCall);
    RedisCommand& command =
        commands.emplace_back(RedisScripts::seen(), static_cast<int>(to - from));
    for (std::size_t i = from; i < to; ++i) command.key(places[i].document);
    command.add(since ? fmt::format("{}", since->value) : "");
    for (std::size_t i = from; i < to; ++i) command.add(places[i].id.bookmaker);
  }
  const auto replies = client.run(std::move(commands), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  for (const Reply& reply : *replies)
    if (auto fine = no_error(reply.view(), "seen"); !fine) return fine;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const ReplyView found = (*replies)[i / kPerCall][i % kPerCall];
    if (const auto seen = found[0].integer())
      keep(out, places[i], *seen, parse_iso8601(found[1].text()));
  }
  return {};
}

// The lookup says when it was seen, the document when it changed.
Result<void> ask_json(RedisClient& client, std::vector<Place>& places,
                      std::optional<UtcMillis> since, std::vector<Seen>& out) {
  std::vector<RedisCommand> commands;
  for (const Place& place : places)
    commands.emplace_back("HMGET").key(place.lookup).add("key").add("ts");
  const auto sightings = client.run(std::move(commands), kPatience);
  if (!sightings) return tl::unexpected(sightings.error());
  commands.clear();
  std::vector<std::pair<std::size_t, std::int64_t>> wanted;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto seen = (*sightings)[i][1].integer();
    if (!seen || (*sightings)[i][0].text() != places[i].document ||
        (since && *seen <= since->value))
      continue;
    wanted.push_back({i, *seen});
    commands.emplace_back("JSON.GET")
        .key(places[i].document)
        .add(fmt::format("$.match_team_objects.{}.changed_at", places[i].id.bookmaker));
  }
  if (commands.empty()) return {};
  const auto changes = client.run(std::move(commands), kPatience);
  if (!changes) return tl::unexpected(changes.error());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    std::string_view text = (*changes)[i].text();  // ["2026-08-09T14:00:00Z"]
    if ((*changes)[i].view().is_error() || text.size() < 4) continue;
    text = text.substr(2, text.size() - 4);
    keep(out, places[wanted[i].first], wanted[i].second, parse_iso8601(text));
  }
  return {};
}

}  // namespace

std::optional<RecordId> record_of_lookup(const Naming& naming, const BetType& type, Source source,
                                         std::string_view lookup) {
  RecordId out;
  out.bet_type = type.name;
  out.source = source;
  std::string head = naming.lookup(type, out);
  head.pop_back();  // between the bookmaker, "", and the event, ""
  if (!lookup.starts_with(head)) return std::nullopt;
  std::string_view rest = lookup.substr(head.size());
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  out.bookmaker = rest.substr(0, colon);
  rest.remove_prefix(colon + 1);
  if (type.has_line) {
    const auto at = rest.rfind('@');
    const auto line =
        at == std::string_view::npos ? parse_line("") : parse_line(rest.substr(at + 1));
    if (line) {
      out.line = *line;
      rest = rest.substr(0, at);
    }
  }
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    out.segment = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  out.event_id = rest;
  return out;
}

Result<std::vector<Seen>> read_sightings(const RedisHouse& house, RedisClient& client,
                                         const BetType& type, Source source,
                                         const std::string& bookmaker,
                                         std::optional<UtcMillis> since) {
  const std::string list = house.market_keys(type, source).expiry;
  std::vector<Seen> out;
  std::set<RecordId> met;
  // By score, because a rank means another place when something before it has moved.
  std::string score = "-inf";
  std::int64_t skip = 0;  // of those with that score
  while (true) {
    RedisCommand command("ZRANGEBYSCORE");
    command.key(list).add(score).add("+inf").add("WITHSCORES");
    command.add("LIMIT").add(skip).add(kPage);
    const auto page = client.ask(std::move(command), kRedisAnswer);
    if (!page) return tl::unexpected(page.error());
    auto places = places_of(page->view(), house, type, source, bookmaker, met);
    if (!places.empty()) {
      auto asked = house.flavour == RedisFlavour::Json ? ask_json(client, places, since, out)
                                                       : ask_hashes(client, places, since, out);
      if (!asked) return tl::unexpected(asked.error());
    }
    const auto size = static_cast<std::int64_t>(page->view().size() / 2);
    if (size < kPage) return out;
    const std::string last((*page)[static_cast<std::size_t>(2 * size - 1)].text());
    std::int64_t ties = 0;
    while (ties < size && (*page)[static_cast<std::size_t>(2 * (size - ties) - 1)].text() == last)
      ++ties;
    skip = last == score ? skip + size : ties;
    score = last;
  }
}

}  // namespace oddsloom
