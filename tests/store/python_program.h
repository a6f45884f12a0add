// A Python program of tests/store/interop, run beside a test as another team would run it beside
// the store. Killed and waited for when the test lets go of it. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/temp_dir.h"
#include "support/tied_process.h"

namespace oddsloom::test {

class PythonProgram {
 public:
  // "step1.py"; the first argument of all of them is the server's port.
  PythonProgram(const std::string& name, std::vector<std::string> arguments);

  // Waits until it has said "done", which the programs of this folder say last; gives what it said
  // before. Throws with its output when it ends, or a minute passes, without that.
  std::vector<std::string> said();
  void kill() { process_->kill(); }

 private:
  std::vector<std::string> lines() const;

  const std::string name_;
  TempDir dir_;
  std::unique_ptr<TiedProcess> process_;
};

std::vector<std::string> run_python(const std::string& name, std::vector<std::string> arguments);

}  // namespace oddsloom::test
