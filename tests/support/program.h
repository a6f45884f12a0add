// The real binary as a child process of a test: started with arguments and variables, its output
// kept in files. Killed and waited for when the test lets go of it. One thread at a time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace oddsloom::test {

class Program {
 public:
  struct Options {
    std::map<std::string, std::string> environment;  // beside what the test itself has
    std::string input;                               // for standard input
  };
  // `oddsloom` of this build.
  explicit Program(std::vector<std::string> arguments) : Program(std::move(arguments), Options{}) {}
  Program(std::vector<std::string> arguments, Options options);
  ~Program();
  Program(Program&& other) noexcept;
  Program& operator=(Program&&) = delete;

  void signal(int number);
  bool running();
  // The exit code (128 + signal for one that was killed), or nothing if it still runs at the
  // deadline.
  std::optional<int> wait(std::chrono::milliseconds deadline = std::chrono::seconds(120));
  std::string out() const;  // so far
  std::string err() const;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
  std::unique_ptr<TempDir> files_;
};

// Runs to the end. Throws when it does not end in time.
struct Finished {
  int exit_code = 0;
  std::string out, err;
};
Finished run_program(std::vector<std::string> arguments, Program::Options options = {});

std::vector<std::string> lines_of(const std::string& text);

}  // namespace oddsloom::test
