#include <exception>
#include <string>
#include <vector>

#include "app/assemble.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/console.h"

int main(int argc, char** argv) {
  using namespace oddsloom;
  try {
    const auto parsed = parse_command_line(std::vector<std::string>(argv + 1, argv + argc));
    if (const auto* farewell = std::get_if<Farewell>(&parsed)) {
      if (!farewell->is_error()) return printed(farewell->text);
      std::string text = farewell->text;
      while (!text.empty() && text.back() == '\n') text.pop_back();
      print_problem(text);
      return farewell->exit_code;
    }
    const auto& line = std::get<CommandLine>(parsed);
    return std::visit([&](const auto& options) { return execute(options, line.global); },
                      line.command);
  } catch (const BadStart& error) {
    print_problem(std::string("oddsloom: ") + error.what());
    return kBadUsage;
  } catch (const std::exception& error) {
    print_problem(std::string("oddsloom: ") + error.what());
    return kBadUsage;
  }
}
