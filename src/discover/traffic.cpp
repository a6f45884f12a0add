#include "discover/traffic.h"

#include <fmt/format.h>

#include <algorithm>

#include "bookmaker/answer_kind.h"
#include "bookmaker/feed.h"
#include "bookmaker/request.h"

namespace oddsloom {
namespace {

using Kind = TrafficReading::Kind;

std::set<std::string> as_set(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

bool is_refusal(int status) { return status == 401 || status == 403 || status == 429; }

// An update may leave out what has not changed: of an open market, prices.
bool is_complete(const Record& record, TrafficKind kind) {
  if (record.home.empty() || record.away.empty() || !record.start_time) return false;
  return kind == TrafficKind::Response || record.status != Status::Open ||
         std::all_of(record.outcomes.begin(), record.outcomes.end(),
                     [](const Outcome& outcome) { return outcome.price.has_value(); });
}

void bad(TrafficReading& out, AnswerKind kind, const std::string& message) {
  out.kind = kind == AnswerKind::Blocked ? Kind::Blocked : Kind::Useless;
  out.message = fmt::format("{}: {}", to_string(kind), message);
}

}  // namespace

TrafficReader::TrafficReader(const Bookmaker& bookmaker, const BetTypes& bet_types,
                             TrafficConfig config)
    : bookmaker_(bookmaker),
      bet_types_(bet_types),
      config_(std::move(config)),
      live_(as_set(config_.bet_types), config_.most_events),
      upcoming_(as_set(config_.bet_types), config_.most_events) {}

bool TrafficReader::wants(TrafficKind kind, std::string_view url) const {
  const auto match = match_traffic(bookmaker_, config_.base_url, kind, url);
  return match && (!config_.only || match->rule->source == *config_.only);
}

std::optional<std::string> TrafficReader::refusal(const Captured& document) const {
  if (is_refusal(document.status)) return fmt::format("blocked: HTTP {}", document.status);
  const ParsedAnswer answer = parse_answer(document.body, *bookmaker_.compiled);
  if (answer.kind != AnswerKind::Blocked) return std::nullopt;
  return fmt::format("{}: {}", to_string(answer.kind), answer.message);
}

TrafficReading TrafficReader::read(const Captured& seen) {
  TrafficReading out;
  const auto match = match_traffic(bookmaker_, config_.base_url, seen.kind, seen.url);
  if (!match || (config_.only && match->rule->source != *config_.only)) return out;
  out.rule = match->rule->name;
  out.source = match->rule->source;
  out.kind = Kind::Read;
  if (seen.kind == TrafficKind::Response && (seen.status < 200 || seen.status > 299)) {
    out.kind = is_refusal(seen.status) ? Kind::Blocked : Kind::Useless;
    out.message = fmt::format("{}HTTP {}", is_refusal(seen.status) ? "blocked: " : "", seen.status);
    return out;
  }
  if (!match->rule->feed.empty()) {
    read_frame_into(seen, *match, out);
    return out;
  }
  if (!match->rule->list.empty()) read_list_into(seen, *match, out);
  if (match->rule->markets && out.kind == Kind::Read)
    read_markets_into(seen.body, seen, *match, out);
  return out;
}

void TrafficReader::read_list_into(const Captured& seen, const TrafficMatch& match,
                                   TrafficReading& out) {
  const ListPage page{match.rule->list, match.rule->source, match.sport_id, seen.url, {}, 0};
  auto answer = read_list(bookmaker_, page, seen.status, "", seen.body, config_.base_url);
  if (!answer) {
    const ParsedAnswer parsed = parse_answer(seen.body, *bookmaker_.compiled);
    if (parsed.kind != AnswerKind::Good) return bad(out, parsed.kind, parsed.message);
    out.kind = Kind::Useless;
    out.message = answer.error().message;
    return;
  }
  out.events = answer->events.size();
  out.problems = std::move(answer->problems);
  for (WorkEntry& event : answer->events) memory(match.rule->source).learn(std::move(event));
}

void TrafficReader::read_frame_into(const Captured& seen, const TrafficMatch& match,
                                    TrafficReading& out) {
  const FeedSettings* feed = feed_of(bookmaker_, match.rule->source);
  if (!feed) return;
  const auto useless = [&](std::string message) {
    out.kind = Kind::Useless;
    out.message = std::move(message);
  };
  const auto unframed = unframe(feed->framing, seen.body);
  if (!unframed) return useless(unframed.error().text());
  if (unframed->refused) return useless(*unframed->refused);
  // Pings and greetings are no odds.
  if (unframed->messages.empty()) out.kind = Kind::NotOurs;
  for (const FeedMessage& message : unframed->messages) {
    const auto news = read_news(bookmaker_, *feed, message);
    if (!news) return useless(news.error().text());
    // How an event stands is for the page to act on: it will ask, and what it is told comes here.
    if (news->kind != FeedNews::Kind::Market) continue;
    const std::size_t problems = out.problems.size();
    read_markets_into(news->payload, seen, match, out);
    // What could not be read of an update is not said again.
    if (out.problems.size() > problems)
      for (const FeedNews::About& about : news->events) ask_about(about.event_id, match, out);
    if (out.kind == Kind::Useless || out.kind == Kind::Blocked) return;
  }
}

void TrafficReader::read_markets_into(std::string_view body, const Captured& seen,
                                      const TrafficMatch& match, TrafficReading& out) {
  MappingContext context;
  context.source = match.rule->source;
  context.observed_at = seen.observed_at;
  context.any_event = true;
  context.any_bet_types = as_set(config_.bet_types);
  context.any_sport_id = match.sport_id;
  context.known = [&](std::string_view event_id) { return memory(context.source).find(event_id); };
  Mapping mapping = map_answer(bookmaker_, bet_types_, context, body);
  out.problems.insert(out.problems.end(), mapping.problems.begin(), mapping.problems.end());
  if (mapping.kind != AnswerKind::Good) return bad(out, mapping.kind, mapping.message);

  for (Record& record : mapping.records) {
    if (!is_complete(record, seen.kind)) {
      ask_about(record.event_id, match, out);
    } else if (place(record)) {
      out.records.push_back(std::move(record));
    }
  }
  // An answer is about what the page asked for; that something is not in it says nothing, unless
  // everything would be.
  if (!match.rule->complete) return;
  for (MarketNotOffered& gone : mapping.not_offered) {
    Record nothing;
    nothing.bookmaker = bookmaker_.name;
    nothing.bet_type = std::move(gone.bet_type);
    nothing.source = context.source;
    nothing.event_id = std::move(gone.event_id);
    nothing.offered = false;
    nothing.status = Status::Closed;
    nothing.observed_at = nothing.changed_at = seen.observed_at;
    out.records.push_back(std::move(nothing));
  }
}

void TrafficReader::ask_about(const std::string& event_id, const TrafficMatch& match,
                              TrafficReading& out) {
  const auto same = [&](const WorkEntry& event) { return event.event_id == event_id; };
  if (std::any_of(out.unknown.begin(), out.unknown.end(), same)) return;
  if (const WantedEvent* known = memory(match.rule->source).find(event_id)) {
    out.unknown.push_back(known->work);
    return;
  }
  WorkEntry event;
  event.event_id = event_id;
  event.sport_id = match.sport_id;
  out.unknown.push_back(std::move(event));
}

// The day it is played, seen from when it was observed. False: beyond the days that are kept.
bool TrafficReader::place(Record& record) {
  if (record.source == Source::Live) return true;
  const int day = day_index(bookmaker_, *record.start_time, record.observed_at);
  record.period = std::max(0, day);
  return day < kPeriods;
}

}  // namespace oddsloom
