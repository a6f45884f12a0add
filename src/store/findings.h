// Collects what an examination finds. The first hundred of a kind are kept, further ones counted.
// What is found twice (a walk over a server may meet a key twice) counts once; eight bytes a
// finding are kept for that. Filled by sqlite_doctor and the redis_doctor files. One thread.
#pragma once

#include <string>
#include <unordered_set>

#include "store/store.h"

namespace oddsloom {

class Findings {
 public:
  void problem(std::string what, std::string where, std::string message) {
    add({Finding::Grade::Problem, std::move(what), std::move(where), std::move(message)});
  }
  void warning(std::string what, std::string where, std::string message) {
    add({Finding::Grade::Warning, std::move(what), std::move(where), std::move(message)});
  }
  void add(Finding finding);
  // So many further problems of a kind, of which nothing else is known.
  void count(const std::string& what, std::uint64_t further);

  Examination take(std::uint64_t documents);

 private:
  Examination examination_;
  std::map<std::string, std::size_t> kept_;  // by kind
  std::unordered_set<std::uint64_t> known_;  // hashes
};

}  // namespace oddsloom
