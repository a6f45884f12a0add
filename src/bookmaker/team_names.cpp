#include "bookmaker/team_names.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace oddsloom {
namespace {

// Words that tell a kind of club, not which one.
constexpr std::array<std::string_view, 20> kNoNames{"fc",  "afc", "cf", "sc", "ac", "as",  "fk",
                                                    "sk",  "if",  "bk", "cd", "de", "the", "u19",
                                                    "u20", "u21", "ii", "w",  "v",  "club"};

std::vector<std::string> words_of(std::string_view name) {
  const std::string folded = to_lower_ascii(fold_to_ascii(name));
  std::vector<std::string> words(1);
  for (const char c : folded) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  std::vector<std::string> telling;
  for (const std::string& word : words)
    if (std::find(kNoNames.begin(), kNoNames.end(), word) == kNoNames.end())
      telling.push_back(word);
  return telling.empty() ? words : telling;  // a club may be called nothing but "AC"
}

// "Man" and "Manchester" are the same word, abbreviated.
bool same_word(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const std::size_t shorter = std::min(a.size(), b.size());
  return shorter >= 3 && a.compare(0, shorter, b, 0, shorter) == 0;
}

int in_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return static_cast<int>(std::count_if(a.begin(), a.end(), [&](const std::string& word) {
    return std::any_of(b.begin(), b.end(),
                       [&](const std::string& other) { return same_word(word, other); });
  }));
}

}  // namespace

NamesAgree compare_names(const TeamNames& known, const TeamNames& seen) {
  if (equals_ignore_case_ascii(known.home, seen.home) &&
      equals_ignore_case_ascii(known.away, seen.away))
    return NamesAgree::Same;
  const auto home = words_of(known.home), away = words_of(known.away);
  const auto first = words_of(seen.home), second = words_of(seen.away);
  // Names that fold to nothing cannot be compared, which is no proof that they differ.
  if (home.empty() || away.empty() || first.empty() || second.empty()) return NamesAgree::Same;
  const int straight = in_common(home, first) + in_common(away, second);
  const int crossed = in_common(home, second) + in_common(away, first);
  if (straight == 0 && crossed == 0) return NamesAgree::Differ;
  return crossed > straight ? NamesAgree::Swapped : NamesAgree::Same;
}

bool is_placeholder_name(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kPlaceholders{
      "", "1", "2", "x", "home", "away", "draw", "team 1", "team 2"};
  const std::string_view trimmed = trim(name);
  return std::any_of(kPlaceholders.begin(), kPlaceholders.end(), [&](std::string_view word) {
    return equals_ignore_case_ascii(trimmed, word);
  });
}

}  // namespace oddsloom
