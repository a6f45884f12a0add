// The program as people use it: its commands one after the other, on the simulated bookmaker.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "support/pipeline.h"
#include "support/program.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::Pipeline;
using test::Program;
using test::run_program;

class CommandsTest : public testing::Test {
 protected:
  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = 150;
    config.world.live = 20;
    return config;
  }
  void SetUp() override {
    pipeline.simulator->freeze();
    truth = test::read_truth(pipeline.simulator->truth_json());
  }
  // With the store and the simulator's address.
  test::Finished run(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), {"--store", "sqlite:" + pipeline.dir.file("odds.db")});
    if (arguments[0] == "extract" || arguments[0] == "listen")
      arguments.insert(arguments.end(), {"--base-url", pipeline.simulator->base_url()});
    return run_program(arguments, {{{"ODDSLOOM_EXTRACT_RETRY_FIRST", "10ms"},
                                    {"ODDSLOOM_EXTRACT_RETRY_LONGEST", "50ms"},
                                    {"ODDSLOOM_EXTRACT_ATTEMPTS", "4"}},
                                   input});
  }

  // An entry that does not name its sport is taken for football.
  std::vector<std::string> football_with_three_way() const {
    std::vector<std::string> ids;
    for (const test::TrueMarket& market : truth)
      if (market.id.source == Source::Upcoming && market.id.bet_type == "three_way" &&
          market.work.sport_id == "1")
        ids.push_back(market.id.event_id);
    return ids;
  }

  Pipeline pipeline{world()};
  std::vector<test::TrueMarket> truth;
};

TEST_F(CommandsTest, ListenThenExtractBringsEverythingOfferedIntoTheStore) {
  for (const char* source : {"upcoming", "live"}) {
    EXPECT_EQ(run({"listen", "BookieDelta", source, "--once"}).exit_code, 0);
    EXPECT_EQ(run({"extract", "BookieDelta", "all", source, "--drain", "--workers", "2"}).exit_code,
              0);
  }
  EXPECT_EQ(test::differences(truth, *pipeline.reader), std::vector<std::string>{});
  EXPECT_EQ(pipeline.left(), 0U);
  EXPECT_TRUE(pipeline.dead().empty());
}

TEST_F(CommandsTest, ShowPrintsMatchDocumentsThatReadBackWithoutLoss) {
  run({"listen", "BookieDelta", "live", "--once"});
  run({"extract", "BookieDelta", "three_way", "live", "--drain"});
  const auto shown = run({"show", "--source", "live", "--json"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  std::size_t documents = 0;
  for (const std::string& line : test::lines_of(shown.out)) {
    const auto document = parse_match_document(line);
    ASSERT_TRUE(document) << document.error().text() << "\n" << line;
    EXPECT_EQ(to_json(*document), line);
    ++documents;
  }
  EXPECT_EQ(documents, Pipeline::must(pipeline.reader->counts()).documents);
  EXPECT_GT(documents, 0U);
}

TEST_F(CommandsTest, OneBetTypeOfOneDayIsExtractedAlone) {
  run({"listen", "BookieDelta", "upcoming", "--once"});
  EXPECT_EQ(run({"extract", "BookieDelta", "btts", "upcoming", "1", "--drain"}).exit_code, 0);
  for (const MatchDocument& document : pipeline.documents()) {
    EXPECT_EQ(document.records.at("BookieDelta").bet_type, "btts");
    EXPECT_NE(document.key.find("-1-"), std::string::npos) << document.key;
  }
  EXPECT_FALSE(pipeline.documents().empty());
  for (const StreamStatistics& stream : Pipeline::must(pipeline.streams->statistics()))
    EXPECT_EQ(stream.length == 0, stream.stream.bet_type == "btts" && stream.stream.period == 1)
        << stream.stream.name();
}

TEST_F(CommandsTest, PushedEntriesAreReadInEveryFormAndBadOnesAreNamedByLine) {
  const auto ids = football_with_three_way();
  ASSERT_GE(ids.size(), 3U);
  const std::string a = ids[0], b = ids[1], c = ids[2];
  const auto pushed =
      run({"push", "BookieDelta", "three_way", "upcoming", "0"},
          "{\"event_id\": \"" + a + "\"}\nnonsense\n{\"eventId\": " + b +
              "}\n{\"home\": \"nobody\"}\n{\"key_path\": \"bookiedelta:upcoming:0:" + c + "\"}\n");
  EXPECT_EQ(pushed.exit_code, 1);
  EXPECT_NE(pushed.err.find("standard input:2: "), std::string::npos) << pushed.err;
  EXPECT_NE(pushed.err.find("standard input:4: "), std::string::npos) << pushed.err;
  EXPECT_EQ(pipeline.left(), 3U);
  EXPECT_EQ(run({"extract", "BookieDelta", "three_way", "upcoming", "--drain"}).exit_code, 0);
  for (const DeadLetter& letter : pipeline.dead()) ADD_FAILURE() << letter.reason;
  for (const std::string& id : {a, b, c})
    EXPECT_TRUE(Pipeline::must(pipeline.reader->find(
        {"BookieDelta", "three_way", Source::Upcoming, id, std::string(kFullTime), std::nullopt})))
        << id;
}

TEST_F(CommandsTest, DeadLettersAreListedRetriedAndDropped) {
  const std::string bad = football_with_three_way().at(0);
  pipeline.simulator->set_faults(*sim::parse_faults("event:" + bad + "=challenge"));
  run({"push", "BookieDelta", "three_way", "upcoming", "0"}, "{\"event_id\": \"" + bad + "\"}\n");
  EXPECT_EQ(run({"extract", "BookieDelta", "three_way", "upcoming", "--drain"}).exit_code, 0);
  const auto listed = run({"dead", "list"});
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_NE(listed.out.find("blocked"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find(bad), std::string::npos) << listed.out;

  pipeline.simulator->set_faults({});
  EXPECT_EQ(run({"dead", "retry", "--all"}).exit_code, 0);
  EXPECT_EQ(run({"extract", "BookieDelta", "three_way", "upcoming", "--drain"}).exit_code, 0);
  EXPECT_TRUE(pipeline.dead().empty());
  EXPECT_EQ(pipeline.documents().size(), 1U);
}

TEST_F(CommandsTest, MapPrintsRecordsAndItsProblemsWithTheirPaths) {
  const std::string answer =
      R"({"9500001":[{"id":10,"specValue":0,"name":"3 Way","order":1,"columns":3,"columnsApp":3,
    "selections":[{"id":3100000001,"name":"Harbour Town","odds":"2.06","shortName":"1","specValue":0},
                  {"id":3100000002,"name":"Draw","odds":"abc","shortName":"X","specValue":0},
                  {"id":3100000003,"name":"Mill United","odds":"3.00","shortName":"2","specValue":0}]}]})";
  const auto mapped = run_program({"map", "BookieDelta", "three_way", "upcoming"}, {{}, answer});
  EXPECT_EQ(mapped.exit_code, 0);
  ASSERT_EQ(test::lines_of(mapped.out).size(), 1U) << mapped.out << mapped.err;
  const auto record = parse_record(test::lines_of(mapped.out)[0]);
  ASSERT_TRUE(record) << record.error().text();
  EXPECT_EQ(record->home, "Harbour Town");
  ASSERT_EQ(record->outcomes.size(), 3U);
  EXPECT_EQ(record->outcomes[0].price, Price{2060});
  EXPECT_EQ(record->outcomes[0].selection_id, "3100000001");
  EXPECT_FALSE(record->outcomes[1].price);
  EXPECT_FALSE(record->outcomes[1].usable);
  EXPECT_NE(mapped.err.find("selections[1].odds"), std::string::npos) << mapped.err;
}

TEST_F(CommandsTest, MapTellsTruncatedBlockedAndForeignAnswersApart) {
  std::set<std::string> messages;
  for (const char* answer :
       {R"({"9500001":[{"id":10,)", "<html><title>Challenge Validation</title></html>",
        "<html><body>We are moving house</body></html>", R"({"offers":{"list":[1,2,3]}})",
        "hello"}) {
    const auto mapped = run_program({"map", "BookieDelta", "three_way", "upcoming"}, {{}, answer});
    EXPECT_EQ(mapped.exit_code, 1) << answer;
    EXPECT_TRUE(mapped.out.empty());
    EXPECT_FALSE(mapped.err.empty());
    messages.insert(mapped.err);
  }
  EXPECT_EQ(messages.size(), 5U);
}

TEST_F(CommandsTest, AConfigurationWithFiveMistakesReportsAllFiveWithTheirLines) {
  const std::string file = pipeline.dir.file("oddsloom.toml");
  std::ofstream(file) << "[extract]\n"
                         "batch = 0\n"          // 2: out of range
                         "lingr = \"100ms\"\n"  // 3: unknown, linger
                         "visibility = 60\n"    // 4: not a duration
                         "[log]\n"
                         "level = \"loud\"\n"  // 6: not a choice
                         "[storage]\n"         // 7: unknown section
                         "url = \"x\"\n";
  const auto checked = run_program({"check", "--config", file});
  EXPECT_EQ(checked.exit_code, 2);
  const std::string said = checked.out + checked.err;
  for (const char* line : {":2:", ":3:", ":4:", ":6:"})
    EXPECT_NE(said.find(file + line), std::string::npos) << line << "\n" << said;
  EXPECT_TRUE(said.find(file + ":7:") != std::string::npos ||
              said.find(file + ":8:") != std::string::npos)
      << said;
  EXPECT_NE(said.find("linger"), std::string::npos) << said;
}

TEST_F(CommandsTest, TheBookmakersFoldersAreInOrder) {
  const auto checked = run_program({"check"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(CommandsTest, UnknownWordsAreUsageErrorsWithASuggestion) {
  const auto bookmaker = run({"extract", "BookieDelt", "btts", "live", "--drain"});
  EXPECT_EQ(bookmaker.exit_code, 2);
  EXPECT_NE(bookmaker.err.find("BookieDelta"), std::string::npos) << bookmaker.err;
  const auto bet_type = run({"extract", "BookieDelta", "bts", "live", "--drain"});
  EXPECT_EQ(bet_type.exit_code, 2);
  EXPECT_NE(bet_type.err.find("btts"), std::string::npos) << bet_type.err;
  EXPECT_EQ(run({"extract", "BookieDelta", "btts", "yesterday", "--drain"}).exit_code, 2);
  EXPECT_EQ(run({"extract", "BookieDelta", "btts", "upcoming", "7", "--drain"}).exit_code, 2);
}

TEST_F(CommandsTest, RunShowsPlainLinesWhereThereIsNoTerminalAndEndsWellOnInterrupt) {
  Program program({"run", "--simulate"});
  ASSERT_TRUE(test::wait_until([&] { return program.out().find("->") != std::string::npos; }))
      << program.out() << program.err();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_EQ(program.out().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace oddsloom
