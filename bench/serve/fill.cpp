// What the server is measured over: a store with matches that every bookmaker of a folder offers,
// linked, and then prices of theirs that move, so many a second, until standard input ends. Says
// "filled" once the store is full.
//   fill STORE_URL BOOKMAKERS_FOLDER MATCHES CHANGES_A_SECOND
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "bench/measure.h"
#include "bookmaker/spec.h"
#include "store/store.h"

namespace oddsloom {
namespace {

const std::vector<std::string> kBetTypes{"three_way", "btts", "double_chance"};
constexpr std::size_t kAtOnce = 1'000;
constexpr Millis kEvery{20};

struct Offer {
  std::string bookmaker;
  std::size_t match = 0;
};

std::string event_id(std::size_t match) { return std::to_string(4'000'000 + match); }

Record record_of(const Offer& offer, const std::string& bet_type, const BetTypes& bet_types,
                 std::int32_t price, UtcMillis begun) {
  Record out;
  out.bookmaker = offer.bookmaker;
  out.bet_type = bet_type;
  out.event_id = event_id(offer.match);
  out.home = fmt::format("Northgate Rovers {}", offer.match);
  out.away = fmt::format("Southquay United {}", offer.match);
  out.start_time = begun + Millis(7'200'000 + static_cast<std::int64_t>(offer.match) * 10'000);
  out.competition = fmt::format("Invented League {}", offer.match % 40);
  out.sport_id = "1";
  out.betradar_id = "70" + out.event_id;
  out.market_id = "551" + out.event_id;
  std::int32_t slot = 0;
  for (const std::string& key : bet_types.find(bet_type)->outcomes) {
    const Price asked{price + 10 * static_cast<std::int32_t>(offer.match % 50) + 410 * slot++};
    out.outcomes.push_back(
        {key, asked, Status::Open, true, fmt::format("88{}{}", out.market_id, slot), "An outcome"});
  }
  out.observed_at = now_utc();
  return out;
}

std::vector<Link> links_of(const std::vector<std::string>& bookmakers, std::size_t match) {
  std::vector<Link> out;
  for (const std::string& bookmaker : bookmakers) {
    Link link;
    link.event = {bookmaker, Source::Upcoming, event_id(match)};
    link.match_id = match_id_of({bookmakers[0], Source::Upcoming, event_id(match)});
    link.method = "betradar";
    link.evidence = "one number for all";
    link.linked_at = now_utc();
    out.push_back(std::move(link));
  }
  return out;
}

bool input_ended() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  char byte = 0;
  return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

void fill(const std::string& url, const std::string& folder, std::size_t matches, double rate) {
  StoreOptions options;
  auto bet_types = load_bet_types(folder + "/bet_types.toml");
  if (!bet_types) throw std::runtime_error(bet_types.error().front().message);
  options.bet_types = *std::move(bet_types);
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_directory()) options.bookmakers.push_back(entry.path().filename());
  std::sort(options.bookmakers.begin(), options.bookmakers.end());
  const auto store = must(open_store(url, options));
  const auto book = must(store->match_book());
  const auto links = must(store->link_book());
  const UtcMillis begun = now_utc();
  CommitBatch batch;
  const auto put = [&] { must(commit(*book, std::exchange(batch, {}), Millis(120'000))); };
  for (std::size_t match = 0; match < matches; ++match) {
    for (const std::string& bookmaker : options.bookmakers)
      for (const std::string& bet_type : kBetTypes)
        batch.records.push_back(
            record_of({bookmaker, match}, bet_type, options.bet_types, 2'000, begun));
    if (batch.records.size() >= kAtOnce) put();
    must(links->put(links_of(options.bookmakers, match)));
  }
  put();
  std::puts("filled");
  std::fflush(stdout);

  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return random() % n; };
  double due = 0;
  for (auto next = std::chrono::steady_clock::now(); !input_ended(); next += kEvery) {
    std::this_thread::sleep_until(next);
    for (due += rate * static_cast<double>(kEvery.count()) / 1e3; due >= 1; due -= 1)
      batch.records.push_back(record_of(
          {options.bookmakers[below(options.bookmakers.size())], below(matches)}, "three_way",
          options.bet_types, 2'001 + static_cast<std::int32_t>(below(5'000)), begun));
    put();
  }
}

}  // namespace
}  // namespace oddsloom

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: fill STORE_URL BOOKMAKERS_FOLDER MATCHES CHANGES_A_SECOND\n", stderr);
    return 2;
  }
  oddsloom::fill(argv[1], argv[2], std::strtoul(argv[3], nullptr, 10), std::atof(argv[4]));
  return 0;
}
