#include "bookmaker/spec_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/text.h"

namespace oddsloom {
namespace {

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

std::string_view kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

std::string expected(std::string_view what, const toml::node& node) {
  return fmt::format("expected {}, found {}", what, kind_of(node));
}

}  // namespace

std::optional<toml::table> parse_toml(std::string_view text, Problems& problems) {
  try {
    return toml::parse(text, problems.file);
  } catch (const toml::parse_error& error) {
    problems.add(static_cast<int>(error.source().begin.line), "",
                 fmt::format("no valid TOML: {}", error.description()));
    return std::nullopt;
  }
}

std::optional<std::string> read_spec_file(const std::string& file, Problems& problems) {
  constexpr std::size_t kMostBytes = 1'000'000;
  std::ifstream in(file, std::ios::binary);
  std::string text(kMostBytes + 1, '\0');
  if (!in || !in.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    problems.add(0, "", in.gcount() > 0 ? "is larger than 1 MB" : "cannot be read");
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string Section::key_path(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return key.empty() ? path_ : fmt::format("{}.{}", path_, key);
}

void Section::complain(std::string_view key, std::string message) {
  const toml::node* node = key.empty() ? nullptr : table_.get(key);
  problems_.add(line_of(node ? *node : static_cast<const toml::node&>(table_)), key_path(key),
                std::move(message));
}

const toml::node* Section::take(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

std::optional<std::string> Section::text(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return std::nullopt;
  if (const auto* value = node->as_string()) return value->get();
  complain(key, expected("a text", *node));
  return std::nullopt;
}

std::string Section::required_text(std::string_view key) {
  auto value = text(key);
  if (!has(key))
    complain(key, "is missing");
  else if (value && value->empty())
    complain(key, "expected a text that is not empty");
  return value.value_or("");
}

std::optional<std::string> Section::id(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return std::nullopt;
  if (const auto* value = node->as_integer()) return fmt::format("{}", value->get());
  if (const auto* value = node->as_string(); value && !value->get().empty()) return value->get();
  complain(key, expected("an id (a text or an integer)", *node));
  return std::nullopt;
}

std::size_t Section::count(std::string_view key, std::size_t otherwise, std::size_t least,
                           std::size_t most) {
  const toml::node* node = take(key);
  if (!node) return otherwise;
  const auto* value = node->as_integer();
  if (!value) {
    complain(key, expected("an integer", *node));
  } else if (value->get() < 0 || static_cast<std::size_t>(value->get()) < least ||
             static_cast<std::size_t>(value->get()) > most) {
    complain(key, fmt::format("expected {} to {}, found {}", least, most, value->get()));
  } else {
    return static_cast<std::size_t>(value->get());
  }
  return otherwise;
}

double Section::real(std::string_view key, double otherwise, double least, double most) {
  const toml::node* node = take(key);
  if (!node) return otherwise;
  const auto value = node->value<double>();
  if (!node->is_number() || !value)
    complain(key, expected("a number", *node));
  else if (!(*value >= least && *value <= most))
    complain(key, fmt::format("expected {} to {}, found {}", least, most, *value));
  else
    return *value;
  return otherwise;
}

bool Section::truth(std::string_view key, bool otherwise) {
  const toml::node* node = take(key);
  if (!node) return otherwise;
  if (const auto* value = node->as_boolean()) return value->get();
  complain(key, expected("true or false", *node));
  return otherwise;
}

std::optional<Millis> Section::required_duration(std::string_view key) {
  const auto value = text(key);
  if (!value) {
    if (!has(key)) complain(key, "is missing; such as \"15s\"");
    return std::nullopt;
  }
  auto duration = parse_duration(*value);
  if (duration && *duration > Millis(0)) return *duration;
  complain(key, duration ? "expected more than nothing" : duration.error().message);
  return std::nullopt;
}

std::vector<std::string> Section::texts(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return {};
  std::vector<std::string> out;
  const toml::array* array = node->as_array();
  if (array)
    for (const toml::node& item : *array)
      if (const auto* value = item.as_string()) out.push_back(value->get());
  if (!array || out.size() != array->size())
    complain(key, array ? "expected a list of texts, found something else in it"
                        : expected("a list of texts", *node));
  return out;
}

TextPairs Section::pairs(std::string_view key) {
  const auto inner = section(key);
  if (!inner) return {};
  TextPairs out;
  for (const std::string& name : inner->keys()) {
    const toml::node* node = inner->table_.get(name);
    if (const auto* value = node->as_string())
      out.emplace_back(name, value->get());
    else
      problems_.add(line_of(*node), inner->key_path(name), expected("a text", *node));
  }
  return out;
}

std::optional<std::size_t> Section::choice(std::string_view key,
                                           const std::vector<std::string>& choices) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto at = std::find(choices.begin(), choices.end(), *value);
  if (at != choices.end()) return static_cast<std::size_t>(at - choices.begin());
  const auto near = nearest(*value, choices);
  complain(key, fmt::format("expected one of {}, found '{}'{}", fmt::join(choices, ", "), *value,
                            near ? fmt::format("; did you mean '{}'?", *near) : ""));
  return std::nullopt;
}

std::optional<Section> Section::section(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return std::nullopt;
  if (const toml::table* table = node->as_table()) return Section(*table, key_path(key), problems_);
  complain(key, expected("a table", *node));
  return std::nullopt;
}

std::vector<Section> Section::sections(std::string_view key) {
  auto outer = section(key);
  std::vector<Section> out;
  if (!outer) return out;
  for (const std::string& name : outer->keys())
    if (auto inner = outer->section(name)) out.push_back(*std::move(inner));
  return out;
}

std::vector<std::string> Section::keys() const {
  std::vector<std::pair<toml::source_position, std::string>> placed;
  for (const auto& [key, node] : table_)
    placed.emplace_back(key.source().begin, std::string(key.str()));
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (auto& [position, key] : placed) out.push_back(std::move(key));
  return out;
}

void Section::finish() {
  for (const std::string& key : keys()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const auto near = nearest(key, known_);
    complain(key, near ? fmt::format("unknown key; did you mean '{}'?", *near)
                       : fmt::format("unknown key; known here are {}", fmt::join(known_, ", ")));
  }
}

}  // namespace oddsloom
