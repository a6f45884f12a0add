// Whether a file is another than it was: for what is read again when somebody replaces it. Any
// thread.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

namespace oddsloom {

struct FileStamp {
  std::uint64_t inode = 0;
  std::int64_t size = -1, seconds = 0, nanoseconds = 0;  // size -1: not there

  bool operator==(const FileStamp&) const = default;
};

inline FileStamp file_stamp(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

}  // namespace oddsloom
