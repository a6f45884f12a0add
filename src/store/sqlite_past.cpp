#include "store/sqlite_past.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "store/past_documents.h"
#include "store/sqlite_record_rows.h"

namespace oddsloom {
namespace {

// Of each record the last change at that time, by place in the log. A record's times never go back
// from one change to the next, so what was put out of force came before.
std::vector<std::int64_t> changes_that_stood(Connection& connection, UtcMillis at) {
  std::unordered_set<std::int64_t> stood;
  Statement statement(connection,
                      "SELECT sequence, previous FROM changes WHERE changed_at <= ? "
                      "ORDER BY sequence");
  Rows rows = statement.rows(at);
  while (rows.next()) {
    stood.erase(rows.integer(1));
    stood.insert(rows.integer(0));
  }
  std::vector<std::int64_t> out(stood.begin(), stood.end());
  std::sort(out.begin(), out.end());
  return out;
}

PastDocuments read(Connection& connection, UtcMillis at) {
  PastDocuments past;
  Statement statement(
      connection,
      fmt::format("SELECT document_key, {} FROM changes WHERE sequence = ?", record_columns()));
  for (const std::int64_t sequence : changes_that_stood(connection, at)) {
    Rows rows = statement.rows(sequence);
    if (rows.next()) past.add(rows.text(0), read_record(rows, 1, connection));
  }
  return past;
}

}  // namespace

Result<std::vector<MatchDocument>> read_past(Connection& connection, UtcMillis at) {
  connection.execute("BEGIN");
  PastDocuments past = read(connection, at);
  connection.rollback();
  if (auto done = connection.outcome(); !done) return tl::unexpected(done.error());
  if (past.empty()) return fail(ErrorKind::NotFound, "change log", "does not reach back so far");
  return past.take();
}

}  // namespace oddsloom
