// JSON with one member taken out or given another value, to show a reader what it must refuse.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"

namespace oddsloom::test {

inline void rewrite(JsonWriter& out, simdjson::dom::object object, const std::string& folder,
                    std::string_view path, const std::optional<std::string>& value) {
  out.begin_object();
  for (const auto [name, element] : object) {
    const std::string here = folder + std::string(name);
    if (here == path) {
      if (value) out.key(name).raw(*value);
    } else if (simdjson::dom::object inner; path.substr(0, here.size() + 1) == here + "." &&
                                            element.get(inner) == simdjson::SUCCESS) {
      rewrite(out.key(name), inner, here + ".", path, value);
    } else {
      out.key(name).raw(simdjson::minify(element));
    }
  }
  out.end_object();
}

// `path` as errors name it: "outcomes.1.price". Nothing for `value` takes the member out.
inline std::string with_member(std::string_view json, std::string_view path,
                               const std::optional<std::string>& value) {
  simdjson::dom::parser parser;
  std::string out;
  JsonWriter writer(out);
  rewrite(writer, parser.parse(json.data(), json.size()), "", path, value);
  return out;
}

}  // namespace oddsloom::test
