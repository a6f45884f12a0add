#include "program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <thread>

namespace oddsloom {
namespace {

constexpr std::chrono::seconds kDeadline{60};

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class Condition>
bool eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + kDeadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

void redirect(const std::string& file, int flags, int to) {
  const int from = ::open(file.c_str(), flags, 0600);
  if (from < 0 || ::dup2(from, to) < 0) ::_exit(126);
}

}  // namespace

Program::Program()
    : environment{{"HOME", folder_.path().string()},
                  {"TZ", "UTC"},
                  {"ODDSLOOM_BOOKMAKERS", ODDSLOOM_SOURCE_DIR "/bookmakers"},
                  {"ODDSLOOM_STORE_URL", "sqlite:" + (folder_.path() / "odds.db").string()}} {}

Ended Program::run(const std::vector<std::string>& arguments, const std::string& input) {
  folder_.write("in", input);
  start(arguments);
  return wait();
}

void Program::start(const std::vector<std::string>& arguments) {
  const std::string number = std::to_string(++started_);
  out_file_ = folder_.write("out" + number, "");
  err_file_ = folder_.write("err" + number, "");
  const std::string in_file = (folder_.path() / "in").string();
  std::vector<std::string> words{ODDSLOOM_BUILD_DIR "/oddsloom"}, variables;
  words.insert(words.end(), arguments.begin(), arguments.end());
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
  };
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  pid_ = ::fork();
  if (pid_ != 0) return;
  redirect(in_file, O_RDONLY | O_CREAT, STDIN_FILENO);
  redirect(out_file_, O_WRONLY | O_APPEND, STDOUT_FILENO);
  redirect(err_file_, O_WRONLY | O_APPEND, STDERR_FILENO);
  if (::chdir(folder_.path().c_str()) != 0) ::_exit(126);
  ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

std::string Program::out_so_far() const { return read_file(out_file_); }

bool Program::says(const std::string& text) const {
  return eventually([&] { return out_so_far().find(text) != std::string::npos; });
}

void Program::signal(int number) const { ::kill(pid_, number); }

template <class Turn>
Ended Program::wait_with(Turn turn) {
  int status = 0;
  const bool ended = eventually([&] {
    turn();
    return ::waitpid(pid_, &status, WNOHANG) == pid_;
  });
  if (!ended) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status, 0);
  }
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(out_file_),
          read_file(err_file_)};
}

Ended Program::wait() {
  return wait_with([] {});
}

Ended Program::interrupt_until_ended() {
  return wait_with([this] { signal(SIGINT); });
}

Program::~Program() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace oddsloom
