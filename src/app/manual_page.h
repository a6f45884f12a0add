// The manual page, oddsloom(1), in roff: `oddsloom manual | man -l -`. Pure; any thread.
#pragma once

#include <string>

#include "app/help_tree.h"

namespace oddsloom {

std::string manual_page(const HelpCommand& program, const std::string& version);

}  // namespace oddsloom
