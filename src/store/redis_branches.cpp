#include "store/redis_branches.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "store/redis_search_index.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kBranch = "bk:";

struct Member {
  std::string value;  // text, or a number written out; "" = neither
  bool is_text = false, is_number = false, is_other = false;
};

Member read_member(dom::object object, std::string_view name) {
  Member out;
  std::string_view text;
  std::int64_t number = 0;
  double real = 0;
  dom::element element;
  if (object[name].get(element) != simdjson::SUCCESS || element.is_null()) return out;
  if (element.get(text) == simdjson::SUCCESS) {
    out.is_text = true;
    out.value = text;
  } else if (element.get(number) == simdjson::SUCCESS) {
    out.is_number = true;
    out.value = std::to_string(number);
  } else if (element.get(real) == simdjson::SUCCESS) {
    out.is_number = true;
    out.value = fmt::format("{}", real);
    if (out.value.ends_with(".0")) out.value.resize(out.value.size() - 2);
  } else {
    out.is_other = true;
  }
  return out;
}

// A member of another type than its field hides the whole document from a search index.
bool is_findable(const Member& number, const Member& text, const std::string& event_id) {
  if (number.is_text || number.is_other || text.is_number || text.is_other) return false;
  return number.is_number || (text.is_text && !is_small_integer(event_id));
}

RedisBranch read_branch(const RedisMarket& market, std::string_view bookmaker,
                        std::string_view json) {
  RedisBranch branch;
  branch.bookmaker = bookmaker;
  branch.id.bookmaker = bookmaker;
  branch.id.bet_type = market.type->name;
  branch.id.source = market.source;
  dom::parser parser;
  dom::object object;
  if (!is_bookmaker_name(bookmaker)) {
    branch.trouble = "is no bookmaker's name";
  } else if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) {
    branch.trouble = "is no JSON object";
  } else {
    const Member number = read_member(object, "eventId_gameId");
    const Member text = read_member(object, "event_id");
    branch.id.event_id = text.value.empty() ? number.value : text.value;
    branch.findable = is_findable(number, text, branch.id.event_id);
    if (Member segment = read_member(object, "segment"); !segment.value.empty())
      branch.id.segment = std::move(segment.value);
    if (const auto line = parse_line(read_member(object, "line").value)) branch.id.line = *line;
    branch.foreign = object["bet_type"].error() != simdjson::SUCCESS;
    if (branch.id.event_id.empty()) {
      branch.trouble = "names no event";
    } else if (!branch.foreign) {
      const auto record = parse_record(json);
      if (record)
        branch.kick_off = record->start_time;
      else
        branch.trouble = record.error().text();
    }
  }
  return branch;
}

void read_hash(const RedisMarket& market, ReplyView reply, RedisBranches& out) {
  out.exists = reply.size() > 0;
  for (std::size_t i = 0; i + 1 < reply.size(); i += 2)
    if (const std::string_view field = reply[i].text(); field.starts_with(kBranch))
      out.branches.push_back(
          read_branch(market, field.substr(kBranch.size()), reply[i + 1].text()));
}

// "[{"BookieDelta":{..}}]", "[]" where there is no such member.
void read_json(const RedisMarket& market, ReplyView reply, RedisBranches& out) {
  out.exists = !reply.is_nil();
  if (!out.exists) return;
  dom::parser parser;
  dom::array found;
  dom::element member;
  dom::object branches;
  const std::string_view json = reply.text();
  if (parser.parse(json.data(), json.size()).get(found) != simdjson::SUCCESS ||
      found.at(0).get(member) != simdjson::SUCCESS)
    return;
  if (member.get(branches) != simdjson::SUCCESS) {
    out.trouble = "its match_team_objects is no object";
    return;
  }
  for (const auto [bookmaker, branch] : branches)
    out.branches.push_back(read_branch(market, bookmaker, simdjson::minify(branch)));
}

}  // namespace

RedisCommand branches_command(RedisFlavour flavour, const std::string& key) {
  if (flavour == RedisFlavour::Hash) return std::move(RedisCommand("HGETALL").key(key));
  return std::move(RedisCommand("JSON.GET").key(key).add("$.match_team_objects"));
}

RedisBranches read_branches(RedisFlavour flavour, const RedisMarket& market, ReplyView reply) {
  RedisBranches out;
  if (reply.is_error()) {
    out.exists = true;
    out.trouble = reply.text();
  } else if (flavour == RedisFlavour::Hash) {
    read_hash(market, reply, out);
  } else {
    read_json(market, reply, out);
  }
  return out;
}

RedisCommand branch_command(RedisFlavour flavour, std::string_view document,
                            std::string_view bookmaker) {
  if (flavour == RedisFlavour::Hash)
    return std::move(
        RedisCommand("HEXISTS").key(document).add(std::string(kBranch).append(bookmaker)));
  return std::move(RedisCommand("JSON.TYPE")
                       .key(document)
                       .add(std::string("$.match_team_objects.").append(bookmaker)));
}

bool has_branch(RedisFlavour flavour, ReplyView reply) {
  if (flavour == RedisFlavour::Hash) return reply.integer() == 1;
  return reply[0].text() == "object";
}

RedisCommand lead_command(RedisFlavour flavour, const std::string& lookup) {
  if (flavour == RedisFlavour::Hash) return std::move(RedisCommand("GET").key(lookup));
  return std::move(RedisCommand("HGET").key(lookup).add("key"));
}

std::string removal_of(RedisFlavour flavour, const std::string& document,
                       const std::string& bookmaker, bool only_one) {
  if (only_one) return "DEL " + document;
  if (flavour == RedisFlavour::Hash)
    return fmt::format("HDEL {0} bk:{1} ts:{1} h:{1}", document, bookmaker);
  return fmt::format("JSON.DEL {} $.match_team_objects.{}", document, bookmaker);
}

}  // namespace oddsloom
