// What feeds of this kind do, one test each, 1 to 14. The numbers are those of the list of oddities
// this reader was built against.
#include <gtest/gtest.h>

#include "answers.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

TEST(Oddities, Oddity01_AClosedSelectionInAnOpenMarketIsNotUsableWhateverItsPrice) {
  const auto mapping =
      map(Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC")},
          live({live_event("1900001", {live_market(194, "Open",
                                                   {{"Anvil Town", "1.06", "Closed"},
                                                    {"draw", "9.00"},
                                                    {"Bellows FC", "21.00"}})})}));
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.06(closed) X=9.00 2=21.00");
  EXPECT_EQ(all_text(mapping.problems), "");
}

TEST(Oddities, Oddity02_ASuspendedMarketHasNoUsablePriceThoughItsSelectionsSayOpen) {
  const auto mapping =
      map(Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC")},
          live({live_event(
              "1900001",
              {live_market(194, "Suspended",
                           {{"Anvil Town", "1.50"}, {"draw", "4.00"}, {"Bellows FC", "6.50"}})})}));
  const Record* record = record_of(mapping, "three_way");
  EXPECT_EQ(said(record), "1=1.50(suspended) X=4.00(suspended) 2=6.50(suspended)");
  EXPECT_EQ(record->status, Status::Suspended);
}

TEST(Oddities, Oddity03_NoPriceAndLowestPriceAndCapAreTold) {
  const auto mapping =
      map(Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC")},
          live({live_event(
              "1900001",
              {live_market(
                   194, "Open",
                   {{"Anvil Town", "1.01"}, {"draw", "0.00", "Closed"}, {"Bellows FC", "100.00"}}),
               live_market(138, "Open", {{"yes", "1.01", "Closed"}, {"no", "1.00"}})})}));
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.01 X=0.00(closed) 2=100.00");
  EXPECT_EQ(said(record_of(mapping, "btts")), "yes=1.01(closed) no=1.00!");
}

TEST(Oddities, Oddity04_WhatCannotBeBetKeepsItsSlotAndABadPriceIsNamedWithItsPath) {
  const auto mapping =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001", {upcoming_three_way("\"abc\"", "\"3.40\"", "\"3.00\"")}));
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=-! X=3.40 2=3.00");
  EXPECT_EQ(all_text(mapping.problems),
            "9000001[0].selections[0].odds: 'abc' is not a decimal number\n");
}

TEST(Oddities, Oddity04_MissingNullWrongTypeAndOutOfRangeAreFourDifferentProblems) {
  const auto one = [](std::string_view odds) {
    const auto mapping =
        map(Source::Upcoming, {wanted("9000001")},
            upcoming("9000001", {upcoming_three_way(odds, "\"3.40\"", "\"3.00\"")}));
    EXPECT_EQ(said(record_of(mapping, "three_way")), "1=-! X=3.40 2=3.00") << odds;
    return all_text(mapping.problems);
  };
  EXPECT_EQ(one(R"("x","ods":1)").substr(0, 36), "9000001[0].selections[0].odds: 'x' i");
  EXPECT_EQ(one("null"), "9000001[0].selections[0].odds: null\n");
  EXPECT_EQ(one("[1]"), "9000001[0].selections[0].odds: expected text or a number, found a list\n");
  EXPECT_EQ(one("true"), "9000001[0].selections[0].odds: expected a price, found true or false\n");
  EXPECT_EQ(one("\"-2.00\""), "9000001[0].selections[0].odds: '-2.00' is negative\n");
  EXPECT_NE(one("\"99999999.00\"").find("too large"), std::string::npos);
  const auto missing =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001",
                   {upcoming_market(10, "0",
                                    {R"({"id":1,"name":"Anvil Town","shortName":"1"})",
                                     upcoming_selection(2, "X", "Draw", "\"3.40\""),
                                     upcoming_selection(3, "2", "Bellows FC", "\"3.00\"")})}));
  EXPECT_EQ(all_text(missing.problems), "9000001[0].selections[0].odds: missing\n");
}

TEST(Oddities, Oddity04_PricesMayBeNumbersAndBinaryNoiseIsNotAPrice) {
  const auto mapping =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001", {upcoming_three_way("1.7999999999999998", "3.4", "12")}));
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.80 X=3.40 2=12.00");
}

TEST(Oddities, Oddity05_LiveSelectionsWithoutCodesAreToldByName) {
  const auto mapping =
      map(Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC")},
          live({live_event(
              "1900001",
              {live_market(194, "Open",
                           {{"Bellows FC", "6.50"}, {"Draw", "4.00"}, {"anvil town", "1.50"}}),
               live_market(138, "Open", {{"no", "1.90"}, {"Yes", "1.80"}})})}));
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.50 X=4.00 2=6.50");
  EXPECT_EQ(said(record_of(mapping, "btts")), "yes=1.80 no=1.90");
}

TEST(Oddities, Oddity06_PrematchHasNoStatusSoWhatIsListedIsOpenAndWhatIsNotIsNotOffered) {
  const auto mapping =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001", {upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"")}));
  EXPECT_EQ(record_of(mapping, "three_way")->status, Status::Open);
  ASSERT_EQ(mapping.not_offered.size(), 2U);
  EXPECT_EQ(mapping.not_offered[0].bet_type, "btts");
  EXPECT_EQ(mapping.not_offered[1].bet_type, "double_chance");
}

TEST(Oddities, Oddity07_AnEventThatIsNotInTheAnswerIsNamed) {
  const auto mapping = map(
      Source::Live, {wanted("1900001"), wanted("1900002")},
      live({live_event("1900002", {live_market(138, "Open", {{"yes", "1.80"}, {"no", "1.90"}})})}));
  EXPECT_EQ(mapping.missing_events, std::vector<std::string>{"1900001"});
  EXPECT_EQ(missing_event_means(delta(), Source::Live), MissingEvent::NotOffered);
  EXPECT_EQ(missing_event_means(delta(), Source::Upcoming), MissingEvent::Gone);
}

TEST(Oddities, Oddity08_OnlyTheMarketWithoutLineOrInstanceIsTheFullTimeOne) {
  const auto early =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001", {upcoming_three_way("\"1.45\"", "\"3.40\"", "\"1.75\"", "Anvil Town",
                                                  "Bellows FC", 10, "1"),
                               upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\""),
                               upcoming_three_way("\"1.99\"", "\"3.41\"", "\"2.90\"", "Anvil Town",
                                                  "Bellows FC", 972, "1")}));
  EXPECT_EQ(said(record_of(early, "three_way")), "1=2.06 X=3.40 2=3.00");
  EXPECT_EQ(early.records.size(), 1U);

  const auto second_half =
      map(Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC")},
          live({live_event(
              "1900001",
              {live_market(194, "Open", {{"Anvil Town"}, {"draw"}, {"Bellows FC"}}, "0.00", 2)})}));
  EXPECT_TRUE(second_half.records.empty());
  EXPECT_EQ(second_half.not_offered.size(), 3U);
}

TEST(Oddities, Oddity08_TheSameMarketTwiceIsReportedAndTheFirstKept) {
  const auto mapping =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001", {upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\""),
                               upcoming_three_way("\"9.00\"", "\"9.00\"", "\"9.00\"")}));
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=2.06 X=3.40 2=3.00");
  EXPECT_EQ(
      all_text(mapping.problems),
      "9000001[1]: BookieDelta three_way upcoming 9000001 a second time; the first is kept\n");
}

TEST(Oddities, Oddity09_ALineMayBeIntegerFractionOrText) {
  for (const std::string zero : {"0", "0.0", "\"0.00\"", "null", "\"\"", "-0.0"}) {
    const auto mapping =
        map(Source::Upcoming, {wanted("9000001")},
            upcoming("9000001", {upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"",
                                                    "Anvil Town", "Bellows FC", 10, zero)}));
    EXPECT_EQ(mapping.records.size(), 1U) << zero;
  }
  const auto odd =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001", {upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"", "Anvil Town",
                                                  "Bellows FC", 10, "\"half\"")}));
  EXPECT_TRUE(odd.records.empty());
  EXPECT_EQ(odd.problems.front(), "9000001[0].specValue: the line: 'half' is not a decimal number");
}

TEST(Oddities, Oddity10_IdsAreKeysIntegersOrTextAndMayExceed32Bits) {
  const auto mapping =
      map(Source::Upcoming, {wanted("9000001")},
          upcoming("9000001", {upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"")}));
  EXPECT_EQ(record_of(mapping, "three_way")->outcomes[0].selection_id, "3000000001");
  std::string as_text = live({live_event(
      "\"18446744073709551615\"", {live_market(138, "Open", {{"yes", "1.80"}, {"no", "1.90"}})})});
  EXPECT_EQ(map_any(Source::Live, as_text).records.front().event_id, "18446744073709551615");
}

TEST(Oddities, Oddity11_SecondsMillisecondsAndTwoKindsOfIsoTimeAreTheSameMoment) {
  const auto kick_off = [](std::string_view members) {
    const auto answer = read_list(
        delta(), first_pages(delta(), Source::Upcoming, "").front(), 206, "",
        fmt::format(
            R"([{{"id":9000001,"competitors":[{{"name":"A"}},{{"name":"B"}}],{}"markets":[]}}])",
            members),
        "");
    return answer && answer->events.front().start_time
               ? to_iso8601(*answer->events.front().start_time)
               : std::string("none");
  };
  const std::string expected = "2026-03-08T16:30:00.000Z";
  EXPECT_EQ(kick_off(R"("dateTimestamp":1772987400000,)"), expected);
  EXPECT_EQ(kick_off(R"("dateTimestamp":1772987400,)"), expected);
  EXPECT_EQ(kick_off(R"("date":"2026-03-08T16:30:00.000Z",)"), expected);
  EXPECT_EQ(kick_off(R"("date":"2026-03-08T16:30:00+00:00",)"), expected);
  EXPECT_EQ(kick_off(R"("dateTimestamp":17,)"), "none");
}

TEST(Oddities, Oddity12_TheSportIsItsIdNotItsName) {
  for (const std::string name : {"Football", "Soccer", "Electronic Football"}) {
    const auto mapping = map_any(
        Source::Upcoming,
        fmt::format(
            R"([{{"id":9000001,"sport":{{"id":126,"name":"{}"}},"competitors":[{{"name":"Anvil Town"}},{{"name":"Bellows FC"}}],"markets":[{}]}}])",
            name,
            upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"", "Anvil Town", "Bellows FC",
                               381)));
    ASSERT_EQ(mapping.records.size(), 1U);
    EXPECT_EQ(mapping.records[0].sport_id, "126");
  }
}

TEST(Oddities, Oddity13_TheDrawIsTheDrawInAnyCase) {
  for (const std::string draw : {"Draw", "DRAW", "draw"}) {
    const auto mapping =
        map(Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC")},
            live({live_event(
                "1900001",
                {live_market(194, "Open",
                             {{"Anvil Town", "1.50"}, {draw, "4.00"}, {"Bellows FC", "6.50"}})})}));
    EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.50 X=4.00 2=6.50");
  }
  const auto upper = map(
      Source::Upcoming, {wanted("9000001")},
      upcoming("9000001", {upcoming_market(43, "0",
                                           {upcoming_selection(1, "YES", "YES (GG)", "\"1.80\""),
                                            upcoming_selection(2, "no", "NO (NG)", "\"1.90\"")})}));
  EXPECT_EQ(said(record_of(upper, "btts")), "yes=1.80 no=1.90");
}

TEST(Oddities, Oddity14_AListIsReadByItsContentRangeWithoutUnitWord) {
  const ListPage page = first_pages(delta(), Source::Upcoming, "").front();
  const std::string body =
      R"([{"id":9000001,"competitors":[{"name":"A"},{"name":"B"}],"markets":[]}])";
  const auto middle = read_list(delta(), page, 206, "0-0/3", body, "");
  ASSERT_TRUE(middle && middle->next);
  EXPECT_EQ(middle->next->position, 1U);
  const auto end = read_list(delta(), page, 206, "0-0/1", body, "");
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->next);
}

}  // namespace
}  // namespace oddsloom::test
