// What feeds of this kind do, one test each, 15 to 28.
#include <gtest/gtest.h>

#include "answers.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

const std::string kThreeWay = upcoming_three_way("\"2.06\"", "\"3.40\"", "\"3.00\"");

std::string list_element(std::string_view id, std::string_view home, std::string_view away,
                         std::string_view markets, std::string_view more = "") {
  return fmt::format(
      R"({{"id":{},"betradarId":71000001,{}"competition":{{"id":4,"name":"Foundry League"}},"sport":{{"id":1,"name":"Football"}},"competitors":[{{"id":1,"name":"{}"}},{{"id":2,"name":"{}"}}],"dateTimestamp":1772987400000,"marketsCount":0,"markets":[{}]}})",
      id, more, home, away, markets);
}

TEST(Oddities, Oddity15_AChallengePageIsBlockedNotBroken) {
  const auto mapping =
      map(Source::Upcoming, {wanted("9000001")},
          "<!DOCTYPE html><html><head><title>Challenge Validation</title></head><body>"
          "<iframe id=\"sec-cpt-if\"></iframe></body></html>");
  EXPECT_EQ(mapping.kind, AnswerKind::Blocked);
  EXPECT_TRUE(mapping.missing_events.empty());  // nothing is known of any event
}

TEST(Oddities, Oddity16_EmptyAnswersAreGoodAndHoldNothing) {
  for (const std::string body : {"[]", "{}", " [ ]\n"})
    for (const Source source : {Source::Live, Source::Upcoming}) {
      const auto mapping = map(source, {wanted("9000001")}, body);
      EXPECT_EQ(mapping.kind, AnswerKind::Good) << mapping.message;
      EXPECT_EQ(mapping.missing_events, std::vector<std::string>{"9000001"});
    }
  const auto no_markets =
      map_any(Source::Upcoming, "[" + list_element("9000001", "A", "B", "") + "]");
  EXPECT_EQ(no_markets.kind, AnswerKind::Good);
  EXPECT_EQ(no_markets.not_offered.size(), 3U);
  EXPECT_EQ(map(Source::Live, {wanted("1900001")}, R"({"markets":[]})").kind, AnswerKind::Good);
}

TEST(Oddities, Oddity17_CountsOfMarketsAreNotBelieved) {
  const auto mapping = map_any(
      Source::Upcoming, "[" + list_element("9000001", "Anvil Town", "Bellows FC", kThreeWay) + "]");
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=2.06 X=3.40 2=3.00");
}

TEST(Oddities, Oddity18_AnotherSpellingOfTheSameTeamsIsTheSameEvent) {
  const auto mapping = map(
      Source::Live, {wanted("1900001", "Anvil Town Ladies W", "LA Bellows")},
      live({live_event(
          "1900001",
          {live_market(194, "Open",
                       {{"Anvil Town", "1.50"}, {"draw", "4.00"}, {"Los Angeles Bellows", "6.50"}}),
           live_market(147, "Open",
                       {{"Anvil Town or draw", "1.10"},
                        {"draw or Los Angeles Bellows", "2.50"},
                        {"Anvil Town or Los Angeles Bellows", "1.25"}})})}));
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.50 X=4.00 2=6.50");
  EXPECT_EQ(said(record_of(mapping, "double_chance")), "1X=1.10 12=1.25 X2=2.50");
  EXPECT_EQ(record_of(mapping, "three_way")->home, "Anvil Town Ladies W");
}

TEST(Oddities, Oddity19_OtherTeamsThanTheEntrysAreWithheldAndReported) {
  const auto upcoming_mapping = map(
      Source::Upcoming, {wanted("9000001", "Chisel Rangers", "Dovetail City")},
      upcoming("9000001",
               {kThreeWay, upcoming_market(43, "0",
                                           {upcoming_selection(1, "Yes", "YES (GG)", "\"1.80\""),
                                            upcoming_selection(2, "No", "NO (NG)", "\"1.90\"")})}));
  EXPECT_TRUE(upcoming_mapping.records.empty());
  EXPECT_TRUE(upcoming_mapping.not_offered.empty());
  ASSERT_EQ(upcoming_mapping.problems.size(), 1U);
  EXPECT_EQ(upcoming_mapping.problems[0],
            "9000001: names differ: 'Chisel Rangers' v 'Dovetail City' was asked for, this is "
            "'Anvil Town' v 'Bellows FC'; withheld");
  const auto live_mapping =
      map(Source::Live, {wanted("1900001", "Chisel Rangers", "Dovetail City")},
          live({live_event(
              "1900001", {live_market(194, "Open", {{"Anvil Town"}, {"draw"}, {"Bellows FC"}})})}));
  EXPECT_TRUE(live_mapping.records.empty());
  EXPECT_EQ(live_mapping.problems.size(), 1U);
}

TEST(Oddities, Oddity19_TeamsTheOtherWayRoundAreWithheldWherePositionDecides) {
  const auto mapping = map(Source::Upcoming, {wanted("9000001", "Bellows FC", "Anvil Town")},
                           upcoming("9000001", {kThreeWay}));
  EXPECT_TRUE(mapping.records.empty());
  EXPECT_NE(mapping.problems.at(0).find("the other way round"), std::string::npos);
}

TEST(Oddities, Oddity20_TheSameNamesTwiceStayTwoEvents) {
  const auto mapping = map_any(
      Source::Upcoming, "[" + list_element("9000001", "Anvil Town", "Bellows FC", kThreeWay) + "," +
                            list_element("9000002", "Anvil Town", "Bellows FC",
                                         upcoming_three_way("\"1.20\"", "\"6.00\"", "\"11.00\"")) +
                            "]");
  EXPECT_EQ(said(record_of(mapping, "three_way", "9000001")), "1=2.06 X=3.40 2=3.00");
  EXPECT_EQ(said(record_of(mapping, "three_way", "9000002")), "1=1.20 X=6.00 2=11.00");
}

TEST(Oddities, Oddity21_NamesKeepTheirSignsAndLoseTheSpacesAroundThem) {
  for (const auto& [home, away] : std::vector<std::pair<std::string, std::string>>{
           {"Anders P / Brandt Q", "Castor L / Dubois M"},
           {"Anvil FC (Rook)", "Bellows FC (Bishop)"},
           {"Anders, Paul", "Brandt, Quentin"},
           {"Bright & Hove Anvil", "Chisel"},
           {"Anvil 04", "Bellows U20"}}) {
    const auto mapping =
        map(Source::Live, {wanted("1900001", home + " ", away)},
            live({live_event(
                "1900001",
                {live_market(194, "Open", {{home, "1.50"}, {"draw", "4.00"}, {away + " ", "6.50"}}),
                 live_market(147, "Open",
                             {{home + " or draw", "1.10"},
                              {"draw or " + away, "2.50"},
                              {home + " or " + away, "1.25"}})})}));
    EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.50 X=4.00 2=6.50") << home;
    EXPECT_EQ(said(record_of(mapping, "double_chance")), "1X=1.10 12=1.25 X2=2.50") << home;
    EXPECT_EQ(record_of(mapping, "three_way")->home, home);
    EXPECT_EQ(record_of(mapping, "three_way")->outcomes[2].name, away);
  }
}

TEST(Oddities, Oddity22_DoubleChanceIsToldByTheTeamsNotByTheWordOr) {
  const std::string home = "Now or Never", away = "Hammer or Tongs";
  const std::string body =
      live({live_event("1900001", {live_market(147, "Open",
                                               {{home + " or " + away, "1.25"},
                                                {"draw or " + away, "2.50"},
                                                {home + " or draw", "1.10"}})})});
  const auto known = map(Source::Live, {wanted("1900001", home, away)}, body);
  EXPECT_EQ(said(record_of(known, "double_chance")), "1X=1.10 12=1.25 X2=2.50");
  // Without names this order is none that could be checked, and a guess is not made.
  const auto unknown = map(Source::Live, {wanted("1900001")}, body);
  EXPECT_TRUE(unknown.records.empty());
  EXPECT_FALSE(unknown.problems.empty());
}

TEST(Oddities, Oddity22_WithoutNamesTheUsualOrderIsTakenWhenItsNamesBearItOut) {
  const auto mapping =
      map(Source::Live, {wanted("1900001")},
          live({live_event("1900001", {live_market(147, "Open",
                                                   {{"Now or Never or draw", "1.10"},
                                                    {"draw or Bodø/Glimt", "2.50"},
                                                    {"Now or Never or Bodø/Glimt", "1.25"}})})}));
  EXPECT_EQ(said(record_of(mapping, "double_chance")), "1X=1.10 12=1.25 X2=2.50");
}

TEST(Oddities, Oddity23_PositionIsOnlyBelievedWithTheDrawInTheMiddle) {
  const auto mapping =
      map(Source::Live, {wanted("1900001")},
          live({live_event(
              "1900001", {live_market(194, "Open", {{"Anvil Town"}, {"Bellows FC"}, {"draw"}})})}));
  EXPECT_TRUE(mapping.records.empty());
  EXPECT_NE(all_text(mapping.problems).find("cannot tell which of 'Anvil Town', 'Bellows FC'"),
            std::string::npos);
  const auto known =
      map(Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC")},
          live({live_event(
              "1900001",
              {live_market(194, "Open",
                           {{"Anvil Town", "1.50"}, {"Bellows FC", "6.50"}, {"draw", "4.00"}})})}));
  EXPECT_EQ(said(record_of(known, "three_way")), "1=1.50 X=4.00 2=6.50");
}

TEST(Oddities, Oddity24_UnknownPhasesAndAbsentStateDoNotMatter) {
  const std::string body =
      R"({"events":[
        {"id":1900001,"externalId":71000001,"kickoffTimeUTC":"2026-03-08T16:30:00Z","sport":{"id":1},"tournament":{"name":"Foundry Cup"},
         "competitors":[{"name":"Anvil Town"},{"name":"Bellows FC"}],"status":"Started","state":{"currentEventPhase":"NeverHeardOf","matchTime":"90:00"}},
        {"id":1900003,"externalId":71000003,"kickoffTimeUTC":"2026-03-08T16:30:00Z","sport":{"id":1},"tournament":{"name":"Foundry Cup"},
         "competitors":[{"name":"Chisel"},{"name":"Dovetail"}],"status":"Break","state":null}],"loadMore":false})";
  const auto answer =
      read_list(delta(), first_pages(delta(), Source::Live, "").front(), 200, "", body, "");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->events.size(), 2U);
  EXPECT_TRUE(answer->problems.empty());
}

TEST(Oddities, Oddity25_TheEntrysCompetitionWinsOverThePlaceholderOfTheAnswer) {
  WantedEvent event = wanted("9000001", "Anvil Town", "Bellows FC");
  event.work.competition = "Foundry Cup";
  const auto mapping =
      map(Source::Upcoming, {event},
          "[" + list_element("9000001", "Anvil Town", "Bellows FC", kThreeWay) + "]");
  EXPECT_EQ(record_of(mapping, "three_way")->competition, "Foundry Cup");
}

TEST(Oddities, Oddity26_ARecordIsOfItsBookmakerWhateverHostItCameFrom) {
  const auto fetches =
      plan_fetches(delta(), Source::Upcoming, {wanted("9000001")}, 50, "https://other.example");
  EXPECT_TRUE(fetches.at(0).url.starts_with("https://other.example/api/games/markets?"));
  const auto mapping = map(Source::Upcoming, {wanted("9000001")}, upcoming("9000001", {kThreeWay}));
  EXPECT_EQ(record_of(mapping, "three_way")->id().text(), "BookieDelta three_way upcoming 9000001");
}

TEST(Oddities, Oddity27_TypeAndHandicapAreIdAndLine) {
  const std::string selections =
      R"([{"id":1,"name":"Anvil Town","odds":"1.50","status":"Open"},{"id":2,"name":"draw","odds":"4.00","status":"Open"},{"id":3,"name":"Bellows FC","odds":"6.50","status":"Open"}])";
  const auto update = [&](std::string_view handicap) {
    return map(
        Source::Live, {wanted("1900001", "Anvil Town", "Bellows FC", "", {"three_way"})},
        fmt::format(
            R"({{"eventId":1900001,"eventMarketId":5,"type":194,"handicap":"{}","sequence":0,"status":"Open","name":"1x2","selections":{}}})",
            handicap, selections));
  };
  EXPECT_EQ(said(record_of(update("0.00"), "three_way")), "1=1.50 X=4.00 2=6.50");
  EXPECT_TRUE(update("1.00").records.empty());
}

TEST(Oddities, Oddity27_TheOlderGenerationIsReadByTheNamesOfItsMarkets) {
  const std::string body = R"({"markets":[
    {"eventId":19000011,"id":7,"name":"Match Result","sequence":0,"status":"Open","handicap":"0.00","selections":[
      {"id":1,"name":"Anvil Town","odds":"1.50","status":"Open"},{"id":2,"name":"Draw","odds":"4.00","status":"Open"},{"id":3,"name":"Bellows FC","odds":"6.50","status":"Closed"}]},
    {"eventId":19000011,"id":9,"name":"Double Chance","sequence":0,"status":"Open","handicap":"","selections":[
      {"id":4,"name":"1 or X","odds":"1.10","status":"Open"},{"id":5,"name":"1 or 2","odds":"1.25","status":"Open"},{"id":6,"name":"X or 2","odds":"2.50","status":"Open"}]},
    {"eventId":19000011,"id":8,"name":"Both Teams To Score","sequence":0,"status":"Suspended","handicap":"","selections":[
      {"id":7,"name":"Yes","odds":"1.80","status":"Open"},{"id":8,"name":"No","odds":"1.90","status":"Open"}]},
    {"eventId":19000011,"id":194,"name":"Next Goal","sequence":1,"status":"Open","handicap":"","selections":[]}]})";
  const auto mapping = map(Source::Live, {wanted("19000011")}, body);
  EXPECT_EQ(mapping.form, "live_flat");
  EXPECT_EQ(said(record_of(mapping, "three_way")), "1=1.50 X=4.00 2=6.50(closed)");
  EXPECT_EQ(said(record_of(mapping, "double_chance")), "1X=1.10 12=1.25 X2=2.50");
  EXPECT_EQ(said(record_of(mapping, "btts")), "yes=1.80(suspended) no=1.90(suspended)");
  EXPECT_EQ(record_of(mapping, "btts")->home, "Anvil Town");
}

TEST(Oddities, Oddity28_EventsListedDaysBeforeTheirStartAreNotLiveYet) {
  const std::string not_started =
      R"({"id":1900009,"kickoffTimeUTC":"2026-03-11T16:30:00Z","competitors":[{"name":"A"},{"name":"B"}],"status":"NotStarted","state":null,"marketCount":10})";
  const std::string started =
      R"({"id":1900001,"kickoffTimeUTC":"2026-03-08T16:30:00Z","competitors":[{"name":"C"},{"name":"D"}],"status":"Started","state":null,"marketCount":0})";
  const ListPage page = first_pages(delta(), Source::Live, "").front();
  const auto both =
      read_list(delta(), page, 200, "",
                fmt::format(R"({{"events":[{},{}],"loadMore":true}})", started, not_started), "");
  ASSERT_TRUE(both);
  ASSERT_EQ(both->events.size(), 1U);
  EXPECT_EQ(both->events[0].event_id, "1900001");
  EXPECT_TRUE(both->next);
  // In play comes first, so a page without any ends the walk although there are more.
  const auto none = read_list(delta(), page, 200, "",
                              fmt::format(R"({{"events":[{}],"loadMore":true}})", not_started), "");
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->next);
}

TEST(ListStandings, ABreakAndWhatTellsOfChangesAreReadWhereTheFolderSaysSo) {
  const auto listed = [](std::string_view status, std::string_view state) {
    const ListPage page = first_pages(delta(), Source::Live, "").front();
    const auto answer = read_list(
        delta(), page, 200, "",
        fmt::format(R"({{"events":[{{"id":1900001,"status":"{}","isPaused":false,"state":{}}}]}})",
                    status, state),
        "");
    return answer && answer->standings.size() == 1 ? answer->standings[0] : Standing{};
  };
  const std::string first =
      R"({"currentEventPhase":"FirstHalf","matchTime":"12:00","matchScore":{"home":"0","away":"0"}})";
  const std::string later =
      R"({"currentEventPhase":"FirstHalf","matchTime":"13:00","matchScore":{"home":"0","away":"0"}})";
  const std::string goal =
      R"({"currentEventPhase":"FirstHalf","matchTime":"13:00","matchScore":{"home":"1","away":"0"}})";
  EXPECT_FALSE(listed("Started", first).paused);
  EXPECT_TRUE(listed("Break", first).paused);
  EXPECT_EQ(listed("Started", first), listed("Started", later));  // a clock ticks all the time
  EXPECT_NE(listed("Started", later).telling, listed("Started", goal).telling);
  EXPECT_NE(listed("Started", "null").telling, listed("Started", first).telling);
}

}  // namespace
}  // namespace oddsloom::test
