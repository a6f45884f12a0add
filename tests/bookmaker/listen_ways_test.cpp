// What the folder says of how it is listened to.
#include "bookmaker/listen_ways.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "bookmaker/compiled_spec.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kLive = "live = [\"socket\", \"poll\"]";
constexpr std::string_view kUpcoming = "upcoming = [\"poll\"]";

// The program's own file with another [listen].
tl::expected<Bookmaker, std::vector<Problem>> with(const std::string& live,
                                                   const std::string& upcoming) {
  std::ifstream in(kBookmakers + "/BookieDelta/bookmaker.toml");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const auto& [what, other] : {std::pair(kLive, live), std::pair(kUpcoming, upcoming)}) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    if (at != std::string::npos) text.replace(at, what.size(), other);
  }
  return parse_bookmaker("X", "X/bookmaker.toml", text, bet_types());
}

std::string problems(const std::string& live, const std::string& upcoming = "") {
  const auto loaded = with(live, upcoming);
  return loaded ? "loaded" : all_text(loaded.error());
}

TEST(ListenWays, AreThoseOfTheFolderInItsOrder) {
  const auto loaded = with("live = [\"browser\"]", "upcoming = [\"poll\", \"browser\"]");
  ASSERT_TRUE(loaded) << all_text(loaded.error());
  EXPECT_THAT(listen_ways(*loaded, Source::Live), ElementsAre(ListenWay::Browser));
  EXPECT_THAT(listen_ways(*loaded, Source::Upcoming),
              ElementsAre(ListenWay::Poll, ListenWay::Browser));
}

TEST(ListenWays, WithoutAWordAFeedWhereThereIsOneAndNeverABrowser) {
  const auto loaded = with("", "");
  ASSERT_TRUE(loaded) << all_text(loaded.error());
  EXPECT_THAT(listen_ways(*loaded, Source::Live), ElementsAre(ListenWay::Socket, ListenWay::Poll));
  EXPECT_THAT(listen_ways(*loaded, Source::Upcoming), ElementsAre(ListenWay::Poll));
}

TEST(ListenWays, MistakesSayWhatWasMeantOrIsMissing) {
  EXPECT_THAT(problems("live = [\"sockets\"]"),
              HasSubstr("listen.live: there is no 'sockets' in poll, socket, browser; did you mean "
                        "'socket'?"));
  EXPECT_THAT(problems("live = [\"poll\", \"poll\"]"), HasSubstr("names 'poll' twice"));
  EXPECT_THAT(problems("live = []"), HasSubstr("names no way"));
  EXPECT_THAT(problems("life = [\"poll\"]"), HasSubstr("did you mean 'live'?"));
  EXPECT_THAT(problems("", "upcoming = [\"socket\"]"),
              HasSubstr("listen.upcoming: X declares no feed of the source upcoming"));
}

TEST(ListenWays, ABrowserNeedsAPage) {
  Bookmaker none = delta();
  auto spec = std::make_shared<CompiledSpec>(*none.compiled);
  spec->browser.pages.clear();
  none.compiled = spec;
  EXPECT_THAT(cannot_listen(none, Source::Live, ListenWay::Browser).value_or(""),
              HasSubstr("declares no page of the source live"));
  EXPECT_FALSE(cannot_listen(delta(), Source::Live, ListenWay::Browser));
  EXPECT_FALSE(cannot_listen(none, Source::Live, ListenWay::Poll));
}

TEST(ListenWays, HaveNamesThatReadBack) {
  for (const std::string& name : listen_way_names()) {
    const auto way = parse_listen_way(name);
    ASSERT_TRUE(way) << name;
    EXPECT_EQ(to_string(*way), name);
  }
  EXPECT_FALSE(parse_listen_way("Poll"));
}

}  // namespace
}  // namespace oddsloom::test
