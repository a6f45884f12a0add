#include "app/paths.h"

#include <unistd.h>

#include <cstring>

namespace oddsloom {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// A relative XDG path is to be ignored, as the specification says.
fs::path xdg_folder(const Environment& environment, const char* variable, const char* below_home) {
  if (const auto at = environment.find(variable);
      at != environment.end() && fs::path(at->second).is_absolute())
    return at->second;
  if (const auto home = environment.find("HOME");
      home != environment.end() && !home->second.empty())
    return fs::path(home->second) / below_home;
  return {};
}

}  // namespace

Environment read_environment() {
  Environment out;
  for (char** line = environ; line && *line; ++line)
    if (const char* equals = std::strchr(*line, '='))
      out.emplace(std::string(*line, static_cast<std::size_t>(equals - *line)),
                  std::string(equals + 1));
  return out;
}

fs::path state_folder(const Environment& environment) {
  const fs::path base = xdg_folder(environment, "XDG_STATE_HOME", ".local/state");
  return base.empty() ? fs::path("oddsloom-state") : base / "oddsloom";
}

std::optional<fs::path> find_config_file(const Environment& environment) {
  if (is_there("oddsloom.toml")) return fs::path("oddsloom.toml");
  const fs::path base = xdg_folder(environment, "XDG_CONFIG_HOME", ".config");
  if (base.empty()) return std::nullopt;
  fs::path file = base / "oddsloom" / "oddsloom.toml";
  if (!is_there(file)) return std::nullopt;
  return file;
}

fs::path find_bookmakers_folder(const fs::path& program_folder) {
  for (const fs::path& folder :
       {fs::path("bookmakers"), program_folder / ".." / ".." / "bookmakers",
        program_folder / ".." / "bookmakers",
        program_folder / ".." / "share" / "oddsloom" / "bookmakers"})
    if (is_there(folder / "bet_types.toml")) return folder.lexically_normal();
  return "bookmakers";
}

fs::path program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path(".") : program.parent_path();
}

}  // namespace oddsloom
