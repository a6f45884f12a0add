// The rows of the settings table for what clients are served, and the struct they fill. Start-up
// only. Values; any thread.
#pragma once

#include <string>

#include "app/paths.h"
#include "base/settings.h"
#include "serve/http_server.h"
#include "serve/odds_api.h"

namespace oddsloom {

SettingTable serve_settings_table();

HttpServerConfig http_server_settings(const Settings& settings);
OddsApiConfig odds_api_settings(const Settings& settings);
std::string keys_file(const Settings& settings, const Environment& environment);

}  // namespace oddsloom
