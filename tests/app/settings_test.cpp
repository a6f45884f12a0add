#include "base/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oddsloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SettingTable small_table() {
  return {
      {.section = "kettle",
       .key = "litres",
       .type = SettingType::Integer,
       .default_text = "2",
       .least = 1,
       .most = 9,
       .alias = "LITRES"},
      {.section = "kettle",
       .key = "boil_for",
       .type = SettingType::Duration,
       .default_text = "3m",
       .least = 1000,
       .most = 600'000},
      {.section = "kettle", .key = "whistle", .type = SettingType::Boolean, .default_text = "true"},
      {.section = "kettle",
       .key = "colour",
       .type = SettingType::Choice,
       .default_text = "red",
       .choices = {"red", "blue"}},
      {.section = "kettle",
       .key = "pin",
       .type = SettingType::Integer,
       .default_text = "1",
       .most = 9999,
       .secret = true},
      {.section = "kettle", .key = "teas", .type = SettingType::TextList},
      {.section = "kettle",
       .key = "sounds",
       .type = SettingType::TextList,
       .choices = {"hum", "hiss"}},
      {.section = "kettle", .key = "label", .type = SettingType::Name, .default_text = "k1"},
      {.section = "cup.*", .key = "ratio", .type = SettingType::Real, .least = 0.5, .most = 2},
  };
}

GivenSetting in_file(std::string section, std::string key, decltype(GivenSetting::value) value,
                     int line) {
  return {std::move(section), std::move(key), std::move(value), "k.toml:" + std::to_string(line)};
}

std::vector<std::string> problems_of(const std::vector<GivenSetting>& given) {
  std::vector<std::string> out;
  const auto settings = resolve_settings(small_table(), given);
  if (settings) return out;
  for (const SettingProblem& problem : settings.error()) out.push_back(problem.text());
  return out;
}

TEST(Settings, WithoutAnythingGivenEveryValueIsTheDefault) {
  const auto settings = resolve_settings(small_table(), {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->integer("kettle", "litres"), 2);
  EXPECT_EQ(settings->duration("kettle", "boil_for"), Millis(180'000));
  EXPECT_TRUE(settings->boolean("kettle", "whistle"));
  EXPECT_EQ(settings->text("kettle", "colour"), "red");
  EXPECT_EQ(settings->at("kettle", "litres").origin, "default");
  EXPECT_FALSE(settings->is_given("kettle", "litres"));
  EXPECT_EQ(settings->find("cup.blue", "ratio"), nullptr);
}

TEST(Settings, EveryTextOfAListWithChoicesIsOneOfThem) {
  const auto settings = resolve_settings(
      small_table(), {{"kettle", "sounds", std::string("hiss, hum"), "environment SOUNDS", true}});
  ASSERT_TRUE(settings);
  EXPECT_THAT(settings->list("kettle", "sounds"), ElementsAre("hiss", "hum"));
  EXPECT_THAT(
      problems_of({in_file("kettle", "sounds", std::vector<std::string>{"hum", "his"}, 7)}),
      ElementsAre("k.toml:7: kettle.sounds: expected a list of hum, hiss, found [hum, his]"));
}

TEST(Settings, LaterSourcesWinAndSayWhereTheyCameFrom) {
  const auto settings = resolve_settings(
      small_table(), {in_file("kettle", "litres", std::int64_t{3}, 4),
                      {"kettle", "litres", std::string("5"), "environment LITRES", true}});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->integer("kettle", "litres"), 5);
  EXPECT_EQ(settings->at("kettle", "litres").origin, "environment LITRES");
}

TEST(Settings, ValuesThatLoseAreJudgedToo) {
  EXPECT_THAT(problems_of({in_file("kettle", "litres", std::int64_t{30}, 4),
                           {"kettle", "litres", std::string("5"), "--litres", true}}),
              ElementsAre("k.toml:4: kettle.litres: expected an integer from 1 to 9, found 30"));
}

TEST(Settings, BoundsAreInclusiveAndNamedInTheMessage) {
  EXPECT_THAT(problems_of({in_file("kettle", "litres", std::int64_t{1}, 1)}), ElementsAre());
  EXPECT_THAT(problems_of({in_file("kettle", "litres", std::int64_t{9}, 1)}), ElementsAre());
  EXPECT_THAT(problems_of({in_file("kettle", "litres", std::int64_t{0}, 1)}),
              ElementsAre(HasSubstr("from 1 to 9, found 0")));
  EXPECT_THAT(problems_of({in_file("kettle", "boil_for", std::string("11m"), 1)}),
              ElementsAre(HasSubstr("a duration from 1s to 10m")));
  EXPECT_THAT(problems_of({in_file("cup.blue", "ratio", 2.5, 1)}),
              ElementsAre(HasSubstr("a number from 0.5 to 2, found 2.5")));
}

TEST(Settings, ABareNumberIsNoDuration) {
  EXPECT_THAT(problems_of({in_file("kettle", "boil_for", std::int64_t{90}, 7)}),
              ElementsAre(HasSubstr("k.toml:7: kettle.boil_for: expected a duration")));
  EXPECT_THAT(problems_of({in_file("kettle", "boil_for", std::string("90"), 7)}),
              ElementsAre(HasSubstr("found '90'")));
}

TEST(Settings, TextInAFileIsNoNumberButInAVariableItIs) {
  EXPECT_THAT(problems_of({in_file("kettle", "litres", std::string("3"), 2)}),
              ElementsAre(HasSubstr("expected an integer")));
  EXPECT_THAT(problems_of({{"kettle", "litres", std::string("3"), "--litres", true}}),
              ElementsAre());
}

TEST(Settings, UnknownNamesAreErrorsWithWhatWasProbablyMeant) {
  EXPECT_THAT(problems_of({in_file("kettle", "litters", std::int64_t{1}, 1)}),
              ElementsAre(HasSubstr("kettle.litters: unknown setting; did you mean litres?")));
  EXPECT_THAT(problems_of({in_file("ketle", "litres", std::int64_t{1}, 1)}),
              ElementsAre(HasSubstr("unknown section; did you mean [kettle]?")));
  EXPECT_THAT(problems_of({in_file("cup", "ratio", 1.0, 1)}),
              ElementsAre(HasSubstr("expected a name in the section: [cup.NAME]")));
  EXPECT_THAT(problems_of({in_file("cup.blue", "boil_for", std::string("1m"), 1)}),
              ElementsAre(HasSubstr("boil_for belongs in [kettle]")));
}

TEST(Settings, EveryProblemIsReportedNotOnlyTheFirst) {
  EXPECT_THAT(
      problems_of({in_file("kettle", "litres", std::int64_t{0}, 1),
                   in_file("kettle", "whistle", std::string("maybe"), 2),
                   in_file("kettle", "colour", std::string("green"), 3),
                   in_file("kettle", "label", std::string("no spaces"), 4),
                   in_file("kettle", "teas", StrangeValue{"a date"}, 5)}),
      ElementsAre(HasSubstr("k.toml:1:"), HasSubstr("true or false"),
                  HasSubstr("one of red, blue, found 'green'"), HasSubstr("letters, digits"),
                  HasSubstr("a list of texts, found a date")));
}

TEST(Settings, ASecretIsNotShownInItsErrorMessage) {
  const auto problems = problems_of({in_file("kettle", "pin", std::string("hunter2"), 1)});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], testing::Not(HasSubstr("hunter2")));
}

TEST(Settings, EnvironmentNamesSettingsByVariableAndAlias) {
  const auto given =
      settings_from_environment(small_table(), {{"ODDSLOOM_KETTLE_TEAS", "green, black ,"},
                                                {"ODDSLOOM_KETTLE_BOIL_FOR", "2m"},
                                                {"LITRES", "4"},
                                                {"ODDSLOOM_CUP_BLUE_MUG_RATIO", "1.5"},
                                                {"ODDSLOOM_SOMETHING_ELSE", "1"},
                                                {"ODDSLOOM_KETTLE_COLOUR", ""},
                                                {"PATH", "/bin"}});
  const auto settings = resolve_settings(small_table(), given);
  ASSERT_TRUE(settings);
  EXPECT_THAT(settings->list("kettle", "teas"), ElementsAre("green", "black"));
  EXPECT_EQ(settings->duration("kettle", "boil_for"), Millis(120'000));
  EXPECT_EQ(settings->integer("kettle", "litres"), 4);
  EXPECT_EQ(settings->at("kettle", "litres").origin, "environment LITRES");
  EXPECT_EQ(settings->text("kettle", "colour"), "red") << "an empty variable counts as not set";
  ASSERT_NE(settings->find("cup.blue_mug", "ratio"), nullptr);
  EXPECT_EQ(settings->get<double>("cup.Blue_Mug", "ratio"), 1.5);
}

TEST(Settings, TheOwnVariableWinsOverTheAlias) {
  const auto settings = resolve_settings(
      small_table(),
      settings_from_environment(small_table(), {{"LITRES", "4"}, {"ODDSLOOM_KETTLE_LITRES", "6"}}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->integer("kettle", "litres"), 6);
}

TEST(Settings, AMistypedVariableOfOneOfOurSectionsIsAnError) {
  const auto settings = resolve_settings(
      small_table(), settings_from_environment(small_table(), {{"ODDSLOOM_KETTLE_LITERS", "4"}}));
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error()[0].text(),
            "environment ODDSLOOM_KETTLE_LITERS: kettle.liters: unknown setting; did you mean "
            "litres?");
}

TEST(Settings, ValuesArePrintedAsToml) {
  EXPECT_EQ(to_toml(std::string("a \"b\"")), R"("a \"b\"")");
  EXPECT_EQ(to_toml(2.0), "2.0");
  EXPECT_EQ(to_toml(Millis(90'000)), "\"90s\"");
  EXPECT_EQ(to_toml(std::vector<std::string>{"a", "b"}), R"(["a", "b"])");
}

}  // namespace
}  // namespace oddsloom
