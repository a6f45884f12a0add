// Contract across processes: several open one store, some are killed in the middle of it.
#include <set>
#include <thread>
#include <utility>

#include "store/child_process.h"
#include "store/store_under_test.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class ProcessContract : public ContractTest {
 protected:
  static inline const std::vector<StreamId> streams_{stream_of("three_way"), stream_of("btts"),
                                                     stream_of("double_chance")};
  static constexpr std::uint64_t kChildsBatch = 20;  // records of a batch of the role "commit"

  static void expect_one_of_each(const StoreCounts& counts) {
    EXPECT_EQ(counts.records, counts.documents);
    EXPECT_EQ(counts.announcements, counts.documents);
    EXPECT_EQ(counts.changes, counts.documents);
  }
  // What a killed process has sent may still be on its way into a server.
  StoreCounts settled_counts() {
    StoreCounts out = must(reader_->counts());
    wait_until([&] {
      std::this_thread::sleep_for(Millis(50));
      const StoreCounts before = std::exchange(out, must(reader_->counts()));
      return out.documents == before.documents && out.changes == before.changes;
    });
    return out;
  }
};
ODDSLOOM_FOR_EVERY_STORE(ProcessContract);

TEST_P(ProcessContract, ManyProcessesMayOpenANewStoreAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const auto fresh = GetParam().make_place();
    std::vector<ChildProcess> children;
    for (int i = 0; i < 6; ++i) children.emplace_back("open", fresh->url());
    for (ChildProcess& child : children) EXPECT_EQ(child.wait(), 0);
  }
}

TEST_P(ProcessContract, WorkersThatAreKilledLoseNothingAndAnnounceNothingTwice) {
  close();
  const StoreOptions options = options_with(system_clock());
  open(&options);
  constexpr std::size_t kEvents = 150;
  for (const StreamId& stream : streams_) must(work_->append(stream, entries_for(1, kEvents)));

  std::vector<ChildProcess> children;
  for (int i = 0; i < 4; ++i)
    children.emplace_back("drain", place_->url(), "host:" + std::to_string(i) + ":1");
  const auto documents = [&] { return must(reader_->counts()).documents; };
  ASSERT_TRUE(wait_until([&] { return documents() >= 40; }));
  children[0].kill();
  ASSERT_TRUE(wait_until([&] { return documents() >= 120; }));
  children[1].kill();
  children.emplace_back("drain", place_->url(), "host:5:1");
  for (std::size_t i = 2; i < children.size(); ++i) EXPECT_EQ(children[i].wait(), 0);

  const StoreCounts counts = must(reader_->counts());
  EXPECT_EQ(counts.documents, 3 * kEvents);
  EXPECT_EQ(counts.records, 3 * kEvents);
  EXPECT_EQ(counts.announcements, 3 * kEvents);
  EXPECT_EQ(counts.changes, 3 * kEvents);
  EXPECT_EQ(counts.dead, 0u);
  EXPECT_EQ(must(work_->backlog(streams_)), 0u);
  std::set<std::string> announced;
  for (const std::string label : {"THREE_WAY", "BTTS", "DOUBLE_CHANCE"})
    for (const Announcement& one :
         must(reader_->announcements(GetParam().k(label) + "_stream", 0, 1'000)))
      announced.insert(one.data_key);
  EXPECT_EQ(announced.size(), 3 * kEvents);
}

TEST_P(ProcessContract, AWorkerKilledBetweenClaimAndCommitLeavesItsEntriesToOthers) {
  must(work_->append(streams_[0], entries_for(1, 5)));
  ChildProcess child("hold", place_->url(), "host:9:1");
  ASSERT_TRUE(wait_until([&] { return statistics_of(streams_[0]).pending == 5; }));
  child.kill();
  EXPECT_TRUE(claim(streams_).empty());
  clock_.advance(seconds(30));
  const auto entries = claim(streams_);
  ASSERT_EQ(entries.size(), 5u);
  for (const Entry& entry : entries) EXPECT_EQ(entry.deliveries, 2);
  settle({{}, refs_of(entries), {}, {}});
  EXPECT_EQ(must(work_->backlog(streams_)), 0u);
}

TEST_P(ProcessContract, AKillInTheMiddleOfCommitsLeavesNothingHalfDone) {
  ChildProcess child("commit", place_->url());
  ASSERT_TRUE(wait_until([&] { return must(reader_->counts()).documents >= 200; }));
  child.kill();
  reopen();
  const StoreCounts left = settled_counts();
  expect_one_of_each(left);
  if (GetParam().whole_batches) {
    EXPECT_EQ(left.documents % kChildsBatch, 0u);
  }

  // Its batches once more, in case the last one was cut short: that one is completed, and nothing
  // else happens.
  const std::uint64_t batches = (left.documents + kChildsBatch - 1) / kChildsBatch;
  std::uint64_t created = 0;
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    std::vector<Record> records;
    for (std::uint64_t i = 0; i < kChildsBatch; ++i)
      records.push_back(record_of(std::to_string(batch * kChildsBatch + i)));
    for (const Committed committed : commit_records(records)) {
      if (committed == Committed::Created)
        ++created;
      else
        EXPECT_EQ(committed, Committed::Same);
    }
  }
  const StoreCounts now = must(reader_->counts());
  EXPECT_EQ(now.documents, left.documents + created);
  EXPECT_EQ(now.documents, batches * kChildsBatch);
  expect_one_of_each(now);
  EXPECT_EQ(commit_one(record_of("new")), Committed::Created);
}

TEST_P(ProcessContract, AWaitingClaimWakesWhenAnotherProcessAppends) {
  std::vector<Entry> entries;
  std::thread claimer([&] {
    ClaimRequest request{{streams_[0]}, "host:1:1", 5, Millis(60'000), seconds(60)};
    entries = must(work_->claim(request));
  });
  const auto other = must(store_->work_streams());
  EXPECT_TRUE(wait_until([&] { return !must(other->statistics()).empty(); }));
  ChildProcess child("append", place_->url());
  EXPECT_EQ(child.wait(), 0);
  claimer.join();
  EXPECT_EQ(events_of(entries), (std::vector<std::string>{"1"}));
}

}  // namespace
}  // namespace oddsloom::test
