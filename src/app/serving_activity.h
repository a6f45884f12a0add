// What a bookmaker that is served in this process came to, for the dashboard's health page. The
// counters are any thread's.
#pragma once

#include "app/serving.h"
#include "serve/dashboard_health.h"

namespace oddsloom {

BookmakerActivity activity_of(const Serving& serving, UtcMillis now);

}  // namespace oddsloom
