// The dashboard's files (web/ and the chart library), as they are in the binary. `/` is index.html,
// the rest lies at /web/NAME. Made once; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "serve/http.h"

namespace oddsloom {

class DashboardAssets {
 public:
  DashboardAssets();

  // nullptr: no such file. The answers say what they are, when they have changed, and that the page
  // may load and ask nothing but this server.
  const WebResponse* find(std::string_view path) const;
  static bool is_asset(std::string_view path);  // "/" and what lies below "/web/"

 private:
  std::map<std::string, WebResponse, std::less<>> by_path_;
};

}  // namespace oddsloom
