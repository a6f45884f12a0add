// Reads a TOML table member by member and keeps every complaint with file, line and key, so that
// one look at a broken file shows all that is wrong with it. Start-up only; one thread.
#pragma once

#include <toml++/toml.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "bookmaker/spec.h"

namespace oddsloom {

struct Problems {
  std::string file;
  std::vector<Problem> all;
  void add(int line, std::string key, std::string message) {
    all.push_back({file, line, std::move(key), std::move(message)});
  }
};

// Parses the text; nothing and a problem when it is no TOML.
std::optional<toml::table> parse_toml(std::string_view text, Problems& problems);
// Nothing and a problem when there is no such file, or it is larger than a bookmaker's can be.
std::optional<std::string> read_spec_file(const std::string& file, Problems& problems);

using TextPairs = std::vector<std::pair<std::string, std::string>>;

class Section {
 public:
  Section(const toml::table& table, std::string path, Problems& problems)
      : table_(table), path_(std::move(path)), problems_(problems) {}

  // Each names the key as known and complains of a wrong type, range or a key that must be there.
  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key);
  std::optional<std::string> id(std::string_view key);  // text or integer
  std::size_t count(std::string_view key, std::size_t otherwise, std::size_t least,
                    std::size_t most);
  double real(std::string_view key, double otherwise, double least, double most);
  bool truth(std::string_view key, bool otherwise);
  std::optional<Millis> required_duration(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  TextPairs pairs(std::string_view key);  // a table of texts, in the order of the file
  // Index into `choices`.
  std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string>& choices);
  std::optional<Section> section(std::string_view key);
  std::vector<Section> sections(std::string_view key);  // a table of tables, in the file's order

  // Keys that nobody asked for are mistakes. Call when all were read.
  void finish();

  void complain(std::string_view key, std::string message);
  bool has(std::string_view key) const { return table_.contains(key); }
  std::string name() const { return path_.substr(path_.rfind('.') + 1); }
  const std::string& path() const { return path_; }
  // Keys in the order of the file.
  std::vector<std::string> keys() const;

 private:
  const toml::node* take(std::string_view key);
  std::string key_path(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string> known_;
};

}  // namespace oddsloom
