// All simulated bookmakers, each by its own folder, into one store: lists are read, work is done,
// and the store is what each of them offers, line by line.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "bookmaker/compiled_spec.h"
#include "bookmaker/request.h"
#include "matching/linker_loop.h"
#include "sim/simulator.h"
#include "support/pipeline.h"

namespace oddsloom {
namespace {

using test::Pipeline;

struct Site {
  sim::House house;
  Bookmaker bookmaker;
};

std::string body_of(const std::string& url) {
  auto http = Pipeline::must(HttpClient::create({}));
  HttpRequest request;
  request.url = url;
  http->start(std::move(request));
  for (int i = 0; i < 1000; ++i)
    for (HttpResponse& response : http->poll(Millis(10))) return std::move(response.body);
  throw std::runtime_error(url + ": no answer");
}

class Bookmakers : public testing::Test {
 protected:
  Bookmakers() {
    sim::SimulatorConfig config;
    config.world.upcoming = 120;
    config.world.live = 48;
    config.world.epoch = now_utc();
    pipeline = std::make_unique<Pipeline>(config);
    pipeline->simulator->freeze();
    for (const sim::House house : sim::kHouses) {
      auto loaded =
          load_bookmaker(std::string(ODDSLOOM_SOURCE_DIR "/bookmakers/").append(to_string(house)),
                         pipeline->bet_types);
      if (!loaded) throw std::runtime_error(loaded.error().front().text());
      sites.push_back({house, *std::move(loaded)});
    }
  }

  std::vector<test::TrueMarket> truth_of(const Site& site) const {
    return test::read_truth(pipeline->simulator->truth_json(site.house));
  }

  WorkerConfig config_of(const Site& site, Source source) const {
    WorkerConfig config = pipeline->worker_config(source);
    config.base_url = pipeline->simulator->base_url(site.house);
    config.streams.clear();
    for (int period = 0; period < (source == Source::Live ? 1 : kPeriods); ++period)
      for (const std::string& type : site.bookmaker.bet_types)
        config.streams.push_back({site.bookmaker.name, type, source, period});
    return config;
  }

  void push(const Site& site, Source source, const std::vector<std::pair<int, WorkEntry>>& events) {
    for (const auto& [period, work] : events)
      for (const std::string& type : site.bookmaker.bet_types) {
        auto ids = pipeline->streams->append({site.bookmaker.name, type, source, period}, {work});
        ASSERT_TRUE(ids) << ids.error().text();
      }
  }

  void drain(const Site& site, Source source) {
    WorkerParts common = pipeline->parts();
    WorkerParts parts{site.bookmaker,         common.bet_types,         std::move(common.streams),
                      std::move(common.book), std::move(common.reader), std::move(common.http),
                      common.budget,          common.metrics,           common.clock};
    auto done = run_worker(std::move(parts), config_of(site, source), {});
    ASSERT_TRUE(done) << done.error().text();
  }

  // Everything that the lists of the bookmaker name, as step 1 reads them.
  std::vector<WorkEntry> listed(const Site& site, Source source) {
    std::vector<WorkEntry> out;
    const std::string base = pipeline->simulator->base_url(site.house);
    std::vector<ListPage> pages = first_pages(site.bookmaker, source, base);
    while (!pages.empty()) {
      const ListPage page = std::move(pages.back());
      pages.pop_back();
      const auto answer = read_list(site.bookmaker, page, 200, "", body_of(page.url), base);
      EXPECT_TRUE(answer) << answer.error().text();
      if (!answer) return out;
      EXPECT_TRUE(answer->problems.empty()) << answer->problems.front();
      out.insert(out.end(), answer->events.begin(), answer->events.end());
      if (answer->next) pages.push_back(*answer->next);
    }
    return out;
  }

  std::unique_ptr<Pipeline> pipeline;
  std::vector<Site> sites;
};

TEST_F(Bookmakers, WhatEachOfThemOffersIsInTheStoreLineByLine) {
  for (const Site& site : sites) {
    const auto truth = truth_of(site);
    for (const Source source : {Source::Upcoming, Source::Live}) {
      push(site, source, test::events_of(truth, source));
      drain(site, source);
    }
    EXPECT_EQ(test::differences(truth, *pipeline->reader), std::vector<std::string>{});
    std::set<std::string> types;
    std::map<std::string, std::size_t> lines;
    for (const test::TrueMarket& market : truth) {
      types.insert(market.id.bet_type);
      if (market.id.line) ++lines[market.id.event_id];
    }
    EXPECT_EQ(types.size(), site.bookmaker.bet_types.size()) << site.bookmaker.name;
    if (site.house == sim::House::BookieDelta) continue;
    EXPECT_GT(std::count_if(lines.begin(), lines.end(), [](const auto& n) { return n.second > 2; }),
              10);
  }
  EXPECT_TRUE(pipeline->dead().empty());
  EXPECT_EQ(pipeline->left(), 0U);
}

TEST_F(Bookmakers, TheirListsNameTheEventsAndWhoPlaysWhen) {
  for (const Site& site : sites) {
    const auto truth = truth_of(site);
    for (const Source source : {Source::Upcoming, Source::Live}) {
      std::map<std::string, WorkEntry> by_id;
      for (WorkEntry& event : listed(site, source)) by_id[event.event_id] = std::move(event);
      const auto events = test::events_of(truth, source);
      ASSERT_GT(events.size(), 20U);
      for (const auto& [period, work] : events) {
        ASSERT_TRUE(by_id.contains(work.event_id)) << site.bookmaker.name << " " << work.event_id;
        EXPECT_EQ(by_id[work.event_id], work) << site.bookmaker.name << " " << to_json(work);
      }
    }
  }
}

// A line that is not offered any more is withdrawn by the look that does not find it, also where
// the answer to that look has been seen before.
TEST_F(Bookmakers, ALineThatVanishesIsWithdrawn) {
  const Site& site = sites.back();
  const auto before = truth_of(site);
  const auto events = test::events_of(before, Source::Live);
  push(site, Source::Live, events);
  drain(site, Source::Live);

  pipeline->ahead = 25 * 60'000;
  pipeline->simulator->thaw();
  pipeline->simulator->freeze();
  const auto after = truth_of(site);
  std::set<RecordId> offered;
  std::set<std::string> played_on;
  for (const test::TrueMarket& market : after) {
    offered.insert(market.id);
    if (market.id.source == Source::Live) played_on.insert(market.id.event_id);
  }
  std::vector<RecordId> vanished;
  for (const test::TrueMarket& market : before)
    if (market.id.line && market.id.source == Source::Live && !offered.contains(market.id) &&
        played_on.contains(market.id.event_id))
      vanished.push_back(market.id);
  ASSERT_GT(vanished.size(), 5U);

  std::vector<std::pair<int, WorkEntry>> again;
  std::copy_if(events.begin(), events.end(), std::back_inserter(again),
               [&](const auto& event) { return played_on.contains(event.second.event_id); });
  push(site, Source::Live, again);
  drain(site, Source::Live);
  for (const RecordId& id : vanished) {
    const auto key = Pipeline::must(pipeline->reader->find(id));
    ASSERT_TRUE(key) << id.text();
    const auto document = Pipeline::must(pipeline->reader->document(*key));
    ASSERT_TRUE(document) << id.text();
    const Record& record = document->records.at(id.bookmaker);
    EXPECT_FALSE(record.offered) << id.text();
    for (const Outcome& outcome : record.outcomes) EXPECT_FALSE(outcome.usable) << id.text();
  }
}

TEST_F(Bookmakers, TheTruthTellsWhichEventsAreTheSameMatch) {
  struct Seen {
    std::string betradar, home;
    UtcMillis start;
  };
  std::map<std::string, std::map<std::string, Seen>> matches;  // by match, then bookmaker
  std::map<std::string, std::set<std::string>> by_betradar;
  std::size_t silent = 0;
  for (const Site& site : sites)
    for (const test::TrueMarket& market : truth_of(site)) {
      matches[market.match][site.bookmaker.name] = {market.work.betradar_id, market.work.home,
                                                    *market.work.start_time};
      if (market.work.betradar_id.empty())
        ++silent;
      else
        by_betradar[market.work.betradar_id].insert(market.match);
    }
  std::size_t at_all = 0, at_two = 0, spelled_alike = 0, other_kick_off = 0;
  for (const auto& [match, seen] : matches) {
    at_all += seen.size() == 3 ? 1 : 0;
    at_two += seen.size() == 2 ? 1 : 0;
    for (const auto& [bookmaker, one] : seen) {
      const Seen& first = seen.begin()->second;
      if (!one.betradar.empty() && !first.betradar.empty()) {
        EXPECT_EQ(one.betradar, first.betradar) << match;
      }
      EXPECT_LE(std::abs((one.start - first.start).count()), 15 * 60'000) << match;
      other_kick_off += one.start != first.start ? 1 : 0;
      if (bookmaker != "BookieDelta") spelled_alike += one.home == first.home ? 1 : 0;
    }
  }
  EXPECT_GT(at_all, 50U);
  EXPECT_GT(at_two, 5U);
  EXPECT_GT(silent, 5U);
  EXPECT_GT(other_kick_off, 1U);
  EXPECT_LT(spelled_alike, at_all * 3 / 2);
  // The trap: one id of the provider for two matches.
  EXPECT_GT(std::count_if(by_betradar.begin(), by_betradar.end(),
                          [](const auto& id) { return id.second.size() > 1; }),
            1);
}

// Held against the truth in pairs of events: none that is not one match is linked, traps included,
// and nearly all that are one and carry the id are.
TEST_F(Bookmakers, TheLinkerLinksWhatIsOneMatchAndNothingElse) {
  struct True {
    std::string match, betradar;
  };
  std::map<EventId, True> truth;
  for (const Site& site : sites) {
    const auto markets = truth_of(site);
    for (const test::TrueMarket& market : markets)
      truth[{market.id.bookmaker, market.id.source, market.id.event_id}] = {
          market.match, market.work.betradar_id};
    for (const Source source : {Source::Upcoming, Source::Live}) {
      push(site, source, test::events_of(markets, source));
      drain(site, source);
    }
  }
  LinkerLoop loop(
      {*pipeline->store, [&](const std::string& bookmaker, Source source, const std::string& id) {
         for (const Site& site : sites)
           if (site.bookmaker.name == bookmaker)
             for (const Sport& sport : site.bookmaker.compiled->sports)
               if (const auto& side = sport.side(source); side && side->id == id) return sport.name;
         return std::string();
       }});
  while (Pipeline::must(loop.step())) {
  }
  std::map<EventId, std::string> linked;
  for (const auto& [event, known] : truth) linked[event] = match_id_of(event);
  const auto book = Pipeline::must(pipeline->store->link_book());
  for (const Link& link : Pipeline::must(book->read(0)).links) {
    ASSERT_TRUE(linked.contains(link.event)) << to_text(link.event);
    linked[link.event] = link.match_id;
  }

  std::size_t traps = 0, to_link = 0, found = 0;
  for (auto one = truth.begin(); one != truth.end(); ++one)
    for (auto two = std::next(one); two != truth.end(); ++two) {
      const bool same = one->second.match == two->second.match;
      const bool told = linked[one->first] == linked[two->first];
      const bool same_id =
          !one->second.betradar.empty() && one->second.betradar == two->second.betradar;
      EXPECT_TRUE(same || !told) << to_text(one->first) << " is not " << to_text(two->first);
      traps += !same && same_id ? 1 : 0;
      to_link += same && same_id ? 1 : 0;
      found += same && same_id && told ? 1 : 0;
    }
  EXPECT_GT(traps, 5U);
  EXPECT_GT(to_link, 100U);
  EXPECT_GE(found * 100, to_link * 99) << found << " of " << to_link << " pairs";
  RecordProperty("pairs", fmt::format("{} of {} linked, {} traps", found, to_link, traps));
}

}  // namespace
}  // namespace oddsloom
