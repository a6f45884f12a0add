// Contract of claiming over several streams: fair shares, priority, waking.
#include <algorithm>
#include <map>
#include <thread>

#include "store/store_under_test.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class ClaimingContract : public ContractTest {
 protected:
  std::map<StreamId, std::vector<std::string>> by_stream(const std::vector<Entry>& entries) {
    std::map<StreamId, std::vector<std::string>> out;
    for (const Entry& entry : entries) out[entry.ref.stream].push_back(entry.work.event_id);
    return out;
  }
};
ODDSLOOM_FOR_EVERY_STORE(ClaimingContract);

TEST_P(ClaimingContract, StreamsThatDifferOnlyInBetTypeGiveTheSameEventsTogether) {
  const std::vector<StreamId> streams{stream_of("three_way"), stream_of("btts"),
                                      stream_of("double_chance")};
  for (const StreamId& stream : streams) must(work_->append(stream, entries_for(1, 20)));
  for (int round = 0; round < 4; ++round) {
    const auto claimed = by_stream(claim(streams, 15));
    ASSERT_EQ(claimed.size(), 3u);
    for (const StreamId& stream : streams)
      EXPECT_EQ(claimed.at(stream), events_of([&] {
                  std::vector<Entry> expected;
                  for (int i = 1; i <= 5; ++i) {
                    Entry entry;
                    entry.work.event_id = std::to_string(round * 5 + i);
                    expected.push_back(entry);
                  }
                  return expected;
                }()));
  }
  EXPECT_TRUE(claim(streams, 15).empty());
}

TEST_P(ClaimingContract, AStreamWithLittleLeavesItsShareToTheOthers) {
  const std::vector<StreamId> streams{stream_of("three_way"), stream_of("btts")};
  must(work_->append(streams[0], entries_for(1, 2)));
  must(work_->append(streams[1], entries_for(101, 130)));
  const auto claimed = by_stream(claim(streams, 20));
  EXPECT_EQ(claimed.at(streams[0]).size(), 2u);
  EXPECT_EQ(claimed.at(streams[1]).size(), 18u);
}

TEST_P(ClaimingContract, NearerStreamsComeFirst) {
  const StreamId today = stream_of("three_way", 0), tomorrow = stream_of("three_way", 1);
  must(work_->append(tomorrow, entries_for(101, 110)));
  must(work_->append(today, entries_for(1, 6)));
  EXPECT_EQ(events_of(claim({today, tomorrow}, 4)), (std::vector<std::string>{"1", "2", "3", "4"}));
  EXPECT_EQ(events_of(claim({today, tomorrow}, 4)),
            (std::vector<std::string>{"5", "6", "101", "102"}));
}

TEST_P(ClaimingContract, NothingFartherIsGivenWhileSomethingNearerWaits) {
  const std::vector<StreamId> streams{stream_of("three_way", 0), stream_of("btts", 0),
                                      stream_of("three_way", 1), stream_of("btts", 1)};
  for (const StreamId& stream : streams) must(work_->append(stream, entries_for(1, 2)));
  // Three places and pairs of entries: one place may stay empty, but is not for tomorrow.
  const auto entries = claim(streams, 3);
  EXPECT_GE(entries.size(), 2u);
  for (const Entry& entry : entries) EXPECT_EQ(entry.ref.stream.period, 0);
}

TEST_P(ClaimingContract, NothingIsGivenBeyondWhatWasAskedFor) {
  const std::vector<StreamId> streams{stream_of("three_way"), stream_of("btts"),
                                      stream_of("double_chance")};
  for (const StreamId& stream : streams) must(work_->append(stream, entries_for(1, 9)));
  EXPECT_TRUE(claim(streams, 0).empty());
  std::size_t all = 0;
  for (int round = 0; round < 100 && all < 27; ++round) {
    const std::size_t got = claim(streams, 2).size();
    EXPECT_GE(got, 1u);
    EXPECT_LE(got, 2u);
    all += got;
  }
  EXPECT_EQ(all, 27u);
}

TEST_P(ClaimingContract, AWaitingClaimComesBackEmptyHandedWhenItsWaitIsOver) {
  ClaimRequest request{{stream_of("three_way")}, "host:1:1", 5, Millis(60'000), Millis(30)};
  EXPECT_TRUE(must(work_->claim(request)).empty());
}

TEST_P(ClaimingContract, AWaitingClaimWakesWhenAnotherThreadAppends) {
  const StreamId stream = stream_of("three_way");
  std::vector<Entry> entries;
  std::thread claimer([&] {
    ClaimRequest request{{stream}, "host:1:1", 5, Millis(60'000), seconds(60)};
    entries = must(work_->claim(request));
  });
  const auto other = must(store_->work_streams());
  // The stream comes into being with the claim: then it is about to wait.
  EXPECT_TRUE(wait_until([&] { return !must(other->statistics()).empty(); }));
  must(other->append(stream, entries_for(1, 1)));
  claimer.join();
  EXPECT_EQ(events_of(entries), (std::vector<std::string>{"1"}));
}

TEST_P(ClaimingContract, AWaitingClaimWakesWhenADelayEnds) {
  const StreamId stream = stream_of("three_way");
  must(work_->append(stream, entries_for(1, 1)));
  const auto held = claim({stream});
  settle({{}, {}, {{held.at(0).ref, clock_.now() + seconds(10)}}, {}});
  std::atomic<bool> waiting{false};
  std::vector<Entry> entries;
  std::thread claimer([&] {
    ClaimRequest request{{stream}, "host:1:1", 5, Millis(60'000), seconds(60)};
    waiting = true;
    entries = must(work_->claim(request));
  });
  EXPECT_TRUE(wait_until([&] { return waiting.load(); }));
  clock_.advance(seconds(10));
  claimer.join();
  EXPECT_EQ(events_of(entries), (std::vector<std::string>{"1"}));
}

TEST_P(ClaimingContract, ManyThreadsShareAStreamWithoutGivingAnythingTwice) {
  const StreamId stream = stream_of("three_way");
  must(work_->append(stream, entries_for(1, 300)));
  std::vector<std::vector<std::string>> got(3);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < got.size(); ++i)
    threads.emplace_back([&, i] {
      const auto work = must(store_->work_streams());
      const auto book = must(store_->match_book());
      ClaimRequest request{{stream}, "host:1:" + std::to_string(i), 7};
      for (auto entries = must(work->claim(request)); !entries.empty();
           entries = must(work->claim(request))) {
        for (const Entry& entry : entries) got[i].push_back(entry.work.event_id);
        must(oddsloom::commit(*book, {{}, refs_of(entries), {}, {}}));
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::vector<std::string> all;
  for (const auto& part : got) all.insert(all.end(), part.begin(), part.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), 300u);
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
  EXPECT_EQ(must(work_->backlog({stream})), 0u);
}

}  // namespace
}  // namespace oddsloom::test
