#include "store/redis_claimer.h"

#include <algorithm>
#include <thread>

#include "store/fair_share.h"
#include "store/redis_entry.h"
#include "store/redis_packed.h"
#include "store/redis_settling.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostPerClaim = 5'000;
constexpr Millis kLongestBlock{1'000};
constexpr Millis kClusterLook{25};  // between looks where one command cannot wait for all streams
constexpr Millis kConsumerNote{10'000};  // how exact a consumer's last sign of life is
// Entries without a due time were read by a program that is not ours; it gets that many
// visibilities.
constexpr int kPatience = 4;
constexpr std::size_t kPage = 100;

}  // namespace

Result<std::vector<Entry>> RedisClaimer::claim(const ClaimRequest& request) {
  const auto deadline = Steady::now() + request.wait;
  if (request.most == 0 || request.streams.empty()) return std::vector<Entry>{};
  if (auto ensured = streams_.ensure(request.streams); !ensured)
    return tl::unexpected(ensured.error());
  if (auto done = look_after_abandoned(request); !done) return tl::unexpected(done.error());
  while (true) {
    auto found = take(request, request.wait > Millis(0));
    if (!found) return tl::unexpected(found.error());
    const auto left = std::chrono::ceil<Millis>(deadline - Steady::now());
    if (!found->entries.empty() || left <= Millis(0)) return std::move(found->entries);
    if (auto waited = wait_for_more(request, *found, left); !waited)
      return tl::unexpected(waited.error());
  }
}

Result<RedisClaimer::Found> RedisClaimer::take(const ClaimRequest& request, bool will_wait) {
  std::vector<std::vector<Stream>> ranks;
  for (const auto& group : group_streams(request.streams)) {
    ranks.emplace_back();
    for (const std::size_t i : group)
      ranks.back().push_back({request.streams[i], static_cast<int>(ranks.size())});
  }
  const std::size_t most = std::min(request.most, kMostPerClaim);
  Found found;
  if (!client_.is_cluster()) {
    std::vector<Stream> all;
    for (const auto& rank : ranks) all.insert(all.end(), rank.begin(), rank.end());
    if (auto done = take_from(all, request, most, will_wait, found); !done)
      return tl::unexpected(done.error());
    return found;
  }
  // Each stream may be on another node: the shares are dealt out here.
  for (const auto& rank : ranks) {
    std::vector<Stream> hungry = rank;
    while (!hungry.empty() && found.entries.size() < most) {
      const std::size_t share =
          std::max<std::size_t>(1, (most - found.entries.size()) / hungry.size());
      std::vector<Stream> more;
      for (const Stream& stream : hungry) {
        const std::size_t before = found.entries.size();
        const std::size_t wanted = std::min(share, most - before);
        if (wanted == 0) break;
        if (auto done = take_from({stream}, request, wanted, will_wait, found); !done)
          return tl::unexpected(done.error());
        if (found.entries.size() - before == wanted) more.push_back(stream);
      }
      hungry = std::move(more);
    }
    if (found.entries.size() >= most) break;
  }
  return found;
}

Result<void> RedisClaimer::take_from(const std::vector<Stream>& streams,
                                     const ClaimRequest& request, std::size_t most, bool will_wait,
                                     Found& found) {
  RedisCommand command(RedisScripts::claim(), static_cast<int>(streams.size()) * 5);
  for (const Stream& stream : streams) streams_.keys(stream.id).add_to(command);
  const UtcMillis now = house_.options.clock();
  const bool note = Steady::now() >= note_due_;
  command.add(now.value).add((now + request.visibility).value);
  command.add(static_cast<std::int64_t>(most)).add(note ? "1" : "0").add(will_wait ? "1" : "0");
  for (const Stream& stream : streams)
    command.add(streams_.keys(stream.id).group)
        .add(stream.id.consumer(request.consumer))
        .add(static_cast<std::int64_t>(stream.rank));
  const auto reply = client_.ask(std::move(command), kRedisAnswer);
  if (!reply) return fail_in("claim", reply.error());
  // Only when all streams were noted; a cluster's come one by one, and are noted each time.
  if (note && !client_.is_cluster()) note_due_ = Steady::now() + kConsumerNote;

  CommitBatch unreadable;
  const auto stream_of = [&](ReplyView number) -> const StreamId& {
    return streams.at(static_cast<std::size_t>(number.integer().value_or(0) - 1)).id;
  };
  const ReplyView due = (*reply)[0], fresh = (*reply)[3];
  for (std::size_t i = 0; i < due.size(); ++i)
    read_entry(stream_of(due[i][0]), due[i][1], due[i][2], found, unreadable,
               static_cast<int>(due[i][3].integer().value_or(1)),
               static_cast<int>(due[i][4].integer().value_or(0)));
  for (std::size_t i = 0; i < fresh.size(); ++i)
    if (!read_packed(stream_of(fresh[i][0]), fresh[i][1].text(), found, unreadable))
      return fail(ErrorKind::Internal, "claim", "the script packed something else than entries");
  if (const auto next = (*reply)[1].integer();
      next && (!found.next_due || *next < found.next_due->value))
    found.next_due = UtcMillis{*next};
  for (std::size_t i = 0; i < (*reply)[2].size(); ++i)
    found.newest.emplace_back((*reply)[2][i].text());
  if (unreadable.empty()) return {};
  const auto buried = client_.run(settle_commands(house_, unreadable), kRedisAnswer);
  if (!buried) return tl::unexpected(buried.error());
  return {};
}

// [[id, [name, value, ..]], ..]; false where it is anything else.
bool RedisClaimer::read_packed(const StreamId& stream, std::string_view packed, Found& found,
                               CommitBatch& unreadable) const {
  const auto text = [](std::string_view bytes) {
    ReplyNode node;
    node.type = REDIS_REPLY_STRING;
    node.text = bytes;
    return node;
  };
  PackedReader reader(packed);
  const std::size_t count = reader.list().value_or(0);
  found.entries.reserve(found.entries.size() + std::min(count, packed.size()));
  std::vector<ReplyNode> words;
  for (std::size_t i = 0; i < count; ++i) {
    const auto pair = reader.list();
    const auto id = reader.text();
    const auto size = reader.list();
    if (pair != 2U || !id || !size) return false;
    words.clear();
    for (std::size_t j = 0; j < *size; ++j) {
      const auto word = reader.text();
      if (!word) return false;
      words.push_back(text(*word));
    }
    ReplyNode fields;
    fields.type = REDIS_REPLY_ARRAY;
    fields.elements = words.data();
    fields.size = words.size();
    const ReplyNode name = text(*id);
    read_entry(stream, ReplyView(&name), ReplyView(&fields), found, unreadable, 1, 0);
  }
  return count > 0 && reader.at_end();
}

void RedisClaimer::read_entry(const StreamId& stream, ReplyView id, ReplyView fields, Found& found,
                              CommitBatch& unreadable, int deliveries, int attempts) const {
  auto work = read_entry_fields(fields);
  if (!work) {
    // Left where it is, it would come back for ever.
    unreadable.burials.push_back(
        {{stream, std::string(id.text())}, "unreadable entry: " + work.error().text()});
    return;
  }
  Entry& entry = found.entries.emplace_back();
  entry.ref = {stream, std::string(id.text())};
  entry.work = *std::move(work);
  entry.appended_at = appended_at(fields, entry.ref.id);
  entry.deliveries = deliveries;
  entry.attempts = attempts;
}

// XREAD gives nothing away, so it may wait for all streams at once, which XREADGROUP cannot: each
// stream has a group of its own name. What arrived is then taken by the script.
Result<void> RedisClaimer::wait_for_more(const ClaimRequest& request, const Found& found,
                                         Millis left) {
  Millis wait = std::min(left, kLongestBlock);
  if (found.next_due) wait = std::clamp(*found.next_due - house_.options.clock(), Millis(1), wait);
  if (client_.is_cluster() || found.newest.size() != request.streams.size()) {
    std::this_thread::sleep_for(std::min(wait, kClusterLook));
    return {};
  }
  RedisCommand command("XREAD");
  command.add("COUNT").add("1").add("BLOCK").add(wait.count()).add("STREAMS");
  std::vector<StreamId> order;
  for (const auto& group : group_streams(request.streams))
    for (const std::size_t i : group) order.push_back(request.streams[i]);
  for (const StreamId& stream : order) command.key(streams_.keys(stream).entries);
  for (const std::string& id : found.newest) command.add(id);
  const auto reply = client_.ask(std::move(command), wait + kRedisAnswer);
  if (!reply) return fail_in("claim", reply.error());
  return {};
}

Result<void> RedisClaimer::look_after_abandoned(const ClaimRequest& request) {
  if (Steady::now() < abandoned_due_) return {};
  abandoned_due_ = Steady::now() + std::max(request.visibility, Millis(1'000));
  for (const StreamId& stream : request.streams) {
    const StreamKeys& keys = streams_.keys(stream);
    for (std::string cursor = "0-0";;) {
      RedisCommand sweep("XAUTOCLAIM");
      sweep.key(keys.entries).add(keys.group).add(keys.parked);
      sweep.add(request.visibility.count() * kPatience).add(cursor);
      sweep.add("COUNT").add(static_cast<std::int64_t>(kPage)).add("JUSTID");
      const auto reply = client_.ask(std::move(sweep), kRedisAnswer);
      if (!reply && reply.error().retryable()) return tl::unexpected(reply.error());
      if (!reply) break;  // NOGROUP: the next claim makes it anew
      const ReplyView idle = (*reply)[1], gone = (*reply)[2];
      std::vector<RedisCommand> commands;
      if (idle.size() > 0) {
        RedisCommand& adopt = commands.emplace_back(RedisScripts::adopt(), 5);
        keys.add_to(adopt);
        adopt.add(house_.options.clock().value);
        for (std::size_t i = 0; i < idle.size(); ++i) adopt.add(idle[i].text());
      }
      for (std::size_t i = 0; i < gone.size(); ++i) {
        RedisCommand& letter = commands.emplace_back("XADD");
        letter.key(keys.dead).add("*").add("dead_id").add(gone[i].text());
        letter.add("dead_reason").add("its body was trimmed off the stream");
        letter.add("dead_deliveries").add("1").add("dead_attempts").add("0");
        letter.add("dead_at").add(house_.options.clock().value);
        RedisCommand& forget = commands.emplace_back("ZREM");
        forget.key(keys.due).add(gone[i].text());
      }
      if (!commands.empty())
        if (auto done = client_.run(std::move(commands), kRedisAnswer); !done)
          return tl::unexpected(done.error());
      cursor = (*reply)[0].text();
      if (cursor == "0-0" || cursor.empty()) break;
    }
  }
  return {};
}

}  // namespace oddsloom
