// A record's JSON: nothing is lost on the way out and in, and the seed's members are there by their
// own names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

#include "base/read_file.h"
#include "base/text.h"
#include "model/sample.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;
using test::at, test::outcome, test::same, test::three_way, test::totals;
using testing::ElementsAre;

void expect_round_trip(const Record& record) {
  const std::string json = to_json(record);
  const auto back = parse_record(json);
  ASSERT_TRUE(back.has_value()) << back.error().text() << "\n" << json;
  EXPECT_TRUE(same(*back, record)) << json << "\n" << to_json(*back);
  EXPECT_EQ(to_json(*back), json);
  EXPECT_EQ(content_hash(*back), content_hash(record));
  const RecordText text = render(record);
  EXPECT_EQ(text.content, content_json(record));
  EXPECT_EQ(text.hash, content_hash(std::string_view(text.content)));
  EXPECT_EQ(text.hash, content_hash(record));
  EXPECT_EQ(text.outcomes(), outcomes_member(record));
  std::string buffer;
  TextPen times(buffer);
  put_times(times, record);
  EXPECT_EQ(std::string(text.ours_begin()).append(times.text()) + "}",
            to_json(record, RecordForm::Ours));
  put_rest(times, record);
  EXPECT_EQ(std::string(text.whole_begin()).append(times.text()), json);
}

// A store compares what it kept with what comes now: were one byte of it to change, every record
// would be taken for changed once.
TEST(RecordJson, SaysItsContentToTheByte) {
  EXPECT_EQ(
      content_json(three_way()),
      R"({"bookmaker":"BookieDelta","bet_type":"three_way","source":"upcoming","segment":"full_time",)"
      R"("line":null,"event_id":"4410027","home":"Bodø Vale","away":"Łuk Rostown",)"
      R"("start_time":"2026-08-09T19:30:00.000Z","sport_id":"1","betradar_id":"70441122",)"
      R"("market_status":"open","offered":true,"outcomes":{"1":{"price":"2.06","status":"open",)"
      R"("usable":true,"selection_id":"8800100200301","name":"Bodø Vale"},"X":{"price":"3.40",)"
      R"("status":"suspended","usable":false,"selection_id":"8800100200302","name":"Draw"},)"
      R"("2":{"price":null,"status":"open","usable":false,"selection_id":"8800100200303",)"
      R"("name":"Łuk Rostown"}},"competition_name":"Northern League","market_id":"551200341",)"
      R"("target_date":"2026-08-09"})");
  EXPECT_EQ(
      content_json(totals()),
      R"({"bookmaker":"BookieAlpha","bet_type":"totals","source":"live","segment":"first_half",)"
      R"("line":"2.5","event_id":"ev/77","home":"Bodø Vale","away":"Łuk Rostown","start_time":null,)"
      R"("sport_id":"1","betradar_id":"70441122","market_status":"open","offered":true,)"
      R"("outcomes":{"over":{"price":"1.925","status":"open","usable":true,"selection_id":"1",)"
      R"("name":"Over 2.5"},"under":{"price":"100.00","status":"closed","usable":false,)"
      R"("selection_id":"2","name":"Under 2.5"}},"competition_name":"Northern League",)"
      R"("market_id":"551200341","target_date":"2026-08-09"})");
}

TEST(RecordJson, MakesAnIndexNumberOfNoIdButAnInteger) {
  const auto has_number = [](const char* id) {
    Record record = three_way();
    record.event_id = id;
    return to_json(record).find("eventId_gameId") != std::string::npos;
  };
  for (const char* id : {"0", "7", "-7", "9223372036854775807"}) EXPECT_TRUE(has_number(id)) << id;
  for (const char* id : {"", "-", "-0", "007", "-07", "+7", "7 ", "1.0", "9223372036854775808"})
    EXPECT_FALSE(has_number(id)) << id;
}

TEST(RecordJson, LosesNothing) {
  expect_round_trip(three_way());
  expect_round_trip(totals());
}

TEST(RecordJson, LosesNothingOfARecordThatKnowsAlmostNothing) {
  Record record;
  record.bookmaker = "B";
  record.bet_type = "btts";
  record.event_id = "1";
  expect_round_trip(record);
}

TEST(RecordJson, KeepsIdsOfNineteenDigitsAndMore) {
  Record record = three_way();
  record.event_id = "9223372036854775807";
  record.market_id = "9223372036854775808";
  record.outcomes[0].selection_id = "18446744073709551616";
  record.outcomes[1].selection_id = "0000000000000000000000012";
  expect_round_trip(record);
}

TEST(RecordJson, KeepsEveryKindOfCharacterInNames) {
  for (const char* name :
       {"A/B", "A\\B", "say \"hi\"", "{}[],:", "tab\tnew\nline\r", "\x01\x1f\x7f", "Bodø Łódź",
        "東京", "😀⚽", "  spaces  ", ";", "?", "split(%)"}) {
    Record record = three_way();
    record.home = record.away = record.competition = record.sport_id = name;
    record.event_id = record.market_id = record.betradar_id = record.target_date = name;
    for (Outcome& of : record.outcomes) of.name = of.selection_id = name;
    expect_round_trip(record);
  }
  Record record = three_way();
  record.home = std::string("nul\0inside", 10);
  expect_round_trip(record);
}

TEST(RecordJson, KeepsEveryStatusOfMarketAndOutcome) {
  for (const Status market : {Status::Open, Status::Suspended, Status::Closed})
    for (const Status selection : {Status::Open, Status::Suspended, Status::Closed})
      for (const bool flag : {true, false}) {
        Record record = three_way();
        record.status = market;
        record.offered = flag;
        for (Outcome& of : record.outcomes) {
          of.status = selection;
          of.usable = flag;
        }
        expect_round_trip(record);
      }
}

TEST(RecordJson, KeepsAbsentLinesTimesPricesAndOutcomes) {
  Record record = totals();
  expect_round_trip(record);
  record.line = Line{-250};
  expect_round_trip(record);
  record.line = Line{0};
  expect_round_trip(record);
  record.line.reset();
  for (Outcome& of : record.outcomes) of.price.reset();
  expect_round_trip(record);
  record.outcomes[0].price = Price{0};
  expect_round_trip(record);
  record.outcomes.clear();
  expect_round_trip(record);
}

TEST(RecordJson, KeepsTheOrderOfOutcomes) {
  Record record = three_way();
  std::swap(record.outcomes[0], record.outcomes[2]);
  const auto back = parse_record(to_json(record));
  ASSERT_TRUE(back.has_value());
  std::vector<std::string> keys;
  for (const Outcome& of : back->outcomes) keys.push_back(of.key);
  EXPECT_THAT(keys, ElementsAre("2", "X", "1"));
}

std::string random_text(std::mt19937_64& random) {
  static const std::vector<std::string> kPieces{"a", "Z",  "9",    " ", "\"",          "\\",
                                                "/", "\n", "\x02", "ø", "Ł",           "東",
                                                "😀", ";",  "?",    "{", "\xEF\xBF\xBD"};
  std::string out;
  for (auto left = random() % 8; left > 0; --left) out += kPieces[random() % kPieces.size()];
  return out;
}

TEST(RecordJson, LosesNothingOfRandomRecords) {
  std::mt19937_64 random(59);
  const auto status = [&] { return static_cast<Status>(random() % 3); };
  const auto time = [&] {
    return UtcMillis{static_cast<std::int64_t>(random() % 4'000'000'000'000)};
  };
  for (int i = 0; i < 3000; ++i) {
    Record record;
    for (std::string* text :
         {&record.bookmaker, &record.bet_type, &record.event_id, &record.segment, &record.home,
          &record.away, &record.competition, &record.sport_id, &record.betradar_id,
          &record.target_date, &record.market_id})
      *text = random_text(random);
    record.source = random() % 2 != 0 ? Source::Live : Source::Upcoming;
    if (random() % 2 != 0)
      record.line = Line{static_cast<std::int32_t>(random() % 20'000) - 10'000};
    if (random() % 2 != 0) record.start_time = time();
    record.status = status();
    record.offered = random() % 2 != 0;
    record.observed_at = time();
    record.changed_at = time();
    for (auto left = random() % 4; left > 0; --left) {
      Outcome of{std::to_string(left) + random_text(random),
                 std::nullopt,
                 status(),
                 random() % 2 != 0,
                 random_text(random),
                 random_text(random)};
      if (random() % 2 != 0) of.price = Price{static_cast<std::int32_t>(random() % 100'000'001)};
      record.outcomes.push_back(of);
    }
    ASSERT_NO_FATAL_FAILURE(expect_round_trip(record));
    if (HasFailure()) return;
  }
}

// The seed's own members, as a reader who knows only the seed looks for them.
class SeedMembers : public testing::Test {
 protected:
  dom::object read(const Record& record) {
    dom::object object;
    EXPECT_EQ(parser_.parse(to_json(record)).get(object), simdjson::SUCCESS);
    return object;
  }
  static std::string text(dom::element element) { return std::string(std::string_view(element)); }
  static std::vector<std::string> names(dom::object object) {
    std::vector<std::string> out;
    for (const auto [name, ignored] : object) out.emplace_back(name);
    return out;
  }

  dom::parser parser_;
};

TEST_F(SeedMembers, OfTheRecordAreThere) {
  Record record = three_way();
  record.status = Status::Suspended;
  const dom::object json = read(record);
  EXPECT_EQ(text(json["bookmaker"]), "BookieDelta");
  EXPECT_EQ(text(json["start_time"]), "2026-08-09T19:30:00.000Z");
  EXPECT_EQ(text(json["competition_name"]), "Northern League");
  EXPECT_EQ(text(json["event_status"]), "Suspended");
  EXPECT_EQ(text(json["market_id"]), "551200341");
  EXPECT_EQ(text(json["target_date"]), "2026-08-09");
  EXPECT_EQ(std::int64_t(json["eventId_gameId"]), 4410027);
  EXPECT_EQ(std::int64_t(json["create_date"]), record.changed_at.seconds());
}

TEST_F(SeedMembers, TeamsHasOnePairFoldedToAsciiWithItsOutcomes) {
  const dom::object teams = read(three_way())["teams"];
  EXPECT_THAT(names(teams), ElementsAre("Bodo Vale;Luk Rostown"));
  const dom::object pair = teams["Bodo Vale;Luk Rostown"];
  EXPECT_THAT(names(pair), ElementsAre("1", "X", "2"));
  const dom::object draw = pair["X"];
  EXPECT_THAT(names(draw), ElementsAre("odd_value", "odd_status", "outcome"));
  EXPECT_EQ(text(draw["odd_value"]), "3.40");
  EXPECT_EQ(text(draw["odd_status"]), "Suspended");
  EXPECT_EQ(text(draw["outcome"]), "X");
  EXPECT_EQ(text(pair["2"]["odd_value"]), "") << "no price";
}

TEST_F(SeedMembers, EachOutcomeStandsBesideTeams) {
  const dom::object json = read(three_way());
  const dom::object home = json["1"];
  EXPECT_THAT(names(home),
              ElementsAre("odd_", "selection_id", "odds_status", "split(%)", "currency"));
  EXPECT_EQ(text(home["odd_"]), "2.06");
  EXPECT_EQ(text(home["selection_id"]), "8800100200301");
  EXPECT_EQ(text(home["odds_status"]), "Open");
  EXPECT_EQ(text(home["split(%)"]), "");
  EXPECT_EQ(text(home["currency"]), "");
  EXPECT_EQ(text(json["X"]["odds_status"]), "Suspended");
  EXPECT_EQ(text(json["2"]["odd_"]), "");
}

TEST_F(SeedMembers, TheNumericIdIsThereOnlyWhereTheIdIsThatNumber) {
  Record record = three_way();
  for (const char* id : {"0", "7", "-7", "9223372036854775807"}) {
    record.event_id = id;
    EXPECT_EQ(std::to_string(std::int64_t(read(record)["eventId_gameId"])), id);
  }
  for (const char* id :
       {"", "ev/77", "007", "-0", "+7", " 7", "7.0", "7e3", "9223372036854775808"}) {
    record.event_id = id;
    EXPECT_EQ(read(record)["eventId_gameId"].error(), simdjson::NO_SUCH_FIELD) << id;
  }
}

TEST_F(SeedMembers, NoMemberOfTheRecordIsWrittenTwice) {
  for (const Record& record : {three_way(), totals()}) {
    std::vector<std::string> all = names(read(record));
    std::sort(all.begin(), all.end());
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
  }
}

// The seed puts outcomes beside the record's own members: a bet type whose outcome is called "home"
// would hide one of them.
TEST_F(SeedMembers, NoOutcomeOfABetTypeIsCalledLikeAMember) {
  Record plain = three_way();
  plain.outcomes.clear();
  const std::vector<std::string> members = names(read(plain));
  const std::string file = test::read_file(ODDSLOOM_SOURCE_DIR "/bookmakers/bet_types.toml");
  int outcomes = 0;
  for (const std::string_view line : split(file, '\n')) {
    if (line.substr(0, 8) != "outcomes") continue;
    const auto pieces = split(line, '"');
    for (std::size_t i = 1; i < pieces.size(); i += 2, ++outcomes)
      EXPECT_THAT(members, testing::Not(testing::Contains(std::string(pieces[i]))));
  }
  EXPECT_GE(outcomes, 8);
}

TEST(TeamKey, IsHomeAndAwayInAsciiWithoutQuestionMarks) {
  Record record = three_way();
  EXPECT_EQ(team_key(record), "Bodo Vale;Luk Rostown");
  record.home = "Skövde?";
  record.away = "";
  EXPECT_EQ(team_key(record), "Skovde;");
}

}  // namespace
}  // namespace oddsloom
