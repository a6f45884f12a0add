// Whether a stored price still holds: how long ago a bookmaker's prices may have been seen. The
// store keeps what was true when it was seen; whoever shows it judges again, here. Values; any
// thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bookmaker/spec.h"
#include "model/record.h"

namespace oddsloom {

class Freshness {
 public:
  Freshness() = default;
  explicit Freshness(const std::vector<Bookmaker>& bookmakers);
  void set(const std::string& bookmaker, Millis live, Millis upcoming);

  // A bookmaker nobody knows the limits of has no price one could rely on.
  bool is_fresh(const Record& record, UtcMillis now) const;
  // Takes `usable` from the outcomes of a record that is not fresh.
  void judge(Record& record, UtcMillis now) const;

 private:
  struct Limits {
    Millis live, upcoming;
  };
  std::map<std::string, Limits> limits_;
};

}  // namespace oddsloom
