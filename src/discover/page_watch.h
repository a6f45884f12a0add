// One page of a bookmaker, kept open: when it is opened, judged silent or refused, and opened
// again. Pauses double while it fails, so that a site in trouble is not loaded again and again.
// Between devtools_page (one tab) and browser_listener (the browser). One thread.
#pragma once

#include <memory>

#include "base/log.h"
#include "discover/browser_listener.h"
#include "discover/devtools_page.h"
#include "discover/traffic.h"

namespace oddsloom {

class PageWatch {
 public:
  PageWatch(const BrowserListenerParts& parts, const BrowserListenerConfig& config,
            TrafficReader& traffic, Intake& intake, std::string url);

  // Opens the page, closes it, or leaves it, as is its turn.
  void turn(const DevToolsPage::Send& send, std::uint64_t& next_id);
  bool handle(const simdjson::dom::object& message);
  // Feeds what has come to the intake.
  void take_in();
  // The browser is gone, or is to go: a new one finds no tab.
  void forget();
  void close();

  // It failed so often in a row that it may be the browser.
  bool doubts_the_browser() const { return doubts_; }
  // In the present browser.
  bool has_shown_something() const { return shown_; }

 private:
  void read(const Captured& seen);
  void refused(const std::string& why);
  void failed(std::string_view happening, const std::string& why);
  void count();

  const BrowserListenerParts& parts_;
  const BrowserListenerConfig& config_;
  TrafficReader& traffic_;
  Intake& intake_;
  const std::string url_;
  std::unique_ptr<DevToolsPage> page_;  // null = not open now
  PageCounts counted_;
  UtcMillis opened_at_, last_good_, not_before_;
  std::optional<std::pair<UtcMillis, std::string>> suspicion_;  // the page looks like a challenge
  unsigned failures_ = 0, refusals_ = 0, refused_answers_ = 0;
  bool shown_ = false, doubts_ = false;
  log::Sampler trouble_;
};

}  // namespace oddsloom
