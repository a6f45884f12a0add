// The embedded store's LinkBook: a row for each event that was ever linked. A connection of its
// own; belongs to one thread.
#pragma once

#include "store/links.h"
#include "store/sqlite_transaction.h"

namespace oddsloom {

class SqliteLinkBook final : public LinkBook {
 public:
  // `turn` outlives it. Errors as of connect_sqlite.
  static Result<std::unique_ptr<LinkBook>> open(const std::string& path, WriteTurn& turn);

  Result<void> put(const std::vector<Link>& links) override;
  Result<void> undo(const EventId& event, UtcMillis at) override;
  Result<void> forget(const EventId& event) override;
  Result<Page> read(std::uint64_t after_revision) override;

 private:
  SqliteLinkBook(std::unique_ptr<Connection> connection, WriteTurn& turn);
  Result<void> change(Statement& statement, const EventId& event, UtcMillis at);

  std::unique_ptr<Connection> connection_;
  WriteTurn& turn_;
  Statement undone_, put_, undo_, forget_, there_, read_;
};

}  // namespace oddsloom
