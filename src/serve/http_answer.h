// From what a handler says to what goes over the wire: status line and headers as text, the body as
// it is or compressed, 304 where the client has it already. Pure but for the cache of compressed
// bodies; I/O thread.
#pragma once

#include <string>
#include <string_view>

#include "serve/cors.h"
#include "serve/gzip_cache.h"
#include "serve/http.h"

namespace oddsloom {

// What a request says about how it wants to be answered.
struct AnswerWishes {
  bool head_only = false;
  bool keep_alive = true;
  bool http10 = false;
  bool gzip = false;
  std::string if_none_match;
};

bool accepts_gzip(std::string_view accept_encoding);

// Whether what a client has, as its If-None-Match says, is what the ETag names.
bool is_known(const std::string& if_none_match, const std::string& etag);

// "Wed, 25 Nov 2026 09:00:00 GMT"
std::string http_date(UtcMillis time);

struct WireAnswer {
  int status = 200;
  std::string head;  // with the empty line that ends it
  SharedText body;   // nullptr: none is sent
};

// `more`: headers beside those of the response. The response's status may become 304.
WireAnswer compose_answer(const WebResponse& response, const AnswerWishes& wishes,
                          const Headers& more, UtcMillis now, GzipCache& cache);

// The head of an answer that goes on until the connection ends.
std::string event_stream_head(const Headers& more, UtcMillis now);
// The head that makes a connection a websocket.
std::string websocket_head(std::string_view accept_key, const Headers& more, UtcMillis now);

}  // namespace oddsloom
