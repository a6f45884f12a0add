// One tab of a browser, watched: opens an address and gives the bodies of those answers and
// websocket frames that somebody wants, also of the page's frames and workers. A state machine over
// messages; whoever owns the link (browser_listener) carries them. It reads what the page is sent,
// and does nothing on it: no typing, no clicking, no changed request. One thread.
// Source of the messages: the Chrome DevTools protocol, domains Target, Page, Network, Inspector.
#pragma once

#include <simdjson.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "discover/captured.h"

namespace oddsloom {

// What a browser's moments are by our clock. Theirs only say how much later one is than another;
// the least delay seen stands for none, so that what waited in the browser is not taken for newer
// than it is.
class BrowserClock {
 public:
  // Of something that was told of at `now`.
  UtcMillis at(double browser_seconds, UtcMillis now);
  // Of something before the last of those.
  UtcMillis earlier(double browser_seconds) const;

 private:
  std::optional<std::int64_t> offset_;
};

struct PageConfig {
  std::string url;
  std::function<bool(TrafficKind, std::string_view url)> wanted;
  std::size_t most_body = std::size_t{32} << 20U;  // a larger answer is left, and counted
  bool in_background = false;                      // do not come before what the user looks at
};

struct PageCounts {
  std::uint64_t too_large = 0;  // bodies beyond most_body
  std::uint64_t lost = 0;       // bodies the browser no longer had, or one too many at once
  std::uint64_t cached = 0;     // answers from a cache: nobody knows how old they are
};

class DevToolsPage {
 public:
  using Send = std::function<void(std::string_view json)>;
  // `next_id` numbers the commands of one link, over all its pages.
  DevToolsPage(PageConfig config, Send send, std::uint64_t& next_id);

  void open();
  void close();  // the tab, if it is there
  // Reads one message of the link. False: it is none of this page's.
  bool handle(const simdjson::dom::object& message, UtcMillis now);

  // What was seen since the last call, in order.
  std::vector<Captured> take() { return std::exchange(captured_, {}); }
  // The page's own document, if it has come since the last call: a challenge is one.
  std::optional<Captured> take_document() { return std::exchange(document_, std::nullopt); }
  // Why it cannot be watched any more; nothing = it can.
  const std::optional<std::string>& trouble() const { return trouble_; }
  const std::string& url() const { return config_.url; }
  const PageCounts& counts() const { return counts_; }
  std::size_t waiting() const { return requests_.size() + bodies_.size() + sockets_.size(); }

 private:
  using Object = simdjson::dom::object;
  using Key = std::pair<std::string, std::string>;  // session, request
  enum class Step { CreateTab, Attach, Watch, Navigate };
  struct Request {
    Captured answer;
    bool document = false;
    std::size_t bytes = 0;  // decoded, so far
    double asked_at = 0;    // by the browser's clock, 0 = not known
  };

  std::uint64_t command(std::string_view method, std::string_view session,
                        std::string_view parameters = "{}");
  std::uint64_t watch(const std::string& session);
  void result(std::uint64_t id, const Object& message);
  void step_done(Step step, const Object& result);
  bool event(std::string_view method, std::string_view session, const Object& parameters,
             UtcMillis now);
  void network(std::string_view what, Key key, const Object& parameters, UtcMillis now);
  void response(Key key, const Object& parameters, UtcMillis now);
  void finished(const Key& key, const Object& parameters, UtcMillis now);
  void body(Request request, const Object& result);
  void seen(Request request);
  void no_body(const Request& request, const Object& message);
  void frame(const Key& key, const Object& parameters, UtcMillis now);
  void give_up(std::string why);

  PageConfig config_;
  Send send_;
  std::uint64_t& next_id_;
  std::string tab_, session_;
  std::set<std::string, std::less<>> sessions_;  // its own and those of frames and workers
  std::map<std::uint64_t, Step> steps_;
  std::map<Key, Request> requests_;          // wanted, not yet all there
  std::map<std::uint64_t, Request> bodies_;  // asked for
  std::map<Key, std::string> sockets_;       // wanted ones, their address
  std::set<Key> from_cache_;
  BrowserClock clock_;
  std::vector<Captured> captured_;
  std::optional<Captured> document_;
  std::optional<std::string> trouble_;
  PageCounts counts_;
};

}  // namespace oddsloom
