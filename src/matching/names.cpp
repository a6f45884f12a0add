#include "matching/names.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr double kEnough = 0.2;     // likeness of each side, where the ids agree already
constexpr double kClearly = 0.5;    // of sides that are taken for exchanged
constexpr double kNearWord = 0.88;  // Jaro-Winkler of two spellings of one word

constexpr std::array<std::string_view, 24> kAffixes{
    "fc", "cf", "sc", "ac", "afc", "cd", "fk", "sk", "if", "bk",  "kv",   "ks",
    "sv", "sd", "ca", "cs", "as",  "nk", "hc", "bc", "rc", "sfc", "club", "the"};

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : to_lower_ascii(fold_to_ascii(name))) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      word += c;
    else if (c != '\'' && c != '`' && !word.empty())
      out.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

// What a word marks, "" = it is none of these. Age groups stand as "u19", "u 19" or "under 19".
std::string marker_of(const std::vector<std::string>& words, std::size_t& at) {
  const std::string& word = words[at];
  if (word == "w" || word == "women" || word == "ladies" || word == "femenino" ||
      word == "feminin" || word == "fem")
    return "women";
  if (word == "ii" || word == "b" || word == "2" || word == "reserves" || word == "res")
    return "reserve";
  if (word.size() == 3 && word[0] == 'u' && is_digits(word.substr(1))) return word;
  if ((word == "u" || word == "under") && at + 1 < words.size() && words[at + 1].size() == 2 &&
      is_digits(words[at + 1]))
    return "u" + words[++at];
  return {};
}

double jaro(std::string_view a, std::string_view b) {
  const std::size_t reach = std::max<std::size_t>(std::max(a.size(), b.size()) / 2, 1) - 1;
  std::vector<bool> in_a(a.size()), in_b(b.size());
  double common = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = i > reach ? i - reach : 0; j < std::min(b.size(), i + reach + 1); ++j)
      if (!in_b[j] && a[i] == b[j]) {
        in_a[i] = in_b[j] = true;
        ++common;
        break;
      }
  if (common == 0) return 0;
  double moved = 0;
  for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
    if (!in_a[i]) continue;
    while (!in_b[j]) ++j;
    moved += a[i] != b[j++] ? 0.5 : 0;
  }
  return (common / static_cast<double>(a.size()) + common / static_cast<double>(b.size()) +
          (common - moved) / common) /
         3;
}

double jaro_winkler(std::string_view a, std::string_view b) {
  const double plain = jaro(a, b);
  std::size_t same = 0;
  while (same < std::min({a.size(), b.size(), std::size_t{4}}) && a[same] == b[same]) ++same;
  return plain + 0.1 * static_cast<double>(same) * (1 - plain);
}

double word_likeness(const std::string& a, const std::string& b) {
  if (a == b) return 1;
  const auto& [shorter, longer] = a.size() < b.size() ? std::tie(a, b) : std::tie(b, a);
  if (longer.starts_with(shorter)) return shorter.size() >= 3 ? 0.9 : 0.6;
  const double near = jaro_winkler(a, b);
  return near > kNearWord ? near : 0;
}

// How much of `a` is found in `b`, long words counting more.
double covered(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  double found = 0, all = 0;
  for (const std::string& word : a) {
    double best = 0;
    for (const std::string& other : b) best = std::max(best, word_likeness(word, other));
    found += best * static_cast<double>(word.size());
    all += static_cast<double>(word.size());
  }
  return all > 0 ? found / all : 0;
}

std::string joined(const std::vector<std::string>& words) {
  return std::accumulate(words.begin(), words.end(), std::string());
}

bool is_initials(const std::vector<std::string>& letters, const std::vector<std::string>& words) {
  if (letters.size() != 1 || words.size() < 2 || letters[0].size() != words.size()) return false;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (letters[0][i] != words[i][0]) return false;
  return true;
}

bool exclude_each_other(const std::set<std::string>& a, const std::set<std::string>& b) {
  return !a.empty() && !b.empty() &&
         std::none_of(a.begin(), a.end(), [&](const auto& marker) { return b.contains(marker); });
}

}  // namespace

FoldedName fold_name(std::string_view name) {
  FoldedName out;
  std::vector<std::string> affixes;
  const auto words = words_of(name);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (std::find(kAffixes.begin(), kAffixes.end(), word) != kAffixes.end())
      affixes.push_back(word);
    else if (std::string marker = at > 0 ? marker_of(words, at) : ""; !marker.empty())
      out.markers.insert(std::move(marker));
    else
      out.words.push_back(word);
  }
  if (out.words.empty()) out.words = std::move(affixes);
  return out;
}

double likeness(const FoldedName& a, const FoldedName& b) {
  if (a.empty() || b.empty()) return 0;
  if (joined(a.words) == joined(b.words)) return 1;
  if (is_initials(a.words, b.words) || is_initials(b.words, a.words)) return 0.9;
  const double one = covered(a.words, b.words), two = covered(b.words, a.words);
  return 0.7 * std::max(one, two) + 0.3 * std::min(one, two);
}

SameSides compare_sides(const FoldedSides& a, const FoldedSides& b) {
  if (a.home.empty() || a.away.empty() || b.home.empty() || b.away.empty())
    return SameSides::Unknown;
  const double straight = std::min(likeness(a.home, b.home), likeness(a.away, b.away));
  const double crossed = std::min(likeness(a.home, b.away), likeness(a.away, b.home));
  if (crossed >= kClearly && crossed > straight) return SameSides::Reversed;
  if (straight < kEnough) return SameSides::No;
  const bool excluded = exclude_each_other(a.home.markers, b.home.markers) ||
                        exclude_each_other(a.away.markers, b.away.markers);
  return excluded ? SameSides::No : SameSides::Yes;
}

}  // namespace oddsloom
