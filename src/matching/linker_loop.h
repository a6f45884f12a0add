// Keeps the link book of a store up to date: reads the documents once, then the change log, and
// puts the links that linker.h finds, in batches. Between discover and extract, which fill the
// store, and serve, which shows matches. Several may work on one store: what is in the book counts.
// Belongs to one thread; makes none and waits for nothing but the store.
#pragma once

#include <functional>
#include <memory>

#include "matching/linker.h"
#include "store/store.h"

namespace oddsloom {

// The canonical sport of a bookmaker's sport id, "" = not declared.
using SportOf = std::function<std::string(const std::string& bookmaker, Source source,
                                          const std::string& sport_id)>;

struct LinkerLoopParts {
  Store& store;
  SportOf sport_of;
  Clock clock = system_clock();
};

class LinkerLoop {
 public:
  explicit LinkerLoop(LinkerLoopParts parts) : parts_(std::move(parts)) {}

  // Takes in what is new, at most some thousands of changes, and puts what follows from it. True
  // where there may be more at once. After an error (the store's) the next call goes on, nothing is
  // lost.
  Result<bool> step();
  const Linker& linker() const { return linker_; }
  std::uint64_t written() const { return written_; }  // links put

 private:
  Result<void> start();
  Result<void> read_book();
  Result<void> read_documents();
  Result<void> write();
  void take(const Record& record, UtcMillis first_seen);

  const LinkerLoopParts parts_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<LinkBook> book_;
  Linker linker_;
  bool started_ = false;
  std::uint64_t cursor_ = 0, revision_ = 0, written_ = 0;
  UtcMillis swept_at_;
};

}  // namespace oddsloom
