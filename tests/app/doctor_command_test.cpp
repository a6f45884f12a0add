// `oddsloom doctor`: exit codes and output. What is found, and when, is in tests/store/*doctor*.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/progress_line.h"
#include "program.h"
#include "support/redis_server.h"

namespace oddsloom {
namespace {

using testing::HasSubstr;

const std::string kOrphan = "BookieDelta_lst-BTTS_live:1700000000-0-5";

struct DoctorCommandTest : testing::Test {
  DoctorCommandTest() : server(persistent()) {
    program.environment["ODDSLOOM_STORE_URL"] = server.url();
    EXPECT_EQ(program.run({"streams"}).code, 0);  // makes the store
  }
  static test::RedisServerOptions persistent() {
    test::RedisServerOptions options;
    options.persistent = true;
    return options;
  }
  test::RedisServer server;
  Program program;
};

TEST_F(DoctorCommandTest, NothingWrongEndsWithZero) {
  const Ended ended = program.run({"doctor"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "nothing wrong in " + server.url() + ": 0 documents looked at\n");
  EXPECT_EQ(ended.err, "");
}

TEST_F(DoctorCommandTest, AProblemEndsWithOneAndWarningsAloneWithZero) {
  server.cli("CONFIG", "SET", "appendonly", "no");
  const Ended warned = program.run({"doctor"});
  EXPECT_EQ(warned.code, 0);
  EXPECT_THAT(warned.out, HasSubstr("warning: no-persistence: appendonly, save: neither AOF nor"));
  EXPECT_THAT(warned.out, HasSubstr("\n1 warning in redis://"));

  server.cli("HSET", kOrphan, "created", "1");
  const Ended ended = program.run({"doctor"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, testing::StartsWith("problem: orphan-document: " + kOrphan + ": holds"));
  EXPECT_THAT(ended.out,
              HasSubstr("\n1 problem, 1 warning in " + server.url() + ": 1 document looked at\n"));
  EXPECT_EQ(ended.err, "") << "no progress where there is no terminal";
}

TEST_F(DoctorCommandTest, ManyOfAKindAreCounted) {
  for (int i = 0; i < 1'230; ++i) server.cli("HSET", kOrphan + std::to_string(i), "created", "1");
  const Ended ended = program.run({"doctor"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("\norphan-document: and 1,130 more\n1,230 problems in "));
  EXPECT_THAT(ended.out, HasSubstr(": 1,230 documents looked at\n"));
}

TEST_F(DoctorCommandTest, JsonSaysTheSame) {
  server.cli("HSET", kOrphan, "created", "1");
  const Ended ended = program.run({"doctor", "--json"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, testing::StartsWith(R"({"ok":false,"store":")" + server.url() +
                                             R"(","documents":1,"problems":1,"warnings":0,)"
                                             R"("findings":[{"grade":"problem",)"
                                             R"("what":"orphan-document","where":")" +
                                             kOrphan + R"(","message":")"));
  EXPECT_THAT(ended.out, testing::EndsWith("\"}],\"more\":{}}\n"));
}

TEST_F(DoctorCommandTest, AStoreThatCannotBeLookedAtEndsWithTwo) {
  server.kill();
  EXPECT_EQ(program.run({"doctor"}).code, 2);
  const Ended ended = program.run({"doctor", "--store", "sqlite:nowhere/odds.db"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("nowhere/odds.db: there is no such file"));
  EXPECT_FALSE(std::filesystem::exists(program.folder().path() / "nowhere"));
}

TEST(DoctorCommand, ExaminesTheEmbeddedStoreToo) {
  Program program;
  EXPECT_EQ(program.run({"doctor"}).code, 2) << "there is none yet";
  EXPECT_EQ(program.run({"streams"}).code, 0);
  const Ended ended = program.run({"doctor"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, testing::StartsWith("nothing wrong in sqlite:"));
}

TEST(DoctorCommand, HelpHasExamplesAndExitCodes) {
  Program program;
  const Ended help = program.run({"doctor", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("Examples:\n  oddsloom doctor\n"));
  EXPECT_THAT(help.out, HasSubstr("--json"));
  EXPECT_THAT(help.out, HasSubstr("2 it could not be looked at"));
}

TEST(DoctorCommand, ProgressSaysHowFarItIs) {
  EXPECT_EQ(progress_text("the file", 0, 0), "the file");
  EXPECT_EQ(progress_text("documents", 12'000, 200'000), "documents: 12,000 of about 200,000");
  EXPECT_EQ(progress_text("documents", 7, 0), "documents: 7");
  EXPECT_EQ(progress_text("documents", 1'000, 999), "documents: 1,000") << "more than was expected";
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
}

}  // namespace
}  // namespace oddsloom
