// What the contract suite needs of a store: a fresh place, a clock moved by hand, invented records
// and entries. A further store joins the suite by one line in stores_under_test().
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/store.h"
#include "support/temp_dir.h"

namespace oddsloom::test {

// 2031-05-07T12:00:00Z
inline constexpr UtcMillis kNoon{1'935'921'600'000};

// Time stands still until a test moves it.
class HandClock {
 public:
  UtcMillis now() const { return {now_.load()}; }
  void advance(Millis span) { now_ += span.count(); }
  Clock clock() const {
    return [this] { return now(); };
  }

 private:
  std::atomic<std::int64_t> now_{kNoon.value};
};

// A place of its own in which one kind of store is opened, as often as wanted. Gone with it.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  virtual std::string url() const = 0;
};

struct StoreUnderTest {
  std::string name;
  std::function<std::unique_ptr<StorePlace>()> make_place;
  // What the kinds promise differently.
  bool whole_batches = true;  // a batch is one transaction; without it every record is one
  bool own_clock = false;     // announcements are dated by the store's server, not by the options
  bool hash_tags = false;     // names hold K in braces

  // K, of which names are made: "lst-THREE_WAY_upcoming".
  std::string k(const std::string& label, Source source = Source::Upcoming) const;
};
std::vector<StoreUnderTest> stores_under_test();

BetTypes known_bet_types();  // three_way, btts, double_chance, totals
StoreOptions options_with(const Clock& clock);

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().text());
}

// One open store with a session of each kind.
class ContractTest : public ::testing::TestWithParam<StoreUnderTest> {
 protected:
  ContractTest() { open(); }
  void open(const StoreOptions* options = nullptr);
  void close();
  void reopen() {
    close();
    open();
  }

  std::vector<Committed> commit_records(std::vector<Record> records);
  Committed commit_one(const Record& record) { return commit_records({record}).at(0); }
  void settle(CommitBatch batch) { must(oddsloom::commit(*book_, std::move(batch))); }
  std::vector<Entry> claim(const std::vector<StreamId>& streams, std::size_t most = 50,
                           const std::string& consumer = "host:1:1",
                           Millis visibility = Millis(60'000));
  StreamStatistics statistics_of(const StreamId& stream);
  Record stored(const Record& record);

  HandClock clock_;
  std::unique_ptr<StorePlace> place_ = GetParam().make_place();
  std::unique_ptr<Store> store_;
  std::unique_ptr<WorkStreams> work_;
  std::unique_ptr<MatchBook> book_;
  std::unique_ptr<Reader> reader_;
};

#define ODDSLOOM_FOR_EVERY_STORE(Suite)                                               \
  INSTANTIATE_TEST_SUITE_P(Contract, Suite, ::testing::ValuesIn(stores_under_test()), \
                           [](const auto& of) { return of.param.name; })

StreamId stream_of(const std::string& bet_type, int period = 0, Source source = Source::Upcoming);
WorkEntry entry_for(const std::string& event_id);
std::vector<WorkEntry> entries_for(int first, int last);  // "first" .. "last"
std::vector<std::string> events_of(const std::vector<Entry>& entries);
std::vector<EntryRef> refs_of(const std::vector<Entry>& entries);

// A three-way market of an invented match; `home_price` in thousandths.
Record record_of(const std::string& event_id, std::int32_t home_price = 2'060,
                 UtcMillis observed_at = kNoon);

}  // namespace oddsloom::test
