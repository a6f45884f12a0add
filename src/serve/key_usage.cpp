#include "serve/key_usage.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace oddsloom {

// Rows of 48 bytes in the machine's byte order; a key's row stays where it is for good.
struct KeyUsage::Row {
  KeyDigest key{};
  std::uint64_t month = 0;  // 12 * year + month - 1
  std::uint64_t used = 0;
};

// Held for microseconds, by processes that may be stopped at that moment: not waited for longer
// than one answer may.
class KeyUsage::Locked {
 public:
  explicit Locked(int fd) : fd_(fd) {
    constexpr int kTries = 500;
    constexpr std::chrono::microseconds kPause{100};
    for (int tries = 0; tries < kTries && !held_; ++tries) {
      held_ = flock(fd_, LOCK_EX | LOCK_NB) == 0;
      if (!held_) std::this_thread::sleep_for(kPause);
    }
  }
  ~Locked() {
    if (held_) flock(fd_, LOCK_UN);
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  bool is_held() const { return held_; }

 private:
  int fd_;
  bool held_ = false;
};

namespace {

std::uint64_t month_of(UtcMillis now) {
  namespace chr = std::chrono;
  const chr::year_month_day date(
      chr::floor<chr::days>(chr::sys_seconds(chr::seconds(now.seconds()))));
  return static_cast<std::uint64_t>(12 * static_cast<int>(date.year()) +
                                    static_cast<int>(static_cast<unsigned>(date.month())) - 1);
}

tl::unexpected<Error> cannot(const std::string& file, const char* what) {
  return fail(ErrorKind::Unavailable, file, fmt::format("{}: {}", what, std::strerror(errno)));
}

}  // namespace

KeyUsage::~KeyUsage() {
  if (fd_ >= 0) close(fd_);
}

Result<void> KeyUsage::open_file() {
  // Somebody may have taken it away; then this one counts for nobody else.
  struct stat ours {
  }, there{};
  if (fd_ >= 0 && fstat(fd_, &ours) == 0 && stat(file_.c_str(), &there) == 0 &&
      ours.st_ino == there.st_ino &&
      static_cast<std::size_t>(ours.st_size) >= rows_read_ * sizeof(Row))
    return {};
  if (fd_ >= 0) close(fd_);
  places_.clear();
  rows_read_ = 0;
  fd_ = open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) return cannot(file_, "cannot be opened");
  return {};
}

// Under the lock: other processes append rows, too.
Result<std::size_t> KeyUsage::place_of(const KeyDigest& key) {
  const auto known = places_.find(key);
  if (known != places_.end()) return known->second;
  Row row;
  while (pread(fd_, &row, sizeof row, static_cast<off_t>(rows_read_ * sizeof row)) == sizeof row)
    places_.emplace(row.key, rows_read_++);
  if (const auto found = places_.find(key); found != places_.end()) return found->second;
  row = Row{key, 0, 0};
  if (pwrite(fd_, &row, sizeof row, static_cast<off_t>(rows_read_ * sizeof row)) != sizeof row)
    return cannot(file_, "cannot be written");
  places_.emplace(key, rows_read_);
  return rows_read_++;
}

Result<std::uint64_t> KeyUsage::used(const KeyDigest& key, UtcMillis now) {
  if (auto opened = open_file(); !opened) return tl::unexpected(opened.error());
  const Locked lock(fd_);
  if (!lock.is_held()) return fail(ErrorKind::Busy, file_, "another process holds its lock");
  const auto place = place_of(key);
  if (!place) return tl::unexpected(place.error());
  Row row;
  if (pread(fd_, &row, sizeof row, static_cast<off_t>(*place * sizeof row)) != sizeof row)
    return cannot(file_, "cannot be read");
  return row.month == month_of(now) ? row.used : 0;
}

Result<bool> KeyUsage::charge(const KeyDigest& key, std::uint64_t cost,
                              std::optional<std::uint64_t> quota, UtcMillis now) {
  if (auto opened = open_file(); !opened) return tl::unexpected(opened.error());
  const Locked lock(fd_);
  if (!lock.is_held()) return fail(ErrorKind::Busy, file_, "another process holds its lock");
  const auto place = place_of(key);
  if (!place) return tl::unexpected(place.error());
  const auto at = static_cast<off_t>(*place * sizeof(Row));
  Row row;
  if (pread(fd_, &row, sizeof row, at) != sizeof row) return cannot(file_, "cannot be read");
  if (row.month != month_of(now)) row.used = 0;
  row.month = month_of(now);
  if (quota && (row.used > *quota || cost > *quota - row.used)) return false;
  row.used += cost;
  if (pwrite(fd_, &row, sizeof row, at) != sizeof row) return cannot(file_, "cannot be written");
  return true;
}

}  // namespace oddsloom
