#include "store/redis_house.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr Millis kConnect{5'000};

}  // namespace

void StreamKeys::add_to(RedisCommand& command) const {
  command.key(entries).key(due).key(tries).key(seen).key(dead);
}

MarketKeys RedisHouse::market_keys(const BetType& type, Source source) const {
  const std::string base = options.naming.base(type, source);
  return {options.naming.announcements(type, source), options.naming.changes(type, source),
          (options.naming.hash_tags ? base : options.naming.prefix) + "_newest_change",
          base + "_documents", base + "_expiry"};
}

StreamKeys RedisHouse::stream_keys(const StreamId& stream) const {
  StreamKeys keys;
  keys.entries = stream.name();
  keys.group = stream.group();
  // A name in braces lies where the name itself lies.
  const std::string base = options.naming.hash_tags ? "{" + keys.entries + "}" : keys.entries;
  keys.due = base + "_due";
  keys.tries = base + "_tries";
  keys.seen = base + "_seen";
  keys.dead = base + "_dead";
  keys.parked = stream.consumer("parked");
  return keys;
}

LinkKeys RedisHouse::link_keys() const {
  const std::string name = options.naming.prefix + "_links";
  const std::string base = options.naming.hash_tags ? fmt::format("{{{}}}", name) : name;
  return {base, base + "_undone", base + "_revisions"};
}

std::optional<UtcMillis> RedisHouse::expires_at(const Record& record) const {
  const bool live = record.source == Source::Live;
  const Millis keep = live ? options.keep_live : options.keep_upcoming;
  if (keep <= Millis(0)) return std::nullopt;
  return (live ? record.observed_at : record.start_time.value_or(record.observed_at)) + keep;
}

Result<std::unique_ptr<RedisClient>> RedisHouse::connect() const {
  return RedisClient::connect(target, RedisScripts::all(flavour), kConnect);
}

bool is_entry_id(std::string_view text) {
  const auto dash = text.find('-');
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.size() <= 19 &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return dash != std::string_view::npos && digits(text.substr(0, dash)) &&
         digits(text.substr(dash + 1));
}

UtcMillis time_of_entry_id(std::string_view id) {
  return {parse_int(id.substr(0, id.find('-'))).value_or(0)};
}

Result<void> no_error(ReplyView reply, std::string_view what) {
  if (!reply.is_error()) return {};
  return fail(ErrorKind::Internal, std::string(what), std::string(reply.text()));
}

}  // namespace oddsloom
