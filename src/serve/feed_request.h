// What a websocket client of the feed may say:
//   {"op":"subscribe","markets":["h2h"],"eventIds":"..","lastEventId":".."}   instead of the filter
//   {"op":"unsubscribe"}                                                       nothing any more
// Lists are arrays of text or text with commas. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "serve/feed_filter.h"

namespace oddsloom {

struct FeedRequest {
  bool subscribe = false;  // else unsubscribe
  FilterLists lists;
  std::string last_event_id;  // "" = none
};

tl::expected<FeedRequest, FilterError> parse_feed_request(std::string_view text);

}  // namespace oddsloom
