#include "store/child_process.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "support/wait_until.h"

namespace oddsloom::test {

ChildProcess::ChildProcess(const std::string& role, const std::string& url,
                           const std::string& name) {
  std::vector<std::string> variables{"ODDSLOOM_CHILD_ROLE=" + role, "ODDSLOOM_CHILD_URL=" + url,
                                     "ODDSLOOM_CHILD_NAME=" + name};
  std::vector<char*> environment;
  for (char** at = environ; *at; ++at) environment.push_back(*at);
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::vector<std::string> arguments{"child", "--gtest_filter=Child.Role", "--gtest_brief=1"};
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  if (posix_spawn(&pid_, "/proc/self/exe", nullptr, nullptr, pointers.data(), environment.data()) !=
      0)
    throw std::runtime_error("no child process could be started");
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) kill();
}

void ChildProcess::kill() {
  if (status_) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  status_ = status;
}

bool ChildProcess::ended() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_.has_value();
}

int ChildProcess::wait() {
  if (!wait_until([&] { return ended(); }, std::chrono::seconds(120))) return -1;
  return WIFEXITED(*status_) ? WEXITSTATUS(*status_) : -1;
}

}  // namespace oddsloom::test
