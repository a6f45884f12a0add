#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "store/redis_store.h"
#include "store/sqlite_store.h"

namespace oddsloom {

std::string_view to_string(Committed committed) {
  switch (committed) {
    case Committed::Created:
      return "created";
    case Committed::Merged:
      return "merged";
    case Committed::Same:
      return "same";
    case Committed::Stale:
      return "stale";
    case Committed::Absent:
      return "absent";
  }
  return "absent";
}

std::string_view to_string(Finding::Grade grade) {
  return grade == Finding::Grade::Problem ? "problem" : "warning";
}

std::size_t put_back(CommitBatch& batch, const std::vector<EntryRef>& refused, UtcMillis now) {
  if (refused.empty()) return 0;
  const std::set<EntryRef> all(refused.begin(), refused.end());
  return std::erase_if(batch.acknowledge, [&](const EntryRef& entry) {
    if (!all.contains(entry)) return false;
    batch.delays.push_back({entry, now, false});
    return true;
  });
}

Record withdrawal_of(const LinesOffered& offered, Line line) {
  Record out;
  out.bookmaker = offered.id.bookmaker;
  out.bet_type = offered.id.bet_type;
  out.source = offered.id.source;
  out.event_id = offered.id.event_id;
  out.segment = offered.id.segment;
  out.line = line;
  out.period = offered.period;
  out.offered = false;
  out.status = Status::Closed;
  out.observed_at = out.changed_at = offered.observed_at;
  return out;
}

bool withdraws_all_lines(const Record& record, const BetTypes& bet_types) {
  if (record.offered || record.line) return false;
  const BetType* type = bet_types.find(record.bet_type);
  return type && type->has_line;
}

Result<std::vector<Committed>> commit(MatchBook& book, CommitBatch batch, Millis deadline) {
  const std::uint64_t ticket = book.submit(std::move(batch));
  const auto until = std::chrono::steady_clock::now() + deadline;
  while (true) {
    const auto left = std::chrono::ceil<Millis>(until - std::chrono::steady_clock::now());
    for (CommitReport& report : book.collect(std::max(left, Millis(0)))) {
      if (report.ticket != ticket) continue;
      if (!report.result) return tl::unexpected(std::move(report.result.error()));
      return std::move(report.records);
    }
    if (left <= Millis(0))
      return fail(ErrorKind::Timeout, "commit",
                  fmt::format("no answer within {}", to_text(deadline)));
  }
}

Result<std::unique_ptr<Store>> open_store(const std::string& url, StoreOptions options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (is_redis_url(url)) return RedisStore::open(url, std::move(options));
  if (!url.starts_with(kSqlite))
    return fail(
        ErrorKind::Invalid, redact_url(url),
        "is no store this program knows: expected sqlite:PATH, redis://HOST:PORT, rediss://, "
        "unix:///PATH or redis+sentinel://HOST:PORT/MASTER");
  const std::string path = url.substr(kSqlite.size());
  // A store in memory would be another one for every connection.
  if (path.empty() || path == ":memory:")
    return fail(ErrorKind::Invalid, url, "names no file: expected sqlite:PATH");
  return SqliteStore::open(path, std::move(options));
}

}  // namespace oddsloom
