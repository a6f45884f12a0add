#include "serve/odds_route.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "serve/http_error.h"

namespace oddsloom {
namespace {

using Kind = OddsRoute::Kind;
constexpr std::size_t kLeastCompressed = 1024;
constexpr int kLevel = 1;  // bodies are made anew twice a second

struct Pattern {
  std::vector<std::string_view> parts;  // "{sport}" and "{event}" stand for any
  Kind kind;
};

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> kPatterns{
      {{"v4", "sports"}, Kind::Sports},
      {{"v4", "sports", "{sport}", "odds"}, Kind::Odds},
      {{"v4", "sports", "{sport}", "scores"}, Kind::Scores},
      {{"v4", "sports", "{sport}", "events"}, Kind::Events},
      {{"v4", "sports", "{sport}", "events", "{event}", "odds"}, Kind::EventOdds},
      {{"v4", "sports", "{sport}", "events", "{event}", "markets"}, Kind::EventMarkets},
      {{"v4", "sports", "{sport}", "participants"}, Kind::Participants},
      {{"v4", "sports", "{sport}", "odds-history"}, Kind::PastOdds},
      {{"v4", "historical", "sports", "{sport}", "odds"}, Kind::PastOdds},
      {{"v4", "historical", "sports", "{sport}", "events"}, Kind::PastEvents},
      {{"v4", "historical", "sports", "{sport}", "events", "{event}", "odds"}, Kind::PastEventOdds},
      {{"v3", "sports"}, Kind::SportsV3},
      {{"v3", "odds"}, Kind::OddsV3},
      {{"openapi.json"}, Kind::Document},
      {{"asyncapi.json"}, Kind::FeedDocument},
  };
  return kPatterns;
}

}  // namespace

std::optional<OddsRoute> odds_route(std::string_view path) {
  if (!path.starts_with("/")) return std::nullopt;
  path.remove_prefix(1);
  if (path.ends_with("/")) path.remove_suffix(1);
  const std::vector<std::string_view> parts = split(path, '/');
  for (const Pattern& pattern : patterns()) {
    if (pattern.parts.size() != parts.size()) continue;
    OddsRoute out;
    out.kind = pattern.kind;
    bool same = true;
    for (std::size_t i = 0; i < parts.size() && same; ++i) {
      if (pattern.parts[i] == "{sport}")
        out.sport = parts[i];
      else if (pattern.parts[i] == "{event}")
        out.event = parts[i];
      else
        same = pattern.parts[i] == parts[i];
    }
    if (same) return out;
  }
  return std::nullopt;
}

Asked<void> check_sport(const OddsSports& sports, const OddsRoute& route) {
  if (route.sport == kUpcomingSport) {
    if (route.kind == Kind::Odds || route.kind == Kind::PastOdds || route.kind == Kind::OddsV3)
      return {};
    return refuse_odds(422, "INVALID_SPORT", "'upcoming' is served on odds only; name a sport");
  }
  if (sports.find(route.sport)) return {};
  // A competition of the past need not be on today's board.
  if (route.is_past())
    for (const OddsSport* whole : sports.whole())
      if (route.sport.starts_with(whole->key + "_")) return {};
  return refuse_odds(404, "UNKNOWN_SPORT",
                     unknown_name("sport", route.sport, sports.keys()) + "; /v4/sports lists them");
}

WebResponse refusal(const Refusal& why) {
  return error_response(why.status, why.code, why.message);
}

WebResponse json_answer(std::string json, int cost) {
  WebResponse out;
  out.etag = fmt::format("\"{}\"", content_hash(std::string_view(json)).hex());
  out.body = std::make_shared<const std::string>(std::move(json));
  out.headers.emplace_back("Cache-Control", "no-cache");
  out.cost = cost;
  return out;
}

void compress(WebResponse& response) {
  if (!response.body || response.gzip || response.body->size() < kLeastCompressed) return;
  static thread_local const std::unique_ptr<libdeflate_compressor,
                                            decltype(&libdeflate_free_compressor)>
      kCompressor(libdeflate_alloc_compressor(kLevel), libdeflate_free_compressor);
  const std::string& body = *response.body;
  std::string out(libdeflate_gzip_compress_bound(kCompressor.get(), body.size()), '\0');
  out.resize(libdeflate_gzip_compress(kCompressor.get(), body.data(), body.size(), out.data(),
                                      out.size()));
  out.shrink_to_fit();
  response.gzip = std::make_shared<const std::string>(std::move(out));
}

bool wants_gzip(const WebRequest& request) {
  const std::string* accepted = request.header("accept-encoding");
  return accepted && contains_ignore_case_ascii(*accepted, "gzip");
}

}  // namespace oddsloom
