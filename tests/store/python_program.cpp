#include "store/python_program.h"

#include <fstream>
#include <stdexcept>
#include <utility>

#include "support/wait_until.h"

namespace oddsloom::test {

PythonProgram::PythonProgram(const std::string& name, std::vector<std::string> arguments)
    : name_(name) {
  // Debian's Python by its path: another one on the PATH would lack python3-redis. -B: nothing is
  // written beside the sources.
  std::vector<std::string> command{"env", "/usr/bin/python3", "-B",
                                   ODDSLOOM_SOURCE_DIR "/tests/store/interop/" + name};
  for (std::string& argument : arguments) command.push_back(std::move(argument));
  process_ = std::make_unique<TiedProcess>(command, "coreutils", dir_.file("out"));
}

std::vector<std::string> PythonProgram::lines() const {
  std::vector<std::string> out;
  std::ifstream in(dir_.file("out"));
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::vector<std::string> PythonProgram::said() {
  const auto is_done = [](const std::vector<std::string>& lines) {
    return !lines.empty() && lines.back() == "done";
  };
  wait_until([&] { return is_done(lines()) || !process_->running(); });
  auto out = lines();
  if (!is_done(out)) {
    std::string text = name_ + " did not do its work (it needs Debian's python3-redis):";
    for (const std::string& line : out) text += "\n" + line;
    throw std::runtime_error(text);
  }
  out.pop_back();
  return out;
}

std::vector<std::string> run_python(const std::string& name, std::vector<std::string> arguments) {
  return PythonProgram(name, std::move(arguments)).said();
}

}  // namespace oddsloom::test
