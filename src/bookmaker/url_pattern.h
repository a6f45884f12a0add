// Which addresses a bookmaker's page may fetch its odds from:
// "/api/live/sports/{sport_id}/events*". Compiled at load; matched against what a browser or a
// capture saw. Immutable; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace oddsloom {

class UrlPattern {
 public:
  // `*` is any text, `{sport_id}` a word (no / ? & # =) whose value is given back. A pattern that
  // begins with '/' is about path and query of the bookmaker's own address; any other about the
  // whole URL. Errors: Invalid (an unknown place, neither '/' nor a scheme nor '*' at the
  // beginning).
  static Result<UrlPattern> compile(std::string_view text);

  // `base_url` is the bookmaker's address, without a slash at the end. A fragment of the URL does
  // not count. On a match `sport_id` is what stood in its place, "" without one.
  bool matches(std::string_view url, std::string_view base_url, std::string& sport_id) const;

  const std::string& text() const { return text_; }

 private:
  struct Part {
    enum class Kind { Literal, Any, SportId } kind = Kind::Literal;
    std::string text;
  };
  struct Walk;
  bool of_base_ = false;
  std::vector<Part> parts_;
  std::string text_;
};

}  // namespace oddsloom
