// Which of the answers that pass by are the bookmaker's odds: a page in a browser, or a capture,
// holds hundreds that are not. Compiled from [browser] of the bookmaker's file; asked by
// discover/traffic. Immutable; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "bookmaker/url_pattern.h"
#include "model/market.h"

namespace oddsloom {

class Bookmaker;

enum class TrafficKind {
  Response,  // an HTTP answer's body
  Frame,     // what the other side said in one message of a websocket
};
std::string_view to_string(TrafficKind kind);  // "response", "frame"

struct TrafficRule {
  std::string name;
  TrafficKind kind = TrafficKind::Response;
  Source source = Source::Live;
  UrlPattern url;         // without one, a frame's address is the feed's
  std::string feed;       // whose messages a frame holds ([feeds.X]); "" = it is JSON of a form
  std::string list;       // read as that list, "" = as none
  bool markets = true;    // read as an answer that holds markets
  bool complete = false;  // such an answer holds all markets of its events: what is not in it is
                          // not offered
};

struct BrowserSpec {
  Millis silent_after{0};  // a page that showed nothing for so long is loaded anew
  struct Page {
    Source source = Source::Live;
    std::string path;  // of the bookmaker's own address, or a whole URL
  };
  std::vector<Page> pages;
  std::vector<TrafficRule> rules;  // the first that fits is taken
};

struct TrafficMatch {
  const TrafficRule* rule = nullptr;
  std::string sport_id;  // as the address says it, "" = it does not
};

// Nothing: this is not the bookmaker's odds. `base_url` empty = the bookmaker's.
std::optional<TrafficMatch> match_traffic(const Bookmaker& bookmaker, const std::string& base_url,
                                          TrafficKind kind, std::string_view url);

// The pages whose traffic shows the source's odds. `base_url` empty = the bookmaker's.
std::vector<std::string> page_urls(const Bookmaker& bookmaker, Source source,
                                   const std::string& base_url);
// How long one of them may show nothing.
Millis silent_after(const Bookmaker& bookmaker);

}  // namespace oddsloom
