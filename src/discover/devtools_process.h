// A Chromium of our own: started without a window, with a profile folder of its own, spoken to over
// a pipe, so that no port is open to others. It ends with this object, or with this process. One
// thread.
//
// Its sandbox stays on and it says of itself that it is headless: nothing is hidden from a site.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "discover/devtools_pipe.h"

namespace oddsloom {

struct BrowserProgram {
  std::string program = "chromium";    // looked for on the PATH, unless it is a path
  std::vector<std::string> arguments;  // beside our own
};

class BrowserProcess {
 public:
  // Errors: NotFound (no such program; what to install), Unavailable (it could not be started).
  static Result<std::unique_ptr<BrowserProcess>> start(const BrowserProgram& program);
  ~BrowserProcess();  // kills what is left of it, and removes its profile
  BrowserProcess(const BrowserProcess&) = delete;
  BrowserProcess& operator=(const BrowserProcess&) = delete;

  DevToolsLink& link() { return *link_; }
  pid_t pid() const { return pid_; }
  // What all its processes take of memory together, counting what they share once in each: an upper
  // bound.
  std::uint64_t memory_bytes() const;
  // The last lines it wrote to its standard error, on one line; "" = none. Reads what is there.
  std::string last_words();

 private:
  BrowserProcess() = default;

  std::string profile_;
  pid_t pid_ = -1;  // also its process group
  int errors_ = -1;
  std::string words_;
  std::unique_ptr<DevToolsPipe> link_;
};

// The program's path. Errors: NotFound, with what to install.
Result<std::string> find_browser(const std::string& program);

}  // namespace oddsloom
