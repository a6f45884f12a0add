#include "layering/source_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/text.h"

namespace oddsloom::layering {
namespace {

namespace fs = std::filesystem;

std::optional<SourceFile> read_text(const fs::path& root, const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  if (all.str().find('\0') != std::string::npos) return std::nullopt;
  SourceFile file{fs::relative(path, root).generic_string(), {}};
  std::istringstream text(all.str());
  for (std::string line; std::getline(text, line);) file.lines.push_back(line);
  return file;
}

// src/model/price.h lies in "model", sim/world.h in "sim".
std::string folder_of(std::string_view path) {
  if (path.substr(0, 4) == "src/") path.remove_prefix(4);
  return std::string(path.substr(0, path.find('/')));
}

struct Include {
  std::string name;
  bool quoted = false;
};

std::optional<Include> include_of(std::string_view line) {
  line = trim(line);
  if (line.substr(0, 1) != "#") return std::nullopt;
  line = trim(line.substr(1));
  if (line.substr(0, 7) != "include") return std::nullopt;
  line = trim(line.substr(7));
  if (line.empty()) return std::nullopt;
  const auto end = line.find(line[0] == '<' ? '>' : '"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), line[0] == '"'};
}

std::string_view without_comment(std::string_view line) { return line.substr(0, line.find("//")); }

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where `word` stands in `line` with no letter or digit beside it.
std::size_t find_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool starts = at == 0 || !is_word_character(line[at - 1]);
    if (starts && (end == line.size() || !is_word_character(line[end]))) return at;
  }
  return std::string_view::npos;
}

bool makes_thread(std::string_view line) {
  for (const std::string_view word : {"pthread_create", "std::async"})
    if (find_word(line, word) != std::string_view::npos) return true;
  for (const std::string_view word : {"std::thread", "std::jthread"})
    for (auto from = line; !from.empty();) {
      const auto at = find_word(from, word);
      if (at == std::string_view::npos) break;
      from.remove_prefix(at + word.size());
      // std::thread::id and hardware_concurrency() make none.
      if (from.substr(0, 2) != "::") return true;
    }
  return false;
}

using Rule = std::function<std::string(const SourceFile&, std::string_view line)>;

// One finding for every line about which the rule has something to say.
Findings per_line(const Files& files, const Rule& rule) {
  Findings findings;
  for (const SourceFile& file : files)
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (const std::string what = rule(file, file.lines[i]); !what.empty())
        findings.push_back(file.path + ":" + std::to_string(i + 1) + ": " + what);
  return findings;
}

}  // namespace

Files read_files(const std::string& root, const std::vector<std::string>& places) {
  std::vector<fs::path> paths;
  for (const std::string& place : places) {
    const fs::path path = fs::path(root) / place;
    if (fs::is_regular_file(path)) paths.push_back(path);
    if (!fs::is_directory(path)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  Files files;
  for (const fs::path& path : paths)
    if (auto file = read_text(root, path)) files.push_back(*std::move(file));
  return files;
}

Files only(const Files& files, const std::function<bool(const SourceFile&)>& wanted) {
  Files out;
  std::copy_if(files.begin(), files.end(), std::back_inserter(out), wanted);
  return out;
}

bool is_header(const SourceFile& file) { return fs::path(file.path).extension() == ".h"; }
bool is_cpp(const SourceFile& file) {
  return is_header(file) || fs::path(file.path).extension() == ".cpp";
}

Findings forbidden_arrows(const Files& files, const Arrows& may_use) {
  return per_line(files, [&](const SourceFile& file, std::string_view line) -> std::string {
    const auto include = include_of(line);
    if (!include || !include->quoted) return "";
    const std::string from = folder_of(file.path);
    if (include->name.find('/') == std::string::npos)
      return "includes \"" + include->name + "\" without its folder";
    const std::string to = include->name.substr(0, include->name.find('/'));
    const auto allowed = may_use.find(from);
    if (allowed == may_use.end()) return "folder " + from + " is not in the table of folders";
    if (to == from || allowed->second.count(to) != 0) return "";
    return from + " may not use " + to + " (" + include->name + ")";
  });
}

Findings too_long(const Files& files, std::size_t most_lines) {
  Findings findings;
  for (const SourceFile& file : files)
    if (file.lines.size() > most_lines)
      findings.push_back(file.path + ":" + std::to_string(file.lines.size()) +
                         ": more lines than " + std::to_string(most_lines));
  return findings;
}

Findings headers_without_pragma_once(const Files& files) {
  Findings findings;
  for (const SourceFile& file : files)
    if (is_header(file) && std::none_of(file.lines.begin(), file.lines.end(),
                                        [](const auto& line) { return line == "#pragma once"; }))
      findings.push_back(file.path + ":1: no #pragma once");
  return findings;
}

Findings includes_of(const Files& files, const std::vector<std::string>& names) {
  return per_line(files, [&](const SourceFile&, std::string_view line) -> std::string {
    const auto include = include_of(line);
    const bool found = include && std::any_of(names.begin(), names.end(), [&](const auto& name) {
                         return include->name.compare(0, name.size(), name) == 0;
                       });
    return found ? "includes " + include->name : "";
  });
}

Findings words_in_code(const Files& files, const std::vector<std::string>& words) {
  return per_line(files, [&](const SourceFile&, std::string_view line) -> std::string {
    for (const std::string& word : words)
      if (find_word(without_comment(line), word) != std::string_view::npos) return word;
    return "";
  });
}

Findings threads_made(const Files& files) {
  return per_line(files, [](const SourceFile&, std::string_view line) -> std::string {
    return makes_thread(without_comment(line)) ? std::string(trim(line)) : "";
  });
}

Findings types_defined_twice(const Files& files) {
  std::map<std::string, std::string> known;  // "oddsloom::X" -> where
  Findings findings;
  for (const SourceFile& file : files) {
    std::vector<std::string> inside;  // of namespaces
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string_view line = file.lines[i];
      if (line.starts_with("namespace ") && line.ends_with("{"))
        inside.emplace_back(trim(line.substr(10, line.size() - 11)));
      if (line.starts_with("}  // namespace") && !inside.empty()) inside.pop_back();
      const bool hidden = std::count(inside.begin(), inside.end(), "") > 0;
      const bool begins = line.starts_with("class ") || line.starts_with("struct ");
      if (hidden || !begins || !line.ends_with("{")) continue;
      std::string_view name = line.substr(line.find(' ') + 1);
      name = name.substr(0, name.find_first_of(" {"));
      if (name.find(':') != std::string_view::npos || name.find('<') != std::string_view::npos)
        continue;
      const std::string whole = (inside.empty() ? "" : inside.back() + "::") + std::string(name);
      const auto [at, is_new] = known.emplace(whole, file.path + ":" + std::to_string(i + 1));
      if (!is_new)
        findings.push_back(file.path + ":" + std::to_string(i + 1) + ": " + whole +
                           " is defined at " + at->second + ", too");
    }
  }
  return findings;
}

Findings texts_in(const Files& files, const std::vector<std::string>& texts) {
  return per_line(files, [&](const SourceFile&, std::string_view line) -> std::string {
    for (const std::string& text : texts)
      if (contains_ignore_case_ascii(line, text)) return "names " + text;
    return "";
  });
}

std::string listed(const Findings& findings) {
  std::string out = std::to_string(findings.size()) + " finding(s):";
  for (const std::string& finding : findings) out += "\n  " + finding;
  return out;
}

}  // namespace oddsloom::layering
