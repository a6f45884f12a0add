#include "store/sqlite_settler.h"

#include <algorithm>

#include "base/text.h"

namespace oddsloom {

std::optional<std::int64_t> entry_row(const EntryRef& entry) { return parse_int(entry.id); }

SqliteSettler::SqliteSettler(Connection& connection, const Clock& clock)
    : clock_(clock),
      streams_(connection),
      remove_(connection, "DELETE FROM entries WHERE id = ? AND stream = ?"),
      delay_(connection,
             "UPDATE entries SET visible_at = ?3, consumer = NULL, attempts = attempts + ?4, "
             "deliveries = max(0, deliveries - ?5) WHERE id = ?1 AND stream = ?2"),
      bury_(connection,
            "INSERT INTO dead_letters (id, stream, reason, deliveries, attempts, appended_at, "
            "died_at, event_id, entry) SELECT id, stream, ?3, deliveries, attempts, appended_at, "
            "?4, event_id, entry FROM entries WHERE id = ?1 AND stream = ?2") {}

void SqliteSettler::acknowledge(const EntryRef& entry) {
  const auto row = entry_row(entry);
  const auto stream = streams_.find(entry.stream);
  if (row && stream) remove_.run(*row, *stream);
}

void SqliteSettler::delay(const Delay& delay) {
  const auto row = entry_row(delay.ref);
  const auto stream = streams_.find(delay.ref.stream);
  if (!row || !stream) return;
  // 0 would say "never claimed", and new entries come last.
  const std::int64_t until = std::max<std::int64_t>(1, delay.until.value);
  delay_.run(*row, *stream, until, delay.failed_attempt ? 1 : 0, delay.failed_attempt ? 0 : 1);
}

void SqliteSettler::bury(const Burial& burial) {
  const auto row = entry_row(burial.ref);
  const auto stream = streams_.find(burial.ref.stream);
  if (!row || !stream) return;
  bury_.run(*row, *stream, burial.reason, clock_());
  remove_.run(*row, *stream);
}

}  // namespace oddsloom
