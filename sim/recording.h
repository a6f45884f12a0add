// Answers that a real site once gave, read from a folder with an INDEX.tsv. Used by replay.h.
// Values; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sim/http.h"

namespace oddsloom::sim {

struct Recorded {
  std::string file;
  std::string kind;  // first part of the file's name, e.g. "prematch-list"
  std::string host;
  Target target;
  bool placeholder = false;  // the url holds "<ids>", "..." or is unknown: match by kind
  int status = 200;
  std::string content_type = "application/json";
  std::string stamp;  // digits of the time in the file's name; sorts by time
  std::string body;
};

// In time order. Errors: NotFound (folder, index, file), Malformed (a column is missing).
Result<std::vector<Recorded>> load_recorded(const std::filesystem::path& folder);

// Same path, same parameters in any order, lists of ids in any order.
bool same_request(const Target& a, const Target& b);

// One member of a recorded answer, cut out so that it can be sent alone.
struct RecordedMarket {
  std::int64_t id = 0;  // market id
  std::string json;
};
struct RecordedEvent {
  std::int64_t id = 0;
  std::int64_t competition_id = 0;
  std::int64_t kickoff_ms = 0;
  bool started = false;  // live
  std::string json;
  std::vector<RecordedMarket> markets;  // inline ones
};

// Each reads one kind of answer; what does not fit is Malformed.
Result<std::vector<RecordedEvent>> read_upcoming_list(const std::string& body);
Result<std::vector<RecordedEvent>> read_live_list(const std::string& body, bool& load_more);
Result<std::map<std::int64_t, std::vector<RecordedMarket>>> read_game_markets(
    const std::string& body);
Result<std::map<std::int64_t, std::vector<RecordedMarket>>> read_live_markets(
    const std::string& body);
// Of a details answer: event id and its markets.
Result<std::pair<std::int64_t, std::vector<RecordedMarket>>> read_live_details(
    const std::string& body);

}  // namespace oddsloom::sim
