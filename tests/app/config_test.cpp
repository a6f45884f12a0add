#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "app/config_pages.h"
#include "support/temp_dir.h"

namespace oddsloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct ConfigTest : testing::Test {
  test::TempDir folder;
  Environment environment{{"HOME", folder.path().string()}};

  tl::expected<Config, std::vector<SettingProblem>> load(const std::string& toml,
                                                         std::vector<GivenSetting> options = {}) {
    return load_config({folder.write("oddsloom.toml", toml), environment, std::move(options)});
  }
  std::vector<std::string> problems(const std::string& toml) {
    std::vector<std::string> out;
    const auto config = load(toml);
    if (config) return out;
    const std::string file = (folder.path() / "oddsloom.toml").string();
    for (const SettingProblem& problem : config.error()) {
      std::string text = problem.text();
      if (text.compare(0, file.size(), file) == 0) text.replace(0, file.size(), "FILE");
      out.push_back(std::move(text));
    }
    return out;
  }
};

TEST_F(ConfigTest, FiveMistakesInOneFileAreFiveMessagesWithTheirLines) {
  EXPECT_THAT(problems(R"([store]
url = "sqlite:odds.db"
prefx = "lst"

[extract]
batch = 0
linger = 100

[log]
level = "loud"

[bookmaker.BookieDelta]
base_url = 7
)"),
              testing::UnorderedElementsAre(
                  "FILE:3: store.prefx: unknown setting; did you mean prefix?",
                  "FILE:6: extract.batch: expected an integer from 1 to 10000, found 0",
                  HasSubstr("FILE:7: extract.linger: expected a duration from 0s to 1m"),
                  "FILE:10: log.level: expected one of debug, info, warn, error, off, found 'loud'",
                  "FILE:13: bookmaker.BookieDelta.base_url: expected text, found 7"));
}

TEST_F(ConfigTest, MistakesInFileVariablesAndOptionsComeTogether) {
  environment["BATCH"] = "many";
  const auto config =
      load("[http]\nhttp2 = 1\n", {{"log", "format", std::string("xml"), "--log-format", true}});
  ASSERT_FALSE(config);
  std::vector<std::string> origins;
  for (const SettingProblem& problem : config.error()) origins.push_back(problem.origin);
  EXPECT_THAT(origins,
              ElementsAre(HasSubstr("oddsloom.toml:2"), "environment BATCH", "--log-format"));
}

TEST_F(ConfigTest, BrokenTomlIsOneProblemWithItsLine) {
  EXPECT_THAT(problems("[store]\nurl = \n"), ElementsAre(HasSubstr("FILE:2: no valid TOML")));
}

TEST_F(ConfigTest, ASettingOutsideAnySectionIsAnError) {
  EXPECT_THAT(problems("batch = 5\n"),
              ElementsAre(HasSubstr("FILE:1: batch: a setting belongs in a section")));
}

TEST_F(ConfigTest, AFileThatWasNamedMustExist) {
  const auto config = load_config({(folder.path() / "none.toml").string(), environment, {}});
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error()[0].text(), HasSubstr("none.toml: cannot be read"));
}

TEST_F(ConfigTest, SettingsThatContradictEachOtherAreAnError) {
  EXPECT_THAT(problems("[extract]\nretry_first = \"2m\"\n"),
              ElementsAre("FILE:2: extract.retry_first: expected not more than "
                          "extract.retry_longest, which is 1m"));
}

TEST_F(ConfigTest, TheSeedsVariablesSetBatchAndPrefix) {
  environment["BATCH"] = "7";
  environment["PREFIX"] = "xtr";
  const auto config = load("");
  ASSERT_TRUE(config);
  EXPECT_EQ(worker_settings(config->settings).batch, 7U);
  EXPECT_EQ(store_options(config->settings, {}).naming.prefix, "xtr");
}

TEST_F(ConfigTest, InFlightIsTheSmallerOfBatchAndFiftyUnlessConfigured) {
  const auto in_flight = [&](const std::string& toml) {
    return worker_settings(load(toml).value().settings).in_flight;
  };
  EXPECT_EQ(in_flight("[extract]\nbatch = 7\n"), 7U);
  EXPECT_EQ(in_flight("[extract]\nbatch = 500\n"), 50U);
  EXPECT_EQ(in_flight("[extract]\nbatch = 7\nin_flight = 90\n"), 90U);
}

TEST_F(ConfigTest, AnOptionWinsOverAVariableWinsOverTheFile) {
  environment["ODDSLOOM_STORE_URL"] = "sqlite:b.db";
  const std::string toml = "[store]\nurl = \"sqlite:a.db\"\n";
  EXPECT_EQ(load(toml).value().settings.text("store", "url"), "sqlite:b.db");
  EXPECT_EQ(load(toml, {{"store", "url", std::string("sqlite:c.db"), "--store", true}})
                .value()
                .settings.text("store", "url"),
            "sqlite:c.db");
}

TEST_F(ConfigTest, TheStoreLiesInTheStateFolderByDefault) {
  EXPECT_EQ(load("").value().settings.text("store", "url"),
            "sqlite:" + folder.path().string() + "/.local/state/oddsloom/oddsloom.db");
  environment["XDG_STATE_HOME"] = "/var/lib/some";
  EXPECT_EQ(load("").value().settings.text("store", "url"),
            "sqlite:/var/lib/some/oddsloom/oddsloom.db");
  environment["XDG_STATE_HOME"] = "relative/is/ignored";
  EXPECT_THAT(load("").value().settings.text("store", "url"), HasSubstr("/.local/state/"));
}

TEST_F(ConfigTest, LimitsSetForABookmakerReplaceThoseOfItsFolder) {
  const auto config = load("[bookmaker.BookieDelta]\nrequests_per_second = 3\nin_flight = 4\n");
  ASSERT_TRUE(config);
  const Bookmaker bookmaker{"BookieDelta",
                            "BookieDelta",
                            {},
                            TimeZone::named("Africa/Nairobi").value(),
                            "https://example.test/",
                            {},
                            {12, 9, 8},
                            Millis(15'000),
                            Millis(180'000),
                            {},
                            nullptr};
  const HostBudgetConfig budget = budget_settings(config->settings, bookmaker);
  EXPECT_EQ(budget.requests_per_second, 3);
  EXPECT_EQ(budget.burst, 9);
  EXPECT_EQ(budget.in_flight, 4U);
  EXPECT_EQ(base_url(config->settings, bookmaker), "https://example.test");
}

TEST_F(ConfigTest, EffectiveSettingsSayWhereEachComesFromAndShowNoSecret) {
  environment["ODDSLOOM_EXTRACT_WORKERS"] = "3";
  const auto config = load("[http]\nproxies = [\"http://me:hunter2@proxy.test:8080\"]\n");
  ASSERT_TRUE(config);
  const std::string text = effective_settings(settings_table(), config->settings);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, testing::ContainsRegex("proxies = \"\\*\\*\\*\" +# .*oddsloom.toml:2"));
  EXPECT_THAT(text, testing::ContainsRegex("workers = 3 +# environment ODDSLOOM_EXTRACT_WORKERS"));
  EXPECT_THAT(text, testing::ContainsRegex("linger = \"100ms\" +# default"));
  EXPECT_THAT(effective_settings_json(settings_table(), config->settings),
              Not(HasSubstr("hunter2")));
}

TEST_F(ConfigTest, EffectiveSettingsAreAValidSettingsFile) {
  const auto config = load("[bookmaker.BookieDelta]\nbase_url = \"http://x.test\"\n");
  ASSERT_TRUE(config);
  EXPECT_THAT(problems(effective_settings(settings_table(), config->settings)), IsEmpty());
}

TEST_F(ConfigTest, TheExampleFileIsValid) {
  EXPECT_THAT(problems(example_settings(settings_table())), IsEmpty());
}

TEST(ConfigTable, EveryRowIsDocumentedAndItsDefaultAllowed) {
  for (const Setting& setting : settings_table()) {
    EXPECT_FALSE(setting.doc.empty()) << setting.name();
    if (setting.per_name()) continue;
    EXPECT_NO_THROW(default_value(setting)) << setting.name();
  }
}

TEST(ConfigTable, TheConfigurationPageIsFresh) {
  std::ifstream file(ODDSLOOM_SOURCE_DIR "/docs/configuration.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), configuration_page(settings_table()))
      << "stale: run 'oddsloom config --markdown > docs/configuration.md'";
}

TEST(EnvironmentProxies, AreChosenBySchemeAndExceptedByNoProxy) {
  const Environment environment{{"http_proxy", "http://plain.test:1"},
                                {"https_proxy", "tls.test:2"},
                                {"no_proxy", "localhost, .inner.test"}};
  EXPECT_THAT(environment_proxies(environment, "http://a.test/x"),
              ElementsAre("http://plain.test:1"));
  EXPECT_THAT(environment_proxies(environment, "https://a.test:444"),
              ElementsAre("http://tls.test:2"));
  EXPECT_THAT(environment_proxies(environment, "https://b.inner.test/"), IsEmpty());
  EXPECT_THAT(environment_proxies(environment, "http://localhost:8080"), IsEmpty());
  EXPECT_THAT(environment_proxies(environment, "http://notlocalhost:8080"),
              ElementsAre("http://plain.test:1"));
  EXPECT_THAT(environment_proxies({{"HTTP_PROXY", "http://x.test"}}, "http://a.test"), IsEmpty());
}

TEST(EnvironmentProxies, AreNotUsedUnlessAskedFor) {
  const Environment environment{{"HOME", "/nonexistent"}, {"http_proxy", "http://plain.test:1"}};
  const auto config = load_config({std::nullopt, environment, {}});
  ASSERT_TRUE(config);
  EXPECT_THAT(http_settings(config->settings, environment, "http://a.test").proxies, IsEmpty());
  const auto asked =
      load_config({std::nullopt,
                   environment,
                   {{"http", "use_environment_proxies", std::string("true"), "test", true}}});
  EXPECT_THAT(http_settings(asked->settings, environment, "http://a.test").proxies,
              ElementsAre("http://plain.test:1"));
}

}  // namespace
}  // namespace oddsloom
