#include "sim/recording.h"

#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>

#include "base/text.h"

namespace oddsloom::sim {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorKind::NotFound, path.string(), "cannot be read");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// "x__y__20260809T142500Z.json" -> "20260809142500"; without a time the last run of digits.
std::string stamp_of(std::string_view file) {
  std::string digits;
  const std::size_t at = file.rfind("__");
  if (at == std::string_view::npos) return digits;
  for (const char c : file.substr(at))
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) digits.push_back(c);
  return digits;
}

bool is_placeholder(std::string_view url) {
  return url.find('<') != std::string_view::npos || url.find("...") != std::string_view::npos ||
         url.find("://") == std::string_view::npos;
}

bool is_id_list(std::string_view name) { return name == "games" || name == "eventId"; }

std::vector<std::pair<std::string, std::string>> normal(const Target& target) {
  auto parameters = target.parameters;
  for (auto& [name, value] : parameters) {
    if (!is_id_list(name)) continue;
    auto ids = parse_ids(value);
    std::sort(ids.begin(), ids.end());
    value.clear();
    for (const std::int64_t id : ids) value += std::to_string(id) + ",";
  }
  std::sort(parameters.begin(), parameters.end());
  return parameters;
}

tl::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::Malformed, "recorded answer", std::move(message));
}

std::int64_t number(const element& at, const char* pointer) {
  std::int64_t value = 0;
  return at.at_pointer(pointer).get(value) == simdjson::SUCCESS ? value : 0;
}

std::vector<RecordedMarket> markets_in(const element& list) {
  std::vector<RecordedMarket> markets;
  array all;
  if (list.get(all) != simdjson::SUCCESS) return markets;
  for (const element market : all)
    markets.push_back({number(market, "/id"), simdjson::minify(market)});
  return markets;
}

}  // namespace

bool same_request(const Target& a, const Target& b) {
  return a.path == b.path && normal(a) == normal(b);
}

Result<std::vector<Recorded>> load_recorded(const std::filesystem::path& folder) {
  const auto index = read_file(folder / "INDEX.tsv");
  if (!index) return tl::unexpected(index.error());
  std::vector<Recorded> all;
  std::map<std::string, std::size_t, std::less<>> columns;
  for (const std::string_view line : split(*index, '\n')) {
    if (trim(line).empty()) continue;
    const auto cells = split(line, '\t');
    if (columns.empty()) {
      for (std::size_t i = 0; i < cells.size(); ++i) columns.emplace(trim(cells[i]), i);
      for (const std::string_view needed : {"file", "kind", "url"})
        if (!columns.contains(needed))
          return malformed("INDEX.tsv has no column " + std::string(needed));
      continue;
    }
    const auto cell = [&](std::string_view name) {
      const auto found = columns.find(name);
      return found == columns.end() || found->second >= cells.size() ? std::string_view()
                                                                     : trim(cells[found->second]);
    };
    Recorded recorded;
    recorded.file = cell("file");
    recorded.kind = cell("kind");
    recorded.stamp = stamp_of(recorded.file);
    std::string_view url = cell("url");
    recorded.placeholder = is_placeholder(url);
    if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
      url.remove_prefix(scheme + 3);
      const std::size_t slash = std::min(url.find('/'), url.size());
      recorded.host = url.substr(0, slash);
      url.remove_prefix(slash);
      recorded.target = parse_target(url.substr(0, url.find(' ')));
    }
    if (const auto status = parse_int(cell("http_status")))
      recorded.status = static_cast<int>(*status);
    else if (recorded.target.path == "/api/upcoming/games")
      recorded.status = 206;
    if (!cell("content_type").empty()) recorded.content_type = cell("content_type");
    auto body = read_file(folder / recorded.file);
    if (!body) return tl::unexpected(body.error());
    recorded.body = std::move(*body);
    all.push_back(std::move(recorded));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Recorded& a, const Recorded& b) { return a.stamp < b.stamp; });
  return all;
}

Result<std::vector<RecordedEvent>> read_upcoming_list(const std::string& body) {
  simdjson::dom::parser parser;
  array games;
  if (parser.parse(body).get(games) != simdjson::SUCCESS) return malformed("not an array of games");
  std::vector<RecordedEvent> events;
  for (const element game : games) {
    RecordedEvent event{.id = number(game, "/id"),
                        .competition_id = number(game, "/competition/id"),
                        .kickoff_ms = number(game, "/dateTimestamp"),
                        .started = false,
                        .json = simdjson::minify(game),
                        .markets = {}};
    element markets;
    if (game["markets"].get(markets) == simdjson::SUCCESS) event.markets = markets_in(markets);
    events.push_back(std::move(event));
  }
  return events;
}

Result<std::vector<RecordedEvent>> read_live_list(const std::string& body, bool& load_more) {
  simdjson::dom::parser parser;
  element document;
  array all;
  if (parser.parse(body).get(document) != simdjson::SUCCESS ||
      document["events"].get(all) != simdjson::SUCCESS)
    return malformed("no array of live events");
  load_more = document["loadMore"].get(load_more) == simdjson::SUCCESS && load_more;
  std::vector<RecordedEvent> events;
  for (const element event : all) {
    std::string_view status;
    const bool known = event["status"].get(status) == simdjson::SUCCESS;
    events.push_back({.id = number(event, "/id"),
                      .competition_id = number(event, "/tournament/id"),
                      .kickoff_ms = 0,
                      .started = known && status != "NotStarted",
                      .json = simdjson::minify(event),
                      .markets = {}});
  }
  return events;
}

Result<std::map<std::int64_t, std::vector<RecordedMarket>>> read_game_markets(
    const std::string& body) {
  simdjson::dom::parser parser;
  object games;
  if (parser.parse(body).get(games) != simdjson::SUCCESS) return malformed("not keyed by game");
  std::map<std::int64_t, std::vector<RecordedMarket>> books;
  for (const auto [key, markets] : games)
    if (const auto id = parse_int(key)) books[*id] = markets_in(markets);
  return books;
}

Result<std::map<std::int64_t, std::vector<RecordedMarket>>> read_live_markets(
    const std::string& body) {
  simdjson::dom::parser parser;
  element document;
  array all;
  if (parser.parse(body).get(document) != simdjson::SUCCESS ||
      document["markets"].get(all) != simdjson::SUCCESS)
    return malformed("no array of live markets");
  std::map<std::int64_t, std::vector<RecordedMarket>> books;
  for (const element event : all) {
    element markets;
    if (event["markets"].get(markets) == simdjson::SUCCESS)
      books[number(event, "/eventId")] = markets_in(markets);
  }
  return books;
}

Result<std::pair<std::int64_t, std::vector<RecordedMarket>>> read_live_details(
    const std::string& body) {
  simdjson::dom::parser parser;
  element document;
  element markets;
  if (parser.parse(body).get(document) != simdjson::SUCCESS ||
      document["markets"].get(markets) != simdjson::SUCCESS)
    return malformed("no live details");
  return std::pair(number(document, "/event/id"), markets_in(markets));
}

}  // namespace oddsloom::sim
