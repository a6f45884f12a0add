// One round over all of a bookmaker's lists of one source, page after page to the end. A small
// state machine over an HttpClient that it shares with nobody else. Not thread-safe: one poller's
// own.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "bookmaker/request.h"
#include "discover/poller.h"

namespace oddsloom {

struct Listed {
  WorkEntry work;
  Standing standing;
};

class ListWalk {
 public:
  ListWalk(const PollerParts& parts, const PollerConfig& config);

  void begin();
  bool under_way() const { return !waiting_.empty() || !asked_.empty(); }
  // After under_way() became false: whether every page was read. If not, what was not listed may
  // still exist.
  bool complete() const { return complete_; }
  const std::string& last_failure() const { return last_failure_; }

  // Starts what the budget allows, waits at most `wait` for pages, gives the events they held.
  std::vector<Listed> advance(Millis wait);
  void abort();

 private:
  struct Page {
    ListPage page;
    unsigned attempts = 0;
    UtcMillis not_before;
  };
  void read(const Page& asked, const HttpResponse& response, std::vector<Listed>& events);
  void failed(Page page, const std::string& why, std::optional<Millis> retry_after);

  const PollerParts& parts_;
  const PollerConfig& config_;
  std::deque<Page> waiting_;
  std::map<std::uint64_t, Page> asked_;  // by tag
  std::uint64_t last_tag_ = 0;
  bool complete_ = false;
  bool to_be_told_ = false;        // this round's end
  std::vector<WorkEntry> listed_;  // in this round, if somebody wants to know
  std::string last_failure_;
  std::minstd_rand random_{std::random_device{}()};
  log::Sampler trouble_;
};

}  // namespace oddsloom
