// Settings as one table: a row says a setting's name, type, default, bounds and meaning, and that
// row parses, validates, documents and prints it. Stands before everything else: app/config holds
// the table itself and reads the files; nothing here knows which settings exist. Values; any
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

namespace oddsloom {

enum class SettingType {
  Text,
  Name,  // letters, digits, '_' and '-'; empty only where the default is empty
  Integer,
  Real,
  Duration,
  Boolean,
  Choice,
  TextList,  // as text: separated by commas
};

struct Setting {
  std::string section = {};  // "extract"; "bookmaker.*" stands for a section per name
  std::string key = {};
  SettingType type = SettingType::Text;
  std::string default_text = {};  // as an environment variable would give it; unused below "x.*"
  std::string doc = {};           // one line
  std::optional<double> least = {}, most = {};  // Integer, Real; Duration: milliseconds
  std::string unit = {};                        // "entries", "" where the type says it
  std::vector<std::string> choices = {};        // of a Choice; of a TextList: of each text in it
  std::string alias = {};                       // a further environment variable that sets it
  bool secret = false;                          // never printed, neither whole nor in a message
  bool url = false;                             // may hold a password: printed by redact_url()
  std::string default_note = {};  // documented instead of default_text: what it depends on

  std::string name() const { return section + "." + key; }
  std::string variable() const;      // "ODDSLOOM_EXTRACT_BATCH"
  bool per_name() const;             // lies in a "x.*" section
  std::string section_head() const;  // "bookmaker" of "bookmaker.*", else the section
};

using SettingTable = std::vector<Setting>;
using SettingValue =
    std::variant<std::string, std::int64_t, double, Millis, bool, std::vector<std::string>>;

// Something a source of settings holds that can be no setting's value: a date, a table.
struct StrangeValue {
  std::string what;  // "a date"
};

// One value found somewhere, not yet judged.
struct GivenSetting {
  std::string section;  // "extract", "bookmaker.BookieDelta"
  std::string key;
  std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>, StrangeValue>
      value;
  std::string origin;     // "oddsloom.toml:12", "environment BATCH", "--store"
  bool textual = false;   // a string that stands for a value of any type
  bool fallback = false;  // a default that depends on the machine: origin is told as "default"
};

struct SettingProblem {
  std::string origin;
  std::string key;  // dotted, "" = the source as a whole
  std::string message;
  std::string text() const;  // "oddsloom.toml:12: extract.batch: expected ..."
};

class Settings {
 public:
  struct Held {
    SettingValue value;
    std::string origin;  // "default" unless given
    bool given = false;
  };

  // A setting the table does not have is a bug and throws std::out_of_range.
  const Held& at(std::string_view section, std::string_view key) const;
  // Null where nothing was given: the settings of "x.*" sections have no default. The name in
  // "x.name" is compared without regard to case.
  const Held* find(std::string_view section, std::string_view key) const;

  template <class T>
  const T& get(std::string_view section, std::string_view key) const {
    return std::get<T>(at(section, key).value);
  }
  const std::string& text(std::string_view section, std::string_view key) const {
    return get<std::string>(section, key);
  }
  std::int64_t integer(std::string_view section, std::string_view key) const {
    return get<std::int64_t>(section, key);
  }
  Millis duration(std::string_view section, std::string_view key) const {
    return get<Millis>(section, key);
  }
  bool boolean(std::string_view section, std::string_view key) const {
    return get<bool>(section, key);
  }
  const std::vector<std::string>& list(std::string_view section, std::string_view key) const {
    return get<std::vector<std::string>>(section, key);
  }
  bool is_given(std::string_view section, std::string_view key) const;

  void set(std::string section, std::string key, Held held);
  // Names given below a "x.*" section, as first spelled: {"BookieDelta"} for "bookmaker".
  std::vector<std::string> names_below(std::string_view head) const;

 private:
  std::map<std::string, Held, std::less<>> values_;  // by "section.key", names in lower case
  std::vector<std::string> named_sections_;          // "bookmaker.BookieDelta"
};

// Later ones win over earlier ones; every one is judged, also those that lose. All problems at
// once, in the order given.
tl::expected<Settings, std::vector<SettingProblem>> resolve_settings(
    const SettingTable& table, const std::vector<GivenSetting>& given);

// The ODDSLOOM_* variables and the aliases; empty ones count as not set. A variable that names one
// of our sections but no setting of it comes back as given too, so that resolve_settings objects.
std::vector<GivenSetting> settings_from_environment(
    const SettingTable& table, const std::map<std::string, std::string>& environment);

// What a value must be, for messages and documentation: "an integer from 1 to 10000".
std::string expectation(const Setting& setting);
// As TOML: "\"text\"", "50", "[\"a\", \"b\"]".
std::string to_toml(const SettingValue& value);
// The default of a row that is not per name. Its text is checked by tests, so it cannot fail.
SettingValue default_value(const Setting& setting);

}  // namespace oddsloom
