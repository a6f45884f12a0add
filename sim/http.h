// One HTTP exchange as the simulated sites see it, without sockets. Passed between the server and
// whoever answers (the bookmaker, the replay). Values only; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace oddsloom::sim {

struct Request {
  std::string method;  // "GET"
  std::string target;  // as on the wire: path and query
  std::string body;
};

// How the answer travels. All but Whole are faults.
enum class Delivery {
  Whole,
  Hang,  // nothing is sent; the connection stays open for `delivery_time`, then it is cut
  Slow,  // the body comes in small pieces over `delivery_time`
  Cut    // the head announces the whole body, half of it comes, the connection is closed
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Delivery delivery = Delivery::Whole;
  Millis delivery_time{0};
  std::size_t events = 0;  // how many events the body is about; not sent, for the statistics
};

// Called by the server's thread, one request at a time.
using Handler = std::function<Response(const Request&)>;

// A target taken apart; names and values are percent-decoded.
struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> parameters;  // in order

  // The first value of that name, or nothing.
  std::optional<std::string_view> parameter(std::string_view name) const;
  // The same as a number; `otherwise` if it is absent or not a number.
  std::int64_t number(std::string_view name, std::int64_t otherwise) const;
};

Target parse_target(std::string_view target);
std::string percent_decode(std::string_view text);

// "1,2,x,3" -> 1 2 3: what is not a number is left out, as the site does.
std::vector<std::int64_t> parse_ids(std::string_view text);

// Whether a parameter of that name holds ids of events, at any of the simulated sites.
bool names_events(std::string_view parameter);

// The ids of the events that this request asks for by name: in such a parameter, or in the path of
// a details request. Empty for lists.
std::vector<std::int64_t> asked_ids(const Target& target);

Response json_response(int status, std::string body);
Response not_found();

}  // namespace oddsloom::sim
