#include "app/command_line.h"

#include "app/command_builder.h"
#include "app/help_tree.h"

namespace oddsloom {
namespace {

HelpOption help_of(const CLI::Option& option) {
  HelpOption out;
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  if (out.names.empty()) out.positional = option.get_single_name();
  if (option.get_expected_max() > 0 && option.get_type_size_max() > 0)
    out.value = option.get_type_name();
  out.text = option.get_description();
  return out;
}

HelpCommand help_of(const CLI::App& app) {
  HelpCommand out{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options({})) {
    const bool is_everywhere = option->get_group() == kEveryCommand && app.get_parent();
    if (!option->get_group().empty() && !is_everywhere) out.options.push_back(help_of(*option));
  }
  for (const CLI::App* sub : app.get_subcommands({})) out.commands.push_back(help_of(*sub));
  return out;
}

}  // namespace

HelpCommand help_tree() { return help_of(Builder().app); }

std::variant<CommandLine, Farewell> parse_command_line(std::vector<std::string> arguments) {
  Builder builder;
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    builder.app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    const auto chosen = builder.app.get_subcommands();
    const std::string help = chosen.empty() ? builder.app.help() : chosen.front()->help("oddsloom");
    return Farewell{kDone, std::string(trim(help)) + "\n"};
  } catch (const CLI::CallForAllHelp&) {
    return Farewell{kDone, builder.app.help("", CLI::AppFormatMode::All)};
  } catch (const CLI::ParseError& error) {
    return builder.usage_error(error);
  }
  if (builder.version) {
    builder.line.command = VersionOptions{};
    return builder.line;
  }
  for (const auto& [sub, options] : builder.commands)
    if (sub->parsed()) {
      builder.line.command = options();
      return builder.line;
    }
  return Farewell{kBadUsage, builder.app.help()};
}

}  // namespace oddsloom
