// Programs of other teams beside the store, written in Python as the seed's page has them, on a
// plain Redis server: they fill our work streams, work in our consumer group, read what we
// announce.
#include <gmock/gmock.h>

#include <atomic>

#include "store/python_program.h"
#include "store/store_under_test.h"
#include "support/redis_server.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Lines = std::vector<std::string>;

const StreamId kLive{"BookieDelta", "three_way", Source::Live, 0};
const std::string kStream = "bookiedelta_three_way-live-0_event";
const std::string kGroup = "bookiedelta_three_way-live-0_consumer_group";
const std::string kSeedsConsumer = "bookiedelta_three_way-live-0_worker";

Record live_record(const std::string& event_id, std::int32_t home_price = 2'060,
                   UtcMillis observed_at = kNoon) {
  Record record = record_of(event_id, home_price, observed_at);
  record.source = Source::Live;
  return record;
}

class Interop : public ::testing::Test {
 protected:
  Interop() {
    store_ = must(open_store(
        server_.url(), options_with([this] { return system_clock()() + Millis(ahead_.load()); })));
    work_ = must(store_->work_streams());
  }

  Lines python(const std::string& name, Lines arguments = {}) {
    arguments.insert(arguments.begin(), port());
    return run_python(name, arguments);
  }
  std::string port() const { return std::to_string(server_.port()); }

  std::vector<Entry> claim(Millis visibility = Millis(60'000)) {
    return must(work_->claim({{kLive}, "host:1:1", 50, visibility, Millis(0)}));
  }
  void commit(CommitBatch batch) {
    if (!book_) book_ = must(store_->match_book());
    must(oddsloom::commit(*book_, std::move(batch)));
  }
  void acknowledge(const std::vector<Entry>& entries) { commit({{}, refs_of(entries), {}, {}}); }

  int pending() const {  // in our group
    const std::string summary = server_.cli("XPENDING", kStream, kGroup);
    return std::stoi(summary);
  }
  int length() const { return std::stoi(server_.cli("XLEN", kStream)); }
  bool has_consumer(const std::string& name) const {
    return ("\n" + server_.cli("XINFO", "CONSUMERS", kStream, kGroup) + "\n")
               .find("\nname\n" + name + "\n") != std::string::npos;
  }

  std::atomic<std::int64_t> ahead_{0};  // of the store's clock
  RedisServer server_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<WorkStreams> work_;
  std::unique_ptr<MatchBook> book_;
};

TEST_F(Interop, MessagesOfAPythonStep1AreReadInEveryForm) {
  python("step1.py");
  const std::vector<Entry> entries = claim();
  EXPECT_THAT(events_of(entries), ElementsAre("9124281", "9124282", "", "9124284", "9124285",
                                              "9124286", "12345678901234567"));
  EXPECT_EQ(entries.at(2).work.data_key, "BookieAlpha_lst-THREE_WAY_live:1786289400-0-9124283");
  EXPECT_EQ(entries.at(3).work.home, "Bodø/Glimt");
  EXPECT_EQ(entries.at(3).work.away, "Southquay United");
  EXPECT_EQ(entries.at(5).work.start_time, kNoon + Millis(3'600'000));
  EXPECT_EQ(entries.at(5).work.sport_id, "14");
  for (const Entry& entry : entries) {
    EXPECT_EQ(entry.deliveries, 1);
    EXPECT_EQ(entry.attempts, 0);
    EXPECT_EQ(entry.appended_at.value, std::stoll(entry.ref.id)) << "as the server noted it";
  }
}

TEST_F(Interop, MessagesThatNameNoEventBecomeDeadLettersAndAreAcknowledged) {
  python("step1.py");
  const std::vector<Entry> entries = claim();
  EXPECT_EQ(pending(), static_cast<int>(entries.size())) << "only what can be read";
  Lines reasons;
  for (const DeadLetter& letter : must(work_->dead(10))) reasons.push_back(letter.reason);
  EXPECT_THAT(reasons,
              ElementsAre(HasSubstr("event_id"), HasSubstr("event_id"), HasSubstr("start_time")));
  const std::string bodies = server_.cli("XRANGE", kStream + "_dead", "-", "+");
  EXPECT_THAT(bodies, HasSubstr("hello\nworld\ndead_id")) << "kept for whoever looks into it";
  EXPECT_THAT(bodies, HasSubstr("start_time\nsoon\ndead_id"));
  acknowledge(entries);
  EXPECT_EQ(pending(), 0);
  EXPECT_EQ(must(work_->backlog({kLive})), 0u);
}

TEST_F(Interop, AnExtractorOfTheSeedsSharesOurGroupAndWhatItDiesWithComesToUs) {
  python("step1.py", {"1", "2", "3", "4", "5", "6"});
  PythonProgram extractor("extractor.py", {port(), "4", "2"});
  EXPECT_THAT(extractor.said(),
              ElementsAre("acknowledged 1", "acknowledged 2", "holds 3", "holds 4"));
  EXPECT_TRUE(has_consumer(kSeedsConsumer));
  extractor.kill();

  const std::vector<Entry> fresh = claim();
  EXPECT_THAT(events_of(fresh), ElementsAre("5", "6"));
  acknowledge(fresh);
  EXPECT_EQ(pending(), 2);

  // The server decides by its own clock when they were held for too long; a session looks for such
  // entries once per visibility.
  work_ = must(store_->work_streams());
  std::vector<Entry> held;
  ASSERT_TRUE(wait_until([&] {
    for (Entry& entry : claim(Millis(250))) held.push_back(std::move(entry));
    acknowledge(held);
    return held.size() >= 2;
  }));
  EXPECT_THAT(events_of(held), ElementsAre("3", "4"));
  for (const Entry& entry : held) EXPECT_EQ(entry.deliveries, 2);
  EXPECT_EQ(pending(), 0);
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_EQ(must(work_->backlog({kLive})), 0u);
}

TEST_F(Interop, TidyingLeavesConsumersOfOtherProgramsAlone) {
  python("step1.py", {"1", "2"});
  PythonProgram extractor("extractor.py", {port(), "1", "1"});
  extractor.said();
  extractor.kill();
  server_.cli("XGROUP", "CREATECONSUMER", kStream, kGroup, "dashboard");
  acknowledge(claim());
  const std::string ours = kSeedsConsumer + ":host:1:1";
  EXPECT_TRUE(has_consumer(ours));
  must(store_->tidy());
  EXPECT_TRUE(has_consumer(ours)) << "was seen just now";

  ahead_ = Millis(hours(24)).count();
  must(store_->tidy());
  EXPECT_FALSE(has_consumer(ours));
  EXPECT_TRUE(has_consumer(kSeedsConsumer));
  EXPECT_TRUE(has_consumer("dashboard"));
}

TEST_F(Interop, APythonReaderFollowsOurAnnouncementsToTheSeedsMembers) {
  Record other = live_record("12345678901234567");
  other.home = "Bodø/Glimt?";
  other.status = Status::Suspended;
  commit({{live_record("9124285"), other}, {}, {}, {}});
  Record changed = live_record("9124285", 2'110, kNoon + Millis(5'000));
  commit({{changed, live_record("9124285", 2'110, kNoon + Millis(6'000))}, {}, {}, {}});

  const auto reader = must(store_->reader());
  const Lines expected{
      "key " + *must(reader->find(changed.id())),
      "bookmaker BookieDelta",
      "start_time 2031-05-07T13:00:00.000Z",
      "competition_name Invented League",
      "event_status Open",
      "eventId_gameId 9124285",
      "market_id m9124285",
      "create_date 1935921605",
      "target_date 2031-05-07",
      "teams Northgate Rovers;Southquay United",
      "outcome 1 2.11 Open 501",
      "outcome X 3.4 Open 502",
      "outcome 2 3.925 Open 503",
      "key " + *must(reader->find(other.id())),
      "bookmaker BookieDelta",
      "start_time 2031-05-07T13:00:00.000Z",
      "competition_name Invented League",
      "event_status Suspended",
      "eventId_gameId 12345678901234567",
      "market_id m12345678901234567",
      "create_date 1935921600",
      "target_date 2031-05-07",
      "teams Bodo/Glimt;Southquay United",
      "outcome 1 2.06 Open 501",
      "outcome X 3.4 Open 502",
      "outcome 2 3.925 Open 503",
  };
  EXPECT_EQ(python("announced.py", {"2"}), expected);
}

TEST_F(Interop, WhatAnotherGroupHasNotAcknowledgedIsNeverTrimmed) {
  python("step1.py", {"1", "2", "3", "4", "5"});
  EXPECT_THAT(python("auditor.py", {"2", "1"}), ElementsAre("read 1", "read 2"));
  acknowledge(claim());
  must(store_->tidy());
  EXPECT_EQ(length(), 4) << "2 is held by the other group, 3 to 5 it has not read";

  EXPECT_THAT(python("auditor.py", {"0", "1"}), IsEmpty());
  must(store_->tidy());
  EXPECT_EQ(length(), 3) << "3 to 5 it has not read";

  EXPECT_THAT(python("auditor.py", {"3", "2"}), ElementsAre("read 3", "read 4", "read 5"));
  must(store_->tidy());
  EXPECT_EQ(length(), 1);
  python("auditor.py", {"0", "1"});
  must(store_->tidy());
  EXPECT_EQ(length(), 0);
  EXPECT_EQ(server_.cli("XPENDING", kStream, "audit").substr(0, 1), "0");
}

TEST_F(Interop, AGroupThatHasReadNothingKeepsEverythingUntilItIsGone) {
  python("step1.py", {"1", "2", "3"});
  python("auditor.py", {"0", "0"});
  acknowledge(claim());
  must(store_->tidy());
  EXPECT_EQ(length(), 3);
  server_.cli("XGROUP", "DESTROY", kStream, "audit");
  must(store_->tidy());
  EXPECT_EQ(length(), 0);
}

}  // namespace
}  // namespace oddsloom::test
