// The dashboard: its page, and the small JSON answers that the page asks for besides the feed.
//
//   GET /  /web/NAME                         the page
//   GET /dashboard/catalog                   bookmakers' titles, bet types and their outcomes
//   GET /dashboard/health                    freshness, requests, work streams
//   GET /dashboard/match?id=                 a match's listings, and why they are one match
//   GET /dashboard/history?match=&bet_type=  prices over time: an event stream of one event
//
// For this page and this version of it: other programs use the API and the feed. I/O thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/board.h"
#include "serve/catalog.h"
#include "serve/dashboard_assets.h"
#include "serve/dashboard_health.h"
#include "serve/dashboard_history.h"
#include "serve/http.h"

namespace oddsloom {

// What the dashboard tells of, as it is when somebody asks.
struct DashboardSources {
  std::function<std::shared_ptr<const Board>()> board;  // nullptr: the store was not read yet
  std::function<std::vector<StreamStatistics>()> streams;
  std::function<std::string()> trouble;  // why the store cannot be read now
  // Nothing: the workers run in other processes.
  std::function<std::optional<std::vector<BookmakerActivity>>(UtcMillis now)> activity;
  ReadHistory read_history;
};

class Dashboard {
 public:
  // The catalog outlives it and its subscribers.
  Dashboard(const Catalog& catalog, DashboardSources sources)
      : catalog_(catalog), sources_(std::move(sources)) {}

  // Whether the path is one of the dashboard's; whether it is answered without a key where keys are
  // wanted: the page itself is, what it asks for is not.
  static bool is_mine(std::string_view path);
  static bool is_open(std::string_view path) { return DashboardAssets::is_asset(path); }

  HttpAnswer answer(const WebRequest& request, Transport transport, std::function<void()> wake);

 private:
  WebResponse health(UtcMillis now);
  WebResponse match(const WebRequest& request) const;
  HttpAnswer history(const WebRequest& request, Transport transport, std::function<void()> wake);

  const Catalog& catalog_;
  const DashboardSources sources_;
  const DashboardAssets assets_;
  // Walking a large board for every open page would keep the I/O thread from others.
  WebResponse health_;
  std::optional<UtcMillis> health_at_;
};

}  // namespace oddsloom
