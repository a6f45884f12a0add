#include "store/sqlite.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <thread>

namespace oddsloom {
namespace {

ErrorKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::Busy;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOMEM:
      return ErrorKind::Unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::Corrupt;
    default:
      return ErrorKind::Internal;
  }
}

constexpr std::size_t kHashBytes = 2 * sizeof(std::uint64_t);

// Nobody reads SQLite's own account of its memory, which costs a lock for every allocation. Without
// effect where something else in the process has used SQLite before.
void count_no_memory() {
  static const int kOnce = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)kOnce;
}

}  // namespace

Connection::Connection(std::string path)
    : path_(std::move(path)),
      random_(static_cast<std::uint32_t>(getpid()) ^
              static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(this) >> 4)) {}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path) {
  count_no_memory();
  std::unique_ptr<Connection> connection(new Connection(path));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &connection->handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const int reason = connection->handle_ ? sqlite3_system_errno(connection->handle_) : 0;
    std::string message = fmt::format("cannot open the store: {}", sqlite3_errstr(code));
    if (reason != 0) message += fmt::format(" ({})", std::strerror(reason));
    return fail(ErrorKind::Unavailable, path, std::move(message));
  }
  sqlite3_extended_result_codes(connection->handle_, 1);
  sqlite3_busy_handler(connection->handle_, &Connection::on_busy, connection.get());
  return connection;
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

int Connection::on_busy(void* self, int times) {
  auto& connection = *static_cast<Connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (times == 0) connection.busy_since_ = now;
  if (now - connection.busy_since_ >= kSqliteBusyDeadline) return 0;
  std::uniform_int_distribution<int> pause_us(200, times < 10 ? 800 : 3'000);
  std::this_thread::sleep_for(Micros(pause_us(connection.random_)));
  return 1;
}

void Connection::bound_log(int most_pages) {
  most_log_pages_ = most_pages;
  sqlite3_wal_hook(handle_, &Connection::on_commit, this);
}

int Connection::on_commit(void* self, sqlite3* handle, const char* schema, int pages) {
  auto& connection = *static_cast<Connection*>(self);
  connection.log_pages_ = pages;
  if (pages > connection.most_log_pages_)
    sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return SQLITE_OK;
}

void Connection::note(Error error) {
  if (!error_) error_ = std::move(error);
}

void Connection::note(int code) {
  const char* words = sqlite3_errmsg(handle_);
  note({kind_of(code), path_,
        fmt::format("{} (SQLite {})",
                    kind_of(code) == ErrorKind::Busy ? "another process held the store for too long"
                                                     : words,
                    code)});
}

Result<void> Connection::outcome() {
  if (!error_) return {};
  Error error = *std::exchange(error_, std::nullopt);
  return tl::unexpected(std::move(error));
}

void Connection::execute(const char* sql) {
  if (failed()) return;
  if (const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
    note(code);
}

std::int64_t Connection::number(const char* sql) {
  Statement statement(*this, sql);
  Rows rows = statement.rows();
  return rows.next() ? rows.integer(0) : 0;
}

void Connection::set_durable(bool durable) {
  if (durable_ == durable) return;
  execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  durable_ = durable;
}

void Connection::rollback() {
  if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  if (connection_.failed()) return;
  const int code =
      sqlite3_prepare_v3(connection_.handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) connection_.note(code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(std::int64_t number) {
  if (usable()) sqlite3_bind_int64(statement_, next_++, number);
  return *this;
}

Statement& Statement::bind(std::optional<UtcMillis> time) {
  if (time) return bind(time->value);
  if (usable()) sqlite3_bind_null(statement_, next_++);
  return *this;
}

Statement& Statement::bind(const ContentHash& hash) {
  unsigned char bytes[kHashBytes];
  std::memcpy(bytes, &hash.high, sizeof hash.high);
  std::memcpy(bytes + sizeof hash.high, &hash.low, sizeof hash.low);
  if (usable()) sqlite3_bind_blob(statement_, next_++, bytes, kHashBytes, SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_text(std::string_view text, sqlite3_destructor_type lifetime) {
  if (!usable()) return *this;
  const char* data = text.data() ? text.data() : "";  // a null pointer would be stored as NULL
  if (sqlite3_bind_text64(statement_, next_++, data, text.size(), lifetime, SQLITE_UTF8) !=
      SQLITE_OK)
    connection_.note(SQLITE_TOOBIG);
  return *this;
}

int Statement::finish() {
  if (!usable()) {
    reset();
    return 0;
  }
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement_);
  if (code != SQLITE_DONE) connection_.note(code);
  reset();
  return code == SQLITE_DONE ? connection_.changed_rows() : 0;
}

void Statement::reset() {
  next_ = 1;
  if (statement_) sqlite3_reset(statement_);
}

Rows::~Rows() {
  if (statement_) statement_->reset();
}

bool Rows::next() {
  if (!statement_->usable()) return false;
  const int code = sqlite3_step(statement_->statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) statement_->connection_.note(code);
  return code == SQLITE_ROW;
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(statement_->statement_, column);
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_->statement_, column) == SQLITE_NULL;
}

std::optional<UtcMillis> Rows::time_or_nothing(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

std::string_view Rows::view(int column) const {
  const auto* text =
      reinterpret_cast<const char*>(sqlite3_column_text(statement_->statement_, column));
  if (!text) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_->statement_, column))};
}

ContentHash Rows::hash(int column) const {
  ContentHash hash;
  const void* bytes = sqlite3_column_blob(statement_->statement_, column);
  if (!bytes || sqlite3_column_bytes(statement_->statement_, column) != kHashBytes) return hash;
  std::memcpy(&hash.high, bytes, sizeof hash.high);
  std::memcpy(&hash.low, static_cast<const char*>(bytes) + sizeof hash.high, sizeof hash.low);
  return hash;
}

}  // namespace oddsloom
