#include "store/redis_stream_doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "store/redis_known_streams.h"

namespace oddsloom {
namespace {

constexpr Millis kStalled{3'600'000};
constexpr std::int64_t kPage = 500;
constexpr Millis kPatience{10'000};

struct Held {
  std::string id, consumer;
  Millis idle{0};
};

// Entries that somebody took so long ago and has not settled, a page at most; `from` goes on behind
// them, "" = the end.
Result<std::vector<Held>> long_held(RedisClient& client, const StreamKeys& keys,
                                    std::string& from) {
  std::vector<RedisCommand> commands;
  commands.emplace_back("XPENDING").key(keys.entries).add(keys.group);
  commands.back().add("IDLE").add(kStalled.count()).add(from).add("+").add(kPage);
  const auto page = client.run(std::move(commands), kPatience);
  if (!page) return tl::unexpected(page.error());
  const ReplyView entries = page->front().view();
  from.clear();
  std::vector<Held> held;
  // Nobody has ever read it, or it was removed.
  if (entries.is_error() && entries.text().starts_with("NOGROUP")) return held;
  if (auto fine = no_error(entries, keys.entries); !fine) return tl::unexpected(fine.error());
  for (std::size_t i = 0; i < entries.size(); ++i)
    held.push_back({std::string(entries[i][0].text()), std::string(entries[i][1].text()),
                    Millis(entries[i][2].integer().value_or(0))});
  if (static_cast<std::int64_t>(held.size()) == kPage) from = "(" + held.back().id;
  return held;
}

using EntryPlace = std::pair<std::int64_t, std::int64_t>;  // in order of ids

EntryPlace place_of(std::string_view id) {
  const auto dash = std::min(id.find('-'), id.size() - 1);
  return {parse_int(id.substr(0, dash)).value_or(0), parse_int(id.substr(dash + 1)).value_or(0)};
}

// What our workers noted of what they hold: a due time for an entry, or for all that one claim
// took, "FIRST LAST CONSUMER" (lua/claim.lua).
class DueTimes {
 public:
  static Result<DueTimes> read(RedisClient& client, const StreamKeys& keys,
                               const std::vector<Held>& entries) {
    DueTimes out;
    std::vector<RedisCommand> commands;
    for (const Held& entry : entries) commands.emplace_back("ZSCORE").key(keys.due).add(entry.id);
    auto single = client.run(std::move(commands), kPatience);
    if (!single) return tl::unexpected(single.error());
    for (const Reply& reply : *single) out.single_.push_back(!reply.view().is_nil());
    std::string cursor = "0";
    do {
      RedisCommand scan("ZSCAN");
      scan.key(keys.due).add(cursor).add("MATCH").add("* *").add("COUNT").add(kPage);
      const auto page = client.ask(std::move(scan), kPatience);
      if (!page) return tl::unexpected(page.error());
      cursor = (*page)[0].text();
      for (std::size_t i = 0; i + 1 < (*page)[1].size(); i += 2)
        out.add_range((*page)[1][i].text());
    } while (cursor != "0" && !cursor.empty());
    return out;
  }
  // Of the entries as they were handed in.
  bool has(std::size_t i, const Held& entry) const {
    if (single_[i]) return true;
    const EntryPlace place = place_of(entry.id);
    const auto [from, to] = ranges_.equal_range(entry.consumer);
    return std::any_of(from, to, [&](const auto& range) {
      return range.second.first <= place && place <= range.second.second;
    });
  }

 private:
  void add_range(std::string_view text) {
    const auto first = text.find(' '), last = text.find(' ', first + 1);
    if (last == std::string_view::npos) return;
    ranges_.emplace(std::string(text.substr(last + 1)),
                    std::pair(place_of(text.substr(0, first)),
                              place_of(text.substr(first + 1, last - first - 1))));
  }
  std::vector<bool> single_;
  std::multimap<std::string, std::pair<EntryPlace, EntryPlace>> ranges_;  // by consumer
};

// Those without a due time: none of our workers noted that it holds them, and none that serves the
// stream has come by since, or it had taken them over.
Result<void> examine_stream(RedisClient& client, const StreamKeys& keys, Findings& findings) {
  std::uint64_t stalled = 0;
  Held first;
  for (std::string from = "-"; !from.empty();) {
    const auto held = long_held(client, keys, from);
    if (!held) return tl::unexpected(held.error());
    if (held->empty()) break;
    const auto due = DueTimes::read(client, keys, *held);
    if (!due) return tl::unexpected(due.error());
    for (std::size_t i = 0; i < held->size(); ++i) {
      if (due->has(i, (*held)[i])) continue;
      ++stalled;
      if ((*held)[i].idle > first.idle) first = (*held)[i];
    }
  }
  if (stalled == 0) return {};
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(first.idle);
  findings.problem(
      "stalled-entries", keys.entries,
      fmt::format(
          "{} {} taken and not settled, the first {} h ago by {}: no worker of this program "
          "serves the stream; start one (oddsloom extract), it takes them over",
          stalled, stalled == 1 ? "entry was" : "entries were", hours.count(), first.consumer));
  return {};
}

}  // namespace

Result<void> examine_streams(const RedisHouse& house, RedisClient& client, Findings& findings,
                             const ExaminationProgress& progress) {
  RedisKnownStreams streams(house, client);
  const auto all = streams.all();
  if (!all) return tl::unexpected(all.error());
  for (std::size_t i = 0; i < all->size(); ++i) {
    progress("work streams", i, all->size());
    if (auto done = examine_stream(client, streams.keys((*all)[i]), findings); !done) return done;
  }
  return {};
}

}  // namespace oddsloom
