// The little of SQLite's C interface that the embedded store needs: a connection and prepared
// statements that clean up after themselves. Below every sqlite_*.cpp; knows no odds. A connection
// and its statements belong to one thread at a time.
//
// Errors stick: the first one is noted in the connection, every later call does nothing, and the
// operation asks once, at its end, with outcome(). So a sequence of statements reads as a sequence,
// and what was read after a failure is empty and is never written.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/time.h"

namespace oddsloom {

// How long a writer waits for other processes before it gives up with Busy.
inline constexpr Millis kSqliteBusyDeadline{10'000};

class Connection {
 public:
  // Opens the file, or makes it. Says nothing about what is in it: see sqlite_schema.h.
  // Errors: Unavailable (no such folder, no permission).
  static Result<std::unique_ptr<Connection>> open(const std::string& path);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Statements without parameters; several may follow one another.
  void execute(const char* sql);
  // One number from a statement without parameters; 0 when there is none.
  std::int64_t number(const char* sql);

  // Whether the next commits survive a power cut (synchronous FULL), or only a crash of the program
  // (NORMAL).
  void set_durable(bool durable);

  // A commit that leaves more pages in the write-ahead log than this folds them back itself.
  void bound_log(int most_pages);
  // Pages in the log after this connection's last commit.
  int log_pages() const { return log_pages_; }

  bool failed() const { return error_.has_value(); }
  void note(Error error);
  void note(int code);  // with SQLite's own words
  // The first error since the last call, which is forgotten by that.
  Result<void> outcome();
  template <class T>
  Result<T> outcome(T value) {
    if (auto result = outcome(); !result) return tl::unexpected(std::move(result.error()));
    return value;
  }

  // Ends a transaction that was not committed, also after an error.
  void rollback();
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  int changed_rows() const { return sqlite3_changes(handle_); }
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_); }
  sqlite3* handle() const { return handle_; }
  const std::string& path() const { return path_; }

 private:
  explicit Connection(std::string path);
  static int on_busy(void* self, int times);
  static int on_commit(void* self, sqlite3* handle, const char* schema, int pages);

  std::string path_;
  sqlite3* handle_ = nullptr;
  std::optional<Error> error_;
  std::optional<bool> durable_;
  int most_log_pages_ = 0;
  int log_pages_ = 0;
  std::chrono::steady_clock::time_point busy_since_;
  std::minstd_rand random_;  // spreads the retries of processes that wait for the same lock
};

class Rows;

class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters in order. What is bound must live until run() has returned.
  Statement& bind(std::int64_t number);
  Statement& bind(int number) { return bind(static_cast<std::int64_t>(number)); }
  Statement& bind(bool truth) { return bind(static_cast<std::int64_t>(truth)); }
  Statement& bind(UtcMillis time) { return bind(time.value); }
  Statement& bind(std::optional<UtcMillis> time);
  Statement& bind(std::string_view text) { return bind_text(text, SQLITE_STATIC); }
  Statement& bind(const std::string& text) { return bind(std::string_view(text)); }
  Statement& bind(const char* text) { return bind(std::string_view(text)); }
  Statement& bind(const ContentHash& hash);

  // Binds what is given after what was bound before, runs to the end. Gives the rows changed.
  template <class... Values>
  int run(const Values&... values) {
    (bind(values), ...);
    return finish();
  }

  // The same for a query; parameters are copied, so temporaries are fine.
  template <class... Values>
  Rows rows(const Values&... values);
  // The same without copies: what is bound must live as long as the Rows.
  template <class... Values>
  Rows rows_of(const Values&... values);

 private:
  friend class Rows;
  Statement& bind_text(std::string_view text, sqlite3_destructor_type lifetime);
  template <class Value>
  void bind_copy(const Value& value) {
    if constexpr (std::is_convertible_v<Value, std::string_view>)
      bind_text(value, SQLITE_TRANSIENT);
    else
      bind(value);
  }
  bool usable() const { return statement_ && !connection_.failed(); }
  int finish();
  void reset();

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  int next_ = 1;
};

// A running query. while (rows.next()) ... ; the statement is free again when it goes.
class Rows {
 public:
  explicit Rows(Statement& statement) : statement_(&statement) {}
  ~Rows();
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  Rows& operator=(Rows&&) = delete;

  bool next();
  std::int64_t integer(int column) const;
  int small(int column) const { return static_cast<int>(integer(column)); }
  bool is_null(int column) const;
  UtcMillis time(int column) const { return {integer(column)}; }
  std::optional<UtcMillis> time_or_nothing(int column) const;
  std::string_view view(int column) const;  // until next() or the end
  std::string text(int column) const { return std::string(view(column)); }
  ContentHash hash(int column) const;

 private:
  Statement* statement_;
};

template <class... Values>
Rows Statement::rows(const Values&... values) {
  (bind_copy(values), ...);
  return Rows(*this);
}

template <class... Values>
Rows Statement::rows_of(const Values&... values) {
  (bind(values), ...);
  return Rows(*this);
}

}  // namespace oddsloom
