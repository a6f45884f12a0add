// What serving costs without the socket: the board that follows a store, and answers of The Odds
// API over it. CPU of this process alone; the store is the embedded one, its file on the folder's
// disk. usage: serve_bench FOLDER [MATCHES] [BOOKMAKERS]
#include <fmt/format.h>
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "bench/measure.h"
#include "serve/board_keeper.h"
#include "serve/board_match.h"
#include "serve/odds_api.h"

namespace oddsloom {
namespace {

constexpr UtcMillis kStart{1'935'921'600'000};
const std::vector<std::string> kBetTypes{"three_way", "btts", "double_chance"};

struct Sizes {
  std::size_t matches = 5'000, bookmakers = 5;
};

Catalog catalog_of(std::size_t bookmakers) {
  Catalog out;
  out.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
                            {"btts", {"yes", "no"}, false, "BTTS", "btts"},
                            {"double_chance", {"1X", "12", "X2"}, false, "DOUBLE_CHANCE", "dc"}});
  for (std::size_t i = 0; i < bookmakers; ++i) {
    CatalogBookmaker one;
    one.name = fmt::format("Bookie{}", static_cast<char>('A' + i));
    one.key = fmt::format("bookie{}", static_cast<char>('a' + i));
    one.title = fmt::format("Bookie {}", static_cast<char>('A' + i));
    one.regions = {"ke"};
    one.live_limit = Millis(15'000);
    one.upcoming_limit = Millis(180'000);
    one.sports[{Source::Upcoming, "1"}] = "football";
    out.bookmakers.push_back(one);
  }
  return out;
}

Record record_of(const Catalog& catalog, std::size_t match, std::size_t bookmaker,
                 const std::string& bet_type, std::int32_t price, UtcMillis at) {
  Record out;
  out.bookmaker = catalog.bookmakers[bookmaker].name;
  out.bet_type = bet_type;
  out.event_id = fmt::format("{}", 4'000'000 + match);
  out.home = fmt::format("Northgate Rovers {}", match);
  out.away = fmt::format("Southquay United {}", match);
  out.start_time = kStart + Millis(3'600'000 + static_cast<std::int64_t>(match) * 10'000);
  out.competition = fmt::format("Invented League {}", match % 100);
  out.sport_id = "1";
  out.market_id = fmt::format("55{}", match);
  std::int32_t step = 0;
  for (const std::string& key : catalog.bet_types.find(bet_type)->outcomes)
    out.outcomes.push_back({key, Price{price + 410 * step++}, Status::Open, true,
                            fmt::format("88001002{}{}", match, step), "An outcome"});
  out.observed_at = out.changed_at = at;
  return out;
}

// Links by the match's number, as a linker would have made them.
class BenchLinks : public LinkBook {
 public:
  BenchLinks(const Catalog& catalog, std::size_t matches) {
    for (std::size_t match = 0; match < matches; ++match)
      for (std::size_t i = 1; i < catalog.bookmakers.size(); ++i) {
        Link link;
        const std::string id = fmt::format("{}", 4'000'000 + match);
        link.event = {catalog.bookmakers[i].name, Source::Upcoming, id};
        link.match_id = match_id_of({catalog.bookmakers[0].name, Source::Upcoming, id});
        page_.links.push_back(link);
      }
    page_.revision = 1;
  }
  Result<void> put(const std::vector<Link>&) override { return {}; }
  Result<void> undo(const EventId&, UtcMillis) override { return {}; }
  Result<void> forget(const EventId&) override { return {}; }
  Result<Page> read(std::uint64_t after) override { return after == 1 ? Page{{}, {}, 1} : page_; }

 private:
  Page page_;
};

double megabytes_in_use() { return static_cast<double>(mallinfo2().uordblks) / 1e6; }

void keeper_costs(const std::string& folder, const Catalog& catalog, const Sizes& sizes) {
  UtcMillis now = kStart;
  StoreOptions options;
  options.bet_types = catalog.bet_types;
  options.clock = [&] { return now; };
  const auto store = must(open_store("sqlite:" + folder + "/serve_bench.db", options));
  const auto book = must(store->match_book());
  const auto put = [&](CommitBatch& batch) {
    must(commit(*book, std::move(batch), Millis(120'000)));
    batch = {};
  };
  CommitBatch batch;
  std::size_t records = 0;
  for (std::size_t match = 0; match < sizes.matches; ++match) {
    for (std::size_t bookmaker = 0; bookmaker < sizes.bookmakers; ++bookmaker)
      for (const std::string& bet_type : kBetTypes) {
        batch.records.push_back(record_of(catalog, match, bookmaker, bet_type, 2'000, now));
        ++records;
      }
    if (batch.records.size() >= 2'000) put(batch);
  }
  put(batch);
  const double before = megabytes_in_use();
  BoardKeeper keeper(catalog, must(store->reader()),
                     std::make_unique<BenchLinks>(catalog, sizes.matches));
  double begun = cpu_micros();
  std::shared_ptr<const Board> board;
  const auto turn = [&] {
    BoardTurn out = keeper.turn(now);
    if (!out.trouble.empty()) std::printf("trouble: %s\n", out.trouble.c_str());
    if (out.board) board = out.board;
    return out.changes.size();
  };
  while (!keeper.ready()) turn();
  std::printf("%zu matches, %zu records: start %.1f s, memory %.0f MB\n", board->matches.size(),
              records, (cpu_micros() - begun) / 1e6, megabytes_in_use() - before);

  std::mt19937 random(7);
  for (const std::size_t changes : {std::size_t{1}, std::size_t{10}, std::size_t{100}}) {
    double spent = 0;
    std::size_t told = 0;
    constexpr int kTurns = 30;
    for (int i = 0; i < kTurns; ++i) {
      now = now + Millis(1);
      for (std::size_t k = 0; k < changes; ++k)
        batch.records.push_back(record_of(catalog, random() % sizes.matches, 0, "three_way",
                                          2'001 + static_cast<std::int32_t>(random() % 1'000),
                                          now));
      put(batch);
      begun = cpu_micros();
      told += turn();
      spent += cpu_micros() - begun;
    }
    std::printf("%3zu changes a turn: %.0f us a turn and board, %.1f us a change\n", changes,
                spent / kTurns, told == 0 ? 0.0 : spent / static_cast<double>(told));
  }
  now = now + Millis(12'000);
  for (std::size_t match = 0; match < sizes.matches; ++match)
    batch.records.push_back(record_of(catalog, match, 1, "btts", 2'000, now));
  put(batch);
  begun = cpu_micros();
  turn();
  std::printf("%zu sightings: %.2f us each\n", sizes.matches,
              (cpu_micros() - begun) / static_cast<double>(sizes.matches));
  now = now + Millis(61'000);
  begun = cpu_micros();
  turn();
  std::printf("all sighting times, once a minute: %.0f ms\n", (cpu_micros() - begun) / 1e3);
}

void answer_costs(std::size_t matches, std::size_t bookmakers) {
  const Catalog catalog = catalog_of(bookmakers);
  const auto make = [&](std::size_t match, UtcMillis at) {
    std::vector<BoardEvent> events;
    for (std::size_t i = 0; i < bookmakers; ++i) {
      BoardEvent event{catalog.bookmakers[i].name, Source::Upcoming, std::to_string(match), {}, {}};
      for (const std::string& bet_type : kBetTypes)
        event.markets.push_back(
            {std::make_shared<const Record>(record_of(catalog, match, i, bet_type, 2'000, at)),
             at});
      events.push_back(std::move(event));
    }
    return match_of_events(match_id_of({"Bookie", Source::Upcoming, std::to_string(match)}),
                           std::move(events), catalog);
  };
  std::vector<std::shared_ptr<const BoardMatch>> all;
  for (std::size_t match = 0; match < matches; ++match) all.push_back(make(match, kStart));
  const auto publish = [&](OddsApi& api) {
    auto board = std::make_shared<Board>();
    board->matches = all;
    sort_matches(board->matches);
    board->index = index_of(board->matches);
    api.publish(board);
  };
  OddsApi api(catalog);
  publish(api);
  WebRequest request;
  request.method = "GET";
  request.path = "/v4/sports/soccer/odds";
  request.query = {{"regions", "ke"}, {"markets", "h2h"}};
  request.headers = {{"accept-encoding", "gzip"}};
  request.now = kStart;
  const auto ask = [&] { return api.answer(request).response; };
  const auto timed = [&](const char* what, int times, auto before) {
    double spent = 0;
    for (int i = 0; i < times; ++i) {
      before(i);
      const double begun = cpu_micros();
      ask();
      spent += cpu_micros() - begun;
    }
    std::printf("%-52s %9.1f us\n", what, spent / times);
  };
  const WebResponse first = ask();
  std::printf("answer of %zu matches x %zu bookmakers: %zu bytes, %zu as gzip\n", matches,
              bookmakers, first.body->size(), first.gzip->size());
  const double begun = cpu_micros();
  constexpr int kTimes = 100'000;
  for (int i = 0; i < kTimes; ++i) ask();
  std::printf("%-52s %9.2f us\n", "kept", (cpu_micros() - begun) / kTimes);
  timed("put together anew, nothing changed", 50,
        [&](int) { request.now = request.now + Millis(501); });
  timed("put together anew, one match changed, gzip", 50, [&](int i) {
    request.now = request.now + Millis(501);
    const auto at = static_cast<std::size_t>(i) % matches;
    all[at] = make(at, request.now);
    publish(api);
  });
  timed("put together anew, every match changed, gzip", 20, [&](int) {
    request.now = request.now + Millis(501);
    for (std::size_t at = 0; at < matches; ++at) all[at] = make(at, request.now);
    publish(api);
  });
}

}  // namespace
}  // namespace oddsloom

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: serve_bench FOLDER [MATCHES] [BOOKMAKERS]\n", stderr);
    return 2;
  }
  oddsloom::Sizes sizes;
  if (argc > 2) sizes.matches = static_cast<std::size_t>(std::atoi(argv[2]));
  if (argc > 3) sizes.bookmakers = static_cast<std::size_t>(std::atoi(argv[3]));
  std::filesystem::create_directories(argv[1]);
  std::filesystem::remove(std::string(argv[1]) + "/serve_bench.db");
  oddsloom::answer_costs(500, 8);
  oddsloom::keeper_costs(argv[1], oddsloom::catalog_of(sizes.bookmakers), sizes);
  return 0;
}
