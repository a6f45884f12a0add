#include "bookmaker/listen_ways.h"

#include <fmt/format.h>

#include <algorithm>

#include "bookmaker/compiled_spec.h"

namespace oddsloom {

const std::vector<std::string>& listen_way_names() {
  static const std::vector<std::string> kNames{"poll", "socket", "browser"};
  return kNames;
}

std::optional<ListenWay> parse_listen_way(std::string_view text) {
  for (const ListenWay way : {ListenWay::Poll, ListenWay::Socket, ListenWay::Browser})
    if (text == to_string(way)) return way;
  return std::nullopt;
}

std::string_view to_string(ListenWay way) {
  return listen_way_names().at(static_cast<std::size_t>(way));
}

std::vector<ListenWay> listen_ways(const Bookmaker& bookmaker, Source source) {
  const auto& chosen = bookmaker.compiled->listen.at(static_cast<std::size_t>(source));
  if (!chosen.empty()) return chosen;
  if (feed_of(bookmaker, source)) return {ListenWay::Socket, ListenWay::Poll};
  return {ListenWay::Poll};
}

std::optional<std::string> cannot_listen(const Bookmaker& bookmaker, Source source, ListenWay way) {
  if (way == ListenWay::Socket && !feed_of(bookmaker, source))
    return fmt::format("{} declares no feed of the source {} ([feeds.X] in its folder)",
                       bookmaker.name, to_string(source));
  if (way == ListenWay::Browser && page_urls(bookmaker, source, "").empty())
    return fmt::format("{} declares no page of the source {} ([browser.pages] in its folder)",
                       bookmaker.name, to_string(source));
  return std::nullopt;
}

}  // namespace oddsloom
