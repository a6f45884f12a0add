// A bookmaker's file, compiled: what load_spec.cpp makes of it and request.cpp, list_reader.cpp and
// mapping.cpp interpret. docs/bookmaker-folder.md describes the file's side. Immutable after
// loading; any thread.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bookmaker/expression.h"
#include "bookmaker/feed.h"
#include "bookmaker/listen_ways.h"
#include "bookmaker/mapping.h"
#include "bookmaker/traffic_rules.h"
#include "bookmaker/url_template.h"
#include "model/market.h"

namespace oddsloom {

// ---- which market of which sport is which bet type

struct SportSide {
  std::string id;       // the sport's, in this source's id space
  bool listed = false;  // its lists are read by default
  std::vector<std::pair<std::string, std::string>> markets;  // bet type, market id
  const std::string* market_of(std::string_view bet_type) const;
};

struct Sport {
  std::string name;
  bool is_default = false;  // meant where nobody names a sport
  std::optional<SportSide> upcoming, live;
  const std::optional<SportSide>& side(Source source) const {
    return source == Source::Live ? live : upcoming;
  }
};

// ---- what to ask

struct Endpoint {
  std::string name;
  Source source = Source::Upcoming;
  std::string method = "GET";
  UrlTemplate url, body;
  std::string market_id;  // how one id is written in {market_ids}; "{id}" stands for it
  std::size_t ids_per_request = 1;
  bool one_sport = false;  // events of one request are of one sport
  MissingEvent missing_event = MissingEvent::Gone;
};

enum class Paging { None, ContentRange, MoreFlag };

struct EventFields {
  Expression id, home, away, start_time, competition, sport_id, betradar_id;
  Expression paused;                          // empty = nothing tells
  std::vector<std::string> paused_among;      // texts of `paused` that mean half time or the like
  std::vector<Expression> look_when_changed;  // reasons to look at the event's prices again
};

struct List {
  std::string name;
  Source source = Source::Upcoming;
  UrlTemplate url;
  bool by_sport = false;
  std::size_t page_size = 100, most_pages = 100;
  Paging paging = Paging::None;
  Path more;  // MoreFlag: true while there are more pages
  EachPath events;
  EventFields fields;
  Expression keep;                      // empty = every event
  std::vector<std::string> keep_among;  // texts of `keep` that are kept
  bool ends_when_none_kept = false;     // those kept come first
};

// ---- how an answer is read

// In what way selections are told apart; tried in the order of the file until one names them all.
enum class MatchBy { Code, Name, Teams, Position };

struct OutcomeRules {
  std::vector<MatchBy> by;
  // Lower-case text, index of the outcome in the bet type.
  std::vector<std::pair<std::string, std::size_t>> codes, names;
  std::vector<std::pair<std::string, std::string>> teams;  // outcome, "{home} or draw"
  std::vector<std::string> position;                       // outcomes in the feed's order
};

struct Reading {
  std::string name;
  Expression market_id, market_bet_type, line, instance, market_status;
  EachPath selections;
  Expression selection_id, selection_name, code, odds, selection_status;
  std::vector<std::string> selection_members;                 // that those five look at first
  std::map<std::string, OutcomeRules, std::less<>> outcomes;  // by bet type
};

struct Form {
  std::string name;
  Source source = Source::Upcoming;
  bool root_is_array = false;
  EachPath events;
  Expression event_id;
  Path event_at;  // where an event's own fields lie
  EachPath markets;
  std::vector<Path> required;  // members every event of this form has
  const EventFields* fields = nullptr;
  const Reading* reading = nullptr;
  std::vector<std::string> telling_members;  // see excerpt.h
};

// The bet type whose market names the teams, and the outcomes that are home and away.
struct NamesFrom {
  std::string bet_type, home, away;
};

// What the messages of one name of a feed are.
struct FeedRule {
  std::string name;  // "*" = any that no rule before it names
  FeedNews::Kind kind = FeedNews::Kind::Market;
  Path payload;     // where the JSON that counts stands, also as the content of a text; empty = all
  EachPath events;  // empty = the payload itself
  Expression event_id;
  std::vector<Expression> look_when_changed;
};

struct Feed {
  FeedSettings settings;
  std::vector<FeedRule> messages;
};

struct CompiledSpec {
  bool ids_are_digits = true;
  std::vector<std::string> blocked_signs;
  std::vector<Sport> sports;
  std::optional<NamesFrom> names_from;
  std::vector<Endpoint> endpoints;
  std::vector<List> lists;
  std::map<std::string, EventFields, std::less<>> event_fields;  // forms and lists point into these
  std::map<std::string, Reading, std::less<>> readings;
  std::vector<Form> forms;
  std::vector<Feed> feeds;
  BrowserSpec browser;
  std::array<std::vector<ListenWay>, 2> listen;  // by source; empty = the folder chooses nothing

  const Endpoint* endpoint(Source source) const;
  const Sport* default_sport() const;
  const Sport* sport(Source source, std::string_view id) const;  // null = not declared
  bool is_event_id(std::string_view text) const;
};

}  // namespace oddsloom
