#include "store/sqlite_link_book.h"

#include <fmt/format.h>

#include <cstdlib>

#include "store/sqlite_schema.h"

namespace oddsloom {
namespace {

constexpr std::string_view kNext = "(SELECT coalesce(max(revision), 0) + 1 FROM links)";
constexpr std::string_view kThisEvent = "bookmaker = ?1 AND source = ?2 AND event_id = ?3";

}  // namespace

Result<std::unique_ptr<LinkBook>> SqliteLinkBook::open(const std::string& path, WriteTurn& turn) {
  auto connection = connect_sqlite(path, {});
  if (!connection) return tl::unexpected(connection.error());
  std::unique_ptr<SqliteLinkBook> book(new SqliteLinkBook(*std::move(connection), turn));
  if (auto made = book->connection_->outcome(); !made) return tl::unexpected(made.error());
  return book;
}

SqliteLinkBook::SqliteLinkBook(std::unique_ptr<Connection> connection, WriteTurn& turn)
    : connection_(std::move(connection)),
      turn_(turn),
      undone_(*connection_, fmt::format("SELECT 1 FROM links WHERE {} AND match_id <> '' AND "
                                        "undone_at IS NOT NULL",
                                        kThisEvent)),
      put_(*connection_,
           fmt::format("INSERT INTO links (bookmaker, source, event_id, match_id, method, "
                       "score, evidence, linked_at, undone_at, revision) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, CAST(?6 AS REAL), ?7, ?8, ?9, {}) "
                       "ON CONFLICT (bookmaker, source, event_id) DO UPDATE SET "
                       "match_id = excluded.match_id, method = excluded.method, "
                       "score = excluded.score, evidence = excluded.evidence, "
                       "linked_at = excluded.linked_at, undone_at = excluded.undone_at, "
                       "revision = excluded.revision",
                       kNext)),
      undo_(*connection_, fmt::format("UPDATE links SET undone_at = ?4, revision = {} "
                                      "WHERE {} AND match_id <> '' AND undone_at IS NULL",
                                      kNext, kThisEvent)),
      forget_(*connection_, fmt::format("UPDATE links SET match_id = '', undone_at = ?4, "
                                        "revision = {} WHERE {} AND match_id <> ''",
                                        kNext, kThisEvent)),
      there_(*connection_, fmt::format("SELECT match_id <> '' FROM links WHERE {}", kThisEvent)),
      read_(*connection_,
            "SELECT bookmaker, source, event_id, match_id, method, CAST(score AS TEXT), evidence, "
            "linked_at, undone_at, revision FROM links WHERE revision > ? ORDER BY revision") {}

Result<void> SqliteLinkBook::put(const std::vector<Link>& links) {
  Transaction transaction(*connection_, turn_);
  for (const Link& link : links) {
    const std::string_view source = to_string(link.event.source);
    bool undone = false;
    {
      Rows rows = undone_.rows(link.event.bookmaker, source, link.event.event_id);
      undone = rows.next();
    }
    if (undone) {
      if (auto fine = connection_->outcome(); !fine) return fine;
      return fail(ErrorKind::Conflict, to_text(link.event), "its link was undone");
    }
    const std::string score = fmt::format("{}", link.score);
    put_.run(link.event.bookmaker, source, link.event.event_id, link.match_id, link.method, score,
             link.evidence, link.linked_at, link.undone_at);
  }
  transaction.commit();
  return connection_->outcome();
}

// Doing again what was done is fine; `statement` then finds no row.
Result<void> SqliteLinkBook::change(Statement& statement, const EventId& event, UtcMillis at) {
  Transaction transaction(*connection_, turn_);
  const std::string_view source = to_string(event.source);
  bool ever = false, now = false;
  {
    Rows rows = there_.rows(event.bookmaker, source, event.event_id);
    ever = rows.next();
    now = ever && rows.integer(0) != 0;
  }
  statement.run(event.bookmaker, source, event.event_id, at);
  transaction.commit();
  if (auto fine = connection_->outcome(); !fine) return fine;
  if (!ever || (!now && &statement == &undo_))
    return fail(ErrorKind::NotFound, to_text(event), "has no link");
  return {};
}

Result<void> SqliteLinkBook::undo(const EventId& event, UtcMillis at) {
  return change(undo_, event, at);
}

Result<void> SqliteLinkBook::forget(const EventId& event) { return change(forget_, event, {0}); }

Result<LinkBook::Page> SqliteLinkBook::read(std::uint64_t after_revision) {
  Page out;
  out.revision = after_revision;
  {
    Rows rows = read_.rows(static_cast<std::int64_t>(after_revision));
    while (rows.next()) {
      Link link;
      link.event.bookmaker = rows.text(0);
      link.event.event_id = rows.text(2);
      const auto source = parse_source(rows.view(1));
      if (source)
        link.event.source = *source;
      else
        connection_->note({ErrorKind::Corrupt, to_text(link.event), "its source cannot be read"});
      link.match_id = rows.text(3);
      link.method = rows.text(4);
      link.score = std::strtod(rows.text(5).c_str(), nullptr);
      link.evidence = rows.text(6);
      link.linked_at = rows.time(7);
      link.undone_at = rows.time_or_nothing(8);
      out.revision = static_cast<std::uint64_t>(rows.integer(9));
      if (link.match_id.empty())
        out.forgotten.push_back(std::move(link.event));
      else
        out.links.push_back(std::move(link));
    }
  }
  return connection_->outcome(std::move(out));
}

}  // namespace oddsloom
