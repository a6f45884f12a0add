// The linker on a real store: what it finds at its start and in the change log, and what a restart
// and a person's undoing make of it.
#include "matching/linker_loop.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

constexpr UtcMillis kNoon{1'935'921'600'000};

Record record_of(const std::string& bookmaker, const std::string& event, UtcMillis at = kNoon) {
  Record out;
  out.bookmaker = bookmaker;
  out.bet_type = "three_way";
  out.event_id = event;
  out.home = "Anvil Town";
  out.away = "Bellows United";
  out.start_time = kNoon + std::chrono::hours(2);
  out.sport_id = "1";
  out.betradar_id = "61239123";
  out.outcomes = {{"1", Price{2'060}, Status::Open, true, "501", "Anvil Town"}};
  out.observed_at = at;
  return out;
}

class LinkerLoopTest : public ::testing::Test {
 protected:
  LinkerLoopTest() { start(); }
  void start() {
    loop_ = std::make_unique<LinkerLoop>(
        LinkerLoopParts{*store_,
                        [](const std::string&, Source, const std::string& id) {
                          return std::string(id == "1" ? "football" : "");
                        },
                        [] { return kNoon; }});
  }
  void commit(std::vector<Record> records) {
    ASSERT_TRUE(oddsloom::commit(*book_, {std::move(records), {}, {}, {}}));
  }
  std::map<std::string, std::string> step() {
    while (loop_->step().value()) {
    }
    std::map<std::string, std::string> out;
    const auto page = links_->read(0).value();
    for (const Link& link : page.links)
      if (!link.undone_at) out[link.event.bookmaker] = link.match_id;
    return out;
  }

  TempDir folder_;
  std::unique_ptr<Store> store_ = [this] {
    StoreOptions options;
    options.bet_types = BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"}});
    options.clock = [] { return kNoon; };
    return open_store("sqlite:" + (folder_.path() / "odds.db").string(), options).value();
  }();
  std::unique_ptr<MatchBook> book_ = store_->match_book().value();
  std::unique_ptr<LinkBook> links_ = store_->link_book().value();
  std::unique_ptr<LinkerLoop> loop_;
};

TEST_F(LinkerLoopTest, LinksWhatIsThereAndWhatComes) {
  commit({record_of("Alpha", "1"), record_of("Beta", "2")});
  auto matches = step();
  ASSERT_EQ(matches.size(), 2u);
  commit({record_of("Gamma", "3")});
  matches = step();
  ASSERT_EQ(matches.size(), 3u);
  EXPECT_EQ(matches["Alpha"], matches["Gamma"]);
  EXPECT_EQ(matches["Beta"], match_id_of({"Alpha", Source::Upcoming, "1"}));
}

TEST_F(LinkerLoopTest, ARestartWritesNothing) {
  commit({record_of("Alpha", "1"), record_of("Beta", "2")});
  step();
  const auto revision = links_->read(0)->revision;
  start();
  step();
  EXPECT_EQ(loop_->written(), 0u);
  EXPECT_EQ(links_->read(0)->revision, revision);
}

TEST_F(LinkerLoopTest, TwoOfThemAgree) {
  commit({record_of("Alpha", "1"), record_of("Beta", "2")});
  LinkerLoop other({*store_, [](const auto&, auto, const auto&) { return std::string("football"); },
                    [] { return kNoon; }});
  ASSERT_TRUE(other.step());
  step();
  EXPECT_EQ(other.written() + loop_->written(), 2u);
}

TEST_F(LinkerLoopTest, AnUndoneLinkStaysUndoneAlsoAfterARestart) {
  commit({record_of("Alpha", "1"), record_of("Beta", "2"), record_of("Gamma", "3")});
  step();
  ASSERT_TRUE(links_->undo({"Beta", Source::Upcoming, "2"}, kNoon));
  for (int i = 0; i < 2; ++i) {
    auto change = record_of("Beta", "2", kNoon + seconds(i + 1));
    change.outcomes[0].price = Price{2'100 + i};
    commit({change});
    EXPECT_FALSE(step().contains("Beta"));
    start();
  }
  ASSERT_TRUE(links_->forget({"Beta", Source::Upcoming, "2"}));
  EXPECT_TRUE(step().contains("Beta"));
}

TEST_F(LinkerLoopTest, WithoutACanonicalSportNothingIsLinked) {
  auto a = record_of("Alpha", "1"), b = record_of("Beta", "2");
  a.sport_id = b.sport_id = "7";
  commit({a, b});
  EXPECT_TRUE(step().empty());
}

}  // namespace
}  // namespace oddsloom::test
