// Which row of `streams` a stream is. Looked up once per connection and remembered: streams are
// never removed. Belongs to one thread at a time, with its connection.
#pragma once

#include <map>
#include <optional>

#include "model/work_entry.h"
#include "store/sqlite.h"

namespace oddsloom {

class StreamRows {
 public:
  explicit StreamRows(Connection& connection);

  std::optional<std::int64_t> find(const StreamId& stream);
  // Makes the stream where it is new; needs a transaction. When that is rolled back: forget().
  std::int64_t find_or_make(const StreamId& stream);
  void forget() { known_.clear(); }

 private:
  Connection& connection_;
  Statement find_;
  Statement make_;
  std::map<StreamId, std::int64_t> known_;
};

}  // namespace oddsloom
