#include "model/names.h"

#include <gtest/gtest.h>

#include "model/sample.h"
#include "model/work_entry.h"

namespace oddsloom {
namespace {

const BetType kThreeWay{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"};
const BetType kBtts{"btts", {"yes", "no"}, false, "BTTS", "btts"};
const BetType kDoubleChance{
    "double_chance", {"1X", "12", "X2"}, false, "DOUBLE_CHANCE", "double_chance"};
const BetType kTotals{"totals", {"over", "under"}, true, "TOTALS", "totals"};

constexpr UtcMillis kCreated{1'786'289'400'999};

TEST(Naming, GivesTheSeedsNamesForEveryBetTypeAndSource) {
  struct Expected {
    const BetType& type;
    Source source;
    const char *base, *announcements, *changes, *index;
  };
  const Expected all[] = {
      {kThreeWay, Source::Live, "lst-THREE_WAY_live", "lst-THREE_WAY_live_stream",
       "lst-THREE_WAY_live_changes", "idx:lst3way_live"},
      {kThreeWay, Source::Upcoming, "lst-THREE_WAY_upcoming", "lst-THREE_WAY_upcoming_stream",
       "lst-THREE_WAY_upcoming_changes", "idx:lst3way_upcoming"},
      {kBtts, Source::Live, "lst-BTTS_live", "lst-BTTS_live_stream", "lst-BTTS_live_changes",
       "idx:lstbtts_live"},
      {kBtts, Source::Upcoming, "lst-BTTS_upcoming", "lst-BTTS_upcoming_stream",
       "lst-BTTS_upcoming_changes", "idx:lstbtts_upcoming"},
      {kDoubleChance, Source::Live, "lst-DOUBLE_CHANCE_live", "lst-DOUBLE_CHANCE_live_stream",
       "lst-DOUBLE_CHANCE_live_changes", "idx:lstdouble_chance_live"},
      {kDoubleChance, Source::Upcoming, "lst-DOUBLE_CHANCE_upcoming",
       "lst-DOUBLE_CHANCE_upcoming_stream", "lst-DOUBLE_CHANCE_upcoming_changes",
       "idx:lstdouble_chance_upcoming"}};
  const Naming naming;
  for (const Expected& expected : all) {
    EXPECT_EQ(naming.base(expected.type, expected.source), expected.base);
    EXPECT_EQ(naming.announcements(expected.type, expected.source), expected.announcements);
    EXPECT_EQ(naming.changes(expected.type, expected.source), expected.changes);
    EXPECT_EQ(naming.index(expected.type, expected.source), expected.index);
  }
}

TEST(Naming, ThePrefixStandsInKeysAndIndexes) {
  Naming naming;
  naming.prefix = "xtr";
  EXPECT_EQ(naming.base(kThreeWay, Source::Live), "xtr-THREE_WAY_live");
  EXPECT_EQ(naming.announcements(kBtts, Source::Upcoming), "xtr-BTTS_upcoming_stream");
  EXPECT_EQ(naming.index(kThreeWay, Source::Live), "idx:xtr3way_live");
  EXPECT_EQ(naming.document_key(kThreeWay, test::three_way(), kCreated),
            "BookieDelta_xtr-THREE_WAY_upcoming:1786289400-0-4410027");
}

TEST(DocumentKey, IsTheSeedsWithTheEventIdAppended) {
  Record record = test::three_way();
  record.period = 3;
  EXPECT_EQ(Naming().document_key(kThreeWay, record, kCreated),
            "BookieDelta_lst-THREE_WAY_upcoming:1786289400-3-4410027");
  record.source = Source::Live;
  record.period = 0;
  EXPECT_EQ(Naming().document_key(kThreeWay, record, kCreated),
            "BookieDelta_lst-THREE_WAY_live:1786289400-0-4410027");
}

TEST(DocumentKey, CanBearTheSeedsLiteralPrefix) {
  Naming naming;
  naming.document_prefix = "sportPesa";
  EXPECT_EQ(naming.document_key(kThreeWay, test::three_way(), kCreated),
            "sportPesa_lst-THREE_WAY_upcoming:1786289400-0-4410027");
}

TEST(DocumentKey, TellsWhenADocumentOfOurNamingWasMade) {
  for (const Record& record : {test::three_way(), test::totals()}) {
    const std::string key = Naming().document_key(kTotals, record, kCreated);
    const auto creation = Naming().creation(kTotals, record, key);
    ASSERT_TRUE(creation) << key;
    EXPECT_EQ(*creation, Naming::creation(kCreated, record.period));
    EXPECT_EQ(Naming().document_key(kTotals, record, *creation), key);
    const std::string copy = key + "~2";
    for (const std::string_view other :
         {"", "sportPesa_x:1-9124285", "BookieAlpha_lst-TOTALS_live:1-0-ev/78@first_half@2.5",
          copy.c_str()})
      EXPECT_EQ(Naming().creation(kTotals, record, other), std::nullopt) << other;
  }
}

TEST(DocumentKey, SaysSegmentAndLineOnlyWhereTheyMatter) {
  Record record = test::totals();
  EXPECT_EQ(Naming().document_key(kTotals, record, kCreated),
            "BookieAlpha_lst-TOTALS_live:1786289400-0-ev/77@first_half@2.5");
  record.segment = kFullTime;
  EXPECT_EQ(Naming().document_key(kTotals, record, kCreated),
            "BookieAlpha_lst-TOTALS_live:1786289400-0-ev/77@2.5");
  record.line = Line{-250};
  EXPECT_EQ(Naming().document_key(kTotals, record, kCreated),
            "BookieAlpha_lst-TOTALS_live:1786289400-0-ev/77@-0.25");
  record.line.reset();
  record.segment = "second_half";
  EXPECT_EQ(Naming().document_key(kTotals, record, kCreated),
            "BookieAlpha_lst-TOTALS_live:1786289400-0-ev/77@second_half");
}

TEST(DocumentKey, DiffersForDifferentIdentities) {
  const Record base = test::totals();
  Record line = base, segment = base, event = base;
  line.line = Line{3500};
  segment.segment = "second_half";
  event.event_id = "78";
  const std::string key = Naming().document_key(kTotals, base, kCreated);
  for (const Record& other : {line, segment, event})
    EXPECT_NE(Naming().document_key(kTotals, other, kCreated), key);
}

TEST(StreamId, GivesTheSeedsNames) {
  const StreamId upcoming{"BookieDelta", "three_way", Source::Upcoming, 2};
  EXPECT_EQ(upcoming.name(), "bookiedelta_three_way-upcoming-2_event");
  EXPECT_EQ(upcoming.group(), "bookiedelta_three_way-upcoming-2_consumer_group");
  EXPECT_EQ(upcoming.consumer("box:17:1"), "bookiedelta_three_way-upcoming-2_worker:box:17:1");
  EXPECT_EQ((StreamId{"BookieDelta", "btts", Source::Live, 0}).name(),
            "bookiedelta_btts-live-0_event");
  EXPECT_EQ((StreamId{"BookieDelta", "double_chance", Source::Live, 0}).name(),
            "bookiedelta_double_chance-live-0_event");
}

}  // namespace
}  // namespace oddsloom
