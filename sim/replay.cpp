#include "sim/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "base/text.h"
#include "sim/http_server.h"
#include "sim/recording.h"
#include "sim/world.h"

namespace oddsloom::sim {
namespace {

using Books = std::map<std::int64_t, std::vector<RecordedMarket>>;

struct UpcomingPage {
  const Recorded* recorded;
  std::vector<RecordedEvent> events;
};

struct LivePage {
  const Recorded* recorded;
  std::int64_t offset;
  std::vector<RecordedEvent> events;
};

// "10,52-2.5" and "194#0#0" alike: the ids in front. Empty: all.
std::set<std::int64_t> wanted_markets(std::string_view text) {
  std::set<std::int64_t> ids;
  if (text.empty() || text == "all") return ids;
  for (const std::string_view piece : split(text, ','))
    if (const auto id = parse_int(piece.substr(0, piece.find_first_of("-#")))) ids.insert(*id);
  return ids;
}

void write_markets(JsonWriter& json, const std::vector<RecordedMarket>& markets,
                   const std::set<std::int64_t>& wanted) {
  json.begin_array();
  for (const RecordedMarket& market : markets)
    if (wanted.empty() || wanted.contains(market.id)) json.raw(market.json);
  json.end_array();
}

template <class Map>
std::vector<std::int64_t> keys(const Map& map) {
  std::vector<std::int64_t> out;
  for (const auto& entry : map) out.push_back(entry.first);
  return out;
}

}  // namespace

struct Replay::Impl {
  std::vector<Recorded> all;
  std::map<std::int64_t, UpcomingPage> upcoming;  // by sport; the latest first page
  std::map<std::int64_t, RecordedEvent> games;    // by id, from any list
  std::map<std::int64_t, std::int64_t> sport_of_game;
  Books game_books;                                          // the fullest recorded
  std::map<std::int64_t, std::vector<LivePage>> live_lists;  // by sport, in time order
  std::map<std::int64_t, std::vector<std::vector<RecordedMarket>>> live_books;  // in time order
  std::map<std::int64_t, const Recorded*> details;
  ReplayIds ids;
  std::map<std::string, std::size_t> turns;  // the server's thread only
  std::unique_ptr<HttpServer> server;        // last: its thread uses all of the above

  Result<void> index();
  Result<void> index_upcoming(const Recorded& recorded);
  Result<void> index_live_list(const Recorded& recorded, std::string_view main_host);
  Response answer(const Target& target);
  Response send(const Recorded& recorded) const;
  // Which of `count` answers to this question it is time for.
  std::size_t turn(const std::string& question, std::size_t count);
  Response upcoming_games(const Target& target, std::int64_t sport_id, bool of_that_day) const;
  Response game_markets(const Target& target) const;
  Response live_events(std::int64_t sport_id, const Target& target, bool started_only);
  Response live_markets(const Target& target);
};

Result<void> Replay::Impl::index_upcoming(const Recorded& recorded) {
  auto events = read_upcoming_list(recorded.body);
  if (!events) return fail_in(recorded.file, events.error());
  const std::int64_t sport = recorded.target.number("sportId", 0);
  for (const RecordedEvent& event : *events) {
    games[event.id] = event;
    if (sport != 0) sport_of_game[event.id] = sport;
    auto& book = game_books[event.id];
    if (event.markets.size() > book.size()) book = event.markets;
  }
  if (!recorded.placeholder && recorded.target.parameter("pag_min"))
    upcoming[sport] = {&recorded, std::move(*events)};
  return {};
}

Result<void> Replay::Impl::index_live_list(const Recorded& recorded, std::string_view main_host) {
  bool load_more = false;
  auto events = read_live_list(recorded.body, load_more);
  if (!events) return fail_in(recorded.file, events.error());
  // Another host numbers its events otherwise; mixed in, every event would seem to have ended.
  if (recorded.host != main_host) return {};
  const auto pieces = split(recorded.target.path, '/');
  const auto sport = pieces.size() > 4 ? parse_int(pieces[4]) : std::nullopt;
  if (!sport) return fail(ErrorKind::Malformed, recorded.file, "no sport in the path");
  for (const RecordedEvent& event : *events) ids.listed_live.push_back(event.id);
  live_lists[*sport].push_back(
      {&recorded, recorded.target.number("offset", 0), std::move(*events)});
  return {};
}

Result<void> Replay::Impl::index() {
  std::map<std::string, int> hosts;
  for (const Recorded& recorded : all)
    if (!recorded.host.empty()) ++hosts[recorded.host];
  const auto main_host = std::max_element(
      hosts.begin(), hosts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto add_fullest = [this](Books books) {
    for (auto& [id, markets] : books)
      if (auto& book = game_books[id]; markets.size() >= book.size()) book = std::move(markets);
  };
  for (const Recorded& recorded : all) {
    if (recorded.kind == "prematch-list") {
      if (auto done = index_upcoming(recorded); !done) return done;
    } else if (recorded.kind == "prematch-markets-all" ||
               recorded.kind == "prematch-markets-batch") {
      auto books = read_game_markets(recorded.body);
      if (!books) return fail_in(recorded.file, books.error());
      add_fullest(std::move(*books));
    } else if (recorded.kind == "live-events") {
      if (auto done = index_live_list(recorded, main_host->first); !done) return done;
    } else if (recorded.kind == "live-event-markets") {
      auto books = read_live_markets(recorded.body);
      if (!books) return fail_in(recorded.file, books.error());
      for (auto& [id, markets] : *books) live_books[id].push_back(std::move(markets));
    } else if (recorded.kind == "live-event-details") {
      auto book = read_live_details(recorded.body);
      if (!book) return fail_in(recorded.file, book.error());
      live_books[book->first].push_back(std::move(book->second));
      details[book->first] = &recorded;
    }
  }
  ids.listed_games = keys(games);
  ids.games_with_markets = keys(game_books);
  ids.live_with_markets = keys(live_books);
  ids.live_with_details = keys(details);
  std::sort(ids.listed_live.begin(), ids.listed_live.end());
  ids.listed_live.erase(std::unique(ids.listed_live.begin(), ids.listed_live.end()),
                        ids.listed_live.end());
  return {};
}

std::size_t Replay::Impl::turn(const std::string& question, std::size_t count) {
  constexpr std::size_t kMostQuestions = 4096;
  if (turns.size() >= kMostQuestions) turns.clear();
  std::size_t& asked = turns[question];
  const std::size_t now = std::min(asked, count - 1);
  ++asked;
  return now;
}

Response Replay::Impl::send(const Recorded& recorded) const {
  Response response = json_response(recorded.status, recorded.body);
  response.content_type = recorded.content_type;
  return response;
}

Response Replay::Impl::upcoming_games(const Target& target, std::int64_t sport_id,
                                      bool of_that_day) const {
  Response response = json_response(206, "");
  std::vector<const RecordedEvent*> chosen;
  const UpcomingPage* page = nullptr;
  if (const auto game_id = target.parameter("gameId")) {
    const auto found = games.find(parse_int(*game_id).value_or(0));
    if (found != games.end()) {
      const auto sport = sport_of_game.find(found->first);
      const bool fits = sport_id == 0 || sport == sport_of_game.end() || sport->second == sport_id;
      if (fits) chosen.push_back(&found->second);
    }
  } else if (const auto league = target.parameter("leagueId")) {
    for (const auto& [id, event] : games)
      if (event.competition_id == parse_int(*league).value_or(0)) chosen.push_back(&event);
  } else if (const auto found = upcoming.find(sport_id); found != upcoming.end()) {
    page = &found->second;
    for (const RecordedEvent& event : page->events) {
      const bool that_day =
          page->events.empty() || !of_that_day ||
          World::day_index({event.kickoff_ms}, {page->events.front().kickoff_ms}) == 0;
      if (that_day) chosen.push_back(&event);
    }
  }
  const auto total = static_cast<std::int64_t>(chosen.size());
  const std::int64_t first = std::clamp<std::int64_t>(target.number("pag_min", 1) - 1, 0, total);
  const std::int64_t count = std::clamp<std::int64_t>(target.number("pag_count", 100), 1, 100);
  const std::int64_t end = std::min(total, first + count);
  if (page != nullptr) response.content_type = page->recorded->content_type;
  if (page != nullptr && end - first == static_cast<std::int64_t>(page->events.size())) {
    response.body = page->recorded->body;
  } else {
    JsonWriter json(response.body);
    json.begin_array();
    for (std::int64_t i = first; i < end; ++i) json.raw(chosen[static_cast<std::size_t>(i)]->json);
    json.end_array();
  }
  // The recorded total counts pages that nobody recorded; a client would wait for them.
  response.headers.emplace_back("content-range",
                                fmt::format("{}-{}/{}", first, std::max(first, end - 1), total));
  return response;
}

Response Replay::Impl::game_markets(const Target& target) const {
  const auto wanted = wanted_markets(target.parameter("markets").value_or("all"));
  auto asked = parse_ids(target.parameter("games").value_or(""));
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  Response response;
  response.content_type = "application/json; charset=utf-8";
  JsonWriter json(response.body);
  json.begin_object();
  for (const std::int64_t id : asked) {
    const auto book = game_books.find(id);
    if (book == game_books.end()) continue;
    json.key(std::to_string(id));
    write_markets(json, book->second, wanted);
  }
  json.end_object();
  return response;
}

Response Replay::Impl::live_events(std::int64_t sport_id, const Target& target, bool started_only) {
  const std::int64_t offset = target.number("offset", 0);
  std::vector<const LivePage*> pages;
  if (const auto found = live_lists.find(sport_id); found != live_lists.end())
    for (const LivePage& page : found->second)
      if (page.offset == offset) pages.push_back(&page);
  if (pages.empty()) return json_response(200, R"({"events":[],"loadMore":false})");
  const LivePage& page =
      *pages[turn(fmt::format("{} {} {}", sport_id, offset, started_only), pages.size())];
  if (!started_only) return send(*page.recorded);
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("events").begin_array();
  for (const RecordedEvent& event : page.events)
    if (event.started) json.raw(event.json);
  json.end_array().member("loadMore", false).end_object();
  return response;
}

Response Replay::Impl::live_markets(const Target& target) {
  const auto wanted = wanted_markets(target.parameter("type").value_or(""));
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("markets").begin_array();
  for (const std::int64_t id : parse_ids(target.parameter("eventId").value_or(""))) {
    const auto found = live_books.find(id);
    if (found == live_books.end()) continue;
    // Not every recorded answer was asked for every market: each market id has turns of its own.
    std::map<std::int64_t, std::vector<const std::vector<RecordedMarket>*>> recorded;
    for (const auto& book : found->second) {
      std::set<std::int64_t> here;
      for (const RecordedMarket& market : book)
        if (wanted.empty() || wanted.contains(market.id)) here.insert(market.id);
      for (const std::int64_t market_id : here) recorded[market_id].push_back(&book);
    }
    if (recorded.empty()) continue;
    json.begin_object().member("eventId", id).key("markets").begin_array();
    for (const auto& [market_id, books] : recorded)
      for (const RecordedMarket& market :
           *books[turn(fmt::format("live {} {}", id, market_id), books.size())])
        if (market.id == market_id) json.raw(market.json);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return response;
}

Response Replay::Impl::answer(const Target& target) {
  const std::string_view path = target.path;
  const auto pieces = split(path, '/');
  const auto number_at = [&](std::size_t i) {
    return i < pieces.size() ? parse_int(pieces[i]).value_or(0) : 0;
  };
  if (path == "/api/upcoming/games")
    return upcoming_games(target, target.number("sportId", 0), false);
  if (path.starts_with("/api/todays/")) return upcoming_games(target, number_at(3), true);
  if (path.starts_with("/api/live/sports/"))
    return live_events(number_at(4), target, path.ends_with("/started"));
  std::vector<const Recorded*> same;
  for (const Recorded& recorded : all)
    if (!recorded.placeholder && same_request(recorded.target, target)) same.push_back(&recorded);
  if (same.empty() && target.parameters.empty())  // or the same path, whatever its version mark
    for (const Recorded& recorded : all)
      if (!recorded.placeholder && recorded.target.path == path) same.push_back(&recorded);
  if (!same.empty()) {
    std::string question(path);
    for (const std::int64_t id : asked_ids(target)) question += fmt::format(" {}", id);
    return send(*same[turn(question, same.size())]);
  }
  if (path == "/api/games/markets") return game_markets(target);
  if (path == "/api/live/event/markets") return live_markets(target);
  if (path.starts_with("/api/highlights/")) return json_response(200, "[]");
  return not_found();
}

Replay::Replay(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Replay::~Replay() = default;

Result<std::unique_ptr<Replay>> Replay::start(const std::filesystem::path& folder) {
  auto impl = std::make_unique<Impl>();
  auto all = load_recorded(folder);
  if (!all) return tl::unexpected(all.error());
  impl->all = std::move(*all);
  if (impl->all.empty()) return fail(ErrorKind::NotFound, folder.string(), "nothing recorded");
  if (auto done = impl->index(); !done) return tl::unexpected(done.error());
  auto server = HttpServer::start({}, [at = impl.get()](const Request& request) {
    return at->answer(parse_target(request.target));
  });
  if (!server) return tl::unexpected(server.error());
  impl->server = std::move(*server);
  return std::unique_ptr<Replay>(new Replay(std::move(impl)));
}

std::uint16_t Replay::port() const { return impl_->server->port(); }
std::string Replay::base_url() const { return fmt::format("http://127.0.0.1:{}", port()); }
const ReplayIds& Replay::ids() const { return impl_->ids; }

}  // namespace oddsloom::sim
