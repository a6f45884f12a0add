#include "support/program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "support/wait_until.h"

extern char** environ;

namespace oddsloom::test {
namespace {

std::string read_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Program::Program(std::vector<std::string> arguments, Options options)
    : files_(std::make_unique<TempDir>()) {
  arguments.insert(arguments.begin(), std::string(ODDSLOOM_BUILD_DIR) + "/oddsloom");
  // Nothing of the user's own settings or state reaches the child.
  std::map<std::string, std::string> variables;
  for (char** at = environ; *at; ++at) {
    const std::string pair = *at;
    if (pair.rfind("ODDSLOOM_", 0) == 0 || pair.rfind("BATCH=", 0) == 0 ||
        pair.rfind("PREFIX=", 0) == 0)
      continue;
    variables[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
  }
  variables["XDG_STATE_HOME"] = files_->file("state");
  variables["XDG_CONFIG_HOME"] = files_->file("config");
  variables["ODDSLOOM_BOOKMAKERS"] = std::string(ODDSLOOM_SOURCE_DIR) + "/bookmakers";
  for (const auto& [name, value] : options.environment) variables[name] = value;
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);

  std::ofstream(files_->file("in"), std::ios::binary) << options.input;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, files_->file("in").c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, files_->file("out").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, files_->file("err").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  auto argv = pointers(arguments);
  auto envp = pointers(environment);
  const int error =
      posix_spawn(&pid_, arguments[0].c_str(), &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw std::runtime_error("cannot start " + arguments[0] + ": is the oddsloom target built?");
}

Program::Program(Program&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_code_(other.exit_code_),
      files_(std::move(other.files_)) {}

Program::~Program() {
  if (pid_ < 0 || !running()) return;
  signal(SIGKILL);
  (void)wait();
}

void Program::signal(int number) {
  if (pid_ > 0 && !exit_code_) kill(pid_, number);
}

bool Program::running() {
  if (exit_code_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

std::optional<int> Program::wait(std::chrono::milliseconds deadline) {
  wait_until([&] { return !running(); }, deadline);
  return exit_code_;
}

std::string Program::out() const { return read_file(files_->file("out")); }
std::string Program::err() const { return read_file(files_->file("err")); }

Finished run_program(std::vector<std::string> arguments, Program::Options options) {
  std::string name;
  for (const std::string& argument : arguments) name += " " + argument;
  Program program(std::move(arguments), std::move(options));
  const auto code = program.wait();
  if (!code) throw std::runtime_error("oddsloom" + name + " did not end");
  return {*code, program.out(), program.err()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

}  // namespace oddsloom::test
