#include "store/redis_change_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <thread>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::int64_t kYear2026 = 1'767'225'600'000;
constexpr unsigned kStreamBits = 7, kNumberBits = 17, kTimeBits = 40;
constexpr std::uint64_t kMostNumber = (1ULL << kNumberBits) - 1;
constexpr std::size_t kPage = 1'000;
constexpr Millis kClockTick{1};
constexpr int kMostTicks =
    20;  // servers whose clocks differ by more delay the log, and lose nothing

std::uint64_t pack(std::int64_t millis, std::uint64_t number, unsigned stream) {
  if (millis < kYear2026) return 0;
  const auto time = static_cast<std::uint64_t>(millis - kYear2026) & ((1ULL << kTimeBits) - 1);
  return time << (kNumberBits + kStreamBits) | std::min(number, kMostNumber) << kStreamBits |
         stream;
}

// The last position before a millisecond.
std::uint64_t before(std::int64_t millis) {
  const std::uint64_t at = pack(millis, 0, 0);
  return at == 0 ? 0 : at - 1;
}

std::int64_t millis_of(std::uint64_t position) {
  return kYear2026 + static_cast<std::int64_t>(position >> (kNumberBits + kStreamBits));
}

}  // namespace

std::uint64_t pack_position(std::string_view id, unsigned stream) {
  const auto dash = id.find('-');
  const auto millis = parse_int(id.substr(0, dash));
  const auto number =
      dash == std::string_view::npos ? std::nullopt : parse_int(id.substr(dash + 1));
  if (!millis || !number) return 0;
  return pack(*millis, static_cast<std::uint64_t>(*number), stream);
}

std::string range_start(std::uint64_t cursor, unsigned stream) {
  if (cursor == 0) return "-";
  const auto number = cursor >> kStreamBits & kMostNumber;
  const bool later_in_order = stream > (cursor & ((1U << kStreamBits) - 1));
  return fmt::format("{}{}-{}", later_in_order ? "" : "(", millis_of(cursor), number);
}

RedisChangeLog::RedisChangeLog(const RedisHouse& house, RedisClient& client)
    : house_(house), client_(client) {
  for (const BetType& type : house.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming}) {
      const MarketKeys keys = house.market_keys(type, source);
      streams_.push_back({keys.changes, keys.newest_change});
    }
}

RedisCommand RedisChangeLog::look(unsigned stream, std::string_view from, std::size_t most) const {
  RedisCommand out(RedisScripts::changes(), 2);
  out.key(streams_[stream].changes).key(streams_[stream].newest_change).add(from);
  return std::move(out.add(static_cast<std::int64_t>(most)));
}

std::uint64_t RedisChangeLog::settled(ReplyView answer) const {
  // What is appended later lies beyond the newest change in whichever stream it is.
  const auto last_stream = static_cast<unsigned>(streams_.size() - 1);
  return std::max(before(answer[0].integer().value_or(0)),
                  pack_position(answer[2].text(), last_stream));
}

Result<Change> RedisChangeLog::read_change(ReplyView entry, unsigned stream) const {
  auto record = parse_record(entry[1].member("record").text());
  if (!record)
    return fail_in(fmt::format("{} {}", streams_[stream].changes, entry[0].text()), record.error());
  return Change{pack_position(entry[0].text(), stream),
                std::string(entry[1].member("data_key").text()), *std::move(record)};
}

Result<RedisChangeLog::Read> RedisChangeLog::read(std::uint64_t cursor, std::size_t most) {
  const std::size_t page = std::min<std::size_t>(most, 10'000);
  std::vector<RedisCommand> commands;
  for (unsigned i = 0; i < streams_.size(); ++i)
    commands.push_back(look(i, range_start(cursor, i), page));
  const auto replies = client_.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());

  // Up to which place nothing can come in between any more, and not beyond the end of a page that
  // was full.
  std::uint64_t safe = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t full_pages_end = safe;
  for (unsigned i = 0; i < streams_.size(); ++i) {
    const ReplyView reply = (*replies)[i].view();
    if (auto fine = no_error(reply, streams_[i].changes); !fine)
      return tl::unexpected(fine.error());
    safe = std::min(safe, settled(reply));
    if (const ReplyView entries = reply[1]; entries.size() >= page)
      full_pages_end =
          std::min(full_pages_end, pack_position(entries[entries.size() - 1][0].text(), i));
  }
  std::vector<std::pair<std::uint64_t, std::pair<unsigned, std::size_t>>> places;
  Read out;
  for (unsigned i = 0; i < streams_.size(); ++i)
    for (std::size_t j = 0; j < (*replies)[i][1].size(); ++j) {
      const std::uint64_t at = pack_position((*replies)[i][1][j][0].text(), i);
      if (at > full_pages_end) continue;
      if (at > safe)
        out.held_back = std::max(out.held_back, at);
      else
        places.push_back({at, {i, j}});
    }
  std::sort(places.begin(), places.end());
  if (places.size() > most) places.resize(most);
  for (const auto& [at, place] : places) {
    auto change = read_change((*replies)[place.first][1][place.second], place.first);
    if (!change) return tl::unexpected(change.error());
    out.changes.push_back(*std::move(change));
  }
  return out;
}

Result<std::vector<Change>> RedisChangeLog::after(std::uint64_t cursor, std::size_t most) {
  if (streams_.empty() || most == 0) return std::vector<Change>{};
  // What was committed in this very millisecond becomes readable in the next.
  std::uint64_t wanted = 0;
  for (int tick = 0;; ++tick) {
    auto out = read(cursor, most);
    if (!out) return tl::unexpected(out.error());
    if (tick == 0) wanted = out->held_back;
    const bool complete =
        out->held_back == 0 || out->changes.size() >= most ||
        (tick > 0 && !out->changes.empty() && out->changes.back().sequence >= wanted);
    if (complete || tick >= kMostTicks) return std::move(out->changes);
    std::this_thread::sleep_for(kClockTick);
  }
}

Result<LogSpan> RedisChangeLog::span() {
  std::vector<RedisCommand> commands;
  for (unsigned i = 0; i < streams_.size(); ++i) {
    commands.push_back(look(i, "+", 1));
    commands.emplace_back("XINFO").add("STREAM").key(streams_[i].changes);
  }
  const auto replies = client_.run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  LogSpan out;
  // Where the newest change is, rather than what time it is: that could be set back.
  std::uint64_t newest = 0, safe = std::numeric_limits<std::uint64_t>::max();
  for (unsigned i = 0; i < streams_.size(); ++i) {
    const ReplyView seen = (*replies)[2 * i].view(), info = (*replies)[2 * i + 1].view();
    if (auto fine = no_error(seen, streams_[i].changes); !fine) return tl::unexpected(fine.error());
    safe = std::min(safe, settled(seen));
    if (info.is_error()) continue;  // no such stream yet
    newest = std::max(newest, pack_position(info.member("last-generated-id").text(), i));
    const auto length = info.member("length").integer().value_or(0);
    const auto added = info.member("entries-added").integer().value_or(length);
    if (added <= length) continue;  // nothing was trimmed
    const ReplyView first = info.member("first-entry");
    const std::uint64_t from = first.size() == 0
                                   ? pack_position(info.member("last-generated-id").text(), i)
                                   : pack_position(first[0].text(), i) - 1;
    out.begin = std::max(out.begin, from);
  }
  out.end = std::min(newest, safe);
  return out;
}

Result<std::vector<Change>> RedisChangeLog::history(const RecordId& id, std::size_t most) {
  std::vector<Change> out;
  const BetType* type = house_.options.bet_types.find(id.bet_type);
  if (!type) return out;
  const std::string stream = house_.market_keys(*type, id.source).changes;
  const auto number =
      static_cast<unsigned>(std::find_if(streams_.begin(), streams_.end(),
                                         [&](const Stream& one) { return one.changes == stream; }) -
                            streams_.begin());
  for (std::string from = "-"; out.size() < most;) {
    RedisCommand range("XRANGE");
    range.key(stream).add(from).add("+").add("COUNT").add(static_cast<std::int64_t>(kPage));
    const auto reply = client_.ask(std::move(range), kRedisAnswer);
    if (!reply) return tl::unexpected(reply.error());
    const ReplyView entries = reply->view();
    for (std::size_t i = 0; i < entries.size() && out.size() < most; ++i) {
      const ReplyView fields = entries[i][1];
      if (fields.member("event_id").text() != id.event_id ||
          fields.member("bookmaker").text() != id.bookmaker)
        continue;
      auto change = read_change(entries[i], number);
      if (!change) return tl::unexpected(change.error());
      if (change->record.id() == id) out.push_back(*std::move(change));
    }
    if (entries.size() < kPage) break;
    from = "(" + std::string(entries[entries.size() - 1][0].text());
  }
  return out;
}

}  // namespace oddsloom
