// The command line's syntax as data, for what is made from it besides --help: shell completions
// and the manual page. command_line.cpp makes it from the parser itself, so they never differ.
// Values; any thread.
#pragma once

#include <string>
#include <vector>

namespace oddsloom {

struct HelpOption {
  std::vector<std::string> names;   // "--store", "-s"; empty: a positional
  std::string positional;           // "BOOKMAKER"
  std::string value;                // "URL"; "" = a flag
  std::string text;                 // what it does
  std::vector<std::string> values;  // what may be given, where there are only so many
};

struct HelpCommand {
  std::string name;  // "run"
  std::string text;
  std::string footer;               // examples
  std::vector<HelpOption> options;  // global ones with the program alone
  std::vector<HelpCommand> commands;
};

HelpCommand help_tree();

}  // namespace oddsloom
