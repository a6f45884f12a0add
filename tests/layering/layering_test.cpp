// The rules of the house that can be read off the text: who may use whom, where threads are made,
// how long a file may be.
#include <gtest/gtest.h>

#include <set>

#include "layering/source_files.h"

namespace oddsloom::layering {
namespace {

// A folder may use only these; docs/architecture.md shows the same table.
const Arrows kMayUse{
    {"base", {}},
    {"model", {"base"}},
    {"bookmaker", {"base", "model"}},
    {"transport", {"base"}},
    {"store", {"base", "model"}},
    {"discover", {"base", "model", "bookmaker", "transport", "store"}},
    {"extract", {"base", "model", "bookmaker", "transport", "store"}},
    {"matching", {"base", "model", "store"}},
    {"serve", {"base", "model", "matching", "store"}},
    {"app",
     {"base", "model", "bookmaker", "transport", "store", "discover", "extract", "matching",
      "serve", "sim"}},
    {"sim", {"base"}},
};

const Files& program() {
  static const Files files = only(read_files(ODDSLOOM_SOURCE_DIR, {"src", "sim"}), is_cpp);
  return files;
}

Files program_without(const std::vector<std::string>& places) {
  return only(program(), [&](const SourceFile& file) {
    return std::none_of(places.begin(), places.end(), [&](const std::string& place) {
      return file.path.compare(0, place.size(), place) == 0;
    });
  });
}

#define EXPECT_KEPT(findings)                    \
  do {                                           \
    const Findings found = (findings);           \
    EXPECT_TRUE(found.empty()) << listed(found); \
  } while (false)

TEST(Layering, TheFilesOfTheProgramAreFound) {
  std::set<std::string> paths;
  for (const SourceFile& file : program()) paths.insert(file.path);
  EXPECT_EQ(paths.count("src/base/result.h"), 1U);
  EXPECT_EQ(paths.count("src/model/price.cpp"), 1U);
  EXPECT_EQ(paths.count("sim/world.h"), 1U);
}

TEST(Layering, AFolderUsesOnlyTheFoldersItMay) {
  EXPECT_KEPT(forbidden_arrows(program(), kMayUse));
}

TEST(Layering, TheTableHasNoCircle) {
  // Taking away folders that use nothing left must take away all of them.
  Arrows left = kMayUse;
  for (std::size_t before = left.size() + 1; left.size() < before;) {
    before = left.size();
    std::erase_if(left, [&](const auto& folder) {
      return std::none_of(folder.second.begin(), folder.second.end(),
                          [&](const auto& used) { return left.count(used) != 0; });
    });
  }
  EXPECT_TRUE(left.empty()) << left.begin()->first;
}

TEST(Layering, NoFileIsLongerThan500Lines) {
  EXPECT_KEPT(too_long(program(), 500));
  EXPECT_KEPT(too_long(read_files(ODDSLOOM_SOURCE_DIR, {"web", "tests/dashboard"}), 500));
}

TEST(Layering, EveryHeaderHasPragmaOnce) {
  EXPECT_KEPT(headers_without_pragma_once(program()));
  EXPECT_KEPT(headers_without_pragma_once(read_files(ODDSLOOM_SOURCE_DIR, {"tests", "bench"})));
}

TEST(Layering, OnlyTheServersAndTheWebsocketClientIncludeBeast) {
  EXPECT_KEPT(includes_of(
      program_without({"sim/http_server.cpp", "sim/socket_session.", "src/app/ingest_server.cpp",
                       "src/transport/websocket_client.cpp", "src/transport/websocket_socket.",
                       "src/serve/http_session.cpp", "src/serve/http_dispatch.",
                       "src/serve/http_answer.cpp"}),
      {"boost/beast"}));
}

// CLI11 takes long to compile: one header has it, and one source file has that header.
TEST(Layering, OnlyTheCommandLineIncludesCli11) {
  EXPECT_KEPT(includes_of(program_without({"src/app/command_builder.h"}), {"CLI/"}));
  EXPECT_KEPT(
      includes_of(program_without({"src/app/command_line.cpp"}), {"app/command_builder.h"}));
}

// g++ 12 miscompiles ordinary coroutines without a warning.
TEST(Layering, ThereAreNoCoroutines) {
  EXPECT_KEPT(words_in_code(program(), {"co_await", "co_return", "co_yield"}));
  EXPECT_KEPT(
      includes_of(program(), {"coroutine", "boost/coroutine", "boost/context", "boost/fiber",
                              "boost/asio/awaitable", "boost/asio/co_spawn", "boost/asio/spawn",
                              "boost/asio/use_awaitable", "boost/asio/experimental/awaitable"}));
}

TEST(Layering, ThreadsAreMadeInAppTheSimulatorAndTheSqliteWriterOnly) {
  EXPECT_KEPT(threads_made(program_without({"src/app/", "sim/", "src/store/sqlite_writer."})));
}

TEST(Layering, NoTwoTypesShareAName) { EXPECT_KEPT(types_defined_twice(program())); }

TEST(Layering, NothingNamesARegistryOrAMachinesFolder) {
  // In pieces, so that this file does not name them either.
  const std::vector<std::string> texts{
      std::string("deb.") + "debian", std::string("registry.") + "npmjs",
      std::string("github.") + "com", std::string("/wo") + "rk/",
      std::string("/ro") + "ot/",     std::string("/ho") + "me/"};
  EXPECT_KEPT(texts_in(read_files(ODDSLOOM_SOURCE_DIR, {"README.md", "docs", "src", "sim", "tests",
                                                        "bench", "bookmakers", "web"}),
                       texts));
}

}  // namespace
}  // namespace oddsloom::layering
