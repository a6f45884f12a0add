#include "store/redis_search_index.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/log.h"
#include "base/text.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr Millis kBuildLook{100};
// Documents of one event: the match, its parts and lines, and ids that only look alike.
constexpr std::int64_t kMostHits = 100;

std::string id_field(const std::string& bookmaker) { return bookmaker + "_eventID"; }
std::string key_field(const std::string& bookmaker) { return bookmaker + "_eventKey"; }

// As a document's eventId_gameId has it.
bool is_integer(const std::string& event_id) {
  const auto number = parse_int(event_id);
  return number && fmt::format("{}", *number) == event_id;
}

std::string branch_path(const std::string& bookmaker) {
  return "$.match_team_objects." + bookmaker;
}

// Those that are not `there`. Gives whether there were any.
bool add_fields(RedisCommand& command, const std::string& bookmaker,
                const std::vector<std::string>& there = {}) {
  bool added = false;
  const auto add = [&](const char* member, const std::string& field, const char* type) {
    if (std::find(there.begin(), there.end(), field) != there.end()) return;
    command.add(branch_path(bookmaker) + member).add("AS").add(field).add(type);
    added = true;
  };
  add(".eventId_gameId", id_field(bookmaker), "NUMERIC");
  add(".event_id", key_field(bookmaker), "TAG");
  return added;
}

// An id as text: text, or a number without a fraction.
std::string id_text(dom::object branch, std::string_view name) {
  dom::element element;
  if (branch[name].get(element) != simdjson::SUCCESS) return {};
  if (std::string_view text; element.get(text) == simdjson::SUCCESS) return std::string(text);
  if (std::int64_t number = 0; element.get(number) == simdjson::SUCCESS)
    return fmt::format("{}", number);
  // "9124285.0": what some programs make of a number.
  constexpr double kExact = 9e15;
  if (double number = 0; element.get(number) == simdjson::SUCCESS && std::abs(number) < kExact &&
                         number == std::trunc(number))
    return fmt::format("{:.0f}", number);
  return {};
}

// Whether a bookmaker's branch is about that very event, all of the match and no line of it. The
// index compares numbers as doubles and text without regard to case, and it has documents of halves
// and lines too.
bool is_about(std::string_view json, std::string_view event_id) {
  dom::parser parser;
  dom::object branch;
  if (parser.parse(json.data(), json.size()).get(branch) != simdjson::SUCCESS) return false;
  dom::element line;
  if (branch["line"].get(line) == simdjson::SUCCESS && !line.is_null()) return false;
  std::string_view segment = kFullTime;
  if (branch["segment"].get(segment) == simdjson::SUCCESS && segment != kFullTime) return false;
  return id_text(branch, "event_id") == event_id || id_text(branch, "eventId_gameId") == event_id;
}

Result<void> make_index(const RedisHouse& house, RedisClient& client, const BetType& type,
                        Source source) {
  const std::string name = house.options.naming.index(type, source);
  const auto prefixes = indexed_prefixes(house, type, source);
  RedisCommand command("FT.CREATE");
  command.add(name).add("ON").add("JSON").add("PREFIX");
  command.add(static_cast<std::int64_t>(prefixes.size()));
  for (const std::string& prefix : prefixes) command.add(prefix);
  command.add("SCHEMA");
  for (const std::string& bookmaker : house.options.bookmakers) add_fields(command, bookmaker);
  const auto made = client.ask(std::move(command), kRedisAnswer);
  // Made by another process in between.
  if (!made && made.error().text().find("already exists") == std::string::npos)
    return fail_in(name, made.error());
  return {};
}

Result<void> complete_index(const RedisHouse& house, RedisClient& client, const BetType& type,
                            Source source, const IndexState& state) {
  const std::string name = house.options.naming.index(type, source);
  const auto has = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  for (const std::string& bookmaker : house.options.bookmakers) {
    RedisCommand command("FT.ALTER");
    command.add(name).add("SCHEMA").add("ADD");
    if (!add_fields(command, bookmaker, state.fields)) continue;
    if (auto done = client.ask(std::move(command), kRedisAnswer); !done)
      return fail_in(name, done.error());
  }
  for (const std::string& prefix : indexed_prefixes(house, type, source))
    if (!has(state.prefixes, prefix))
      log::warn("index_lacks_prefix", {log::kv("index", name), log::kv("prefix", prefix)});
  return {};
}

}  // namespace

std::vector<std::string> indexed_prefixes(const RedisHouse& house, const BetType& type,
                                          Source source) {
  const Naming& naming = house.options.naming;
  std::vector<std::string> prefixes;
  if (!naming.document_prefix.empty())
    prefixes.push_back(naming.document_prefix + "_" + naming.base(type, source) + ":");
  else
    for (const std::string& bookmaker : house.options.bookmakers)
      prefixes.push_back(bookmaker + "_" + naming.base(type, source) + ":");
  return prefixes;
}

// Numbers are doubles in the index.
bool is_small_integer(const std::string& event_id) {
  return event_id.size() <= 15 && is_integer(event_id);
}

RedisCommand search_for_event(const std::string& index, const std::string& bookmaker,
                              const std::string& event_id) {
  const bool small = is_small_integer(event_id);
  const std::string number = fmt::format("@{}:[{} {}]", id_field(bookmaker), event_id, event_id);
  const std::string text = fmt::format("@{}:{{$id}}", key_field(bookmaker));
  RedisCommand command("FT.SEARCH");
  command.add(index);
  // The seed's documents have the number only.
  command.add(small                  ? number
              : is_integer(event_id) ? fmt::format("({}) | ({})", number, text)
                                     : text);
  command.add("RETURN").add("1").add(branch_path(bookmaker));
  command.add("LIMIT").add("0").add(kMostHits);
  if (!small) command.add("PARAMS").add("2").add("id").add(event_id);
  command.add("DIALECT").add("2");
  return command;
}

Result<std::optional<std::string>> first_found(ReplyView reply, std::string_view event_id) {
  if (reply.is_error()) return fail(ErrorKind::Internal, "FT.SEARCH", std::string(reply.text()));
  // How many, then for each hit its key and a list of paths and values.
  for (std::size_t i = 1; i + 1 < reply.size(); i += 2)
    if (is_about(reply[i + 1][1].text(), event_id))
      return std::optional(std::string(reply[i].text()));
  return std::nullopt;
}

bool says_no_index(ReplyView reply) {
  return reply.is_error() && to_lower_ascii(reply.text()).find("index") != std::string::npos;
}

IndexState read_index_state(ReplyView reply) {
  IndexState state;
  state.exists = true;
  state.building = reply.member("indexing").integer().value_or(0) != 0;
  state.documents = reply.member("num_docs").integer().value_or(0);
  state.failures = reply.member("hash_indexing_failures").integer().value_or(0);
  const std::string_view error = reply.member("Index Errors").member("last indexing error").text();
  if (error != "N/A") state.last_error = error;
  const ReplyView prefixes = reply.member("index_definition").member("prefixes");
  for (std::size_t i = 0; i < prefixes.size(); ++i) state.prefixes.emplace_back(prefixes[i].text());
  const ReplyView attributes = reply.member("attributes");
  for (std::size_t i = 0; i < attributes.size(); ++i)
    state.fields.emplace_back(attributes[i].member("attribute").text());
  return state;
}

Result<IndexState> index_state(RedisClient& client, const std::string& index) {
  RedisCommand command("FT.INFO");
  command.add(index);
  auto replies = [&] {
    std::vector<RedisCommand> commands;
    commands.push_back(std::move(command));
    return client.run(std::move(commands), kRedisAnswer);
  }();
  if (!replies) return tl::unexpected(replies.error());
  const ReplyView reply = replies->front().view();
  if (says_no_index(reply)) return IndexState{};
  if (reply.is_error()) return fail(ErrorKind::Internal, index, std::string(reply.text()));
  return read_index_state(reply);
}

Result<void> ensure_search_indexes(const RedisHouse& house, RedisClient& client, Millis deadline) {
  if (house.options.bookmakers.empty()) return {};
  const auto until = std::chrono::steady_clock::now() + deadline;
  for (const BetType& type : house.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming}) {
      const std::string name = house.options.naming.index(type, source);
      auto state = index_state(client, name);
      if (!state) return tl::unexpected(state.error());
      auto done = state->exists ? complete_index(house, client, type, source, *state)
                                : make_index(house, client, type, source);
      if (!done) return done;
      // Until it is built, a search finds nothing and does not say so.
      while (true) {
        state = index_state(client, name);
        if (!state) return tl::unexpected(state.error());
        if (!state->building) break;
        if (std::chrono::steady_clock::now() >= until)
          return fail(ErrorKind::Timeout, name, "the server is still building this index");
        std::this_thread::sleep_for(kBuildLook);
      }
    }
  return {};
}

}  // namespace oddsloom
