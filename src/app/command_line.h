// Arguments in, options out: the only place that knows the command line's syntax. Pure; called once
// by main.
#pragma once

#include <string>
#include <vector>

#include "app/options.h"

namespace oddsloom {

struct CommandLine {
  GlobalOptions global;
  CommandOptions command;
};

// The program has nothing more to do than say this: --help, or what is wrong with the arguments.
struct Farewell {
  int exit_code = kDone;
  std::string text;
  bool is_error() const { return exit_code != kDone; }  // goes to standard error
};

// `arguments` without the program's name.
std::variant<CommandLine, Farewell> parse_command_line(std::vector<std::string> arguments);

}  // namespace oddsloom
