#include <filesystem>

#include "bench/measure.h"
#include "bench/operations/inputs.h"
#include "bench/operations/operation.h"

namespace oddsloom::bench {
namespace {

constexpr std::size_t kBatch = 50;
constexpr std::size_t kKnown = 1'000;  // events in the store beforehand
const StreamId kStream{"BookieDelta", "three_way", Source::Upcoming, 0};

struct Session {
  std::unique_ptr<Store> store;
  std::unique_ptr<MatchBook> book;
  std::unique_ptr<WorkStreams> streams;
  std::vector<Record> batch = records(kBatch);
  std::vector<WorkEntry> work;

  Session(const std::string& folder, const std::string& name) {
    const std::string path = folder + "/" + name + ".db";
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path + part);
    StoreOptions options;
    options.bet_types = house().bet_types;
    options.clock = [] { return kNow; };
    store = must(open_store("sqlite:" + path, options));
    book = must(store->match_book());
    streams = must(store->work_streams());
    must(oddsloom::commit(*book, {records(kKnown), {}, {}, {}}));
    for (const Record& record : batch) work.push_back(work_of(std::stoll(record.event_id)));
  }

  // One thousandth more each time, and seen a millisecond later: an older sighting would be stale.
  void move_prices() {
    for (Record& record : batch) {
      for (Outcome& outcome : record.outcomes) ++outcome.price->thousandths;
      record.observed_at = record.changed_at = record.observed_at + Millis(1);
    }
  }

  void commit(Committed wanted) {
    const auto done = must(oddsloom::commit(*book, {batch, {}, {}, {}}));
    for (const Committed committed : done)
      expect(committed == wanted, "a record was not committed");
  }

  void pass_on() {
    must(streams->append(kStream, work));
    CommitBatch done;
    for (const Entry& entry : must(streams->claim({{kStream}, "bench:1:0", kBatch})))
      done.acknowledge.push_back(entry.ref);
    expect(done.acknowledge.size() == kBatch, "entries are missing");
    must(oddsloom::commit(*book, std::move(done)));
  }
};

}  // namespace

std::vector<Operation> sqlite_operations(const std::string& folder) {
  return {
      {"sqlite/50-changed", "record", kBatch,
       [session = std::make_shared<Session>(folder, "changed")] {
         session->move_prices();
         session->commit(Committed::Merged);
       }},
      {"sqlite/50-same", "record", kBatch,
       [session = std::make_shared<Session>(folder, "same")] { session->commit(Committed::Same); }},
      {"sqlite/50-append-claim-acknowledge", "entry", kBatch,
       [session = std::make_shared<Session>(folder, "entries")] { session->pass_on(); }},
  };
}

}  // namespace oddsloom::bench
