#include <fmt/format.h>

#include <filesystem>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "bookmaker/folder_check.h"

namespace oddsloom {
namespace {

namespace fs = std::filesystem;

struct Mistake {
  std::string where, key, message;
};

struct Findings {
  std::vector<Mistake> all;
  std::vector<std::string> sound;  // bookmakers without a problem

  void add(const std::vector<Problem>& problems) {
    for (const Problem& problem : problems)
      all.push_back(
          {problem.line > 0 ? fmt::format("{}:{}", problem.file, problem.line) : problem.file,
           problem.key, problem.message});
  }
};

void check_bookmaker(const fs::path& folder, const BetTypes& bet_types, Findings& findings) {
  const auto loaded = load_bookmaker(folder.string(), bet_types);
  if (!loaded) return findings.add(loaded.error());
  // The folder is its own test: its stored answers must still give what is expected of them.
  const auto differences = check_payloads(folder.string(), *loaded, bet_types);
  if (differences.empty()) findings.sound.push_back(loaded->name);
  findings.add(differences);
}

// A folder of bookmakers, or that of one of them.
void check_folder(const fs::path& given, Findings& findings) {
  std::error_code ignored;
  const bool single = fs::exists(given / "bookmaker.toml", ignored);
  const fs::path whole = single ? fs::absolute(given).lexically_normal() : given;
  // "X/" has an empty last part
  const fs::path one = whole.has_filename() ? whole : whole.parent_path();
  const auto bet_types =
      load_bet_types(((single ? one.parent_path() : given) / "bet_types.toml").string());
  if (!bet_types) {
    findings.add(bet_types.error());
    return;
  }
  if (single) return check_bookmaker(one, *bet_types, findings);
  const auto names = bookmaker_names(given.string());
  if (names.empty())
    findings.all.push_back({given.string(), "", "holds no folder with a bookmaker.toml"});
  for (const std::string& name : names) check_bookmaker(given / name, *bet_types, findings);
}

std::string json_of(const Findings& findings) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("ok", findings.all.empty()).key("problems").begin_array();
  for (const Mistake& finding : findings.all)
    json.begin_object()
        .member("where", finding.where)
        .member("key", finding.key)
        .member("message", finding.message)
        .end_object();
  json.end_array().key("bookmakers").begin_array();
  for (const std::string& name : findings.sound) json.value(name);
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace

int execute(const CheckOptions& options, const GlobalOptions& global) {
  Findings findings;
  const auto config = settings_of(global, read_environment());
  std::string folder = options.folder;
  if (config) {
    if (folder.empty()) folder = config->settings.text("bookmakers", "folder");
  } else {
    for (const SettingProblem& problem : config.error())
      findings.all.push_back({problem.origin, problem.key, problem.message});
    // What the settings would have said is not known; the usual place still can be looked at.
    if (folder.empty()) folder = find_bookmakers_folder(program_folder()).string();
  }
  check_folder(folder, findings);

  const int verdict = findings.all.empty() ? kDone : kBadUsage;
  if (options.json) return std::max(printed(json_of(findings)), verdict);
  for (const Mistake& finding : findings.all)
    print_problem(SettingProblem{finding.where, finding.key, finding.message}.text());
  if (verdict != kDone) {
    print_problem(fmt::format("{} {}", findings.all.size(),
                              findings.all.size() == 1 ? "problem" : "problems"));
    return verdict;
  }
  return printed(
      fmt::format("settings: {}\nbookmakers: {} ({})\n",
                  config->file.empty() ? "no file, defaults and environment" : config->file,
                  fmt::join(findings.sound, ", "), folder));
}

}  // namespace oddsloom
