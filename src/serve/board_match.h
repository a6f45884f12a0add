// A match of the listings that are of it, and matches in their order: what boards are made of,
// whether they are of now (board_keeper.h) or of the past (odds_history.h). Pure; any thread.
#pragma once

#include "serve/board.h"
#include "serve/catalog.h"

namespace oddsloom {

// Names, competition, sport and kick-off as the first listing says that knows them. `live` is left
// to whoever knows the time.
std::shared_ptr<BoardMatch> match_of_events(std::string id, std::vector<BoardEvent> events,
                                            const Catalog& catalog);
// Live first, then by kick-off (unknown: last), then id.
void sort_matches(std::vector<std::shared_ptr<const BoardMatch>>& matches);
std::shared_ptr<const BoardIndex> index_of(
    const std::vector<std::shared_ptr<const BoardMatch>>& matches);

}  // namespace oddsloom
