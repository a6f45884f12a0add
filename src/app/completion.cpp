#include "app/completion.h"

#include <fmt/format.h>

#include <algorithm>

namespace oddsloom {
namespace {

// What a script knows of one command: "run", "dead list".
struct Place {
  std::string path;
  std::vector<std::string> words;  // subcommands, options, values of positionals
};

bool wants_bookmaker(const HelpOption& option) {
  return option.positional == "bookmaker" ||
         option.names == std::vector<std::string>{"--bookmaker"};
}

// What an option or a positional may be, where there are only so many.
std::vector<std::string> values_of(const HelpOption& option,
                                   const std::vector<std::string>& bookmakers) {
  if (wants_bookmaker(option)) return bookmakers;
  if (option.positional == "source" || option.names == std::vector<std::string>{"--source"})
    return {"live", "upcoming"};
  return option.values;
}

void add_options(Place& place, const HelpCommand& command,
                 const std::vector<std::string>& bookmakers) {
  for (const HelpOption& option : command.options) {
    place.words.insert(place.words.end(), option.names.begin(), option.names.end());
    if (!option.names.empty()) continue;
    const auto values = values_of(option, bookmakers);
    place.words.insert(place.words.end(), values.begin(), values.end());
  }
}

void add_places(std::vector<Place>& out, const HelpCommand& command, const std::string& path,
                const HelpCommand& program, const std::vector<std::string>& bookmakers) {
  Place place{path, {}};
  for (const HelpCommand& sub : command.commands) place.words.push_back(sub.name);
  add_options(place, command, bookmakers);
  if (&command != &program) add_options(place, program, bookmakers);
  out.push_back(place);
  for (const HelpCommand& sub : command.commands)
    add_places(out, sub, path.empty() ? sub.name : path + " " + sub.name, program, bookmakers);
}

void collect_values(const HelpCommand& command, std::vector<const HelpOption*>& out) {
  for (const HelpOption& option : command.options)
    if (!option.names.empty() && !option.value.empty()) out.push_back(&option);
  for (const HelpCommand& sub : command.commands) collect_values(sub, out);
}

// A case of words after an option that takes a value.
std::string value_cases(const HelpCommand& program, const std::vector<std::string>& bookmakers) {
  std::vector<const HelpOption*> options;
  collect_values(program, options);
  std::vector<std::string> cases;
  for (const HelpOption* option : options) {
    const std::string names = fmt::format("{}", fmt::join(option->names, "|"));
    const auto values = values_of(*option, bookmakers);
    std::string reply;
    if (!values.empty())
      reply = fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))", fmt::join(values, " "));
    else if (option->value == "FILE" || option->value == "FOLDER")
      reply = "COMPREPLY=($(compgen -f -- \"$word\"))";
    else
      reply = "COMPREPLY=()";
    const std::string line = fmt::format("    {}) {}; return ;;\n", names, reply);
    if (std::find(cases.begin(), cases.end(), line) == cases.end()) cases.push_back(line);
  }
  return fmt::format("{}", fmt::join(cases, ""));
}

std::string bash(const HelpCommand& program, const std::vector<std::string>& bookmakers) {
  std::vector<Place> places;
  add_places(places, program, "", program, bookmakers);
  std::string words;
  for (const Place& place : places)
    words += fmt::format("    '{}') words='{}' ;;\n", place.path, fmt::join(place.words, " "));
  std::string paths;
  for (const Place& place : places)
    if (!place.path.empty()) paths += fmt::format("{}'{}'", paths.empty() ? "" : "|", place.path);
  return fmt::format(R"(# bash completion for {0}. source <({0} completion bash)
_{0}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} path='' next i words=''
  COMPREPLY=()
  case $before in
{1}  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="${{path:+$path }}${{COMP_WORDS[i]}}"
    case $next in {2}) path=$next ;; esac
  done
  case $path in
{3}  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -F _{0} {0}
)",
                     program.name, value_cases(program, bookmakers), paths, words);
}

// One word of fish's in single quotes.
std::string quoted(std::string text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "'";
}

std::string fish_option(const std::string& program, const std::string& condition,
                        const HelpOption& option, const std::vector<std::string>& bookmakers) {
  std::string line = fmt::format("complete -c {} {}", program, condition);
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  const auto values = values_of(option, bookmakers);
  if (option.names.empty() && values.empty()) return "";
  if (!option.value.empty() && !option.names.empty()) line += " -r";
  if (!values.empty())
    line += fmt::format(" -a {}", quoted(fmt::format("{}", fmt::join(values, " "))));
  if (option.value == "FILE" || option.value == "FOLDER") line += " -F";
  return line + fmt::format(" -d {}\n", quoted(option.text));
}

std::string fish(const HelpCommand& program, const std::vector<std::string>& bookmakers) {
  std::string out =
      fmt::format("# fish completion for {0}. {0} completion fish | source\ncomplete -c {0} -f\n",
                  program.name);
  for (const HelpOption& option : program.options)
    out += fish_option(program.name, "", option, bookmakers);
  for (const HelpCommand& command : program.commands) {
    out += fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n", program.name,
                       command.name, quoted(command.text));
    const std::string inside = fmt::format("-n '__fish_seen_subcommand_from {}'", command.name);
    for (const HelpOption& option : command.options)
      out += fish_option(program.name, inside, option, bookmakers);
    for (const HelpCommand& sub : command.commands) {
      out += fmt::format("complete -c {} {} -a {} -d {}\n", program.name, inside, sub.name,
                         quoted(sub.text));
      for (const HelpOption& option : sub.options)
        out += fish_option(program.name,
                           fmt::format("-n '__fish_seen_subcommand_from {}; and "
                                       "__fish_seen_subcommand_from {}'",
                                       command.name, sub.name),
                           option, bookmakers);
    }
  }
  return out;
}

}  // namespace

std::string completion_script(Shell shell, const HelpCommand& program,
                              const std::vector<std::string>& bookmakers) {
  switch (shell) {
    case Shell::Bash:
      return bash(program, bookmakers);
    case Shell::Fish:
      return fish(program, bookmakers);
    case Shell::Zsh:
      // zsh runs bash's own; `complete` is part of its distribution.
      return fmt::format(
          "#compdef {0}\n# zsh completion for {0}. source <({0} completion zsh)\n"
          "autoload -U +X bashcompinit && bashcompinit\n{1}",
          program.name, bash(program, bookmakers));
  }
  return "";
}

}  // namespace oddsloom
