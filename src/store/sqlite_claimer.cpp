#include "store/sqlite_claimer.h"

#include <algorithm>
#include <set>

namespace oddsloom {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostPerClaim = 5'000;
// How soon another process's append is seen: soon where there was work a moment ago, and at next to
// no cost where there was none for long.
constexpr Millis kTick{2}, kIdleTick{20};
constexpr Millis kIdleAfter{2'000};
constexpr Millis kConsumerNote{10'000};  // how exact a consumer's last sign of life is

}  // namespace

SqliteClaimer::SqliteClaimer(Connection& connection, StreamRows& streams, WriteTurn& turn,
                             Bell& bell, const Clock& clock)
    : connection_(connection),
      streams_(streams),
      turn_(turn),
      bell_(bell),
      clock_(clock),
      first_due_(connection,
                 "SELECT visible_at FROM entries WHERE stream = ? ORDER BY visible_at LIMIT 1"),
      due_(connection,
           "SELECT id, event_id, entry, appended_at, deliveries, attempts FROM entries "
           "WHERE stream = ? AND visible_at > 0 AND visible_at <= ? "
           "ORDER BY visible_at, id LIMIT ?"),
      fresh_(connection,
             "SELECT id, event_id, entry, appended_at, deliveries, attempts FROM entries "
             "WHERE stream = ? AND visible_at = 0 ORDER BY id LIMIT ?"),
      hold_(connection,
            "UPDATE entries SET visible_at = ?2, consumer = ?3, deliveries = deliveries + 1 "
            "WHERE id = ?1"),
      bury_(connection,
            "INSERT INTO dead_letters (id, stream, reason, deliveries, attempts, appended_at, "
            "died_at, event_id, entry) SELECT id, stream, ?2, deliveries, attempts, appended_at, "
            "?3, event_id, entry FROM entries WHERE id = ?1"),
      remove_(connection, "DELETE FROM entries WHERE id = ?"),
      remember_(connection,
                "INSERT INTO consumers (stream, name, seen_at) VALUES (?1, ?2, ?3) "
                "ON CONFLICT DO UPDATE SET seen_at = ?3 WHERE seen_at < ?3 - ?4"),
      version_(connection, "PRAGMA data_version") {}

std::vector<Entry> SqliteClaimer::claim(const ClaimRequest& request) {
  const auto deadline = Steady::now() + request.wait;
  register_streams(request.streams);
  while (!connection_.failed() && request.most > 0) {
    // Read before looking, so that what comes in between is not slept over.
    const std::uint64_t rung = bell_.rung();
    const std::int64_t version = data_version();
    const Glance seen = glance(request.streams, clock_());
    if (seen.ready)
      if (auto entries = take(request); !entries.empty()) {
        last_found_ = Steady::now();
        return entries;
      }
    const Millis tick = Steady::now() - last_found_ < kIdleAfter ? kTick : kIdleTick;
    while (true) {
      const auto left = std::chrono::ceil<Millis>(deadline - Steady::now());
      if (connection_.failed() || left <= Millis(0)) return {};
      bell_.wait(rung, std::min(left, tick));
      if (bell_.rung() != rung || data_version() != version) break;
      if (seen.next_due && clock_() >= *seen.next_due) break;
    }
  }
  return {};
}

void SqliteClaimer::register_streams(const std::vector<StreamId>& streams) {
  const bool all_known = std::all_of(streams.begin(), streams.end(), [&](const StreamId& stream) {
    return streams_.find(stream).has_value();
  });
  if (all_known || connection_.failed()) return;
  Transaction transaction(connection_, turn_);
  for (const StreamId& stream : streams) streams_.find_or_make(stream);
  transaction.commit();
  if (connection_.failed()) streams_.forget();
}

SqliteClaimer::Glance SqliteClaimer::glance(const std::vector<StreamId>& streams, UtcMillis now) {
  Glance out;
  for (const StreamId& stream : streams) {
    Rows rows = first_due_.rows(streams_.find(stream).value_or(0));
    if (!rows.next()) continue;
    const UtcMillis due = rows.time(0);
    if (due <= now)
      out.ready = true;
    else if (!out.next_due || due < *out.next_due)
      out.next_due = due;
  }
  return out;
}

std::vector<Entry> SqliteClaimer::take(const ClaimRequest& request) {
  const std::size_t most = std::min(request.most, kMostPerClaim);
  connection_.set_durable(false);
  Transaction transaction(connection_, turn_);
  const UtcMillis now = clock_();
  std::vector<Entry> entries;
  std::set<StreamId> touched;
  for (const auto& group : group_streams(request.streams)) {
    std::vector<std::vector<Candidate>> waiting;
    std::size_t waiting_count = 0;
    FoundByRow found;
    for (const std::size_t i : group) {
      waiting.push_back(candidates(request.streams[i], now, most - entries.size(), found));
      waiting_count += waiting.back().size();
    }
    const auto choices = share_out(waiting, most - entries.size());
    for (const Choice& choice : choices) {
      const StreamId& stream = request.streams[group[choice.queue]];
      if (touched.insert(stream).second) remember_consumer(stream, request.consumer, now);
      if (auto entry = hold(stream, choice.row, found.at(choice.row), request, now))
        entries.push_back(*std::move(entry));
    }
    // A nearer group is emptied before a farther one gets the rest.
    if (choices.size() < waiting_count || entries.size() >= most) break;
  }
  transaction.commit();
  if (connection_.failed()) entries.clear();
  return entries;
}

std::vector<Candidate> SqliteClaimer::candidates(const StreamId& stream, UtcMillis now,
                                                 std::size_t most, FoundByRow& found) {
  std::vector<Candidate> out;
  const std::int64_t row = streams_.find(stream).value_or(0);
  const auto read = [&](Rows rows) {
    while (rows.next()) {
      out.push_back({rows.integer(0), rows.text(1)});
      found[out.back().row] = {rows.text(2), rows.time(3), rows.small(4), rows.small(5)};
    }
  };
  read(due_.rows(row, now, static_cast<std::int64_t>(most)));
  if (out.size() < most) read(fresh_.rows(row, static_cast<std::int64_t>(most - out.size())));
  return out;
}

std::optional<Entry> SqliteClaimer::hold(const StreamId& stream, std::int64_t row,
                                         const Found& found, const ClaimRequest& request,
                                         UtcMillis now) {
  const std::int64_t until = std::max<std::int64_t>(1, (now + request.visibility).value);
  hold_.run(row, until, request.consumer);
  auto work = parse_work_entry(found.entry);
  if (!work) {
    // Left where it is, it would come back for ever.
    bury_.run(row, "unreadable entry: " + work.error().text(), now);
    remove_.run(row);
    return std::nullopt;
  }
  return Entry{{stream, std::to_string(row)},
               *std::move(work),
               found.appended_at,
               found.deliveries + 1,
               found.attempts};
}

void SqliteClaimer::remember_consumer(const StreamId& stream, const std::string& consumer,
                                      UtcMillis now) {
  remember_.run(streams_.find(stream).value_or(0), consumer, now, kConsumerNote.count());
}

std::int64_t SqliteClaimer::data_version() {
  Rows rows = version_.rows();
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace oddsloom
