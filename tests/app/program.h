// Runs the real program in a folder of its own: arguments and standard input in; output, messages
// and exit code out. Its environment holds nothing but what is set here.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace oddsloom {

struct Ended {
  int code = -1;  // 128 + signal when one ended it
  std::string out, err;
};

class Program {
  test::TempDir folder_;  // first: the environment names it

 public:
  Program();
  ~Program();  // kills what is still running
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Ended run(const std::vector<std::string>& arguments, const std::string& input = "");

  // Starts it and leaves it running; one at a time.
  void start(const std::vector<std::string>& arguments);
  std::string out_so_far() const;
  // Whether the output came to hold `text` before a generous deadline.
  bool says(const std::string& text) const;
  void signal(int number) const;
  // Sends SIGINT again and again until it ends.
  Ended interrupt_until_ended();
  // Waits for the end; kills it at the deadline.
  Ended wait();

  const test::TempDir& folder() const { return folder_; }
  std::map<std::string, std::string> environment;

 private:
  template <class Turn>
  Ended wait_with(Turn turn);

  int pid_ = -1;
  int started_ = 0;
  std::string out_file_, err_file_;
};

}  // namespace oddsloom
