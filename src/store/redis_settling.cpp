#include "store/redis_settling.h"

#include <map>

namespace oddsloom {
namespace {

struct OneStream {
  std::vector<const EntryRef*> acknowledge;
  std::vector<const Delay*> delays;
  std::vector<const Burial*> burials;
};

RedisCommand settle_command(const RedisHouse& house, const StreamId& stream,
                            const OneStream& work) {
  const StreamKeys keys = house.stream_keys(stream);
  RedisCommand command(RedisScripts::settle(), 5);
  keys.add_to(command);
  command.add(keys.group).add(keys.parked).add(house.options.clock().value);
  command.add(static_cast<std::int64_t>(work.acknowledge.size()));
  for (const EntryRef* entry : work.acknowledge) command.add(entry->id);
  command.add(static_cast<std::int64_t>(work.delays.size()));
  for (const Delay* delay : work.delays)
    command.add(delay->ref.id).add(delay->until.value).add(delay->failed_attempt ? "1" : "0");
  command.add(static_cast<std::int64_t>(work.burials.size()));
  for (const Burial* burial : work.burials) command.add(burial->ref.id).add(burial->reason);
  return command;
}

}  // namespace

std::vector<RedisCommand> settle_commands(const RedisHouse& house, const CommitBatch& batch) {
  std::map<StreamId, OneStream> streams;
  for (const EntryRef& entry : batch.acknowledge)
    if (is_entry_id(entry.id)) streams[entry.stream].acknowledge.push_back(&entry);
  for (const Delay& delay : batch.delays)
    if (is_entry_id(delay.ref.id)) streams[delay.ref.stream].delays.push_back(&delay);
  for (const Burial& burial : batch.burials)
    if (is_entry_id(burial.ref.id)) streams[burial.ref.stream].burials.push_back(&burial);
  std::vector<RedisCommand> commands;
  commands.reserve(streams.size());
  for (const auto& [stream, work] : streams)
    commands.push_back(settle_command(house, stream, work));
  return commands;
}

}  // namespace oddsloom
