#include "base/text.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <numeric>
#include <unordered_map>

namespace oddsloom {
namespace {

constexpr std::size_t kMostFolded = 10'000;  // names remembered per thread

constexpr std::array<std::string_view, 4> kSecretWords{"key", "token", "secret", "password"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min(
          {above + 1, row[j - 1] + 1, diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

bool says_secret(std::string_view parameter) {
  return std::any_of(kSecretWords.begin(), kSecretWords.end(), [&](std::string_view word) {
    return contains_ignore_case_ascii(parameter, word);
  });
}

}  // namespace

std::string_view trim_spaces(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const auto at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + 1);
  }
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool same_letters_ascii(const char* a, const char* b, std::size_t size) {
  return std::equal(a, a + size, b, [](char x, char y) { return x == y || lower(x) == lower(y); });
}

bool contains_ignore_case_ascii(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return lower(x) == lower(y); }) != text.end();
}

namespace {
// Costly to build and not safe to share, so each thread keeps its own.
const icu::Transliterator* folder() {
  thread_local const std::unique_ptr<icu::Transliterator> kFolder = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> built(icu::Transliterator::createInstance(
        "Any-Latin; Latin-ASCII; [:^ASCII:] Remove", UTRANS_FORWARD, status));
    return U_SUCCESS(status) ? std::move(built) : nullptr;
  }();
  return kFolder.get();
}
}  // namespace

void prepare_folding() { folder(); }

std::string fold_to_ascii(std::string_view utf8) {
  std::string out;
  if (is_ascii(utf8)) {
    out = utf8;
    std::erase(out, '?');
    return out;
  }
  // Names come again and again, and transliterating one costs more than all else about a record.
  thread_local std::unordered_map<std::string, std::string> known;
  const auto at = known.find(std::string(utf8));
  if (at != known.end()) return at->second;
  auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  if (const icu::Transliterator* fold = folder()) fold->transliterate(text);
  text.toUTF8String(out);
  std::erase(out, '?');
  if (known.size() >= kMostFolded) known.clear();
  known.emplace(utf8, out);
  return out;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = &candidate;
    }
  }
  if (!best) return std::nullopt;
  return *best;
}

std::string redact_url(std::string_view url) {
  std::string out(url);
  const auto scheme = out.find("://");
  if (scheme != std::string::npos) {
    const auto host = scheme + 3;
    const auto end = out.find_first_of("/?#", host);
    const auto at = out.rfind('@', end);
    if (at != std::string::npos && at >= host) out.replace(host, at - host, "***");
  }
  // Parameters stand in the query and, after some logins, in the fragment.
  for (auto start = out.find_first_of("?#"); start != std::string::npos;) {
    const auto end = std::min(out.find_first_of("&#", start + 1), out.size());
    const auto equals = out.find('=', start);
    if (equals < end && says_secret(std::string_view(out).substr(start + 1, equals - start - 1)))
      out.replace(equals + 1, end - equals - 1, "***");
    start = out.find_first_of("&#", start + 1);
  }
  return out;
}

}  // namespace oddsloom
