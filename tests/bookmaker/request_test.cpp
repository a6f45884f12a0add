#include <gtest/gtest.h>

#include "folder.h"

namespace oddsloom::test {
namespace {

std::vector<WantedEvent> many(std::size_t count, const std::string& sport_id = "1") {
  std::vector<WantedEvent> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(wanted(std::to_string(9'000'001 + i), "A", "B", sport_id));
  return out;
}

TEST(PlanFetches, FiftyGamesAreOneRequestAndFiftyOneAreTwo) {
  EXPECT_EQ(ids_per_request(delta(), Source::Upcoming), 50U);
  EXPECT_EQ(plan_fetches(delta(), Source::Upcoming, many(50), 50, "").size(), 1U);
  const auto fetches = plan_fetches(delta(), Source::Upcoming, many(51), 1000, "");
  ASSERT_EQ(fetches.size(), 2U);
  EXPECT_EQ(fetches[0].events.size(), 50U);
  EXPECT_EQ(fetches[1].events[0].work.event_id, "9000051");
  EXPECT_EQ(plan_fetches(delta(), Source::Upcoming, many(6), 4, "").at(1).events.size(), 2U);
  EXPECT_TRUE(plan_fetches(delta(), Source::Upcoming, {}, 4, "").empty());
}

TEST(PlanFetches, AsksForTheUnionOfBetTypesInOneAnswer) {
  const auto fetches = plan_fetches(delta(), Source::Upcoming,
                                    {wanted("9000001", "A", "B", "1", {"btts"}),
                                     wanted("9000002", "A", "B", "1", {"double_chance"})},
                                    50, "https://host");
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].url, "https://host/api/games/markets?games=9000001,9000002&markets=43,46");
  EXPECT_EQ(fetches[0].endpoint, "upcoming_markets");
  EXPECT_EQ(fetches[0].headers, delta().headers);
}

TEST(PlanFetches, AsksForTheMarketThatNamesTheTeamsWhenANameIsMissing) {
  const auto fetches = plan_fetches(delta(), Source::Upcoming,
                                    {wanted("9000001", "", "", "1", {"btts"})}, 50, "https://host");
  EXPECT_EQ(fetches.at(0).url, "https://host/api/games/markets?games=9000001&markets=10,43");
}

TEST(PlanFetches, MarketIdsAreThoseOfTheSport) {
  const auto url = [](const std::string& sport_id) {
    return plan_fetches(delta(), Source::Upcoming,
                        {wanted("9000001", "A", "B", sport_id, {"three_way"})}, 50, "")
        .at(0)
        .url;
  };
  EXPECT_TRUE(url("126").ends_with("markets=381"));
  EXPECT_TRUE(url("12").ends_with("markets=10"));
  EXPECT_TRUE(url("").ends_with("markets=10"));  // the default sport
}

TEST(PlanFetches, LiveRequestsAreOfOneSportWithEncodedMarketIds) {
  auto events = many(16);
  events.insert(events.begin() + 1, wanted("1900001", "A", "B", "8"));
  events[2].work.sport_id.clear();
  const auto fetches = plan_fetches(delta(), Source::Live, events, 50, "https://host/x");
  ASSERT_EQ(fetches.size(), 3U);
  EXPECT_EQ(fetches[0].events.size(), 15U);
  EXPECT_TRUE(
      fetches[0].url.starts_with("https://host/x/api/live/event/markets?eventId=9000001,9000002,"));
  EXPECT_TRUE(fetches[0].url.ends_with("&type=194%230%230,138%230%230,147%230%230&sportId=1"));
  EXPECT_EQ(fetches[1].url,
            "https://host/x/api/live/event/"
            "markets?eventId=1900001&type=192%230%230,131%230%230&sportId=8");
  EXPECT_EQ(fetches[2].events.size(), 1U);
}

TEST(PlanFetches, IdsAreEncodedSoThatNoneCanChangeTheRequest) {
  const auto fetches = plan_fetches(delta(), Source::Upcoming,
                                    {wanted("1&markets=all#é", "A", "B")}, 50, "https://host");
  EXPECT_TRUE(fetches.at(0).url.starts_with(
      "https://host/api/games/markets?games=1%26markets%3Dall%23%C3%A9&markets="));
}

TEST(SplitFetch, HalvesKeepEveryEventOnce) {
  const auto whole = plan_fetches(delta(), Source::Upcoming, many(5), 50, "https://host").at(0);
  const auto halves = split_fetch(delta(), whole, "https://host");
  ASSERT_EQ(halves.size(), 2U);
  EXPECT_EQ(halves[0].events.size(), 3U);
  EXPECT_EQ(halves[1].events.size(), 2U);
  EXPECT_NE(halves[1].url.find("games=9000004,9000005&"), std::string::npos);
  const auto one = plan_fetches(delta(), Source::Upcoming, many(1), 50, "").at(0);
  EXPECT_TRUE(split_fetch(delta(), one, "").empty());
}

// ---- lists

std::string page_body(std::size_t first, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i)
    out +=
        std::string(i > 0 ? "," : "") + R"({"id":)" + std::to_string(9'000'000 + first + i) +
        R"(,"competitors":[{"name":"A"},{"name":"B "}],"sport":{"id":1},"dateTimestamp":1772987400000,"markets":[]})";
  return out + "]";
}

TEST(Lists, OneFirstPagePerListAndListedSport) {
  const auto pages = first_pages(delta(), Source::Upcoming, "https://host");
  EXPECT_EQ(pages.size(), 10U);
  EXPECT_EQ(pages[0].url,
            "https://host/api/upcoming/games?type=prematch&sportId=1&section=upcoming&"
            "markets_layout=single&o=startTime&pag_count=100&pag_min=1");
  EXPECT_EQ(pages[0].endpoint, "upcoming_list");
  EXPECT_EQ(pages[0].sport_id, "1");
  const auto live_pages = first_pages(delta(), Source::Live, "https://host");
  EXPECT_EQ(live_pages.size(), 3U);
  EXPECT_EQ(live_pages[0].url, "https://host/api/live/sports/1/events?limit=50&offset=0");
}

TEST(Lists, AreWalkedToTheEndByContentRange) {
  std::optional<ListPage> page = first_pages(delta(), Source::Upcoming, "https://host").front();
  std::set<std::string> ids;
  std::size_t pages = 0;
  constexpr std::size_t kTotal = 237;
  while (page && pages < 10) {
    const std::size_t first = page->position;
    const std::size_t count = std::min<std::size_t>(100, kTotal - first);
    EXPECT_TRUE(page->url.ends_with("pag_min=" + std::to_string(first + 1)));
    const auto answer =
        read_list(delta(), *page, 206,
                  std::to_string(first) + "-" + std::to_string(first + count - 1) + "/237",
                  page_body(first, count), "https://host");
    ASSERT_TRUE(answer) << answer.error().text();
    for (const WorkEntry& event : answer->events) ids.insert(event.event_id);
    page = answer->next;
    ++pages;
  }
  EXPECT_EQ(pages, 3U);
  EXPECT_EQ(ids.size(), kTotal);
}

TEST(Lists, AServerThatIgnoresPagingDoesNotMakeTheWalkEndless) {
  ListPage second = first_pages(delta(), Source::Upcoming, "").front();
  second.position = 100;
  const auto again = read_list(delta(), second, 206, "0-99/917", page_body(0, 100), "");
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->next);
  EXPECT_EQ(again->problems.size(), 1U);
  const auto empty = read_list(delta(), second, 206, "100-199/917", "[]", "");
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->next);
  // No content-range at all and always a full page: the number of pages is the end.
  std::optional<ListPage> page = first_pages(delta(), Source::Upcoming, "").front();
  std::size_t pages = 0;
  while (page && pages < 1000) {
    const auto answer = read_list(delta(), *page, 200, "", page_body(0, 100), "");
    ASSERT_TRUE(answer);
    page = answer->next;
    ++pages;
  }
  EXPECT_EQ(pages, 100U);
}

TEST(Lists, StrangeContentRangesAreNotBelieved) {
  const ListPage page = first_pages(delta(), Source::Upcoming, "").front();
  for (const std::string range :
       {"", "x", "9-3/5", "0-", "0-1", "-", "99999999999999999999-1/2", "items 0-14/*"}) {
    const auto answer = read_list(delta(), page, 206, range, page_body(0, 3), "");
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->next) << range;
    EXPECT_EQ(answer->events.size(), 3U);
  }
  EXPECT_TRUE(read_list(delta(), page, 206, "items 0-2/9", page_body(0, 3), "")->next);
}

TEST(Lists, BlockedAndChangedListsAreErrorsThatSaySo) {
  const ListPage page = first_pages(delta(), Source::Upcoming, "").front();
  const auto message = [&](std::string_view body) {
    const auto answer = read_list(delta(), page, 200, "", body, "");
    return answer ? std::string("read") : answer.error().text();
  };
  EXPECT_EQ(message("[]"), "read");
  EXPECT_EQ(message("<html>sec-cpt-if</html>").find("upcoming_list: blocked: "), 0U);
  EXPECT_EQ(message("[{\"id\":1").find("upcoming_list: truncated: "), 0U);
  EXPECT_EQ(message(R"([{"identifier":1},{"identifier":2}])").find("upcoming_list: changed format"),
            0U);
  EXPECT_EQ(message(R"({"games":[]})").find("upcoming_list: changed format"), 0U);
}

TEST(Lists, AnItemThatCannotBeReadIsNamedAndTheOthersAreKept) {
  const ListPage page = first_pages(delta(), Source::Upcoming, "").front();
  std::string body = page_body(0, 3);
  body.replace(body.find("9000001"), 7, "null");
  const auto answer = read_list(delta(), page, 200, "", body, "");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->events.size(), 2U);
  EXPECT_EQ(answer->events[0].away, "B");
  EXPECT_EQ(answer->problems, std::vector<std::string>{"[1].id: the event id: null"});
}

}  // namespace
}  // namespace oddsloom::test
