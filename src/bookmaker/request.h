// What to ask a bookmaker for: turns wanted events into as few requests as its endpoints allow, and
// lists into pages. Pure; any thread. transport/ sends them; mapping.h reads the answers.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "bookmaker/spec.h"
#include "model/work_entry.h"

namespace oddsloom {

// An event somebody wants prices of, with what is known about it.
struct WantedEvent {
  WorkEntry work;
  std::set<std::string> bet_types;
  int period = 0;
};

struct Fetch {
  std::string endpoint;  // "upcoming_markets", for messages and metrics
  Source source = Source::Upcoming;
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;
  std::string body;
  std::vector<WantedEvent> events;  // whose answer this is to be
};

// Groups by endpoint and by what must be equal within one request (sport); at most
// min(ids_per_request, most_ids) events a request; asks for the union of the group's bet types, and
// for the bet type that carries the team names when a name is missing. Order is kept. `base_url`
// empty = the bookmaker's.
std::vector<Fetch> plan_fetches(const Bookmaker& bookmaker, Source source,
                                std::vector<WantedEvent> events, std::size_t most_ids,
                                const std::string& base_url);

// Events for which this is equal can share a request: the sport's id, "" where all can.
std::string request_group(const Bookmaker& bookmaker, Source source, const WorkEntry& event);

// Ids one request can carry.
std::size_t ids_per_request(const Bookmaker& bookmaker, Source source);

// The same fetch as two of half the events (status 422). One event cannot be split: gives an empty
// list.
std::vector<Fetch> split_fetch(const Bookmaker& bookmaker, const Fetch& fetch,
                               const std::string& base_url);

// ---- lists: step 1

struct ListPage {
  std::string endpoint;  // "upcoming_list"
  Source source = Source::Upcoming;
  std::string sport_id;  // which of the endpoint's sports, "" = not by sport
  std::string url;
  std::vector<std::string> headers;
  std::size_t position = 0;  // items before this page
};

// The first page of every list declared for the source (one per sport where lists go by sport).
std::vector<ListPage> first_pages(const Bookmaker& bookmaker, Source source,
                                  const std::string& base_url);

// How an event stands by its list, as far as the folder says where that is: no prices, but reasons
// to look at them sooner or later.
struct Standing {
  bool paused = false;  // half time or the like
  std::string telling;  // when it is another than before, prices may be others, too
  bool operator==(const Standing&) const = default;
};

struct ListAnswer {
  std::vector<WorkEntry> events;
  std::vector<Standing> standings;    // as `events`
  std::optional<ListPage> next;       // the page after this one, nothing at the end
  std::vector<std::string> problems;  // items that could not be read, with their path
};

// Reads one page. `content_range` as sent. Errors: as of map_answer's classification (kind
// Malformed), with endpoint.
Result<ListAnswer> read_list(const Bookmaker& bookmaker, const ListPage& page, int http_status,
                             const std::string& content_range, std::string_view body,
                             const std::string& base_url);

}  // namespace oddsloom
