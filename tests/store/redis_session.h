// A Redis store with a session of each kind, on a server that a test also reaches behind the
// store's back. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/store_under_test.h"

namespace oddsloom::test {

struct RedisSession {
  explicit RedisSession(const std::string& url, const Clock& clock)
      : RedisSession(url, options_with(clock)) {}
  RedisSession(const std::string& url, const StoreOptions& options)
      : store(must(open_store(url, options))),
        work(must(store->work_streams())),
        book(must(store->match_book())),
        reader(must(store->reader())) {}

  std::vector<Committed> commit(std::vector<Record> records) {
    CommitBatch batch;
    batch.records = std::move(records);
    return must(oddsloom::commit(*book, std::move(batch)));
  }
  Committed commit_one(const Record& record) { return commit({record}).at(0); }
  std::vector<Entry> claim(const StreamId& stream, const std::string& consumer = "host:1:1") {
    return must(work->claim({{stream}, consumer, 50, Millis(60'000), Millis(0)}));
  }
  std::string key_of(const Record& record) { return must(reader->find(record.id())).value_or(""); }
  Record stored(const Record& record) {
    return must(reader->document(key_of(record)))->records.at(record.bookmaker);
  }

  std::unique_ptr<Store> store;
  std::unique_ptr<WorkStreams> work;
  std::unique_ptr<MatchBook> book;
  std::unique_ptr<Reader> reader;
};

}  // namespace oddsloom::test
