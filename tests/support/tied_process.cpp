#include "support/tied_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

// PR_SET_PDEATHSIG is about the thread that forked, not the program. So one thread that lives as
// long as the program does all the forking.
class Forker {
 public:
  static Forker& instance() {
    static Forker& forker = *new Forker;  // never destroyed: its thread runs to the very end
    return forker;
  }

  pid_t run(const std::function<pid_t()>& job) {
    const std::lock_guard one_at_a_time(callers_);
    std::unique_lock lock(mutex_);
    job_ = &job;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !job_; });
    return result_;
  }

 private:
  Forker() {
    std::thread([this] { work(); }).detach();
  }
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return job_ != nullptr; });
      result_ = (*job_)();
      job_ = nullptr;
      changed_.notify_all();
    }
  }

  std::mutex callers_, mutex_;
  std::condition_variable changed_;
  const std::function<pid_t()>* job_ = nullptr;
  pid_t result_ = -1;
};

std::string found_on_path(const std::string& name, const std::string& package) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((folder + "/" + name).c_str(), X_OK) == 0) return folder + "/" + name;
  throw std::runtime_error("cannot run '" + name + "': install the Debian package " + package);
}

}  // namespace

TiedProcess::TiedProcess(const std::vector<std::string>& command, const std::string& package,
                         const std::string& log_file) {
  const std::string program = found_on_path(command.at(0), package);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t parent = getpid();
  pid_ = Forker::instance().run([&] {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    // The child of a program with threads: async-signal-safe calls only, until exec.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // it died before the line above
    if (dup2(in, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(127);
    close_range(3, ~0U, 0);  // nothing of the test stays open in a server
    execv(program.c_str(), arguments.data());
    _exit(127);
  });
  close(in);
  close(log);
  if (pid_ < 0) throw std::runtime_error("no child process for " + program);
}

TiedProcess::~TiedProcess() { kill(); }

bool TiedProcess::running() {
  if (!gone_) gone_ = waitpid(pid_, nullptr, WNOHANG) == pid_;
  return !gone_;
}

void TiedProcess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

void TiedProcess::kill() {
  if (gone_) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  gone_ = true;
}

bool TiedProcess::wait(std::chrono::milliseconds deadline) {
  return wait_until([&] { return !running(); }, deadline);
}

}  // namespace oddsloom::test
