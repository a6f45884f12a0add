#include "serve/http.h"

namespace oddsloom {
namespace {

const std::string* first(const std::vector<std::pair<std::string, std::string>>& in,
                         std::string_view name) {
  for (const auto& [key, value] : in)
    if (key == name) return &value;
  return nullptr;
}

}  // namespace

const std::string* WebRequest::parameter(std::string_view name) const { return first(query, name); }

const std::string* WebRequest::header(std::string_view name) const { return first(headers, name); }

}  // namespace oddsloom
