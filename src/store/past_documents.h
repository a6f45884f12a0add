// Documents of an earlier moment, gathered record by record from a change log: what Reader::as_of
// gives. Used by the stores' redis_past and sqlite_past. One thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/match_document.h"

namespace oddsloom {

class PastDocuments {
 public:
  bool has(std::string_view key, const std::string& bookmaker) const;
  // Takes the place of one of the same key and bookmaker.
  void add(std::string key, Record record);
  bool empty() const { return documents_.empty(); }
  std::vector<MatchDocument> take();  // by key

 private:
  std::map<std::string, MatchDocument, std::less<>> documents_;
};

}  // namespace oddsloom
