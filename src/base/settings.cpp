#include "base/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/json_writer.h"
#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::string_view kVariablePrefix = "ODDSLOOM_";

std::string to_upper_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '.') c = '_';
  }
  return out;
}

std::string id_of(std::string_view section, std::string_view key) {
  const auto dot = section.find('.');
  std::string out(section.substr(0, dot));
  if (dot != std::string_view::npos) out += to_lower_ascii(section.substr(dot));
  return out.append(".").append(key);
}

bool in_section(const Setting& setting, std::string_view section) {
  if (!setting.per_name()) return setting.section == section;
  const std::string head = setting.section_head() + ".";
  return section.size() > head.size() && section.substr(0, head.size()) == head;
}

bool is_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string number_text(const Setting& setting, double number) {
  if (setting.type == SettingType::Duration)
    return to_text(Millis(static_cast<std::int64_t>(number)));
  return fmt::format("{}", number);
}

bool within(const Setting& setting, double number) {
  return (!setting.least || number >= *setting.least) && (!setting.most || number <= *setting.most);
}

std::optional<double> parse_real(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "on", "1"})
    if (equals_ignore_case_ascii(text, yes)) return true;
  for (const std::string_view no : {"false", "no", "off", "0"})
    if (equals_ignore_case_ascii(text, no)) return false;
  return std::nullopt;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view piece : split(text, ','))
    if (const auto item = trim(piece); !item.empty()) out.emplace_back(item);
  return out;
}

// Text that stands for a value, as an environment variable holds it. Bounds are not looked at.
std::optional<SettingValue> from_text(const Setting& setting, std::string_view text) {
  switch (setting.type) {
    case SettingType::Text:
    case SettingType::Name:
    case SettingType::Choice:
      return std::string(text);
    case SettingType::Integer:
      if (const auto number = parse_int(trim(text))) return *number;
      return std::nullopt;
    case SettingType::Real:
      if (const auto number = parse_real(trim(text))) return *number;
      return std::nullopt;
    case SettingType::Duration:
      if (const auto span = parse_duration(trim(text))) return *span;
      return std::nullopt;
    case SettingType::Boolean:
      if (const auto truth = parse_boolean(trim(text))) return *truth;
      return std::nullopt;
    case SettingType::TextList:
      return split_list(text);
  }
  return std::nullopt;
}

std::optional<SettingValue> typed(const Setting& setting, const GivenSetting& given) {
  if (const auto* text = std::get_if<std::string>(&given.value)) {
    if (given.textual) return from_text(setting, *text);
    switch (setting.type) {
      case SettingType::Text:
      case SettingType::Name:
      case SettingType::Choice:
      case SettingType::Duration:
        return from_text(setting, *text);
      default:
        return std::nullopt;
    }
  }
  if (const auto* number = std::get_if<std::int64_t>(&given.value)) {
    if (setting.type == SettingType::Integer) return *number;
    if (setting.type == SettingType::Real) return static_cast<double>(*number);
  }
  if (const auto* real = std::get_if<double>(&given.value);
      real && setting.type == SettingType::Real && std::isfinite(*real))
    return *real;
  if (const auto* truth = std::get_if<bool>(&given.value);
      truth && setting.type == SettingType::Boolean)
    return *truth;
  if (const auto* list = std::get_if<std::vector<std::string>>(&given.value);
      list && setting.type == SettingType::TextList)
    return *list;
  return std::nullopt;
}

bool allowed(const Setting& setting, const SettingValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return within(setting, static_cast<double>(*number));
  if (const auto* real = std::get_if<double>(&value)) return within(setting, *real);
  if (const auto* span = std::get_if<Millis>(&value))
    return within(setting, static_cast<double>(span->count()));
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (setting.type == SettingType::Name)
      return is_name(*text) && (!text->empty() || setting.default_text.empty());
    if (setting.type == SettingType::Choice)
      return std::find(setting.choices.begin(), setting.choices.end(), *text) !=
             setting.choices.end();
  }
  if (const auto* list = std::get_if<std::vector<std::string>>(&value);
      list && !setting.choices.empty())
    return std::all_of(list->begin(), list->end(), [&](const std::string& item) {
      return std::find(setting.choices.begin(), setting.choices.end(), item) !=
             setting.choices.end();
    });
  return true;
}

std::string found_text(const Setting& setting, const GivenSetting& given) {
  if (setting.secret) return "something else (a secret, not shown)";
  if (const auto* text = std::get_if<std::string>(&given.value); text && setting.url)
    return "'" + redact_url(*text) + "'";
  struct Describe {
    std::string operator()(const std::string& text) const { return "'" + text + "'"; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(const std::vector<std::string>& list) const {
      return fmt::format("[{}]", fmt::join(list, ", "));
    }
    std::string operator()(const StrangeValue& strange) const { return strange.what; }
  };
  return std::visit(Describe{}, given.value);
}

std::string unknown_message(const SettingTable& table, const GivenSetting& given) {
  std::vector<std::string> keys, sections;
  std::string elsewhere;
  for (const Setting& setting : table) {
    if (in_section(setting, given.section)) keys.push_back(setting.key);
    if (setting.key == given.key && elsewhere.empty()) elsewhere = setting.section;
    sections.push_back(setting.section_head());
  }
  if (keys.empty()) {
    for (const Setting& setting : table)
      if (setting.per_name() && setting.section_head() == given.section)
        return fmt::format("expected a name in the section: [{}.NAME]", given.section);
    const auto meant = nearest(given.section.substr(0, given.section.find('.')), sections);
    return meant ? fmt::format("unknown section; did you mean [{}]?", *meant) : "unknown section";
  }
  if (const auto meant = nearest(given.key, keys))
    return fmt::format("unknown setting; did you mean {}?", *meant);
  if (!elsewhere.empty())
    return fmt::format("unknown setting; {} belongs in [{}]", given.key, elsewhere);
  return fmt::format("unknown setting; [{}] has {}", given.section, fmt::join(keys, ", "));
}

}  // namespace

std::string Setting::section_head() const {
  return per_name() ? section.substr(0, section.size() - 2) : section;
}

bool Setting::per_name() const {
  return section.size() > 2 && section.compare(section.size() - 2, 2, ".*") == 0;
}

std::string Setting::variable() const {
  const std::string middle = per_name() ? section_head() + "_<NAME>" : section;
  return std::string(kVariablePrefix) + to_upper_ascii(middle) + "_" + to_upper_ascii(key);
}

std::string SettingProblem::text() const {
  std::string out = origin;
  for (const std::string& part : {key, message})
    if (!part.empty()) out += (out.empty() ? "" : ": ") + part;
  return out;
}

const Settings::Held& Settings::at(std::string_view section, std::string_view key) const {
  const Held* held = find(section, key);
  if (!held) throw std::out_of_range("no setting " + id_of(section, key));
  return *held;
}

const Settings::Held* Settings::find(std::string_view section, std::string_view key) const {
  const auto at = values_.find(id_of(section, key));
  return at == values_.end() ? nullptr : &at->second;
}

bool Settings::is_given(std::string_view section, std::string_view key) const {
  const Held* held = find(section, key);
  return held && held->given;
}

void Settings::set(std::string section, std::string key, Held held) {
  values_.insert_or_assign(id_of(section, key), std::move(held));
  if (section.find('.') == std::string::npos) return;
  for (const std::string& known : named_sections_)
    if (equals_ignore_case_ascii(known, section)) return;
  named_sections_.push_back(std::move(section));
}

std::vector<std::string> Settings::names_below(std::string_view head) const {
  std::vector<std::string> out;
  const std::string prefix = std::string(head) + ".";
  for (const std::string& section : named_sections_)
    if (section.compare(0, prefix.size(), prefix) == 0)
      out.push_back(section.substr(prefix.size()));
  return out;
}

tl::expected<Settings, std::vector<SettingProblem>> resolve_settings(
    const SettingTable& table, const std::vector<GivenSetting>& given) {
  Settings settings;
  std::vector<SettingProblem> problems;
  for (const Setting& setting : table)
    if (!setting.per_name())
      settings.set(setting.section, setting.key, {default_value(setting), "default", false});
  for (const GivenSetting& one : given) {
    const auto row = std::find_if(table.begin(), table.end(), [&](const Setting& setting) {
      return setting.key == one.key && in_section(setting, one.section);
    });
    const std::string name = one.key.empty() ? one.section : one.section + "." + one.key;
    if (row == table.end()) {
      problems.push_back({one.origin, name, unknown_message(table, one)});
      continue;
    }
    auto value = typed(*row, one);
    if (!value || !allowed(*row, *value)) {
      problems.push_back(
          {one.origin, name,
           fmt::format("expected {}, found {}", expectation(*row), found_text(*row, one))});
      continue;
    }
    settings.set(one.section, one.key,
                 {*std::move(value), one.fallback ? "default" : one.origin, !one.fallback});
  }
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return settings;
}

std::vector<GivenSetting> settings_from_environment(
    const SettingTable& table, const std::map<std::string, std::string>& environment) {
  std::vector<GivenSetting> aliases, own;
  const auto give = [](std::vector<GivenSetting>& to, std::string section, std::string key,
                       const std::string& variable, const std::string& value) {
    to.push_back({std::move(section), std::move(key), value, "environment " + variable, true});
  };
  const auto known_alias = [&](const std::string& variable) {
    return std::any_of(table.begin(), table.end(),
                       [&](const Setting& setting) { return setting.alias == variable; });
  };
  // The setting a variable names; else the longest section it starts with, to object to.
  const auto match = [&](const std::string& variable, const std::string& value) {
    std::string section, rest;
    for (const Setting& setting : table) {
      const std::string head =
          std::string(kVariablePrefix) + to_upper_ascii(setting.section_head()) + "_";
      if (variable.compare(0, head.size(), head) != 0) continue;
      const std::string tail = variable.substr(head.size());
      const std::string key = to_upper_ascii(setting.key);
      if (!setting.per_name() && tail == key)
        return give(own, setting.section, setting.key, variable, value);
      if (setting.per_name() && tail.size() > key.size() + 1 &&
          tail.compare(tail.size() - key.size() - 1, std::string::npos, "_" + key) == 0)
        return give(own,
                    setting.section_head() + "." + tail.substr(0, tail.size() - key.size() - 1),
                    setting.key, variable, value);
      section = setting.per_name() ? setting.section_head() + "." + tail : setting.section;
      rest = to_lower_ascii(tail);
    }
    if (!section.empty()) give(own, section, rest, variable, value);
  };
  for (const auto& [variable, value] : environment) {
    if (value.empty()) continue;
    for (const Setting& setting : table)
      if (!setting.alias.empty() && setting.alias == variable)
        give(aliases, setting.section, setting.key, variable, value);
    if (variable.compare(0, kVariablePrefix.size(), kVariablePrefix) == 0 && !known_alias(variable))
      match(variable, value);
  }
  aliases.insert(aliases.end(), own.begin(), own.end());
  return aliases;
}

std::string expectation(const Setting& setting) {
  const auto bounds = [&] {
    if (setting.least && setting.most)
      return fmt::format(" from {} to {}", number_text(setting, *setting.least),
                         number_text(setting, *setting.most));
    if (setting.least) return fmt::format(" of at least {}", number_text(setting, *setting.least));
    return std::string();
  };
  switch (setting.type) {
    case SettingType::Text:
      return "text";
    case SettingType::Name:
      return "letters, digits, '_' and '-'";
    case SettingType::Integer:
      return "an integer" + bounds();
    case SettingType::Real:
      return "a number" + bounds();
    case SettingType::Duration:
      return "a duration" + bounds() + " (written like 100ms, 15s, 2m, 6h)";
    case SettingType::Boolean:
      return "true or false";
    case SettingType::Choice:
      return fmt::format("one of {}", fmt::join(setting.choices, ", "));
    case SettingType::TextList:
      if (!setting.choices.empty())
        return fmt::format("a list of {}", fmt::join(setting.choices, ", "));
      return "a list of texts";
  }
  return {};
}

std::string to_toml(const SettingValue& value) {
  struct Write {
    std::string operator()(const std::string& text) const {
      std::string out;
      append_json_string(out, text);
      return out;
    }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const {
      std::string out = fmt::format("{}", number);
      return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
    }
    std::string operator()(Millis span) const { return (*this)(to_text(span)); }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(const std::vector<std::string>& list) const {
      std::string out = "[";
      for (const std::string& item : list) out += (out.size() > 1 ? ", " : "") + (*this)(item);
      return out + "]";
    }
  };
  return std::visit(Write{}, value);
}

SettingValue default_value(const Setting& setting) {
  auto value = from_text(setting, setting.default_text);
  if (!value || !allowed(setting, *value))
    throw std::out_of_range("the default of " + setting.name() + " is not allowed by its own row");
  return *std::move(value);
}

}  // namespace oddsloom
