#include "serve/dashboard.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "serve/dashboard_names.h"
#include "serve/http_error.h"

namespace oddsloom {
namespace {

constexpr Millis kHealthAge{1'000};

WebResponse json_response(std::string json) {
  WebResponse out;
  out.body = std::make_shared<const std::string>(std::move(json));
  out.headers = {{"Cache-Control", "no-store"}};
  return out;
}

WebResponse not_read_yet() {
  return error_response(503, "UNAVAILABLE", "The store has not been read yet");
}

void put_time(JsonWriter& json, std::string_view name, const std::optional<UtcMillis>& time) {
  json.key(name);
  if (time)
    json.value(std::string_view(to_iso8601(*time)));
  else
    json.null();
}

void put_link(JsonWriter& json, const std::optional<BoardLink>& link) {
  json.key("link");
  if (!link) {
    json.null();
    return;
  }
  json.begin_object()
      .member("method", std::string_view(link->method))
      .key("score")
      .raw(fmt::format("{:.3f}", link->score))
      .member("evidence", std::string_view(link->evidence))
      .member("linked_at", std::string_view(to_iso8601(link->linked_at)))
      .end_object();
}

// As that bookmaker spells them: the names of the match are those of one of them.
void put_names(JsonWriter& json, const BoardEvent& event) {
  static const Record kNothing;
  const Record& record = event.markets.empty() ? kNothing : *event.markets.front().record;
  json.member("home", std::string_view(record.home))
      .member("away", std::string_view(record.away))
      .member("competition", std::string_view(record.competition));
  put_time(json, "start_time", record.start_time);
}

}  // namespace

bool Dashboard::is_mine(std::string_view path) {
  return is_open(path) || path.starts_with("/dashboard/");
}

HttpAnswer Dashboard::answer(const WebRequest& request, Transport transport,
                             std::function<void()> wake) {
  HttpAnswer out;
  if (const WebResponse* asset = assets_.find(request.path))
    out.response = *asset;
  else if (request.path == "/dashboard/catalog")
    out.response = json_response(catalog_json(catalog_));
  else if (request.path == "/dashboard/health")
    out.response = health(request.now);
  else if (request.path == "/dashboard/match")
    out.response = match(request);
  else if (request.path == "/dashboard/history")
    out = history(request, transport, std::move(wake));
  else
    out.response = error_response(404, "NOT_FOUND", "There is nothing at this path");
  return out;
}

WebResponse Dashboard::health(UtcMillis now) {
  const auto board = sources_.board();
  if (!board) return not_read_yet();
  if (health_at_ && now - *health_at_ < kHealthAge && now >= *health_at_) return health_;
  DashboardHealth health;
  health.at = now;
  health.trouble = sources_.trouble();
  health.matches = board->matches.size();
  health.freshness = board_health(*board, catalog_, now);
  health.activity = sources_.activity(now);
  health.streams = sources_.streams();
  health_ = json_response(to_json(health, catalog_));
  health_at_ = now;
  return health_;
}

WebResponse Dashboard::match(const WebRequest& request) const {
  const auto board = sources_.board();
  if (!board) return not_read_yet();
  const std::string* id = request.parameter("id");
  if (!id) return error_response(422, "INVALID_EVENT_ID", "id is missing: a match's id");
  const BoardMatch* match = board->find(*id);
  if (!match) return error_response(404, "EVENT_NOT_FOUND", "No such match, or no longer");
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("id", std::string_view(match->id)).key("events").begin_array();
  for (const BoardEvent& event : match->events) {
    json.begin_object();
    put_bookmaker(json, event.bookmaker, catalog_);
    json.member("source", to_string(event.source))
        .member("event_id", std::string_view(event.event_id));
    put_names(json, event);
    put_link(json, event.link);
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(std::move(text));
}

HttpAnswer Dashboard::history(const WebRequest& request, Transport transport,
                              std::function<void()> wake) {
  HttpAnswer out;
  const auto board = sources_.board();
  const auto question = read_history_question(request);
  const BoardMatch* match = board && question ? board->find(question->match_id) : nullptr;
  if (!board)
    out.response = not_read_yet();
  else if (!question)
    out.response = error_response(422, "BAD_REQUEST", question.error().text());
  else if (!match)
    out.response = error_response(404, "EVENT_NOT_FOUND", "No such match, or no longer");
  else if (transport != Transport::EventStream)
    out.response = error_response(400, "BAD_REQUEST", "This is an event stream, not a websocket");
  else
    out.subscriber = answer_history(sources_.read_history, records_asked(*question, *match),
                                    catalog_, std::move(wake));
  return out;
}

}  // namespace oddsloom
