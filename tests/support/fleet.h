// Several processes of the program around one store and one simulated bookmaker, as an operator
// would run them. Used by tests that kill them, or what they stand on. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/pipeline.h"
#include "support/program.h"

namespace oddsloom::test {

class Fleet {
 public:
  // Quick to give up a claim and to try again, so that tests need not wait. `more` adds to that, as
  // variables.
  explicit Fleet(Pipeline& pipeline, std::map<std::string, std::string> more = {});

  Program worker(const std::string& source, bool drain = false,
                 const std::string& bet_types = "all");
  Program listener(const std::string& source, bool once = false,
                   const std::vector<std::string>& ways = {});

  // The world stands still; everything is looked at once more, by `workers` processes, until
  // nothing is left.
  void last_look(std::size_t workers);
  // How many documents of the store are announced, and just once.
  std::size_t announced_once();

 private:
  Pipeline& pipeline_;
  std::map<std::string, std::string> settings_;
};

}  // namespace oddsloom::test
