// The simulated bookmaker's own word on what is offered now, and the comparison of a store with it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/record.h"
#include "store/store.h"

namespace oddsloom::test {

struct TrueMarket {
  RecordId id;
  int period = 0;
  WorkEntry work;  // as a list would tell it
  Status market_status = Status::Open;
  struct TrueOutcome {
    std::string price;
    Status status = Status::Open;
    bool usable = false;
  };
  std::map<std::string, TrueOutcome> outcomes;
  std::string match;  // equal = the same match, whatever the bookmaker
};

// Reads what /sim/truth says. Throws on anything unexpected: a test cannot go on without it.
std::vector<TrueMarket> read_truth(const std::string& json);

// Each event once, of one source.
std::vector<std::pair<int, WorkEntry>> events_of(const std::vector<TrueMarket>& truth,
                                                 Source source);

// One line per difference between what is offered and what the store holds; empty = the store
// equals the truth.
std::vector<std::string> differences(const std::vector<TrueMarket>& truth, Reader& reader,
                                     std::size_t most = 20);

}  // namespace oddsloom::test
