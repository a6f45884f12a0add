#include "store/sqlite_tidy.h"

#include <algorithm>
#include <limits>

#include "store/sqlite_schema.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostRemoved = 500;     // documents per call
constexpr std::int64_t kMostWalked = 5'000;   // documents looked at per call
constexpr std::int64_t kRowsPerTrim = 1'000;  // log rows per transaction
constexpr int kMostTrims = 50;                // transactions per log and call
constexpr Millis kConsumerIdle{3'600'000};

// ?1 and ?2: a document whose last sighting, or kick-off, is not later than that has expired.
constexpr const char* kExpired =
    "((d.source = 'live' AND NOT EXISTS (SELECT 1 FROM records r WHERE r.document = d.id AND "
    "r.observed_at > ?1)) OR (d.source = 'upcoming' AND d.start_time <= ?2) OR "
    "(d.source = 'upcoming' AND d.start_time IS NULL AND NOT EXISTS (SELECT 1 FROM records r "
    "WHERE r.document = d.id AND r.observed_at > ?2)))";

UtcMillis cutoff(UtcMillis now, Millis keep) {
  if (keep <= Millis(0)) return {std::numeric_limits<std::int64_t>::min()};  // never
  return now - keep;
}

}  // namespace

Result<std::unique_ptr<SqliteTidy>> SqliteTidy::open(const std::string& path, WriteTurn& turn,
                                                     const StoreOptions& options) {
  auto connection = connect_sqlite(path, {.durable = false});
  if (!connection) return tl::unexpected(connection.error());
  std::unique_ptr<SqliteTidy> tidy(new SqliteTidy(*std::move(connection), turn, options));
  if (auto made = tidy->connection_->outcome(); !made) return tl::unexpected(made.error());
  return tidy;
}

SqliteTidy::SqliteTidy(std::unique_ptr<Connection> connection, WriteTurn& turn,
                       const StoreOptions& options)
    : connection_(std::move(connection)),
      turn_(turn),
      options_(options),
      past_kick_off_(*connection_,
                     "SELECT id FROM documents WHERE source = 'upcoming' AND start_time <= ? "
                     "LIMIT ?"),
      walk_(*connection_,
            std::string("SELECT d.id, ") + kExpired +
                " FROM (SELECT * FROM documents WHERE id > ?3 ORDER BY id LIMIT ?4) d "
                "ORDER BY d.id"),
      remove_document_(*connection_,
                       std::string("DELETE FROM documents AS d WHERE d.id = ?3 AND ") + kExpired),
      remove_records_(*connection_, "DELETE FROM records WHERE document = ?"),
      trim_changes_(*connection_, "DELETE FROM changes WHERE sequence < ?"),
      trim_announcements_(*connection_, "DELETE FROM announcements WHERE sequence < ?"),
      trim_dead_letters_(*connection_,
                         "DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters "
                         "ORDER BY id DESC LIMIT ? OFFSET ?)"),
      forget_(*connection_,
              "DELETE FROM consumers WHERE seen_at <= ? AND NOT EXISTS (SELECT 1 FROM entries e "
              "WHERE e.stream = consumers.stream AND e.visible_at > 0 AND "
              "e.consumer = consumers.name)") {}

Result<void> SqliteTidy::run() {
  const UtcMillis now = options_.clock();
  remove_expired(now);
  trim("SELECT min(sequence) FROM changes", "SELECT max(sequence) FROM changes", trim_changes_);
  trim("SELECT min(sequence) FROM announcements", "SELECT max(sequence) FROM announcements",
       trim_announcements_);
  forget_dead_letters();
  forget_consumers(now);
  return connection_->outcome();
}

void SqliteTidy::remove_expired(UtcMillis now) {
  const UtcMillis live = cutoff(now, options_.keep_live);
  const UtcMillis upcoming = cutoff(now, options_.keep_upcoming);
  const auto documents = expired(live, upcoming);
  if (documents.empty()) return;
  Transaction transaction(*connection_, turn_);
  // Asked again under the lock: a document may have been seen since.
  for (const std::int64_t document : documents)
    if (remove_document_.run(live, upcoming, document) > 0) remove_records_.run(document);
  transaction.commit();
}

std::vector<std::int64_t> SqliteTidy::expired(UtcMillis live_before, UtcMillis upcoming_before) {
  std::vector<std::int64_t> out;
  {
    Rows rows = past_kick_off_.rows(upcoming_before, static_cast<std::int64_t>(kMostRemoved));
    while (rows.next()) out.push_back(rows.integer(0));
  }
  Rows rows = walk_.rows(live_before, upcoming_before, walked_to_, kMostWalked);
  std::int64_t walked = 0;
  while (out.size() < kMostRemoved && rows.next()) {
    ++walked;
    walked_to_ = rows.integer(0);
    if (rows.integer(1) != 0) out.push_back(walked_to_);
  }
  const bool at_end = walked < kMostWalked && out.size() < kMostRemoved;
  if (at_end) walked_to_ = 0;
  return out;
}

void SqliteTidy::trim(const char* oldest, const char* newest, Statement& remove) {
  const std::int64_t keep = static_cast<std::int64_t>(
      std::min<std::uint64_t>(options_.most_changes, std::numeric_limits<std::int64_t>::max() / 2));
  const std::int64_t first_kept = connection_->number(newest) - keep + 1;
  std::int64_t first = connection_->number(oldest);
  for (int i = 0; i < kMostTrims && first < first_kept && !connection_->failed(); ++i) {
    first = std::min(first + kRowsPerTrim, first_kept);
    Transaction transaction(*connection_, turn_);
    remove.run(first);
    transaction.commit();
  }
}

void SqliteTidy::forget_dead_letters() {
  const auto kept = static_cast<std::int64_t>(options_.most_dead_letters);
  for (int i = 0; i < kMostTrims && !connection_->failed(); ++i) {
    Transaction transaction(*connection_, turn_);
    const int forgotten = trim_dead_letters_.run(kRowsPerTrim, kept);
    transaction.commit();
    if (forgotten < kRowsPerTrim) return;
  }
}

void SqliteTidy::forget_consumers(UtcMillis now) {
  Transaction transaction(*connection_, turn_);
  forget_.run(now - kConsumerIdle);
  transaction.commit();
}

}  // namespace oddsloom
