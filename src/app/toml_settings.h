// Reads a settings file into loose values with the lines they stand on; what they mean is for
// base/settings.h to judge. Start-up only. The one place that knows TOML of settings.
#pragma once

#include <string>
#include <vector>

#include "base/settings.h"

namespace oddsloom {

struct TomlSettings {
  std::vector<GivenSetting> given;
  std::vector<SettingProblem> problems;  // broken TOML, a key outside any section
};

// `name` is what origins say: "oddsloom.toml:12".
TomlSettings parse_toml_settings(std::string_view text, const std::string& name);

}  // namespace oddsloom
