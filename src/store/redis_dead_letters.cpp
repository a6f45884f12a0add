#include "store/redis_dead_letters.h"

#include <algorithm>

#include "store/redis_entry.h"

namespace oddsloom {
namespace {

constexpr std::size_t kPage = 1'000;

DeadLetter read_letter(const StreamId& stream, ReplyView entry) {
  const ReplyView fields = entry[1];
  DeadLetter letter;
  letter.ref = {stream, std::string(entry[0].text())};
  letter.reason = fields.member("dead_reason").text();
  letter.deliveries = static_cast<int>(fields.member("dead_deliveries").integer().value_or(0));
  letter.attempts = static_cast<int>(fields.member("dead_attempts").integer().value_or(0));
  letter.appended_at = appended_at(fields, fields.member("dead_id").text());
  letter.died_at = {fields.member("dead_at").integer().value_or(0)};
  // One that cannot be read died of just that; its reason says so.
  if (auto work = read_entry_fields(fields)) letter.work = *std::move(work);
  return letter;
}

}  // namespace

Result<std::vector<DeadLetter>> RedisDeadLetters::list(std::size_t most) {
  const auto all = streams_.all();
  if (!all) return tl::unexpected(all.error());
  std::vector<RedisCommand> commands;
  for (const StreamId& stream : *all) {
    RedisCommand& range = commands.emplace_back("XRANGE");
    range.key(streams_.keys(stream).dead).add("-").add("+").add("COUNT");
    range.add(static_cast<std::int64_t>(std::min<std::size_t>(most, 1'000'000)));
  }
  const auto replies = client_.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  std::vector<DeadLetter> letters;
  for (std::size_t i = 0; i < replies->size(); ++i) {
    const ReplyView entries = (*replies)[i].view();
    if (auto fine = no_error(entries, "dead letters"); !fine) return tl::unexpected(fine.error());
    for (std::size_t j = 0; j < entries.size(); ++j)
      letters.push_back(read_letter((*all)[i], entries[j]));
  }
  std::stable_sort(letters.begin(), letters.end(),
                   [](const DeadLetter& a, const DeadLetter& b) { return a.died_at < b.died_at; });
  if (letters.size() > most) letters.resize(most);
  return letters;
}

Result<std::map<StreamId, std::vector<std::string>>> RedisDeadLetters::chosen(
    const std::vector<EntryRef>& entries) {
  std::map<StreamId, std::vector<std::string>> out;
  for (const EntryRef& entry : entries)
    if (is_entry_id(entry.id)) out[entry.stream].push_back(entry.id);
  if (!entries.empty()) return out;
  const auto all = streams_.all();
  if (!all) return tl::unexpected(all.error());
  for (const StreamId& stream : *all) {
    for (std::string after = "-";;) {
      RedisCommand range("XRANGE");
      range.key(streams_.keys(stream).dead).add(after).add("+").add("COUNT");
      range.add(static_cast<std::int64_t>(kPage));
      const auto reply = client_.ask(std::move(range), kRedisAnswer);
      if (!reply) return tl::unexpected(reply.error());
      for (std::size_t i = 0; i < reply->view().size(); ++i)
        out[stream].emplace_back((*reply)[i][0].text());
      if (reply->view().size() < kPage) break;
      after = "(" + out[stream].back();
    }
  }
  return out;
}

template <class MakeCommand>
Result<std::size_t> RedisDeadLetters::for_chosen(const std::vector<EntryRef>& entries,
                                                 MakeCommand make_command) {
  const auto wanted = chosen(entries);
  if (!wanted) return tl::unexpected(wanted.error());
  std::size_t count = 0;
  for (const auto& [stream, ids] : *wanted)
    for (std::size_t from = 0; from < ids.size(); from += kPage) {
      RedisCommand command = make_command(streams_.keys(stream));
      for (std::size_t i = from; i < std::min(from + kPage, ids.size()); ++i) command.add(ids[i]);
      const auto reply = client_.ask(std::move(command), kRedisAnswer);
      if (!reply) return tl::unexpected(reply.error());
      count += static_cast<std::size_t>(reply->view().integer().value_or(0));
    }
  return count;
}

Result<std::size_t> RedisDeadLetters::retry(const std::vector<EntryRef>& entries) {
  return for_chosen(entries, [this](const StreamKeys& keys) {
    RedisCommand command(RedisScripts::retry_dead(), 5);
    keys.add_to(command);
    command.add(house_.options.clock().value);
    return command;
  });
}

Result<std::size_t> RedisDeadLetters::drop(const std::vector<EntryRef>& entries) {
  return for_chosen(entries, [](const StreamKeys& keys) {
    RedisCommand command("XDEL");
    command.key(keys.dead);
    return command;
  });
}

}  // namespace oddsloom
