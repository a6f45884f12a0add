#include "app/manual_page.h"

#include <fmt/format.h>

#include <algorithm>

namespace oddsloom {
namespace {

// Text that roff takes as it is: no line begins with a control character, dashes stay dashes.
std::string escaped(const std::string& text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    begins = c == '\n';
  }
  return out;
}

std::string option_text(const HelpOption& option) {
  std::string name =
      option.names.empty() ? option.positional : fmt::format("{}", fmt::join(option.names, ", "));
  std::string head = "\\fB" + escaped(name) + "\\fR";
  if (!option.names.empty() && !option.value.empty())
    head += " \\fI" + escaped(option.value) + "\\fR";
  std::string text = escaped(option.text);
  if (!option.values.empty()) text += escaped(fmt::format(" ({})", fmt::join(option.values, ", ")));
  return fmt::format(".TP\n{}\n{}\n", head, text);
}

void add_command(std::string& out, const HelpCommand& command, const std::string& path) {
  out += fmt::format(".SS {}\n{}\n", escaped(path), escaped(command.text));
  for (const HelpOption& option : command.options) out += option_text(option);
  if (!command.footer.empty()) out += ".PP\n.nf\n" + escaped(command.footer) + "\n.fi\n";
  for (const HelpCommand& sub : command.commands) add_command(out, sub, path + " " + sub.name);
}

}  // namespace

std::string manual_page(const HelpCommand& program, const std::string& version) {
  std::string out = fmt::format(
      ".TH {} 1 \"\" \"{} {}\" \"User commands\"\n.SH NAME\n{} \\- live odds of many bookmakers, "
      "complete, right and fresh\n.SH SYNOPSIS\n\\fB{}\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\n{}\n.SH OPTIONS\n",
      program.name, program.name, version, program.name, program.name, escaped(program.text));
  for (const HelpOption& option : program.options) out += option_text(option);
  out += ".SH COMMANDS\n";
  for (const HelpCommand& command : program.commands) add_command(out, command, command.name);
  out += fmt::format(".SH EXAMPLES\n.nf\n{}\n.fi\n", escaped(program.footer));
  out +=
      ".SH FILES\n.TP\n\\fI/etc/oddsloom/oddsloom.toml\\fR, \\fI./oddsloom.toml\\fR\nSettings; "
      "\\fBoddsloom config\\fR shows what is in force and where from.\n";
  return out;
}

}  // namespace oddsloom
