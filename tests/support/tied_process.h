// A program that runs beside a test and dies with it: however the test program ends, the kernel
// kills the child. Its output goes to a file. Killed and waited for when the object goes. One
// thread at a time; it may be another than the one that started it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace oddsloom::test {

class TiedProcess {
 public:
  // The first word is looked for on the PATH unless it is a path; `package` is the Debian package
  // it comes from. The output is appended to `log_file`. Throws when the program cannot be run.
  TiedProcess(const std::vector<std::string>& command, const std::string& package,
              const std::string& log_file);
  ~TiedProcess();
  TiedProcess(const TiedProcess&) = delete;
  TiedProcess& operator=(const TiedProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number);
  void kill();  // SIGKILL; returns when it is gone
  bool wait(std::chrono::milliseconds deadline);

 private:
  pid_t pid_ = -1;
  bool gone_ = false;
};

}  // namespace oddsloom::test
