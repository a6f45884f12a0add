#include "store/redis_work_streams.h"

#include <algorithm>

#include "store/redis_entry.h"

namespace oddsloom {
namespace {

StreamStatistics read_statistics(const StreamId& stream, ReplyView reply) {
  const auto number = [&](std::size_t i) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, reply[i].integer().value_or(0)));
  };
  StreamStatistics out;
  out.stream = stream;
  out.length = number(0) + number(1);
  out.delayed = number(2);
  out.pending = number(1) - std::min(out.delayed, number(1));
  if (const ReplyView oldest = reply[3]; oldest.size() == 2)
    out.oldest = appended_at(oldest[1], oldest[0].text());
  out.dead = number(4);
  const std::string common = stream.consumer("");
  for (std::size_t i = 0; i < reply[5].size(); ++i) {
    const std::string_view name = reply[5][i].text();
    out.consumers.emplace_back(name.starts_with(common) ? name.substr(common.size()) : name);
  }
  std::sort(out.consumers.begin(), out.consumers.end());
  return out;
}

}  // namespace

Result<std::unique_ptr<WorkStreams>> RedisWorkStreams::open(const RedisHouse& house) {
  auto client = house.connect();
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<WorkStreams>(new RedisWorkStreams(house, *std::move(client)));
}

RedisWorkStreams::RedisWorkStreams(const RedisHouse& house, std::unique_ptr<RedisClient> client)
    : house_(house),
      client_(std::move(client)),
      streams_(house_, *client_),
      claimer_(house_, *client_, streams_),
      dead_letters_(house_, *client_, streams_) {}

Result<std::vector<std::string>> RedisWorkStreams::append(const StreamId& stream,
                                                          const std::vector<WorkEntry>& entries) {
  for (const WorkEntry& entry : entries)
    if (entry.event_id.empty() && entry.data_key.empty())
      return fail(ErrorKind::Invalid, stream.name(), "an entry needs an event_id or a data_key");
  std::vector<std::string> ids;
  if (entries.empty()) return ids;
  if (auto ensured = streams_.ensure({stream}); !ensured) return tl::unexpected(ensured.error());
  RedisCommand command(RedisScripts::append(), 1);
  command.key(streams_.keys(stream).entries).add(house_.options.clock().value);
  command.add(static_cast<std::int64_t>(entries.size()));
  for (const WorkEntry& entry : entries) {
    const auto fields = entry_fields(entry);
    command.add(static_cast<std::int64_t>(fields.size()));
    for (const std::string& word : fields) command.add(word);
  }
  const auto reply = client_->ask(std::move(command), kRedisAnswer);
  if (!reply) return fail_in(stream.name(), reply.error());
  for (std::size_t i = 0; i < reply->view().size(); ++i) ids.emplace_back((*reply)[i].text());
  return ids;
}

Result<std::vector<Entry>> RedisWorkStreams::claim(const ClaimRequest& request) {
  return claimer_.claim(request);
}

Result<void> RedisWorkStreams::extend(const std::vector<EntryRef>& entries,
                                      const std::string& consumer, Millis visibility) {
  std::map<StreamId, std::vector<std::string_view>> by_stream;
  for (const EntryRef& entry : entries)
    if (is_entry_id(entry.id)) by_stream[entry.stream].push_back(entry.id);
  std::vector<RedisCommand> commands;
  for (const auto& [stream, ids] : by_stream) {
    const StreamKeys& keys = streams_.keys(stream);
    RedisCommand& command = commands.emplace_back(RedisScripts::extend(), 5);
    keys.add_to(command);
    command.add(keys.group).add(stream.consumer(consumer));
    command.add((house_.options.clock() + visibility).value);
    for (const std::string_view id : ids) command.add(id);
  }
  if (commands.empty()) return {};
  const auto replies = client_->run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  for (const Reply& reply : *replies)
    if (auto fine = no_error(reply.view(), "extend"); !fine) return fine;
  return {};
}

Result<std::vector<Reply>> RedisWorkStreams::ask_statistics(const std::vector<StreamId>& streams,
                                                            bool only_length) {
  std::vector<RedisCommand> commands;
  for (const StreamId& stream : streams) {
    const StreamKeys& keys = streams_.keys(stream);
    RedisCommand& command = commands.emplace_back(RedisScripts::stream_statistics(), 5);
    keys.add_to(command);
    command.add(keys.group).add(keys.parked).add(only_length ? "1" : "0");
  }
  auto replies = client_->run(std::move(commands), kRedisAnswer);
  if (!replies) return replies;
  for (const Reply& reply : *replies)
    if (auto fine = no_error(reply.view(), "statistics"); !fine)
      return tl::unexpected(fine.error());
  return replies;
}

Result<std::vector<StreamStatistics>> RedisWorkStreams::statistics() {
  const auto streams = streams_.all();
  if (!streams) return tl::unexpected(streams.error());
  const auto replies = ask_statistics(*streams, false);
  if (!replies) return tl::unexpected(replies.error());
  std::vector<StreamStatistics> all;
  for (std::size_t i = 0; i < streams->size(); ++i)
    all.push_back(read_statistics((*streams)[i], (*replies)[i].view()));
  return all;
}

Result<std::uint64_t> RedisWorkStreams::backlog(const std::vector<StreamId>& streams) {
  const auto replies = ask_statistics(streams, true);
  if (!replies) return tl::unexpected(replies.error());
  std::uint64_t total = 0;
  for (const Reply& reply : *replies)
    total += static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, reply[0].integer().value_or(0) + reply[1].integer().value_or(0)));
  return total;
}

Result<std::vector<DeadLetter>> RedisWorkStreams::dead(std::size_t most) {
  return dead_letters_.list(most);
}

Result<std::size_t> RedisWorkStreams::retry_dead(const std::vector<EntryRef>& entries) {
  return dead_letters_.retry(entries);
}

Result<std::size_t> RedisWorkStreams::drop_dead(const std::vector<EntryRef>& entries) {
  return dead_letters_.drop(entries);
}

}  // namespace oddsloom
