// The two routes of The Odds API v3 that its old npm client asks, `/v3/sports` and `/v3/odds`, over
// what v4 tells: the body is wrapped in {"success":true,"data":..}, times are unix seconds. Pure
// but for the sports' index. Source: the public source of npm the-odds-api 2.1.0; that prices of
// h2h stand in the order of `teams`, the draw last, is inferred from its sample.
#pragma once

#include "serve/odds_route.h"

namespace oddsloom {

Asked<OddsMade> sports_v3(const OddsBoard& of, const WebRequest& request);
Asked<OddsMade> odds_v3(const OddsBoard& of, const WebRequest& request);

}  // namespace oddsloom
