// Every bookmaker's folder is its own test: payloads/ against expected/. With
// ODDSLOOM_UPDATE_EXPECTED=1 the expected files are written anew, to be read before they are kept.
#include "folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bookmaker/folder_check.h"

namespace oddsloom::test {
namespace {

namespace fs = std::filesystem;

TEST(Folders, EveryPayloadGivesWhatIsExpected) {
  std::size_t payloads = 0;
  for (const auto& entry : fs::directory_iterator(kBookmakers)) {
    if (!entry.is_directory()) continue;
    const std::string folder = entry.path().string();
    const auto bookmaker = load_bookmaker(folder, bet_types());
    ASSERT_TRUE(bookmaker) << all_text(bookmaker.error());
    payloads += payloads_of(folder).size();
    if (std::getenv("ODDSLOOM_UPDATE_EXPECTED"))
      for (const Payload& payload : payloads_of(folder)) {
        fs::create_directories(fs::path(payload.expected).parent_path());
        std::ofstream(payload.expected)
            << read_payload(*bookmaker, bet_types(), payload).value_or("");
      }
    EXPECT_EQ(all_text(check_payloads(folder, *bookmaker, bet_types())), "");
  }
  EXPECT_GT(payloads, 5U);
}

TEST(Folders, ADifferenceIsToldByFileAndLine) {
  const fs::path folder =
      fs::path(testing::TempDir()) / ("oddsloom_folder_" + std::to_string(::getpid()));
  fs::create_directories(folder / "payloads");
  fs::create_directories(folder / "expected");
  std::ofstream(folder / "payloads/upcoming_markets.none.json") << "{}";
  std::ofstream(folder / "payloads/no_such.thing.json") << "{}";
  std::ofstream(folder / "payloads/upcoming_markets.other.json") << "{}";
  std::ofstream(folder / "expected/upcoming_markets.other.jsonl") << "{\"missing\":\"1\"}\n";
  const std::string problems = all_text(check_payloads(folder.string(), delta(), bet_types()));
  EXPECT_NE(problems.find("'no_such' is no endpoint or list"), std::string::npos) << problems;
  EXPECT_NE(problems.find("upcoming_markets.none.jsonl: is missing"), std::string::npos);
  EXPECT_NE(problems.find("upcoming_markets.other.jsonl:1: expected {\"missing\":\"1\"}"),
            std::string::npos);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace oddsloom::test
