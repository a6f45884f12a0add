// What a record means: identity, content, and how a newer sighting and an older one come together.
#include "model/record.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "model/sample.h"

namespace oddsloom {
namespace {

using test::at, test::three_way, test::totals;

TEST(RecordIdentity, IsBookmakerBetTypeSourceEventSegmentAndLine) {
  const std::function<void(Record&)> changes[] = {
      [](Record& r) { r.bookmaker = "BookieBeta"; }, [](Record& r) { r.bet_type = "btts"; },
      [](Record& r) { r.source = Source::Live; },    [](Record& r) { r.event_id = "4410028"; },
      [](Record& r) { r.segment = "first_half"; },   [](Record& r) { r.line = Line{0}; }};
  std::set<RecordId> ids{three_way().id()};
  std::set<std::string> texts{three_way().id().text()};
  for (const auto& change : changes) {
    Record record = three_way();
    change(record);
    EXPECT_TRUE(ids.insert(record.id()).second);
    EXPECT_TRUE(texts.insert(record.id().text()).second) << record.id().text();
  }
}

TEST(RecordIdentity, IsNotThePeriodNorAnythingThatChanges) {
  Record record = three_way();
  record.period = 4;
  record.home = "other";
  record.start_time.reset();
  record.market_id = "9";
  record.outcomes.clear();
  record.observed_at = at("2027-01-01T00:00:00Z");
  EXPECT_EQ(record.id(), three_way().id());
}

TEST(RecordIdentity, ReadsWellInMessages) {
  EXPECT_EQ(three_way().id().text(), "BookieDelta three_way upcoming 4410027");
  EXPECT_EQ(totals().id().text(), "BookieAlpha totals live ev/77 first_half 2.5");
}

TEST(RecordContentHash, IsTheSameWheneverItWasSeen) {
  const ContentHash hash = content_hash(three_way());
  Record record = three_way();
  record.observed_at = at("2027-01-01T00:00:00Z");
  record.changed_at = at("2027-01-01T00:00:01Z");
  record.period = 3;
  EXPECT_EQ(content_hash(record), hash);
}

TEST(RecordContentHash, NoticesEveryOtherMember) {
  struct Change {
    const char* member;
    std::function<void(Record&)> make;
  };
  const Change changes[] = {
      {"bookmaker", [](Record& r) { r.bookmaker = "BookieBeta"; }},
      {"bet_type", [](Record& r) { r.bet_type = "btts"; }},
      {"source", [](Record& r) { r.source = Source::Live; }},
      {"event_id", [](Record& r) { r.event_id = "4410028"; }},
      {"segment", [](Record& r) { r.segment = "first_half"; }},
      {"line", [](Record& r) { r.line = Line{0}; }},
      {"home", [](Record& r) { r.home = "Bodo Vale"; }},
      {"away", [](Record& r) { r.away = ""; }},
      {"start_time", [](Record& r) { r.start_time = *r.start_time + Millis(1); }},
      {"no start_time", [](Record& r) { r.start_time.reset(); }},
      {"competition", [](Record& r) { r.competition = "Southern League"; }},
      {"sport_id", [](Record& r) { r.sport_id = "2"; }},
      {"betradar_id", [](Record& r) { r.betradar_id = ""; }},
      {"target_date", [](Record& r) { r.target_date = "2026-08-10"; }},
      {"market_id", [](Record& r) { r.market_id = "551200342"; }},
      {"status", [](Record& r) { r.status = Status::Suspended; }},
      {"offered", [](Record& r) { r.offered = false; }},
      {"no outcomes", [](Record& r) { r.outcomes.clear(); }},
      {"one outcome less", [](Record& r) { r.outcomes.pop_back(); }},
      {"order of outcomes", [](Record& r) { std::swap(r.outcomes[0], r.outcomes[1]); }},
      {"outcome key", [](Record& r) { r.outcomes[0].key = "home"; }},
      {"price", [](Record& r) { r.outcomes[0].price = Price{2061}; }},
      {"no price", [](Record& r) { r.outcomes[0].price.reset(); }},
      {"price of 0", [](Record& r) { r.outcomes[2].price = Price{0}; }},
      {"outcome status", [](Record& r) { r.outcomes[0].status = Status::Closed; }},
      {"usable", [](Record& r) { r.outcomes[0].usable = false; }},
      {"selection_id", [](Record& r) { r.outcomes[0].selection_id = "8800100200309"; }},
      {"outcome name", [](Record& r) { r.outcomes[0].name = "Home"; }}};
  std::set<std::string> seen{content_hash(three_way()).hex()};
  for (const Change& change : changes) {
    Record record = three_way();
    change.make(record);
    EXPECT_TRUE(seen.insert(content_hash(record).hex()).second) << change.member;
  }
}

TEST(KeepWhatIsKnown, FillsWhatTheNewerSightingLacks) {
  const Record older = three_way();
  Record newer = older;
  for (std::string* text : {&newer.home, &newer.away, &newer.competition, &newer.sport_id,
                            &newer.betradar_id, &newer.target_date, &newer.market_id})
    text->clear();
  newer.start_time.reset();
  keep_what_is_known(newer, older);
  EXPECT_TRUE(test::same(newer, older));
}

TEST(KeepWhatIsKnown, NeverOverwritesWhatTheNewerSightingSays) {
  Record older = three_way(), newer = three_way();
  newer.home = "Bodo V.";
  newer.start_time = at("2026-08-09T20:00:00Z");
  newer.market_id = "2";
  newer.outcomes[0].price = Price{2100};
  newer.status = Status::Suspended;
  const Record said = newer;
  older.away = "someone else";
  keep_what_is_known(newer, older);
  EXPECT_TRUE(test::same(newer, said));
}

TEST(KeepWhatIsKnown, NeverBringsBackPricesStatusOrTimes) {
  const Record older = three_way();
  Record newer = three_way();
  newer.outcomes.clear();
  newer.offered = false;
  newer.status = Status::Closed;
  newer.line.reset();
  newer.observed_at = newer.changed_at = at("2026-08-09T15:00:00Z");
  keep_what_is_known(newer, older);
  EXPECT_TRUE(newer.outcomes.empty());
  EXPECT_FALSE(newer.offered);
  EXPECT_EQ(newer.status, Status::Closed);
  EXPECT_EQ(newer.observed_at, at("2026-08-09T15:00:00Z"));
}

TEST(Withdrawn, HasTheSameSlotsAndNoUsablePrice) {
  const Record known = three_way();
  const UtcMillis now = at("2026-08-09T15:00:00Z");
  const Record gone = withdrawn(known, now);
  EXPECT_EQ(gone.id(), known.id());
  EXPECT_FALSE(gone.offered);
  EXPECT_EQ(gone.status, Status::Closed);
  EXPECT_EQ(gone.observed_at, now);
  EXPECT_EQ(gone.home, known.home);
  EXPECT_EQ(gone.start_time, known.start_time);
  ASSERT_EQ(gone.outcomes.size(), known.outcomes.size());
  for (std::size_t i = 0; i < gone.outcomes.size(); ++i) {
    EXPECT_EQ(gone.outcomes[i].key, known.outcomes[i].key);
    EXPECT_EQ(gone.outcomes[i].selection_id, known.outcomes[i].selection_id);
    EXPECT_EQ(gone.outcomes[i].status, Status::Closed);
    EXPECT_FALSE(gone.outcomes[i].usable);
  }
  EXPECT_NE(content_hash(gone), content_hash(known));
}

TEST(Withdrawn, TwiceIsTheSameContentAsOnce) {
  const Record once = withdrawn(three_way(), at("2026-08-09T15:00:00Z"));
  EXPECT_EQ(content_hash(withdrawn(once, at("2026-08-09T16:00:00Z"))), content_hash(once));
}

}  // namespace
}  // namespace oddsloom
