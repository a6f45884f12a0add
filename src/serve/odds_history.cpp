#include "serve/odds_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/log.h"
#include "serve/board_match.h"
#include "serve/http_error.h"

namespace oddsloom {
namespace {

using Kind = OddsRoute::Kind;
constexpr std::int64_t kGrid = 5 * 60'000;
constexpr Millis kLiveFor{30 * 60'000};
constexpr std::size_t kBoardsKept = 2;

// Whether a record still said something at that time.
bool stands(const Record& record, UtcMillis at) {
  if (!record.offered) return false;
  if (record.source == Source::Live) return at - record.observed_at <= kLiveFor;
  return !record.start_time || at < *record.start_time;
}

void write_time_or_null(JsonWriter& json, std::string_view key, std::optional<UtcMillis> time,
                        bool unix_time) {
  json.key(key);
  if (time)
    write_time(json, *time, unix_time);
  else
    json.null();
}

}  // namespace

Asked<PastQuery> read_past_query(const OddsRoute& route, const WebRequest& request,
                                 const Catalog& catalog) {
  const std::string* date = request.parameter("date");
  if (!date || date->empty())
    return refuse_odds(422, "MISSING_HISTORICAL_TIMESTAMP",
                       "Missing date: the moment asked for, as 2026-08-09T19:30:00Z");
  const auto at = parse_iso8601(*date);
  if (!at || at->value < 0)
    return refuse_odds(422, "INVALID_HISTORICAL_TIMESTAMP",
                       fmt::format("Invalid date '{}': expected as 2026-08-09T19:30:00Z", *date));
  unsigned reads = ReadsFilter;
  if (route.kind == Kind::PastOdds)
    reads |= ReadsBookmakers | ReadsMarkets | FeaturedOnly |
             (route.sport == kUpcomingSport ? NoTimes : 0U);
  if (route.kind == Kind::PastEventOdds) reads = ReadsBookmakers | ReadsMarkets;
  auto query = read_odds_query(request, catalog, reads);
  if (!query) return tl::unexpected(query.error());
  query->form.any_time = true;
  const std::int64_t moment = std::min(at->value, request.now.value);
  return PastQuery{route, *std::move(query), {moment - moment % kGrid}, request.now};
}

OddsHistory::OddsHistory(const Catalog& catalog, ReadDocuments read_documents, ReadLinks read_links)
    : catalog_(catalog),
      read_documents_(std::move(read_documents)),
      read_links_(std::move(read_links)),
      sports_(catalog) {}

WebResponse OddsHistory::answer(const PastQuery& asked) {
  const std::lock_guard lock(mutex_);
  const auto board = board_at(asked.at);
  if (!board) return refusal(board.error());
  const OddsBoard of{**board, catalog_, sports_, asked.at};
  const OddsForm& form = asked.query.form;
  const OddsRoute& route = asked.route;
  OddsBody body;
  int cost = 0;
  const int charged = 10 * asked.query.region_units;
  if (route.kind == Kind::PastEvents) {
    body = events_body(of, route.sport, asked.query);
    cost = body.events == 0 ? 0 : 1;
  } else if (route.kind == Kind::PastOdds) {
    OddsText text;
    body = odds_body(of, route.sport, asked.query, [&](const auto& match) -> const OddsText& {
      text = event_odds_json(*match, sports_.of(*match), form, asked.at);
      return text;
    });
    cost = body.events == 0 ? 0 : charged * static_cast<int>(form.markets.size());
  } else {
    const auto match = event_of(of, route.sport, route.event);
    if (!match) return refusal(match.error());
    const OddsText text = event_odds_json(**match, sports_.of(**match), form, asked.at);
    body.json = text.json;
    cost = charged * static_cast<int>(text.markets);
  }
  const UtcMillis next = asked.at + Millis(kGrid);
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_time_or_null(json, "timestamp", asked.at, form.unix_time);
  write_time_or_null(json, "previous_timestamp", asked.at - Millis(kGrid), form.unix_time);
  write_time_or_null(json, "next_timestamp", next <= asked.now ? std::optional(next) : std::nullopt,
                     form.unix_time);
  json.key("data").raw(body.json).end_object();
  return json_answer(std::move(out), cost);
}

Asked<std::shared_ptr<const Board>> OddsHistory::board_at(UtcMillis at) {
  for (const auto& board : recent_)
    if (board->at == at) return board;
  auto board = read_board(at);
  if (!board) {
    if (board.error().kind == ErrorKind::NotFound)
      return refuse_odds(422, "HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE", board.error().message);
    log::warn("history_unreadable", {log::kv("why", board.error().text())});
    return refuse_odds(503, "UNAVAILABLE", "The store cannot be read now; ask again");
  }
  if (recent_.size() >= kBoardsKept) recent_.pop_front();
  recent_.push_back(*board);
  return *board;
}

Result<std::shared_ptr<const Board>> OddsHistory::read_board(UtcMillis at) {
  std::map<EventId, Link> links;
  if (read_links_) {
    const auto all = read_links_();
    if (!all) return tl::unexpected(all.error());
    for (const Link& link : *all)
      if (!link.undone_at) links.emplace(link.event, link);
  }
  const auto documents = read_documents_(at);
  if (!documents) return tl::unexpected(documents.error());

  std::map<EventId, BoardEvent> events;
  for (const MatchDocument& document : *documents)
    for (const auto& [bookmaker, record] : document.records) {
      if (!stands(record, at)) continue;
      BoardEvent& event = events[{record.bookmaker, record.source, record.event_id}];
      event.bookmaker = record.bookmaker;
      event.source = record.source;
      event.event_id = record.event_id;
      event.markets.push_back({std::make_shared<const Record>(record), record.observed_at});
    }
  std::map<std::string, std::vector<BoardEvent>> matches;
  for (auto& [id, event] : events) {
    std::sort(event.markets.begin(), event.markets.end(), [](const auto& a, const auto& b) {
      return std::tie(a.record->bet_type, a.record->segment, a.record->line) <
             std::tie(b.record->bet_type, b.record->segment, b.record->line);
    });
    const auto link = links.find(id);
    if (link != links.end()) event.link = {link->second.method, link->second.score};
    matches[link == links.end() ? match_id_of(id) : link->second.match_id].push_back(
        std::move(event));
  }
  auto board = std::make_shared<Board>();
  board->at = at;
  for (auto& [id, listings] : matches) {
    auto match = match_of_events(id, std::move(listings), catalog_);
    match->live = match->was_live;
    board->matches.push_back(std::move(match));
  }
  sort_matches(board->matches);
  board->index = index_of(board->matches);
  return std::shared_ptr<const Board>(std::move(board));
}

}  // namespace oddsloom
