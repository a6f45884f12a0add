#include "app/commands.h"
#include "app/console.h"
#include "app/version.h"

namespace oddsloom {

int execute(const VersionOptions&, const GlobalOptions&) {
  return printed("oddsloom " + std::string(kVersion) + "\n");
}

}  // namespace oddsloom
