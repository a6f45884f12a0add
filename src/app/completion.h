// Completion scripts for shells: `oddsloom completion bash|zsh|fish`. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "app/help_tree.h"

namespace oddsloom {

enum class Shell { Bash, Zsh, Fish };

// `bookmakers`: offered where a bookmaker is wanted.
std::string completion_script(Shell shell, const HelpCommand& program,
                              const std::vector<std::string>& bookmakers);

}  // namespace oddsloom
