// Appends JSON to a string. Members come out in the order they are written; commas are its
// business. Text is taken as UTF-8 and escaped as RFC 8259 demands; bytes that are not UTF-8 become
// U+FFFD, so what comes out is always valid JSON. Not thread-safe; one writer, one string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/plain_json.h"

namespace oddsloom {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(bool truth);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // already JSON; the caller answers for it

  // key and value in one
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }

 private:
  void separate();
  std::string& out_;
  bool need_comma_ = false;
};

// One string as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);

}  // namespace oddsloom
