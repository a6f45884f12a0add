// What was told at an earlier moment, from the store's change log: the routes below
// /v4/historical. A moment is the nearest full five minutes at or before the one asked for. The log
// tells changes, not sightings: a price stands until it changed, its market was withdrawn, or its
// match began (upcoming), and of a live match for half an hour after its last change. Any thread;
// one at a time reads the store, the others wait.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "serve/odds_route.h"
#include "store/links.h"
#include "store/store.h"

namespace oddsloom {

struct PastQuery {
  OddsRoute route;
  OddsQuery query;
  UtcMillis at;  // on the grid
  UtcMillis now;
};
// Errors beside those of the present: MISSING_HISTORICAL_TIMESTAMP, INVALID_HISTORICAL_TIMESTAMP.
Asked<PastQuery> read_past_query(const OddsRoute& route, const WebRequest& request,
                                 const Catalog& catalog);

class OddsHistory {
 public:
  // How the documents of a moment are read (Reader::as_of), and the links of now; the second may be
  // empty. NotFound: the log does not reach back so far. Called by one thread at a time.
  using ReadDocuments = std::function<Result<std::vector<MatchDocument>>(UtcMillis at)>;
  using ReadLinks = std::function<Result<std::vector<Link>>()>;
  OddsHistory(const Catalog& catalog, ReadDocuments read_documents, ReadLinks read_links = {});

  // Reads the store: not for the I/O thread.
  WebResponse answer(const PastQuery& asked);

 private:
  Asked<std::shared_ptr<const Board>> board_at(UtcMillis at);
  Result<std::shared_ptr<const Board>> read_board(UtcMillis at);

  const Catalog& catalog_;
  ReadDocuments read_documents_;
  ReadLinks read_links_;
  std::mutex mutex_;
  OddsSports sports_;
  std::deque<std::shared_ptr<const Board>> recent_;  // boards of the past, by Board::at
};

}  // namespace oddsloom
