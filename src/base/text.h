// Small text helpers that every room needs. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oddsloom {

std::string_view trim_spaces(std::string_view text);
// ASCII white space at both ends. Most texts have none.
inline std::string_view trim(std::string_view text) {
  return !text.empty() && text.front() > ' ' && text.back() > ' ' ? text : trim_spaces(text);
}
std::vector<std::string_view> split(std::string_view text,
                                    char separator);  // "" gives one empty piece
std::string to_lower_ascii(std::string_view text);
bool same_letters_ascii(const char* a, const char* b, std::size_t size);
inline bool equals_ignore_case_ascii(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_letters_ascii(a.data(), b.data(), a.size());
}
bool contains_ignore_case_ascii(std::string_view text, std::string_view part);

// Accents and other scripts' letters to plain ASCII ("Bodø" -> "Bodo"), '?' removed: the form in
// which the seed's records carry team names. ASCII text is returned as it is, less '?'.
std::string fold_to_ascii(std::string_view utf8);
// What the first name that is not ASCII would wait for, once a thread: some 40 ms.
void prepare_folding();

// The whole text as a decimal integer, or nothing ("+5", " 5", "5.0", "" and overflow are nothing).
std::optional<std::int64_t> parse_int(std::string_view text);

// The candidate nearest to `word` if it is near enough to be what was meant, for "did you mean".
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// For logs and messages: a URL without user:password@ and without the values of parameters whose
// name says key, token, secret or password.
std::string redact_url(std::string_view url);

}  // namespace oddsloom
