#include "matching/linker.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace oddsloom::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr UtcMillis kNoon{1'935'921'600'000};

LinkFacts facts(const std::string& bookmaker, const std::string& id,
                Source source = Source::Upcoming) {
  return {{bookmaker, source, id}, "61239123",       "football", kNoon, "Anvil Town",
          "Bellows United",        kNoon - hours(48)};
}

class LinkerTest : public ::testing::Test {
 protected:
  // What the book would hold, as if everything wanted was written.
  void write() {
    const auto links = linker_.wanted(1'000, kNoon);
    for (const Link& link : links) book_[link.event] = link;
    linker_.put(links);
    written_ += links.size();
    EXPECT_TRUE(linker_.wanted(1'000, kNoon).empty());
  }
  std::string match(const LinkFacts& of) {
    write();
    const auto found = book_.find(of.event);
    return found == book_.end() || found->second.undone_at ? "" : found->second.match_id;
  }
  bool linked(const LinkFacts& a, const LinkFacts& b) {
    const std::string one = match(a), two = match(b);
    return !one.empty() && one == two;
  }
  Link undone(const LinkFacts& of) {
    Link link = book_.at(of.event);
    link.undone_at = kNoon;
    return book_[of.event] = link;
  }

  Linker linker_;
  std::map<EventId, Link> book_;
  std::size_t written_ = 0;
};

TEST(BetradarId, IsDigitsHoweverItIsWritten) {
  EXPECT_EQ(normal_betradar_id("sr:match:61239123"), "61239123");
  EXPECT_EQ(normal_betradar_id("0061239123"), "61239123");
  for (const char* none : {"", "0", "sr:match:", "abc", "sr:stage:61", "6.1", "1234567890123"})
    EXPECT_EQ(normal_betradar_id(none), "") << none;
}

TEST_F(LinkerTest, EventsOfSeveralBookmakersAndPhasesWithOneIdAreOneMatch) {
  auto a = facts("Alpha", "1"), b = facts("Beta", "7"), live = facts("Alpha", "9", Source::Live);
  a.first_seen = kNoon - hours(72);
  for (const auto& each : {b, a, live}) linker_.offer(each);
  EXPECT_TRUE(linked(a, b));
  EXPECT_TRUE(linked(a, live));
  EXPECT_EQ(match(live), match_id_of(a.event)) << "the eldest gives the id";
  EXPECT_EQ(book_.at(b.event).method, "betradar");
  EXPECT_NE(book_.at(b.event).evidence.find("61239123"), std::string::npos);
}

TEST_F(LinkerTest, AnEventAloneHasNoLink) {
  linker_.offer(facts("Alpha", "1"));
  EXPECT_EQ(match(facts("Alpha", "1")), "");
}

TEST_F(LinkerTest, WhatContradictsStaysApart) {
  const auto a = facts("Alpha", "1");
  linker_.offer(a);
  const auto apart = [&](auto change) {
    auto other = facts("Beta", std::to_string(++written_ + 100));
    change(other);
    linker_.offer(other);
    return !linked(a, other);
  };
  EXPECT_TRUE(apart([](auto& f) { f.betradar_id = "61239124"; }));
  EXPECT_TRUE(apart([](auto& f) { f.betradar_id = ""; }));
  EXPECT_TRUE(apart([](auto& f) { f.sport = "basketball"; }));
  EXPECT_TRUE(apart([](auto& f) { f.sport = ""; }));
  EXPECT_TRUE(apart([](auto& f) { f.start_time = kNoon + hours(25); })) << "the second leg";
  EXPECT_TRUE(apart([](auto& f) { std::swap(f.home, f.away); })) << "1 would be the other's 2";
  EXPECT_TRUE(apart([](auto& f) { f.home = "Chisel Rangers"; })) << "another fixture";
  EXPECT_TRUE(apart([](auto& f) {
    f.start_time.reset();
    f.home.clear();
  })) << "the id alone";
  EXPECT_FALSE(apart([](auto& f) { f.home = "Anvil Town W"; })) << "a marker of one alone";
  EXPECT_GT(linker_.counts().contradicted, 0u);
}

TEST_F(LinkerTest, MarkersThatExcludeEachOtherKeepApart) {
  auto women = facts("Alpha", "1"), youth = facts("Beta", "2");
  women.home += " W";
  youth.home += " U19";
  linker_.offer(women);
  linker_.offer(youth);
  EXPECT_FALSE(linked(women, youth));
}

TEST_F(LinkerTest, ASecondEventOfABookmakerJoinsOnlyUnderTheSameName) {
  const auto a = facts("Alpha", "1"), b = facts("Beta", "2");
  auto again = facts("Beta", "3"), special = facts("Beta", "4");
  special.home = "Anvil Town corners";
  for (const auto& each : {a, b, again, special}) linker_.offer(each);
  EXPECT_TRUE(linked(a, again));
  EXPECT_FALSE(linked(a, special));
}

TEST_F(LinkerTest, TheOrderOfArrivalMakesNoDifference) {
  std::vector<LinkFacts> all{facts("Alpha", "1"), facts("Beta", "2"), facts("Gamma", "3"),
                             facts("Gamma", "4", Source::Live)};
  std::set<std::vector<bool>> outcomes;
  std::sort(all.begin(), all.end(), [](auto& x, auto& y) { return x.event < y.event; });
  all[2].home = "Chisel Rangers";
  do {
    Linker linker;
    for (const auto& each : all) linker.offer(each);
    std::map<EventId, std::string> matches;
    for (const Link& link : linker.wanted(100, kNoon)) matches[link.event] = link.match_id;
    EXPECT_EQ(matches.size(), 3u);
    std::set<std::string> ids;
    for (const auto& [event, id] : matches) ids.insert(id);
    EXPECT_EQ(ids.size(), 1u);
    outcomes.insert({matches.contains(facts("Alpha", "1").event),
                     matches.contains(facts("Beta", "2").event),
                     matches.contains(facts("Gamma", "3").event)});
  } while (std::next_permutation(all.begin(), all.end(),
                                 [](auto& x, auto& y) { return x.event < y.event; }));
  EXPECT_EQ(outcomes.size(), 1u);
}

TEST_F(LinkerTest, WhatIsSaidAgainWritesNothing) {
  for (int i = 0; i < 3; ++i) {
    linker_.offer(facts("Alpha", "1"));
    linker_.offer(facts("Beta", "2"));
    write();
  }
  EXPECT_EQ(written_, 2u);
}

TEST_F(LinkerTest, ARestartWithTheBookWritesNothing) {
  linker_.offer(facts("Beta", "2"));
  linker_.offer(facts("Gamma", "3"));
  write();
  linker_.offer(facts("Alpha", "1"));  // would be the eldest by name
  write();
  const std::string id = match(facts("Alpha", "1"));
  linker_ = {};
  for (const auto& [event, link] : book_) linker_.adopt(link);
  for (const auto* name : {"Alpha", "Beta", "Gamma"})
    linker_.offer(facts(name, name[0] == 'A' ? "1" : name[0] == 'B' ? "2" : "3"));
  EXPECT_TRUE(linker_.wanted(100, kNoon).empty());
  linker_.offer(facts("Delta", "4"));
  EXPECT_EQ(match(facts("Delta", "4")), id);
}

TEST_F(LinkerTest, AKickOffThatMovesDoesNotPartAMatch) {
  auto a = facts("Alpha", "1"), b = facts("Beta", "2");
  linker_.offer(a);
  linker_.offer(b);
  write();
  b.start_time = kNoon + hours(72);
  linker_.offer(b);
  EXPECT_TRUE(linked(a, b));
}

TEST_F(LinkerTest, AnotherIdPartsAndNamesThatCameLateDo) {
  auto a = facts("Alpha", "1"), b = facts("Beta", "2"), c = facts("Gamma", "3");
  c.home.clear();
  for (const auto& each : {a, b, c}) linker_.offer(each);
  EXPECT_TRUE(linked(a, c)) << "by id and kick-off";
  c.home = "Chisel Rangers";
  linker_.offer(c);
  EXPECT_FALSE(linked(a, c));
  EXPECT_EQ(match(c), match_id_of(c.event));
  a.betradar_id = "777";
  linker_.offer(a);
  EXPECT_FALSE(linked(a, b));
  EXPECT_EQ(match(b), match_id_of(b.event)) << "the eldest took its id along";
}

TEST_F(LinkerTest, AnUndoneLinkIsNotMadeAgain) {
  const auto a = facts("Alpha", "1"), b = facts("Beta", "2"), c = facts("Gamma", "3");
  for (const auto& each : {a, b, c}) linker_.offer(each);
  write();
  linker_.adopt(undone(a));
  EXPECT_TRUE(linked(b, c));
  EXPECT_NE(match(b), match_id_of(a.event)) << "that is the id of the one taken out";
  auto moved = a;
  moved.start_time = kNoon + minutes(5);
  linker_.offer(moved);
  EXPECT_EQ(match(a), "");
  book_.erase(a.event);
  linker_.adopt_forgotten(a.event);
  EXPECT_TRUE(linked(a, b)) << "forgotten, it may be";
}

TEST_F(LinkerTest, ForgetsWhatIsOver) {
  for (int i = 0; i < 10; ++i) {
    auto old = facts("Alpha", std::to_string(i));
    old.start_time = kNoon + hours(i);
    linker_.offer(old);
  }
  linker_.forget_before(kNoon + hours(4));
  EXPECT_EQ(linker_.size(), 6u);
}

}  // namespace
}  // namespace oddsloom::test
