#include "program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <sstream>

namespace oddsloom {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string read_whole(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Of BookieDelta, in what `oddsloom simulate` says.
std::string address_in(const std::string& said) {
  const std::size_t first = said.find("http://");
  return said.substr(first, said.find('\n', first) - first);
}

struct ProgramTest : testing::Test {
  Program program;
};

TEST_F(ProgramTest, VersionAndHelpEndWithZero) {
  const Ended version = program.run({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, testing::StartsWith("oddsloom "));
  const Ended help = program.run({"extract", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("--drain"));
}

TEST_F(ProgramTest, BadUsageEndsWithTwoAndOneLineOnStandardError) {
  const Ended ended = program.run({"sttreams"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("did you mean streams?"));
}

TEST_F(ProgramTest, UnknownBookmakerBetTypeAndSourceAreNamedWithTheNearest) {
  const auto err = [&](const std::string& bookmaker, const std::string& bet_type,
                       const std::string& source) {
    const Ended ended = program.run({"extract", bookmaker, bet_type, source, "--drain"});
    EXPECT_EQ(ended.code, 2);
    return ended.err;
  };
  EXPECT_THAT(err("BookieDelt", "btts", "live"), HasSubstr("did you mean BookieDelta?"));
  EXPECT_THAT(err("BookieDelta", "tree_way", "live"), HasSubstr("did you mean three_way?"));
  EXPECT_THAT(err("BookieDelta", "btts", "lve"), HasSubstr("did you mean live?"));
}

TEST_F(ProgramTest, EveryMistakeInTheSettingsIsToldAndNothingStarts) {
  program.folder().write("oddsloom.toml", "[store]\nprefx = 1\n[extract]\nbatch = 0\n");
  program.environment["ODDSLOOM_LOG_LEVEL"] = "loud";
  for (const std::string command : {"streams", "check"}) {
    const Ended ended = program.run({command});
    EXPECT_EQ(ended.code, 2) << command;
    EXPECT_THAT(ended.err, HasSubstr("oddsloom.toml:2: store.prefx: unknown setting"));
    EXPECT_THAT(ended.err, HasSubstr("oddsloom.toml:4: extract.batch: expected"));
    EXPECT_THAT(ended.err, HasSubstr("environment ODDSLOOM_LOG_LEVEL: log.level: expected"));
  }
  EXPECT_FALSE(std::filesystem::exists(program.folder().path() / "odds.db"));
}

TEST_F(ProgramTest, CheckFindsNothingWrongWithTheBookmakersThatAreDelivered) {
  const Ended ended = program.run({"check"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("BookieDelta"));
  EXPECT_EQ(program.run({"check", ODDSLOOM_SOURCE_DIR "/bookmakers/BookieDelta/"}).code, 0);
}

TEST_F(ProgramTest, CheckOfABrokenBookmakersFolderEndsWithTwo) {
  program.folder().write("books/bet_types.toml",
                         read_whole(ODDSLOOM_SOURCE_DIR "/bookmakers/bet_types.toml"));
  program.folder().write("books/Acme/bookmaker.toml", "tim_zone = \"Africa/Nairobi\"\n");
  const Ended ended = program.run({"check", "books"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("Acme/bookmaker.toml:1"));
}

TEST_F(ProgramTest, PushAppendsTheGoodLinesAndNamesTheBadOnes) {
  const Ended ended = program.run({"push", "BookieDelta", "three_way", "upcoming", "2"},
                                  "{\"event_id\": \"11\"}\n\nnot json\n{\"eventId\": 12}\n{}\n");
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("2 entries appended to bookiedelta_three_way-upcoming-2_event"));
  EXPECT_THAT(ended.err, HasSubstr("standard input:3: "));
  EXPECT_THAT(ended.err, HasSubstr("standard input:5: event_id: "));
  const Ended streams = program.run({"streams", "--json"});
  EXPECT_EQ(streams.code, 0);
  EXPECT_THAT(streams.out, HasSubstr(R"("stream":"bookiedelta_three_way-upcoming-2_event")"));
  EXPECT_THAT(streams.out, HasSubstr(R"("length":2,"pending":0)"));
}

TEST_F(ProgramTest, PushedLiveWorkIsAlwaysOfDayZero) {
  const Ended ended =
      program.run({"push", "BookieDelta", "btts", "live", "3"}, "{\"event_id\": \"11\"}\n");
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("bookiedelta_btts-live-0_event"));
}

TEST_F(ProgramTest, MapOfWhatIsNoAnswerEndsWithOne) {
  const Ended ended =
      program.run({"map", "BookieDelta", "all", "upcoming"}, "<html>Access denied</html>");
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, Not(HasSubstr("oddsloom: ")));
}

TEST_F(ProgramTest, MapGivesRecordsAndTakesNamesFromTheEntries) {
  const std::string answer = program.folder().write(
      "answer.json", R"({"700001":[{"id":10,"name":"3 Way","specValue":0,"selections":[)"
                     R"({"id":5000000001,"name":"Rook Town","odds":"2.06","shortName":"1"},)"
                     R"({"id":5000000002,"name":"draw","odds":"3.20","shortName":"X"},)"
                     R"({"id":5000000003,"name":"Pike Rovers","odds":"abc","shortName":"2"}]}]})");
  const std::string entries = program.folder().write(
      "entries.jsonl",
      R"({"event_id":"700001","home":"Rook Town","away":"Pike Rovers","competition":"Pond Cup"})");
  const Ended ended = program.run(
      {"map", "BookieDelta", "three_way", "upcoming", "--payload", answer, "--entries", entries});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 1);
  EXPECT_THAT(ended.out, HasSubstr(R"("1":{"price":"2.06","status":"open","usable":true)"));
  EXPECT_THAT(ended.out, HasSubstr(R"("competition_name":"Pond Cup")"));
  EXPECT_THAT(ended.err, HasSubstr("odds")) << "the price that cannot be read is told";
}

TEST_F(ProgramTest, DrainOfEmptyStreamsEndsWithZero) {
  EXPECT_EQ(program.run({"extract", "BookieDelta", "all", "live", "--drain"}).code, 0);
}

TEST_F(ProgramTest, ShowOfAKeyThatIsNotThereEndsWithOne) {
  EXPECT_EQ(program.run({"show", "no-such-key"}).code, 1);
  EXPECT_EQ(program.run({"show"}).code, 0);
}

TEST_F(ProgramTest, DeadLettersAreOnlyRetriedOrDroppedWhenNamed) {
  EXPECT_EQ(program.run({"dead", "drop"}).code, 2);
  EXPECT_EQ(program.run({"dead", "drop", "x/1"}).code, 2);
  EXPECT_EQ(program.run({"dead", "retry", "--all"}).code, 0);
  EXPECT_EQ(program.run({"dead", "list", "--json"}).out, "");
}

TEST_F(ProgramTest, AStoreUrlOfUnknownKindEndsWithTwo) {
  EXPECT_EQ(program.run({"streams", "--store", "mysql://x"}).code, 2);
}

TEST_F(ProgramTest, TheConfigurationPageIsPrintedAsItIsKept) {
  EXPECT_EQ(program.run({"config", "--markdown"}).out,
            read_whole(ODDSLOOM_SOURCE_DIR "/docs/configuration.md"));
}

TEST_F(ProgramTest, SimulateSaysItsAddressAndEndsInOrder) {
  program.start({"simulate", "--upcoming", "5", "--live", "2"});
  ASSERT_TRUE(program.says("/BookieOmega\n"));
  const std::string said = program.out_so_far();
  EXPECT_THAT(said, HasSubstr("BookieDelta  http://127.0.0.1:"));
  EXPECT_THAT(said, HasSubstr("BookieSigma  " + address_in(said) + "/BookieSigma\n"));
  EXPECT_THAT(said, HasSubstr("BookieOmega  " + address_in(said) + "/BookieOmega\n"));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().code, 0);
}

TEST_F(ProgramTest, WhatListenFindsExtractFetchesAndShowShows) {
  Program simulator;
  simulator.start({"simulate", "--upcoming", "20", "--live", "5"});
  ASSERT_TRUE(simulator.says("\n"));
  const std::string url = address_in(simulator.out_so_far());
  const Ended listened =
      program.run({"listen", "BookieDelta", "upcoming", "--once", "--base-url", url});
  EXPECT_EQ(listened.code, 0) << listened.err;
  const Ended extracted = program.run({"extract", "BookieDelta", "all", "upcoming", "--drain",
                                       "--base-url", url, "--workers", "2"});
  EXPECT_EQ(extracted.code, 0) << extracted.err;
  const Ended shown = program.run({"show", "--bet-type", "three_way", "--json"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_GT(std::count(shown.out.begin(), shown.out.end(), '\n'), 5);
  EXPECT_THAT(shown.out, HasSubstr("\"usable\":true"));
  EXPECT_THAT(program.run({"show"}).out, HasSubstr("three_way"));
  EXPECT_THAT(program.run({"streams"}).out, HasSubstr("bookiedelta_three_way-upcoming-0_event"));
  simulator.signal(SIGINT);
  EXPECT_EQ(simulator.wait().code, 0);
}

TEST_F(ProgramTest, ASecondInterruptEndsAtOnceWhatWillNotEndByItself) {
  Program simulator, other;
  simulator.start({"simulate", "--faults", "hang=1"});
  ASSERT_TRUE(simulator.says("\n"));
  const std::string url = address_in(simulator.out_so_far());
  program.environment["ODDSLOOM_EXTRACT_STOP_GRACE"] = "1m";
  other.environment = program.environment;
  ASSERT_EQ(other.run({"push", "BookieDelta", "btts", "live", "0"}, "{\"event_id\": \"1\"}\n").code,
            0);
  program.start({"extract", "BookieDelta", "btts", "live", "--base-url", url});
  const auto pending = [&] {
    return other.run({"streams", "--json"}).out.find("\"pending\":1") != std::string::npos;
  };
  for (int i = 0; i < 100 && !pending(); ++i) {
  }
  ASSERT_TRUE(pending());
  // Signals of one kind are not counted while they wait, so they are sent until they have worked.
  EXPECT_EQ(program.interrupt_until_ended().code, 1);
}

TEST_F(ProgramTest, RunWorksByItselfAndEndsInOrderWhenInterrupted) {
  program.start({"run", "--simulate", "--plain", "--upcoming", "20", "--live", "10"});
  EXPECT_TRUE(program.says(" -> ")) << "no price moved";
  EXPECT_TRUE(program.says("requests ("));
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
}

}  // namespace
}  // namespace oddsloom
