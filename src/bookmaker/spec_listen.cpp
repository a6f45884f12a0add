// The part of a bookmaker's file that says in which ways it is listened to when nobody says
// otherwise.
#include <fmt/format.h>

#include <algorithm>

#include "bookmaker/spec_parts.h"

namespace oddsloom {
namespace {

std::vector<ListenWay> read_ways(Section& section, std::string_view key, const Bookmaker& out,
                                 Source source) {
  std::vector<ListenWay> ways;
  const std::vector<std::string> words = section.texts(key);
  if (words.empty() && section.has(key))
    section.complain(key, "names no way; leave it out for the usual ones");
  for (const std::string& word : words) {
    const auto way = parse_listen_way(word);
    if (!way) {
      section.complain(key, no_such("poll, socket, browser", word, listen_way_names()));
    } else if (std::find(ways.begin(), ways.end(), *way) != ways.end()) {
      section.complain(key, fmt::format("names '{}' twice", word));
    } else if (const auto why = cannot_listen(out, source, *way)) {
      section.complain(key, *why);
    } else {
      ways.push_back(*way);
    }
  }
  return ways;
}

}  // namespace

std::array<std::vector<ListenWay>, 2> read_listen(Section& root, const Bookmaker& out) {
  std::array<std::vector<ListenWay>, 2> ways;
  auto section = root.section("listen");
  if (!section) return ways;
  for (const auto& [key, source] :
       {std::pair<std::string_view, Source>{"live", Source::Live}, {"upcoming", Source::Upcoming}})
    ways.at(static_cast<std::size_t>(source)) = read_ways(*section, key, out, source);
  section->finish();
  return ways;
}

}  // namespace oddsloom
