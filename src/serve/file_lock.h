// A lock between processes, held as long as the object lives: flock on a file that is made for it,
// readable by its owner only. Goes with the process, however that ends. Any thread.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

namespace oddsloom {

class FileLock {
 public:
  // Waits some seconds for it; `is_held` tells the outcome.
  explicit FileLock(const std::string& file)
      : fd_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    constexpr int kTries = 500;
    for (int tries = 0; fd_ >= 0 && tries < kTries && !held_; ++tries) {
      held_ = flock(fd_, LOCK_EX | LOCK_NB) == 0;
      if (!held_) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  ~FileLock() {
    if (fd_ >= 0) close(fd_);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool is_held() const { return held_; }

 private:
  int fd_;
  bool held_ = false;
};

}  // namespace oddsloom
