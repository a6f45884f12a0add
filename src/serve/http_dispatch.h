// From a request that was read to what is answered, without the socket: target, method, key,
// limits, handler, quota. Between http_session, which reads and writes, and the handler. I/O thread
// only.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <functional>
#include <memory>
#include <string>

#include "serve/http_answer.h"
#include "serve/server_state.h"
#include "serve/subscriber_session.h"

namespace oddsloom {

using RequestHead = boost::beast::http::header<true, boost::beast::http::fields>;

struct Dispatched {
  WebResponse response;
  // Not empty: the answer takes time; `finish` makes the rest of it what was found out.
  std::function<WebResponse()> later;
  std::function<Dispatched(WebResponse)> finish;
  std::unique_ptr<Subscriber> subscriber;  // then `response` is not sent
  Transport transport = Transport::EventStream;
  std::shared_ptr<WakeLine> wake;
  std::string websocket_key;   // accepted form of it
  Headers more;                // CORS and usage
  std::string path, key_name;  // for the log; "" where they are not known
  bool last = false;           // the connection ends behind this answer
};

// `head` stays until the answer is there, also one that takes time.
Dispatched dispatch(ServerState& state, const std::string& client, const RequestHead& head);

// A refusal for what is no request. `state` counts it.
Dispatched refuse(ServerState& state, Rejection why, int status, std::string_view code,
                  std::string_view message);

}  // namespace oddsloom
