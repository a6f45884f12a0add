#include "serve/http_error.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"

namespace oddsloom {
namespace {

struct Meaning {
  std::string_view code, text;
};

// The codes of The Odds API's page of error codes, and our own for what HTTP itself refuses.
constexpr Meaning kMeanings[] = {
    {"MISSING_KEY", "This server wants an API key and none was sent."},
    {"INVALID_KEY", "The API key is not one of this server's."},
    {"DEACTIVATED_KEY", "The API key was revoked."},
    {"OUT_OF_USAGE_CREDITS", "The key's credits of this month (UTC) are used up."},
    {"HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN", "Historical odds are not for this key."},
    {"EXCEEDED_FREQ_LIMIT", "Too many requests a second; Retry-After says how long to wait."},
    {"UNKNOWN_SPORT", "No such sport key; /v4/sports lists them."},
    {"EVENT_NOT_FOUND", "No such event, or no longer."},
    {"MISSING_REGION", "regions or bookmakers must be given."},
    {"INVALID_REGION", "An unknown region."},
    {"INVALID_BOOKMAKERS", "An unknown bookmaker."},
    {"MISSING_MARKET", "markets must be given."},
    {"INVALID_MARKET", "An unknown market, or one that this path does not serve."},
    {"INVALID_MARKET_COMBO", "These markets cannot be asked for together."},
    {"INVALID_DATE_FORMAT", "dateFormat is iso or unix."},
    {"INVALID_ODDS_FORMAT", "oddsFormat is decimal or american."},
    {"INVALID_ALL_SPORTS_PARAM", "all is true or false."},
    {"INVALID_SPORT", "The sport is not one that this path serves."},
    {"INVALID_SCORES_DAYS_FROM", "daysFrom is 1, 2 or 3."},
    {"INVALID_EVENT_IDS", "eventIds is a list of ids of 32 hexadecimal digits."},
    {"INVALID_EVENT_ID", "An event's id has 32 hexadecimal digits."},
    {"MISSING_HISTORICAL_TIMESTAMP", "date must be given."},
    {"INVALID_HISTORICAL_TIMESTAMP", "date is an ISO 8601 time with a zone."},
    {"INVALID_COMMENCE_TIME_FROM", "commenceTimeFrom is an ISO 8601 time with a zone."},
    {"INVALID_COMMENCE_TIME_TO", "commenceTimeTo is an ISO 8601 time with a zone."},
    {"INVALID_COMMENCE_TIME_RANGE", "commenceTimeFrom lies after commenceTimeTo."},
    {"INVALID_PARTICIPANT_ID", "No such participant."},
    {"INVALID_INCLUDE_LINKS", "includeLinks is true or false."},
    {"INVALID_INCLUDE_SIDS", "includeSids is true or false."},
    {"INVALID_INCLUDE_BET_LIMITS", "includeBetLimits is true or false."},
    {"INVALID_INCLUDE_MULTIPLIERS", "includeMultipliers is true or false."},
    {"INVALID_INCLUDE_ROTATION_NUMBERS", "includeRotationNumbers is true or false."},
    {"INVALID_INCLUDE", "include is a list of status, age and links."},
    {"HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE", "The market was not recorded at that time."},
    {"BAD_REQUEST", "The request cannot be read, or could be read in two ways."},
    {"NOT_FOUND", "There is nothing at this path."},
    {"METHOD_NOT_ALLOWED", "Only GET and HEAD are answered."},
    {"FORBIDDEN_ORIGIN", "A web page of another origin may not open this; see serve.cors."},
    {"REQUEST_TIMEOUT", "The request did not arrive whole in time."},
    {"CONTENT_TOO_LARGE", "The request has a larger body than is read."},
    {"URI_TOO_LONG", "The request target is longer than is read."},
    {"UPGRADE_REQUIRED", "Websockets are spoken in version 13 here."},
    {"HEADERS_TOO_LARGE", "The request's headers are longer than is read."},
    {"INTERNAL_ERROR", "A fault of this server; its log has the details."},
    {"UNAVAILABLE", "Not now: the server has too much to do, or stops."},
};

std::string anchor(std::string_view code) {
  std::string out = to_lower_ascii(code);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

}  // namespace

WebResponse error_response(int status, std::string_view code, std::string_view message) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .member("message", message)
      .member("error_code", code)
      .member("details_url", std::string_view(fmt::format("/errors#{}", anchor(code))))
      .end_object();
  WebResponse out;
  out.status = status;
  out.body = std::make_shared<const std::string>(std::move(body));
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

WebResponse errors_page() {
  static const auto kPage = [] {
    std::string out =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Error codes</title>"
        "<h1>Error codes</h1><dl>\n";
    for (const Meaning& meaning : kMeanings)
      out += fmt::format("<dt id=\"{}\"><code>{}</code><dd>{}\n", anchor(meaning.code),
                         meaning.code, meaning.text);
    return std::make_shared<const std::string>(out + "</dl></html>\n");
  }();
  WebResponse out;
  out.content_type = "text/html; charset=utf-8";
  out.body = kPage;
  return out;
}

}  // namespace oddsloom
