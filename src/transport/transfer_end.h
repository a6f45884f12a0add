// What libcurl's verdict on a finished transfer means in our words. Private to transport/. Pure but
// for what it asks the handle; the handle's thread.
#pragma once

#include <curl/curl.h>

#include "transport/http_client.h"

namespace oddsloom {

// `easy` has just ended with `code`; `proxied` when it went through a proxy, whose failures are
// told from the site's.
TransferEnd classify_end(CURL* easy, CURLcode code, bool proxied);

}  // namespace oddsloom
