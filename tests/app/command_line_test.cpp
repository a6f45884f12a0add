#include "app/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oddsloom {
namespace {

using testing::HasSubstr;

template <class Options>
Options parsed(std::vector<std::string> arguments) {
  const auto result = parse_command_line(std::move(arguments));
  const auto* line = std::get_if<CommandLine>(&result);
  if (!line || !std::holds_alternative<Options>(line->command)) {
    ADD_FAILURE() << (line ? "another command" : std::get<Farewell>(result).text);
    return {};
  }
  return std::get<Options>(line->command);
}

Farewell farewell(std::vector<std::string> arguments) {
  const auto result = parse_command_line(std::move(arguments));
  if (const auto* text = std::get_if<Farewell>(&result)) return *text;
  ADD_FAILURE() << "parsed";
  return {};
}

TEST(CommandLine, ExtractTakesTheSeedsArguments) {
  const auto options = parsed<ExtractOptions>({"extract", "BookieDelta", "three_way", "live", "0"});
  EXPECT_EQ(options.bookmaker, "BookieDelta");
  EXPECT_EQ(options.bet_types, "three_way");
  EXPECT_EQ(options.source, "live");
  EXPECT_EQ(options.period, 0);
  EXPECT_FALSE(options.drain);
}

TEST(CommandLine, ExtractWithoutPeriodMeansEveryDay) {
  const auto options = parsed<ExtractOptions>(
      {"extract", "BookieDelta", "all", "upcoming", "--drain", "--workers", "3"});
  EXPECT_EQ(options.period, std::nullopt);
  EXPECT_TRUE(options.drain);
  EXPECT_EQ(options.workers, 3);
}

TEST(CommandLine, GlobalOptionsStandBeforeOrBehindTheCommand) {
  for (const auto& arguments : {std::vector<std::string>{"--store", "sqlite:x.db", "streams"},
                                std::vector<std::string>{"streams", "--store", "sqlite:x.db"}}) {
    const auto result = parse_command_line(arguments);
    ASSERT_TRUE(std::holds_alternative<CommandLine>(result));
    EXPECT_EQ(std::get<CommandLine>(result).global.store_url, "sqlite:x.db");
  }
}

TEST(CommandLine, ListenPollsWhetherToldToOrNot) {
  EXPECT_EQ(parsed<ListenOptions>({"listen", "B", "live", "--poll", "--once"}).bet_types, "all");
  EXPECT_THAT(parsed<ListenOptions>({"listen", "B", "live"}).ways, testing::IsEmpty());
  const auto own = parsed<ListenOptions>({"listen", "--browser", "B", "live"});
  EXPECT_THAT(own.ways, testing::ElementsAre(ListenWay::Browser));
  EXPECT_EQ(own.browser_address, std::nullopt);
  EXPECT_EQ(own.bookmaker, "B");
  EXPECT_EQ(
      parsed<ListenOptions>({"listen", "B", "live", "--browser=127.0.0.1:9222"}).browser_address,
      "127.0.0.1:9222");
  EXPECT_THAT(parsed<ListenOptions>({"listen", "B", "live", "--browser", "--poll"}).ways,
              testing::UnorderedElementsAre(ListenWay::Browser, ListenWay::Poll));
  EXPECT_EQ(parsed<ListenOptions>({"listen", "B", "live", "--bet-types", "btts"}).bet_types,
            "btts");
}

TEST(CommandLine, DeadTakesAnActionAndIds) {
  const auto options = parsed<DeadOptions>({"dead", "retry", "a/1", "b/2"});
  EXPECT_EQ(options.action, DeadOptions::Action::Retry);
  EXPECT_THAT(options.ids, testing::ElementsAre("a/1", "b/2"));
}

TEST(CommandLine, LinksTakesAnActionAndAnEventOrFilters) {
  const auto undo = parsed<LinksOptions>({"links", "undo", "B", "live", "9124285"});
  EXPECT_EQ(undo.action, LinksOptions::Action::Undo);
  EXPECT_THAT(undo.event, testing::ElementsAre("B", "live", "9124285"));
  const auto list = parsed<LinksOptions>({"links", "list", "--bookmaker", "B", "--undone"});
  EXPECT_EQ(list.action, LinksOptions::Action::List);
  EXPECT_EQ(list.bookmaker, "B");
  EXPECT_TRUE(list.undone);
  EXPECT_TRUE(parsed<LinkOptions>({"link", "--once"}).once);
}

TEST(CommandLine, DurationsAreReadWithUnits) {
  EXPECT_EQ(parsed<SimulateOptions>({"simulate", "--latency", "40ms"}).simulator.latency,
            Millis(40));
  EXPECT_EQ(parsed<RunOptions>({"run", "--simulate", "--for", "30s"}).lasting, Millis(30'000));
  EXPECT_EQ(farewell({"simulate", "--latency", "40"}).exit_code, kBadUsage);
}

TEST(CommandLine, HelpIsNoErrorAndEveryCommandHasExamples) {
  EXPECT_EQ(farewell({"--help"}).exit_code, kDone);
  for (const std::string command :
       {"extract", "listen", "push", "map", "show", "streams", "dead", "watch", "check", "run",
        "simulate", "serve", "key", "config"}) {
    const Farewell help = farewell({command, "--help"});
    EXPECT_EQ(help.exit_code, kDone) << command;
    EXPECT_THAT(help.text, HasSubstr("oddsloom " + command)) << command;
    EXPECT_THAT(help.text, HasSubstr("Examples:")) << command;
    EXPECT_THAT(help.text, HasSubstr("--store")) << command;
  }
}

TEST(CommandLine, MistypedWordsAreAnsweredWithTheNearestOne) {
  const Farewell command = farewell({"extrct", "BookieDelta"});
  EXPECT_EQ(command.exit_code, kBadUsage);
  EXPECT_THAT(command.text, HasSubstr("unknown command 'extrct'; did you mean extract?"));
  EXPECT_THAT(farewell({"extract", "B", "btts", "live", "--drian"}).text,
              HasSubstr("unknown option '--drian'; did you mean --drain?"));
}

TEST(CommandLine, BadUsageIsExitCodeTwo) {
  EXPECT_EQ(farewell({}).exit_code, kBadUsage);
  EXPECT_EQ(farewell({"extract", "BookieDelta"}).exit_code, kBadUsage);
  EXPECT_EQ(farewell({"extract", "B", "btts", "live", "5"}).exit_code, kBadUsage);
  EXPECT_EQ(farewell({"dead", "bury"}).exit_code, kBadUsage);
  EXPECT_EQ(farewell({"config", "--markdown", "--example"}).exit_code, kBadUsage);
}

}  // namespace
}  // namespace oddsloom
