#include "serve/odds_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "serve/http_error.h"
#include "serve/odds_v3.h"
#include "serve/openapi_text.h"

namespace oddsloom {
namespace {

using Kind = OddsRoute::Kind;
constexpr Millis kKeptUnused{60'000};

// Equal = the same answer: order of parameters and a slash at the end do not matter.
std::string normal_form(const WebRequest& request) {
  auto query = request.query;
  std::stable_sort(query.begin(), query.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string out = request.path;
  if (out.ends_with("/")) out.pop_back();
  for (const auto& [name, value] : query) {
    // Lengths, so that no value can look like another parameter.
    out += fmt::format("\n{}:{}={}", value.size(), name, value);
  }
  return out;
}

std::size_t size_of(const WebResponse& response) {
  return (response.body ? response.body->size() : 0) + (response.gzip ? response.gzip->size() : 0);
}

// Makes room by letting go of what was used longest ago.
template <class Map, class Size>
void bound(Map& map, std::size_t& bytes, std::size_t most, Size size) {
  while (bytes > most && map.size() > 1) {
    const auto oldest = std::min_element(map.begin(), map.end(), [](const auto& a, const auto& b) {
      return a.second.used_at < b.second.used_at;
    });
    bytes -= size(oldest->second);
    map.erase(oldest);
  }
}

Asked<int> read_days(const WebRequest& request) {
  const std::string* text = request.parameter("daysFrom");
  if (!text) return 0;
  const auto days = parse_int(*text);
  if (!days || *days < 1 || *days > 3)
    return refuse_odds(422, "INVALID_SCORES_DAYS_FROM",
                       fmt::format("Invalid daysFrom '{}': 1, 2 or 3", *text));
  return static_cast<int>(*days);
}

}  // namespace

OddsApi::OddsApi(const Catalog& catalog, std::shared_ptr<OddsHistory> history, OddsApiConfig config)
    : catalog_(catalog), history_(std::move(history)), config_(config), sports_(catalog) {}

void OddsApi::publish(std::shared_ptr<const Board> board) {
  board_ = std::move(board);
  for (const auto& match : board_->matches) sports_.of(*match);
  let_go(board_->at);
}

// Texts hold the matches they are of: what nobody asks for any more would keep old boards.
void OddsApi::let_go(UtcMillis now) {
  const auto is_old = [&](const auto& entry) { return now - entry.second.used_at > kKeptUnused; };
  std::erase_if(texts_, is_old);
  std::erase_if(kept_, [&](const auto& entry) {
    if (!is_old(entry)) return false;
    kept_bytes_ -= size_of(entry.second.response);
    return true;
  });
}

bool OddsApi::serves(std::string_view path) {
  return path.starts_with("/v4/") || path.starts_with("/v3/") || path == "/openapi.json" ||
         path == "/asyncapi.json";
}

HttpAnswer OddsApi::answer(const WebRequest& request) {
  HttpAnswer out;
  const auto route = odds_route(request.path);
  if (!route) {
    out.response = error_response(404, "NOT_FOUND", "No such path; /openapi.json lists them");
  } else if (route->is_past()) {
    if (auto known = check_sport(sports_, *route); !known)
      out.response = refusal(known.error());
    else if (!history_)
      out.response = error_response(404, "NOT_FOUND", "Nothing of the past is told here");
    else if (auto asked = read_past_query(*route, request, catalog_); !asked)
      out.response = refusal(asked.error());
    else {
      // For a server that cannot wait for it.
      out.response = error_response(503, "UNAVAILABLE", "The past cannot be read now; ask again");
      out.later = [history = history_, asked = *std::move(asked), gzip = wants_gzip(request)] {
        WebResponse response = history->answer(asked);
        if (gzip && response.status == 200) compress(response);
        return response;
      };
    }
  } else {
    out.response = answer_now(*route, request);
  }
  return out;
}

WebResponse OddsApi::answer_now(const OddsRoute& route, const WebRequest& request) {
  if (route.kind == Kind::Document) {
    static const WebResponse kDocument = json_answer(openapi_texts::openapi, 0);
    return kDocument;
  }
  if (route.kind == Kind::FeedDocument) {
    static const WebResponse kDocument = json_answer(openapi_texts::asyncapi, 0);
    return kDocument;
  }
  if (!board_) {
    WebResponse out = error_response(503, "UNAVAILABLE", "The matches are being read; ask again");
    out.headers.emplace_back("Retry-After", "2");
    return out;
  }
  const std::string key = normal_form(request);
  const UtcMillis now = request.now;
  auto found = kept_.find(key);
  if (found != kept_.end()) {
    Kept& kept = found->second;
    const bool young = now >= kept.made_at && now - kept.made_at <= config_.answer_age;
    if (young && now <= kept.good_through) {
      kept.used_at = now;
      if (!kept.response.gzip && wants_gzip(request)) {
        kept_bytes_ -= size_of(kept.response);
        compress(kept.response);
        kept_bytes_ += size_of(kept.response);
      }
      return kept.response;
    }
  }
  auto made = make(route, request);
  if (!made) return refusal(made.error());
  WebResponse response = json_answer(std::move(made->body.json), made->cost);
  if (found != kept_.end() && found->second.response.etag == response.etag)
    response = found->second.response;  // with what is compressed already
  else if (wants_gzip(request))
    compress(response);
  response.cost = made->cost;
  keep(key, {response, now, made->body.good_through, now});
  return response;
}

void OddsApi::keep(const std::string& key, Kept kept) {
  const auto found = kept_.find(key);
  if (found != kept_.end()) kept_bytes_ -= size_of(found->second.response);
  constexpr std::size_t kMostKept = 1'000;
  if (found == kept_.end() && kept_.size() >= kMostKept) {
    kept_.clear();
    kept_bytes_ = 0;
  }
  kept_bytes_ += size_of(kept.response);
  kept_.insert_or_assign(key, std::move(kept));
  bound(kept_, kept_bytes_, config_.most_bytes,
        [](const Kept& one) { return size_of(one.response); });
}

Asked<OddsMade> OddsApi::make(const OddsRoute& route, const WebRequest& request) {
  const OddsBoard of{*board_, catalog_, sports_, request.now};
  const auto as_list = [](OddsBody body, int cost) {
    if (body.events == 0) cost = 0;
    return OddsMade{std::move(body), cost};
  };
  if (route.kind == Kind::Sports) {
    const auto all = read_flag(request, "all", "INVALID_ALL_SPORTS_PARAM");
    if (!all) return tl::unexpected(all.error());
    return OddsMade{sports_body(of, *all), 0};
  }
  if (route.kind == Kind::SportsV3) return sports_v3(of, request);
  if (route.kind == Kind::OddsV3) return odds_v3(of, request);
  if (auto known = check_sport(sports_, route); !known) return tl::unexpected(known.error());
  if (route.kind == Kind::Participants) return as_list(participants_body(of, route.sport), 1);

  const bool any = route.sport == kUpcomingSport;
  unsigned reads = 0;
  if (route.kind == Kind::Odds)
    reads = ReadsBookmakers | ReadsMarkets | ReadsFilter | FeaturedOnly | (any ? NoTimes : 0U);
  if (route.kind == Kind::EventOdds) reads = ReadsBookmakers | ReadsMarkets;
  if (route.kind == Kind::EventMarkets) reads = ReadsBookmakers;
  if (route.kind == Kind::Events) reads = ReadsFilter;
  if (route.kind == Kind::Scores) reads = ReadsFilter | NoTimes;
  auto query = read_odds_query(request, catalog_, reads);
  if (!query) return tl::unexpected(query.error());
  OddsForm& form = query->form;
  const int markets = static_cast<int>(form.markets.size());

  if (route.kind == Kind::Odds) {
    Texts& texts = texts_of(form, request.now);
    return as_list(odds_body(of, route.sport, *query,
                             [&](const auto& match) -> const OddsText& {
                               return text_of(texts, match, form, request.now);
                             }),
                   markets * query->region_units);
  }
  if (route.kind == Kind::Events) return as_list(events_body(of, route.sport, *query), 0);
  if (route.kind == Kind::Scores) {
    const auto days = read_days(request);
    if (!days) return tl::unexpected(days.error());
    return OddsMade{scores_body(of, route.sport, *query, *days), *days > 0 ? 2 : 1};
  }
  const auto match = event_of(of, route.sport, route.event);
  if (!match) return tl::unexpected(match.error());
  form.event_odds = true;
  const OddsSport& sport = sports_.of(**match);
  const bool odds = route.kind == Kind::EventOdds;
  OddsText text = odds ? event_odds_json(**match, sport, form, request.now)
                       : event_markets_json(**match, sport, form, catalog_.bet_types, request.now);
  const int cost = odds ? static_cast<int>(text.markets) * query->region_units : 1;
  return OddsMade{{std::move(text.json), text.good_through, 1, text.markets}, cost};
}

OddsApi::Texts& OddsApi::texts_of(const OddsForm& form, UtcMillis now) {
  std::size_t bytes = 0;
  for (const auto& [name, texts] : texts_) bytes += texts.bytes;
  bound(texts_, bytes, config_.most_bytes, [](const Texts& texts) { return texts.bytes; });
  Texts& out = texts_[form.text()];
  out.used_at = now;
  // Of matches that have been replaced.
  if (out.by_match.size() > board_->matches.size() + board_->matches.size() / 2 + 64)
    std::erase_if(out.by_match, [&](const auto& entry) {
      if (board_->find(entry.second.match->id) == entry.first) return false;
      out.bytes -= entry.second.text.json.size();
      return true;
    });
  return out;
}

const OddsText& OddsApi::text_of(Texts& texts, const std::shared_ptr<const BoardMatch>& match,
                                 const OddsForm& form, UtcMillis now) {
  Text& kept = texts.by_match[match.get()];
  if (kept.match && now <= kept.text.good_through) return kept.text;
  kept.match = match;
  texts.bytes -= kept.text.json.size();
  kept.text = event_odds_json(*match, sports_.of(*match), form, now);
  texts.bytes += kept.text.json.size();
  return kept.text;
}

}  // namespace oddsloom
