#include "serve/feed_id.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace oddsloom {

std::string to_text(const FeedId& id) {
  return fmt::format("{}-{}{}", id.epoch, id.sequence, id.conflated ? "-c" : "");
}

std::optional<FeedId> parse_feed_id(std::string_view text) {
  const auto pieces = split(text, '-');
  if (pieces.size() < 2 || pieces.size() > 3 || pieces[0].empty()) return std::nullopt;
  if (pieces.size() == 3 && pieces[2] != "c") return std::nullopt;
  FeedId out{std::string(pieces[0]), 0, pieces.size() == 3};
  const std::string_view digits = pieces[1];
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out.sequence);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

}  // namespace oddsloom
