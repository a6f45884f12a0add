// A named time zone, for local dates ("which day is that in Nairobi?") and naive local times.
// Rules come from ICU's own database, so the machine's tzdata does not matter. Immutable; any
// thread.
#pragma once

#include <memory>
#include <string>

#include "base/time.h"

namespace oddsloom {

class TimeZone {
 public:
  // Errors: NotFound for a name ICU does not know.
  static Result<TimeZone> named(const std::string& name);

  const std::string& name() const { return name_; }
  // Local time minus UTC at that moment.
  Millis offset_at(UtcMillis time) const;
  // Days since 1970-01-01 of the local calendar date at that moment.
  std::int64_t local_day(UtcMillis time) const;
  // The moment a clock in this zone shows that local time (milliseconds as if it were UTC). In the
  // hour a clock shows twice, the first is meant.
  UtcMillis from_local(std::int64_t local_millis) const;

 private:
  struct Rules;
  TimeZone(std::string name, std::shared_ptr<const Rules> rules);
  std::string name_;
  std::shared_ptr<const Rules>
      rules_;  // shared because TimeZone is copied as a value; never changes
};

}  // namespace oddsloom
