// Refusals as clients read them: JSON in the shape of The Odds API (`message`, `error_code`,
// `details_url`), and the page that the details lead to. Pure; any thread.
#pragma once

#include <string_view>

#include "serve/http.h"

namespace oddsloom {

// {"message":..,"error_code":"INVALID_KEY","details_url":"/errors#invalid-key"}
WebResponse error_response(int status, std::string_view code, std::string_view message);

// What every code means, for people: the answer to GET /errors.
WebResponse errors_page();

}  // namespace oddsloom
