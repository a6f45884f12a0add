#include "bookmaker/answer_kind.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::size_t kSignsWithin = 65'536;  // bytes in which a challenge page shows itself
constexpr std::size_t kLongestSkeleton = 300;
constexpr int kSkeletonDepth = 4;
constexpr int kSkeletonMembers = 8;

const std::string* blocked_sign(std::string_view body, const CompiledSpec& spec) {
  if (spec.blocked_signs.empty()) return nullptr;
  const std::string head = to_lower_ascii(body.substr(0, kSignsWithin));
  for (const std::string& sign : spec.blocked_signs)
    if (head.find(sign) != std::string::npos) return &sign;
  return nullptr;
}

// Whether brackets or a string are still open at the end.
bool ends_early(std::string_view body) {
  if (body.empty() || (body.front() != '{' && body.front() != '[')) return false;
  long depth = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < body.size(); ++at) {
    const char c = body[at];
    if (in_text) {
      if (c == '\\')
        ++at;
      else if (c == '"')
        in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return in_text || depth > 0;
}

std::string beginning(std::string_view body) {
  std::string out;
  for (const char c : body.substr(0, 40)) out += c >= ' ' && c <= '~' ? c : '.';
  return out;
}

std::string title_of(std::string_view page) {
  const std::string head = to_lower_ascii(page.substr(0, kSignsWithin));
  const std::size_t open = head.find("<title");
  const std::size_t first = open == std::string::npos ? open : head.find('>', open);
  const std::size_t last = first == std::string::npos ? first : head.find('<', first);
  if (last == std::string::npos) return beginning(page);
  return beginning(trim(page.substr(first + 1, last - first - 1)));
}

void sketch(dom::element element, int depth, std::string& out) {
  if (out.size() > kLongestSkeleton) return;
  switch (element.type()) {
    case dom::element_type::OBJECT: {
      out += '{';
      int shown = 0;
      const dom::object members = element.get_object().value_unsafe();
      for (const auto [key, value] : members) {
        if (shown > 0) out += ", ";
        if (++shown > kSkeletonMembers || depth == 0 || out.size() > kLongestSkeleton) {
          out += "..";
          break;
        }
        out.append(key.substr(0, 40)).append(": ");
        sketch(value, depth - 1, out);
      }
      out += '}';
      break;
    }
    case dom::element_type::ARRAY: {
      const dom::array array = element.get_array().value_unsafe();
      out += '[';
      if (array.size() > 0) {
        if (depth == 0)
          out += "..";
        else
          sketch(array.at(0).value_unsafe(), depth - 1, out);
      }
      if (array.size() > 1) fmt::format_to(std::back_inserter(out), ", {} more", array.size() - 1);
      out += ']';
      break;
    }
    case dom::element_type::STRING:
      out += "text";
      break;
    case dom::element_type::BOOL:
      out += "truth value";
      break;
    case dom::element_type::NULL_VALUE:
      out += "null";
      break;
    default:
      out += "number";
  }
}

ParsedAnswer bad(AnswerKind kind, std::string message) { return {kind, std::move(message), {}}; }

}  // namespace

std::string_view to_string(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::Good:
      return "good";
    case AnswerKind::Blocked:
      return "blocked";
    case AnswerKind::Page:
      return "page instead of data";
    case AnswerKind::Truncated:
      return "truncated";
    case AnswerKind::NotJson:
      return "not JSON";
    case AnswerKind::OtherShape:
      return "changed format";
  }
  return "unknown";
}

std::string skeleton(dom::element element) {
  std::string out;
  sketch(element, kSkeletonDepth, out);
  if (out.size() > kLongestSkeleton) {
    out.resize(kLongestSkeleton);
    out += "..";
  }
  return out;
}

ParsedAnswer parse_answer(std::string_view body, const CompiledSpec& spec) {
  // A parser owns the memory of the document it made; one per thread keeps that memory warm.
  thread_local dom::parser parser;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::string_view content = trim(body);
  if (content.empty()) return bad(AnswerKind::NotJson, "the body is empty");
  if (content.front() == '<') {
    if (const std::string* sign = blocked_sign(content, spec))
      return bad(AnswerKind::Blocked,
                 fmt::format("a challenge or refusal page: it holds '{}'", *sign));
    return bad(AnswerKind::Page, fmt::format("an HTML page, '{}'", title_of(content)));
  }
  ParsedAnswer out;
  const simdjson::error_code error = parser.parse(content.data(), content.size()).get(out.root);
  if (error == simdjson::SUCCESS) {
    out.kind = AnswerKind::Good;
    return out;
  }
  if (const std::string* sign = blocked_sign(content, spec))
    return bad(AnswerKind::Blocked, fmt::format("a refusal: it holds '{}'", *sign));
  if (ends_early(content))
    return bad(AnswerKind::Truncated,
               fmt::format("the JSON ends too early, after {} bytes", content.size()));
  return bad(AnswerKind::NotJson, fmt::format("no JSON ({}); it begins '{}'",
                                              simdjson::error_message(error), beginning(content)));
}

ParsedAnswer other_shape(dom::element root, std::string_view body, const CompiledSpec& spec,
                         std::string_view expected) {
  if (const std::string* sign = blocked_sign(body, spec))
    return bad(AnswerKind::Blocked, fmt::format("a refusal: it holds '{}'", *sign));
  return bad(AnswerKind::OtherShape,
             fmt::format("expected {}, found {}", expected, skeleton(root)));
}

}  // namespace oddsloom
