#include "store/redis_known_streams.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::chrono::minutes kEnsureAgain{1};

// Names are in lower case and bookmakers are not, so the list has the parts.
std::string text_of(const StreamId& stream) {
  return fmt::format("{} {} {} {}", stream.bookmaker, stream.bet_type, to_string(stream.source),
                     stream.period);
}

std::optional<StreamId> read_stream(std::string_view text) {
  const auto parts = split(text, ' ');
  if (parts.size() != 4) return std::nullopt;
  const auto source = parse_source(parts[2]);
  const auto period = parse_int(parts[3]);
  if (!source || !period || *period < 0 || *period >= kPeriods) return std::nullopt;
  return StreamId{std::string(parts[0]), std::string(parts[1]), *source, static_cast<int>(*period)};
}

}  // namespace

const StreamKeys& RedisKnownStreams::keys(const StreamId& stream) {
  const auto at = keys_.find(stream);
  return at != keys_.end() ? at->second
                           : keys_.emplace(stream, house_.stream_keys(stream)).first->second;
}

Result<void> RedisKnownStreams::ensure(const std::vector<StreamId>& streams) {
  std::vector<StreamId> missing;
  const auto now = std::chrono::steady_clock::now();
  for (const StreamId& stream : streams)
    if (const auto at = ensured_.find(stream);
        at == ensured_.end() || now >= at->second + kEnsureAgain)
      missing.push_back(stream);
  if (missing.empty()) return {};
  std::vector<RedisCommand> commands;
  for (const StreamId& stream : missing) {
    const StreamKeys& names = keys(stream);
    RedisCommand group("XGROUP");
    group.add("CREATE").key(names.entries).add(names.group).add("0").add("MKSTREAM");
    commands.push_back(std::move(group));
  }
  RedisCommand list("SADD");
  list.key(RedisHouse::streams_key());
  for (const StreamId& stream : missing) list.add(text_of(stream));
  commands.push_back(std::move(list));
  const auto replies = client_.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  for (std::size_t i = 0; i < replies->size(); ++i) {
    const ReplyView reply = (*replies)[i].view();
    // BUSYGROUP: somebody made it before.
    if (reply.is_error() && !reply.text().starts_with("BUSYGROUP"))
      return no_error(reply, i < missing.size() ? missing[i].name() : RedisHouse::streams_key());
  }
  for (const StreamId& stream : missing) ensured_[stream] = now;
  return {};
}

Result<std::vector<StreamId>> RedisKnownStreams::all() {
  RedisCommand list("SMEMBERS");
  list.key(RedisHouse::streams_key());
  const auto reply = client_.ask(std::move(list), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  std::vector<StreamId> streams;
  for (std::size_t i = 0; i < reply->view().size(); ++i)
    if (auto stream = read_stream((*reply)[i].text())) streams.push_back(*std::move(stream));
  std::sort(streams.begin(), streams.end(), [](const StreamId& a, const StreamId& b) {
    return std::pair(a.name(), a) < std::pair(b.name(), b);
  });
  return streams;
}

}  // namespace oddsloom
