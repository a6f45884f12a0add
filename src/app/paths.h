// Where the program finds and keeps its files, after the XDG base directory rules. Start-up only.
// Pure but for looking whether files exist; any thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace oddsloom {

using Environment = std::map<std::string, std::string>;

Environment read_environment();

// $XDG_STATE_HOME/oddsloom, else ~/.local/state/oddsloom, else ./oddsloom-state where there is no
// home. Nothing is created.
std::filesystem::path state_folder(const Environment& environment);

// ./oddsloom.toml, else $XDG_CONFIG_HOME/oddsloom/oddsloom.toml (or below ~/.config); nothing if
// neither exists.
std::optional<std::filesystem::path> find_config_file(const Environment& environment);

// The folder that holds bet_types.toml: ./bookmakers, <program>/../../bookmakers (a build in the
// source tree: build/<preset>), <program>/../bookmakers, <program>/../share/oddsloom/bookmakers.
// ./bookmakers if there is none.
std::filesystem::path find_bookmakers_folder(const std::filesystem::path& program_folder);

std::filesystem::path program_folder();  // of the running executable

}  // namespace oddsloom
