// The settings table as pages for people: docs/configuration.md, an example file, and what is in
// force now. Used by `oddsloom config`. Pure; any thread.
#pragma once

#include <string>

#include "base/settings.h"

namespace oddsloom {

// docs/configuration.md, whole.
std::string configuration_page(const SettingTable& table);

// A settings file with every setting commented out at its default.
std::string example_settings(const SettingTable& table);

// As TOML, each line with where its value comes from; secrets as "***".
std::string effective_settings(const SettingTable& table, const Settings& settings);
// [{"key", "value", "origin"}], values as in the TOML form.
std::string effective_settings_json(const SettingTable& table, const Settings& settings);

}  // namespace oddsloom
