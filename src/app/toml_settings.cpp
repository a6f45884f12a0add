#include "app/toml_settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace oddsloom {
namespace {

std::string origin_of(const std::string& name, const toml::node& node) {
  return fmt::format("{}:{}", name, node.source().begin.line);
}

std::string kind_of(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list with other things than texts";
  if (node.is_date() || node.is_time() || node.is_date_time()) return "a date or time";
  return "something else";
}

GivenSetting given_of(const std::string& section, std::string_view key, const toml::node& node,
                      const std::string& name) {
  GivenSetting out{section, std::string(key), StrangeValue{kind_of(node)}, origin_of(name, node)};
  if (const auto text = node.value_exact<std::string>()) {
    out.value = *text;
  } else if (const auto number = node.value_exact<std::int64_t>()) {
    out.value = *number;
  } else if (const auto real = node.value_exact<double>()) {
    out.value = *real;
  } else if (const auto truth = node.value_exact<bool>()) {
    out.value = *truth;
  } else if (const toml::array* array = node.as_array()) {
    std::vector<std::string> list;
    for (const toml::node& item : *array)
      if (const auto entry = item.value_exact<std::string>()) list.push_back(*entry);
    if (list.size() == array->size()) out.value = std::move(list);
  }
  return out;
}

}  // namespace

TomlSettings parse_toml_settings(std::string_view text, const std::string& name) {
  TomlSettings out;
  toml::table root;
  try {
    root = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    out.problems.push_back({fmt::format("{}:{}", name, error.source().begin.line), "",
                            fmt::format("no valid TOML: {}", error.description())});
    return out;
  }
  const auto read_section = [&](const std::string& section, const toml::table& table) {
    for (const auto& [key, node] : table)
      out.given.push_back(given_of(section, key.str(), node, name));
  };
  for (const auto& [key, node] : root) {
    const std::string section(key.str());
    const toml::table* table = node.as_table();
    if (!table) {
      out.problems.push_back({origin_of(name, node), section,
                              "a setting belongs in a section, such as [store] or [extract]"});
      continue;
    }
    // Sections hold values; only a section per name holds tables.
    bool names = !table->empty();
    for (const auto& [inner_key, inner] : *table) names = names && inner.is_table();
    if (!names) {
      read_section(section, *table);
      continue;
    }
    for (const auto& [inner_key, inner] : *table)
      read_section(section + "." + std::string(inner_key.str()), *inner.as_table());
  }
  return out;
}

}  // namespace oddsloom
