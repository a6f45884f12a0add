// Contract of settling entries: acknowledgements, delays, dead letters.
#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class SettlingContract : public ContractTest {
 protected:
  static inline const StreamId stream_ = stream_of("three_way");

  Entry claimed(const std::string& event_id) {
    must(work_->append(stream_, {entry_for(event_id)}));
    auto entries = claim({stream_}, 1);
    EXPECT_EQ(entries.size(), 1u);
    return entries.at(0);
  }
  Entry buried(const std::string& event_id, const std::string& reason) {
    Entry entry = claimed(event_id);
    settle({{}, {}, {}, {{entry.ref, reason}}});
    return entry;
  }
};
ODDSLOOM_FOR_EVERY_STORE(SettlingContract);

TEST_P(SettlingContract, AnAcknowledgedEntryNeverComesBack) {
  const Entry entry = claimed("1");
  settle({{}, {entry.ref}, {}, {}});
  clock_.advance(seconds(3'600));
  EXPECT_TRUE(claim({stream_}).empty());
  EXPECT_EQ(must(work_->backlog({stream_})), 0u);
}

TEST_P(SettlingContract, ADelayedEntryComesNotBeforeItsTimeAndCountsTheAttempt) {
  const Entry entry = claimed("1");
  settle({{}, {}, {{entry.ref, clock_.now() + seconds(10)}}, {}});
  clock_.advance(Millis(9'999));
  EXPECT_TRUE(claim({stream_}).empty());
  clock_.advance(Millis(1));
  const auto again = claim({stream_});
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].ref, entry.ref);
  EXPECT_EQ(again[0].attempts, 1);
  EXPECT_EQ(again[0].deliveries, 2);
}

TEST_P(SettlingContract, ADelayThatWasNotTheEntrysFaultCountsNeitherAttemptNorDelivery) {
  const Entry entry = claimed("1");
  settle({{}, {}, {{entry.ref, clock_.now(), false}}, {}});
  const auto again = claim({stream_});
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].attempts, 0);
  EXPECT_EQ(again[0].deliveries, 1);
}

TEST_P(SettlingContract, AnEntrySettledByAnotherConsumerIsLeftAlone) {
  const Entry entry = claimed("1");
  settle({{}, {entry.ref}, {}, {}});
  settle({{},
          {entry.ref},
          {{entry.ref, clock_.now()}},
          {{entry.ref, "too late"}, {{stream_, "no such id"}, "never was"}}});
  EXPECT_EQ(must(work_->backlog({stream_})), 0u);
  EXPECT_TRUE(must(work_->dead(10)).empty());
}

TEST_P(SettlingContract, AConsumerWhoseClaimExpiredMayStillAcknowledge) {
  const Entry entry = claimed("1");
  clock_.advance(seconds(61));
  ASSERT_EQ(claim({stream_}, 1, "other").size(), 1u);
  settle({{}, {entry.ref}, {}, {}});
  clock_.advance(seconds(61));
  EXPECT_TRUE(claim({stream_}).empty());
}

TEST_P(SettlingContract, ADeadLetterKeepsItsEntryReasonAndCounts) {
  Entry entry = claimed("1");
  settle({{}, {}, {{entry.ref, clock_.now()}}, {}});
  clock_.advance(seconds(3));
  entry = claim({stream_}).at(0);
  settle({{}, {}, {}, {{entry.ref, "blocked: challenge page (BookieDelta, event 1)"}}});
  const auto dead = must(work_->dead(10));
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].work, entry_for("1"));
  EXPECT_EQ(dead[0].ref.stream, stream_);
  EXPECT_EQ(dead[0].reason, "blocked: challenge page (BookieDelta, event 1)");
  EXPECT_EQ(dead[0].deliveries, 2);
  EXPECT_EQ(dead[0].attempts, 1);
  EXPECT_EQ(dead[0].appended_at, kNoon);
  EXPECT_EQ(dead[0].died_at, clock_.now());
  EXPECT_TRUE(claim({stream_}).empty());
  EXPECT_EQ(must(work_->backlog({stream_})), 0u);
  EXPECT_EQ(must(reader_->counts()).dead, 1u);
}

TEST_P(SettlingContract, ARetriedDeadLetterIsAFreshEntry) {
  buried("1", "gone");
  buried("2", "gone");
  const auto dead = must(work_->dead(10));
  ASSERT_EQ(dead.size(), 2u);
  EXPECT_EQ(must(work_->retry_dead({dead[1].ref})), 1u);
  const auto again = claim({stream_});
  ASSERT_EQ(events_of(again), (std::vector<std::string>{"2"}));
  EXPECT_EQ(again[0].deliveries, 1);
  EXPECT_EQ(again[0].attempts, 0);
  EXPECT_EQ(must(work_->dead(10)).size(), 1u);
  EXPECT_EQ(must(work_->retry_dead({dead[1].ref})), 0u) << "it is no dead letter any more";
}

TEST_P(SettlingContract, NoNamesMeanAllDeadLetters) {
  for (int i = 1; i <= 3; ++i) buried(std::to_string(i), "gone");
  EXPECT_EQ(must(work_->dead(2)).size(), 2u);
  EXPECT_EQ(must(work_->retry_dead({})), 3u);
  EXPECT_EQ(claim({stream_}).size(), 3u);
  buried("4", "gone");
  buried("5", "gone");
  EXPECT_EQ(must(work_->drop_dead({})), 2u);
  EXPECT_TRUE(must(work_->dead(10)).empty());
}

TEST_P(SettlingContract, ADroppedDeadLetterIsForgottenAndOthersStay) {
  buried("1", "gone");
  buried("2", "gone");
  const auto dead = must(work_->dead(10));
  EXPECT_EQ(must(work_->drop_dead({dead[0].ref, {stream_, "no such id"}})), 1u);
  const auto left = must(work_->dead(10));
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].ref, dead[1].ref);
}

}  // namespace
}  // namespace oddsloom::test
