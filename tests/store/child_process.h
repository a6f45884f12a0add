// A second process of a test: this test program again, running only the test Child.Role, which
// plays the part it is given. Killed and waited for when the test lets go of it. One thread.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace oddsloom::test {

class ChildProcess {
 public:
  // `role` as contract_child.cpp knows it; `url` of the store it opens.
  ChildProcess(const std::string& role, const std::string& url, const std::string& name = "child");
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ChildProcess& operator=(ChildProcess&&) = delete;

  void kill();   // SIGKILL: no chance to clean up; returns when it is gone
  bool ended();  // by itself
  int wait();    // its exit code; -1 when it was killed or does not end in time

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace oddsloom::test
