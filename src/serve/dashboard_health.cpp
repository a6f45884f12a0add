#include "serve/dashboard_health.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "serve/dashboard_names.h"

namespace oddsloom {
namespace {

void put_freshness(JsonWriter& json, const SourceHealth& health, const Catalog& catalog) {
  const auto put_age = [&](std::string_view name, double quantile) {
    json.key(name);
    if (health.ages.empty())
      json.null();
    else
      json.value(static_cast<std::int64_t>(health.age(quantile).count()));
  };
  const std::size_t markets = health.ages.size();
  json.begin_object();
  put_bookmaker(json, health.bookmaker, catalog);
  json.member("source", to_string(health.source))
      .member("limit_ms", static_cast<std::int64_t>(health.limit.count()))
      .member("matches", static_cast<std::uint64_t>(health.matches))
      .member("markets", static_cast<std::uint64_t>(markets))
      .member("within_limit", static_cast<std::uint64_t>(markets - health.stale))
      .member("suspended", static_cast<std::uint64_t>(health.suspended));
  put_age("p50_ms", 0.5);
  put_age("p95_ms", 0.95);
  put_age("p99_ms", 0.99);
  json.end_object();
}

void put_activity(JsonWriter& json, const BookmakerActivity& activity, const Catalog& catalog) {
  json.begin_object();
  put_bookmaker(json, activity.bookmaker, catalog);
  json.member("requests", activity.requests).member("in_flight", activity.in_flight);
  json.key("failures").begin_object();
  for (const auto& [kind, count] : activity.failures) json.member(kind, count);
  json.end_object().member("held_back", activity.held_back).key("waits").begin_array();
  for (const std::string& wait : activity.waits) json.value(std::string_view(wait));
  json.end_array().end_object();
}

void put_stream(JsonWriter& json, const StreamStatistics& stream) {
  json.begin_object()
      .member("stream", std::string_view(stream.stream.name()))
      .member("length", stream.length)
      .member("pending", stream.pending)
      .member("delayed", stream.delayed)
      .member("dead", stream.dead)
      .key("oldest");
  if (stream.oldest)
    json.value(std::string_view(to_iso8601(*stream.oldest)));
  else
    json.null();
  json.member("consumers", static_cast<std::uint64_t>(stream.consumers.size())).end_object();
}

}  // namespace

std::string to_json(const DashboardHealth& health, const Catalog& catalog) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("at", std::string_view(to_iso8601(health.at)))
      .member("trouble", std::string_view(health.trouble))
      .member("matches", health.matches)
      .key("freshness")
      .begin_array();
  for (const SourceHealth& one : health.freshness) put_freshness(json, one, catalog);
  json.end_array().key("activity");
  if (health.activity) {
    json.begin_array();
    for (const BookmakerActivity& one : *health.activity) put_activity(json, one, catalog);
    json.end_array();
  } else {
    json.null();
  }
  json.key("streams").begin_array();
  for (const StreamStatistics& one : health.streams) put_stream(json, one);
  json.end_array().end_object();
  return out;
}

}  // namespace oddsloom
