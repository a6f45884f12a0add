// The rules notice what they are there to notice.
#include "layering/source_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_dir.h"

namespace oddsloom::layering {
namespace {

using testing::ElementsAre, testing::HasSubstr, testing::IsEmpty;

const Arrows kTable{{"base", {}}, {"model", {"base"}}, {"sim", {"base"}}};

TEST(ForbiddenArrows, AreFoundWithFileAndLine) {
  const Files files{{"src/base/a.cpp", {"#include <vector>", "#include \"model/b.h\""}},
                    {"src/model/b.h", {"  #  include \"sim/c.h\" // why"}},
                    {"sim/c.h", {"#include \"model/b.h\""}}};
  EXPECT_THAT(forbidden_arrows(files, kTable),
              ElementsAre("src/base/a.cpp:2: base may not use model (model/b.h)",
                          "src/model/b.h:1: model may not use sim (sim/c.h)",
                          "sim/c.h:1: sim may not use model (model/b.h)"));
}

TEST(ForbiddenArrows, AreNotSeenWhereThereAreNone) {
  const Files files{{"src/model/b.cpp",
                     {"#include \"model/b.h\"", "#include \"base/a.h\"", "#include <sim/c.h>",
                      "// #include \"sim/c.h\"", "#pragma once", "#", "#include"}},
                    {"sim/c.cpp", {"#include \"sim/c.h\"", "#include \"base/a.h\""}}};
  EXPECT_THAT(forbidden_arrows(files, kTable), IsEmpty());
}

TEST(ForbiddenArrows, AFolderOutsideTheTableAndAnIncludeWithoutFolderAreFindings) {
  EXPECT_THAT(forbidden_arrows({{"src/extra/a.cpp", {"#include \"base/a.h\""}}}, kTable),
              ElementsAre(HasSubstr("extra is not in the table")));
  EXPECT_THAT(forbidden_arrows({{"src/base/a.cpp", {"#include \"a.h\""}}}, kTable),
              ElementsAre(HasSubstr("without its folder")));
}

TEST(TooLong, CountsLines) {
  const SourceFile at_most{"a.h", std::vector<std::string>(500)};
  const SourceFile above{"b.h", std::vector<std::string>(501)};
  EXPECT_THAT(too_long({at_most, above}, 500), ElementsAre(HasSubstr("b.h:501")));
}

TEST(PragmaOnce, IsAskedOfHeadersOnly) {
  EXPECT_THAT(headers_without_pragma_once({{"src/a.h", {"// #pragma once"}},
                                           {"src/b.h", {"// what", "#pragma once"}},
                                           {"src/c.cpp", {""}}}),
              ElementsAre("src/a.h:1: no #pragma once"));
}

TEST(IncludesOf, MatchesTheBeginningOfTheName) {
  EXPECT_THAT(
      includes_of({{"a.cpp",
                    {"#include <boost/beast.hpp>", "#include <boost/beast/http.hpp>",
                     "#include <boost/asio.hpp>"}}},
                  {"boost/beast"}),
      ElementsAre("a.cpp:1: includes boost/beast.hpp", "a.cpp:2: includes boost/beast/http.hpp"));
}

TEST(WordsInCode, AreWholeWordsOutsideComments) {
  EXPECT_THAT(words_in_code(
                  {{"a.cpp", {"x = co_await y;", "// co_await", "my_co_await();", "(co_await f)"}}},
                  {"co_await"}),
              ElementsAre("a.cpp:1: co_await", "a.cpp:4: co_await"));
}

TEST(ThreadsMade, AreToldFromMereWordsAboutThreads) {
  const Files files{{"a.cpp",
                     {"std::thread t(f);", "std::jthread member_;", "std::vector<std::thread> all;",
                      "auto r = std::async(f);", "if (std::thread::id() == id) std::thread(f);"}},
                    {"b.cpp",
                     {"std::thread::hardware_concurrency();", "std::this_thread::yield();",
                      "// std::thread t;", "std::thread_like x;", "int std_thread;"}}};
  const Findings findings = threads_made(files);
  EXPECT_EQ(findings.size(), 5U) << listed(findings);
  for (const std::string& finding : findings) EXPECT_THAT(finding, HasSubstr("a.cpp:"));
}

TEST(TextsIn, AreFoundAnywhereInAnyCase) {
  EXPECT_THAT(texts_in({{"a.md", {"see HTTP://Example.TEST/x", "nothing"}}}, {"example.test"}),
              ElementsAre("a.md:1: names example.test"));
}

TEST(ReadFiles, FindsTextBelowFoldersAndSingleFilesAndSkipsTheRest) {
  const test::TempDir root;
  std::filesystem::create_directories(root.path() / "src/deep");
  std::ofstream(root.file("src/deep/b.h")) << "one\ntwo\n";
  std::ofstream(root.file("src/a.cpp")) << "one";
  std::ofstream(root.file("src/picture.bin")) << std::string("x\0y", 3);
  std::ofstream(root.file("README.md")) << "\n";
  const Files files = read_files(root.path().string(), {"README.md", "src", "absent"});
  std::vector<std::string> seen;
  for (const SourceFile& file : files)
    seen.push_back(file.path + " " + std::to_string(file.lines.size()));
  EXPECT_THAT(seen, ElementsAre("README.md 1", "src/a.cpp 1", "src/deep/b.h 2"));
}

TEST(TypesDefinedTwice, AreFoundUnlessSomethingSetsThemApart) {
  const Files files{
      {"src/a.h", {"namespace oddsloom {", "struct Row {", "};", "}  // namespace oddsloom"}},
      {"src/b.cpp",
       {"namespace oddsloom {", "namespace {", "struct Row {", "};", "}  // namespace",
        "struct A::Row {", "};", "class Row;", "}  // namespace oddsloom"}},
      {"sim/c.h", {"namespace oddsloom::sim {", "class Row {", "}  // namespace oddsloom::sim"}},
      {"src/d.cpp", {"namespace oddsloom {", "class Row : public Base {"}}};
  EXPECT_THAT(types_defined_twice(files),
              ElementsAre("src/d.cpp:2: oddsloom::Row is defined at src/a.h:2, too"));
}

}  // namespace
}  // namespace oddsloom::layering
