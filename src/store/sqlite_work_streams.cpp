#include "store/sqlite_work_streams.h"

#include <algorithm>
#include <map>

#include "store/sqlite_schema.h"
#include "store/sqlite_settler.h"

namespace oddsloom {
Result<std::unique_ptr<WorkStreams>> SqliteWorkStreams::open(const std::string& path,
                                                             WriteTurn& turn, Bell& bell,
                                                             const Clock& clock) {
  auto connection = connect_sqlite(path, {});
  if (!connection) return tl::unexpected(connection.error());
  std::unique_ptr<SqliteWorkStreams> streams(
      new SqliteWorkStreams(*std::move(connection), turn, bell, clock));
  if (auto made = streams->connection_->outcome(); !made) return tl::unexpected(made.error());
  return streams;
}

SqliteWorkStreams::SqliteWorkStreams(std::unique_ptr<Connection> connection, WriteTurn& turn,
                                     Bell& bell, const Clock& clock)
    : connection_(std::move(connection)),
      turn_(turn),
      bell_(bell),
      clock_(clock),
      streams_(*connection_),
      claimer_(*connection_, streams_, turn, bell, clock),
      dead_letters_(*connection_, streams_),
      append_(*connection_,
              "INSERT INTO entries (stream, appended_at, event_id, entry) VALUES (?, ?, ?, ?)"),
      extend_(*connection_,
              "UPDATE entries SET visible_at = ? WHERE id = ? AND stream = ? AND consumer = ?"),
      count_(*connection_, "SELECT count(*) FROM entries WHERE stream = ?"),
      statistics_(*connection_,
                  "SELECT s.id, s.bookmaker, s.bet_type, s.source, s.period, count(e.id), "
                  "count(e.consumer), count(CASE WHEN e.visible_at > 0 AND e.consumer IS NULL "
                  "THEN 1 END), min(e.appended_at), "
                  "(SELECT count(*) FROM dead_letters d WHERE d.stream = s.id) "
                  "FROM streams s LEFT JOIN entries e ON e.stream = s.id "
                  "GROUP BY s.id ORDER BY s.name, s.id"),
      consumers_(*connection_, "SELECT stream, name FROM consumers ORDER BY stream, name") {}

Result<std::vector<std::string>> SqliteWorkStreams::append(const StreamId& stream,
                                                           const std::vector<WorkEntry>& entries) {
  for (const WorkEntry& entry : entries)
    if (entry.event_id.empty() && entry.data_key.empty())
      return fail(ErrorKind::Invalid, stream.name(), "an entry needs an event_id or a data_key");
  std::vector<std::string> ids;
  if (entries.empty()) return ids;
  connection_->set_durable(true);
  {
    Transaction transaction(*connection_, turn_);
    const std::int64_t row = streams_.find_or_make(stream);
    const UtcMillis now = clock_();
    for (const WorkEntry& entry : entries) {
      append_.run(row, now, entry.event_id, to_json(entry));
      ids.push_back(std::to_string(connection_->last_row()));
    }
    transaction.commit();
  }
  if (connection_->failed())
    streams_.forget();
  else
    bell_.ring();
  return connection_->outcome(std::move(ids));
}

Result<std::vector<Entry>> SqliteWorkStreams::claim(const ClaimRequest& request) {
  auto entries = claimer_.claim(request);
  return connection_->outcome(std::move(entries));
}

Result<void> SqliteWorkStreams::extend(const std::vector<EntryRef>& entries,
                                       const std::string& consumer, Millis visibility) {
  if (entries.empty()) return {};
  connection_->set_durable(false);
  Transaction transaction(*connection_, turn_);
  const std::int64_t until = std::max<std::int64_t>(1, (clock_() + visibility).value);
  for (const EntryRef& entry : entries) {
    const auto row = entry_row(entry);
    const auto stream = streams_.find(entry.stream);
    if (row && stream) extend_.run(until, *row, *stream, consumer);
  }
  transaction.commit();
  return connection_->outcome();
}

Result<std::vector<StreamStatistics>> SqliteWorkStreams::statistics() {
  auto all = read_statistics();
  return connection_->outcome(std::move(all));
}

std::vector<StreamStatistics> SqliteWorkStreams::read_statistics() {
  std::map<std::int64_t, std::vector<std::string>> consumers;
  for (Rows rows = consumers_.rows(); rows.next();)
    consumers[rows.integer(0)].push_back(rows.text(1));
  std::vector<StreamStatistics> all;
  Rows rows = statistics_.rows();
  while (rows.next()) {
    const auto source = parse_source(rows.view(3));
    if (!source) {
      connection_->note({ErrorKind::Corrupt, "streams", source.error().text()});
      break;
    }
    StreamStatistics one;
    one.stream = {rows.text(1), rows.text(2), *source, rows.small(4)};
    one.length = static_cast<std::uint64_t>(rows.integer(5));
    one.pending = static_cast<std::uint64_t>(rows.integer(6));
    one.delayed = static_cast<std::uint64_t>(rows.integer(7));
    one.oldest = rows.time_or_nothing(8);
    one.dead = static_cast<std::uint64_t>(rows.integer(9));
    one.consumers = std::move(consumers[rows.integer(0)]);
    all.push_back(std::move(one));
  }
  return all;
}

Result<std::uint64_t> SqliteWorkStreams::backlog(const std::vector<StreamId>& streams) {
  std::uint64_t total = 0;
  for (const StreamId& stream : streams) {
    const auto row = streams_.find(stream);
    if (!row) continue;
    if (Rows rows = count_.rows(*row); rows.next())
      total += static_cast<std::uint64_t>(rows.integer(0));
  }
  return connection_->outcome(total);
}

Result<std::vector<DeadLetter>> SqliteWorkStreams::dead(std::size_t most) {
  auto letters = dead_letters_.list(most);
  return connection_->outcome(std::move(letters));
}

Result<std::size_t> SqliteWorkStreams::retry_dead(const std::vector<EntryRef>& entries) {
  connection_->set_durable(true);
  std::size_t count = 0;
  {
    Transaction transaction(*connection_, turn_);
    count = dead_letters_.retry(entries, clock_());
    transaction.commit();
  }
  if (!connection_->failed()) bell_.ring();
  return connection_->outcome(count);
}

Result<std::size_t> SqliteWorkStreams::drop_dead(const std::vector<EntryRef>& entries) {
  connection_->set_durable(true);
  std::size_t count = 0;
  {
    Transaction transaction(*connection_, turn_);
    count = dead_letters_.drop(entries);
    transaction.commit();
  }
  return connection_->outcome(count);
}

}  // namespace oddsloom
