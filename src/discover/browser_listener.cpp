#include "discover/browser_listener.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <thread>

#include "bookmaker/traffic_rules.h"
#include "discover/devtools_socket.h"
#include "discover/page_watch.h"

namespace oddsloom {
namespace {

constexpr Millis kTurn{50};  // longest wait in one turn; bounds the reaction to a stop
constexpr Millis kFirstPause{500}, kLongestPause{30'000};  // before another browser
// Before asking again for one that people start and end: that costs next to nothing.
constexpr Millis kLongestPauseAttached{5'000};
constexpr unsigned kMostFruitless = 5;       // browsers in a row that showed nothing, at the start
constexpr Millis kSignOfLifeEvery{10'000};   // asked for
constexpr Millis kLongestStillness{30'000};  // without a word: it hangs
constexpr Millis kLookAtMemoryEvery{10'000};

class BrowserListener {
 public:
  BrowserListener(BrowserListenerParts parts, BrowserListenerConfig config)
      : parts_(std::move(parts)),
        config_(complete(std::move(config))),
        traffic_(parts_.bookmaker, parts_.bet_types,
                 {config_.base_url, config_.bet_types, config_.source}),
        intake_(parts_.bookmaker, *parts_.streams, *parts_.book, parts_.metrics.intake,
                config_.intake, parts_.clock) {
    for (std::string& url : page_urls(parts_.bookmaker, config_.source, config_.base_url))
      pages_.push_back(
          std::make_unique<PageWatch>(parts_, config_, traffic_, intake_, std::move(url)));
  }

  Result<void> run(const std::stop_token& stop) {
    if (pages_.empty())
      return fail(ErrorKind::Invalid, parts_.bookmaker.name,
                  fmt::format("its folder names no page of {} odds ([browser.pages])",
                              to_string(config_.source)));
    while (!stop.stop_requested()) {
      if (auto kept = link_ ? turn() : begin(); !kept) return kept;
      if (auto committed = intake_.turn(); !committed) return committed;
    }
    for (const auto& page : pages_) page->close();
    if (link_ && !process_) (void)link_->receive(Millis(0));  // sends what closes the tabs
    end();
    constexpr Millis kLastCommit{5'000};
    return intake_.finish(kLastCommit);
  }

 private:
  static BrowserListenerConfig complete(BrowserListenerConfig config) {
    config.intake.source = config.source;
    config.intake.bet_types = config.bet_types;
    return config;
  }

  UtcMillis now() const { return parts_.clock(); }
  Millis wait() const { return std::min(kTurn, intake_.due_in().value_or(kTurn)); }

  // ---- the browser: one of ours, or one to attach to

  Result<void> begin() {
    if (now() < not_before_) {
      std::this_thread::sleep_for(std::min(wait(), not_before_ - now()));
      return {};
    }
    began_at_ = heard_at_ = asked_at_ = memory_at_ = now();
    if (config_.address.empty()) {
      auto started = BrowserProcess::start(config_.program);
      if (!started && started.error().kind == ErrorKind::NotFound)
        return tl::unexpected(started.error());
      if (!started) return lost(started.error());
      process_ = *std::move(started);
      link_ = &process_->link();
    } else {
      auto attached = connect_devtools(config_.address, config_.connect_timeout);
      if (!attached && attached.error().kind == ErrorKind::Invalid)
        return tl::unexpected(attached.error());
      if (!attached) return lost(attached.error());
      attached_ = *std::move(attached);
      link_ = attached_.get();
    }
    parts_.metrics.browsers.add();
    log::info("browser_there", {log::kv("bookmaker", parts_.bookmaker.name),
                                log::kv("browser", process_ ? fmt::format("pid {}", process_->pid())
                                                            : config_.address)});
    return {};
  }

  Result<void> turn() {
    const DevToolsPage::Send send = [link = link_](std::string_view json) { link->send(json); };
    for (const auto& page : pages_) page->turn(send, next_id_);
    auto messages = link_->receive(wait());
    if (!messages) return lost(messages.error());
    for (const std::string& message : *messages) handle(message);
    for (const auto& page : pages_) page->take_in();
    return look_after_browser(!messages->empty());
  }

  void handle(const std::string& message) {
    simdjson::dom::object object;
    if (parser_.parse(message).get(object) != simdjson::SUCCESS) return;
    for (const auto& page : pages_)
      if (page->handle(object)) return;
  }

  // Signs of life, memory, age.
  Result<void> look_after_browser(bool heard) {
    const UtcMillis at = now();
    if (heard) heard_at_ = at;
    for (const auto& page : pages_) {
      if (page->has_shown_something()) {
        shown_ = true;
        fruitless_ = 0;
      }
      if (page->doubts_the_browser()) return renew("a page of it fails again and again");
    }
    if (at - heard_at_ >= kLongestStillness)
      return lost({ErrorKind::Timeout, "browser", "it does not answer"});
    if (at - asked_at_ >= kSignOfLifeEvery) {
      asked_at_ = at;
      link_->send(fmt::format(R"({{"id":{},"method":"Browser.getVersion"}})", ++next_id_));
    }
    if (!process_) return {};
    (void)process_->last_words();  // or it would block when the pipe is full
    if (at - began_at_ >= config_.reload_every) return renew("it has run long enough");
    if (at - memory_at_ >= kLookAtMemoryEvery) {
      memory_at_ = at;
      if (const std::uint64_t bytes = process_->memory_bytes(); bytes > config_.most_memory)
        return renew(fmt::format("it takes {} MB", bytes >> 20U));
    }
    return {};
  }

  // On purpose, and at once.
  Result<void> renew(const std::string& why) {
    log::info("browser_renewed",
              {log::kv("bookmaker", parts_.bookmaker.name), log::kv("why", why)});
    for (const auto& page : pages_) page->close();
    if (!process_) (void)link_->receive(Millis(0));
    end();
    return {};
  }

  Result<void> lost(const Error& error) {
    std::string why = error.text();
    if (process_) {
      const std::string words = process_->last_words();
      if (!words.empty()) why += "; it said: " + words;
      // Its own words do not say what to do, and trying again would not help.
      if (!shown_ && words.find("without --no-sandbox") != std::string::npos)
        return fail(
            ErrorKind::Invalid, "browser",
            "Chromium does not run as root with its sandbox: run oddsloom as another user, "
            "or put \"--no-sandbox\" into browser.arguments, which takes a protection away");
    }
    end();
    const Millis pause = std::min(kFirstPause * (std::int64_t{1} << std::min(fruitless_, 10U)),
                                  config_.address.empty() ? kLongestPause : kLongestPauseAttached);
    ++fruitless_;
    log::warn("browser_lost", {log::kv("bookmaker", parts_.bookmaker.name), log::kv("why", why),
                               log::kv("again_in", to_text(pause))});
    if (!shown_ && fruitless_ >= kMostFruitless)
      return fail(
          ErrorKind::Unavailable, "browser",
          fmt::format("gone {} times without having shown anything; last: {}", fruitless_, why));
    not_before_ = now() + pause;
    return {};
  }

  void end() {
    for (const auto& page : pages_) page->forget();
    link_ = nullptr;
    attached_.reset();
    process_.reset();
  }

  BrowserListenerParts parts_;
  const BrowserListenerConfig config_;
  TrafficReader traffic_;
  Intake intake_;
  std::vector<std::unique_ptr<PageWatch>> pages_;
  std::unique_ptr<BrowserProcess> process_;  // or
  std::unique_ptr<DevToolsLink> attached_;
  DevToolsLink* link_ = nullptr;  // of either; null = no browser now
  simdjson::dom::parser parser_;
  std::uint64_t next_id_ = 0;
  UtcMillis not_before_, began_at_, heard_at_, asked_at_, memory_at_;
  unsigned fruitless_ = 0;
  bool shown_ = false;
};

}  // namespace

Result<void> run_browser_listener(BrowserListenerParts parts, BrowserListenerConfig config,
                                  std::stop_token stop) {
  if (config.bet_types.empty())
    return fail(ErrorKind::Invalid, "browser listener", "no bet types to keep");
  return BrowserListener(std::move(parts), std::move(config)).run(stop);
}

}  // namespace oddsloom
