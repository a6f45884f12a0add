// The parts a ChildProcess plays. An ordinary run has none for it to play.
#include <unistd.h>

#include <cstdlib>

#include "store/store_under_test.h"

namespace oddsloom::test {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

const std::vector<StreamId> kStreams{stream_of("three_way"), stream_of("btts"),
                                     stream_of("double_chance")};

// A small worker: until nothing is left on the streams.
void drain(Store& store, const std::string& name) {
  const auto work = must(store.work_streams());
  const auto book = must(store.match_book());
  ClaimRequest request{kStreams, name, 6, Millis(2'000), Millis(50)};
  while (must(work->backlog(kStreams)) > 0) {
    const auto entries = must(work->claim(request));
    CommitBatch batch;
    for (const Entry& entry : entries) {
      Record record = record_of(entry.work.event_id, 2'060, now_utc());
      record.bet_type = entry.ref.stream.bet_type;
      batch.records.push_back(record);
    }
    batch.acknowledge = refs_of(entries);
    must(commit(*book, std::move(batch)));
  }
}

// Takes everything and is then killed by the test.
void hold(Store& store, const std::string& name) {
  const auto work = must(store.work_streams());
  must(work->claim({kStreams, name, 50, Millis(30'000), Millis(0)}));
  while (true) pause();
}

// Submits batch after batch until the test kills it.
void commit_for_ever(Store& store) {
  const auto book = must(store.match_book());
  for (int batch_number = 0;; ++batch_number) {
    CommitBatch batch;
    for (int i = 0; i < 20; ++i)
      batch.records.push_back(record_of(std::to_string(batch_number * 20 + i)));
    must(commit(*book, std::move(batch)));
  }
}

// Every such process commits the same events.
void commit_the_same(Store& store) {
  const auto book = must(store.match_book());
  for (int first = 1; first <= 300; first += 20) {
    CommitBatch batch;
    for (int i = first; i < first + 20; ++i) batch.records.push_back(record_of(std::to_string(i)));
    must(commit(*book, std::move(batch)));
  }
}

// Commits what it claimed and is then killed by the test, before it acknowledges.
void commit_and_hold(Store& store, const std::string& name) {
  const auto work = must(store.work_streams());
  const auto book = must(store.match_book());
  CommitBatch batch;
  for (const Entry& entry : must(work->claim({kStreams, name, 50, Millis(30'000), Millis(0)})))
    batch.records.push_back(record_of(entry.work.event_id));
  must(commit(*book, std::move(batch)));
  while (true) pause();
}

// Puts batch after batch of ten links until the test kills it.
void link_for_ever(Store& store, const std::string& name) {
  const auto book = must(store.link_book());
  for (int batch = 0;; ++batch) {
    std::vector<Link> links;
    for (int i = 0; i < 10; ++i)
      links.push_back({{name, Source::Live, std::to_string(batch * 10 + i)},
                       match_id_of({name, Source::Live, std::to_string(batch)}),
                       "betradar",
                       1,
                       "",
                       kNoon,
                       {}});
    must(book->put(links));
  }
}

TEST(Child, Role) {
  const std::string role = variable("ODDSLOOM_CHILD_ROLE");
  if (role.empty()) return;
  const std::string name = variable("ODDSLOOM_CHILD_NAME");
  HandClock still;
  const auto store =
      must(open_store(variable("ODDSLOOM_CHILD_URL"),
                      options_with(role == "drain" ? system_clock() : still.clock())));
  if (role == "drain") drain(*store, name);
  if (role == "hold") hold(*store, name);
  if (role == "commit") commit_for_ever(*store);
  if (role == "commit the same") commit_the_same(*store);
  if (role == "commit and hold") commit_and_hold(*store, name);
  if (role == "link") link_for_ever(*store, name);
  if (role == "append") must(must(store->work_streams())->append(kStreams[0], entries_for(1, 1)));
}

}  // namespace
}  // namespace oddsloom::test
