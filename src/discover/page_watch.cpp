#include "discover/page_watch.h"

#include <algorithm>

#include "base/text.h"
#include "bookmaker/traffic_rules.h"

namespace oddsloom {
namespace {

constexpr Millis kFirstPause{500};
// A page whose text holds a sign of a challenge may still be the page; then its odds come.
constexpr Millis kBenefitOfDoubt{3'000};
constexpr unsigned kDoubtAfter = 3;     // failures in a row
constexpr unsigned kRefusedInARow = 3;  // answers to the page's own questions

Millis doubled(Millis first, unsigned times, Millis longest) {
  constexpr unsigned kMostDoublings = 20;
  return std::min(first * (std::int64_t{1} << std::min(times, kMostDoublings)), longest);
}

}  // namespace

PageWatch::PageWatch(const BrowserListenerParts& parts, const BrowserListenerConfig& config,
                     TrafficReader& traffic, Intake& intake, std::string url)
    : parts_(parts), config_(config), traffic_(traffic), intake_(intake), url_(std::move(url)) {}

void PageWatch::turn(const DevToolsPage::Send& send, std::uint64_t& next_id) {
  const UtcMillis now = parts_.clock();
  if (!page_) {
    if (now < not_before_) return;
    PageConfig config;
    config.url = url_;
    config.wanted = [this](TrafficKind kind, std::string_view url) {
      return traffic_.wants(kind, url);
    };
    config.most_body = config_.most_body;
    config.in_background = !config_.address.empty();
    page_ = std::make_unique<DevToolsPage>(std::move(config), send, next_id);
    page_->open();
    counted_ = {};
    opened_at_ = last_good_ = now;
    suspicion_.reset();
    refused_answers_ = 0;
    parts_.metrics.pages.add();
    return;
  }
  if (page_->trouble()) return failed("page_failed", *page_->trouble());
  if (suspicion_ && now - suspicion_->first >= kBenefitOfDoubt) return refused(suspicion_->second);
  if (now - last_good_ >= silent_after(parts_.bookmaker)) {
    parts_.metrics.silent_pages.add();
    return failed("page_silent", "nothing of interest for " + to_text(now - last_good_));
  }
  // Of our own browser all of it is renewed, by the listener.
  if (!config_.address.empty() && now - opened_at_ >= config_.reload_every) close();
}

bool PageWatch::handle(const simdjson::dom::object& message) {
  return page_ && page_->handle(message, parts_.clock());
}

void PageWatch::take_in() {
  if (!page_) return;
  count();
  if (const auto document = page_->take_document()) {
    if (const auto why = traffic_.refusal(*document)) {
      if (document->status >= 400) return refused(*why);
      suspicion_ = {parts_.clock(), *why};
    } else if (document->status >= 400) {
      return failed("page_failed", fmt::format("HTTP {}", document->status));
    }
  }
  for (const Captured& seen : page_->take()) {
    read(seen);
    if (!page_) return;  // the site refused
  }
}

void PageWatch::read(const Captured& seen) {
  BrowserMetrics& metrics = parts_.metrics;
  (seen.kind == TrafficKind::Response ? metrics.responses : metrics.frames).add();
  metrics.bytes.add(seen.body.size());
  TrafficReading reading = traffic_.read(seen);
  if (reading.kind == TrafficReading::Kind::Blocked) {
    metrics.blocked.add();
    if (++refused_answers_ >= kRefusedInARow) refused(reading.message);
    return;
  }
  if (reading.kind == TrafficReading::Kind::Useless) {
    metrics.useless.add();
    if (const auto count = trouble_.pass(parts_.clock()))
      log::warn("answer_useless",
                {log::kv("seen", *count), log::kv("bookmaker", parts_.bookmaker.name),
                 log::kv("rule", reading.rule), log::kv("why", reading.message)});
    return;
  }
  if (reading.kind != TrafficReading::Kind::Read) return;
  last_good_ = parts_.clock();
  failures_ = refusals_ = 0;
  // A feed that goes on does not make up for questions that are refused.
  if (seen.kind == TrafficKind::Response) refused_answers_ = 0;
  suspicion_.reset();
  shown_ = true;
  metrics.events_listed.add(reading.events);
  metrics.records.add(reading.records.size());
  metrics.unknown_events.add(reading.unknown.size());
  if (!reading.problems.empty())
    if (const auto count = trouble_.pass(last_good_))
      log::warn("mapping_problem", {log::kv("answers", *count), log::kv("rule", reading.rule),
                                    log::kv("problems", reading.problems.size()),
                                    log::kv("first", reading.problems.front())});
  for (Record& record : reading.records) intake_.record(std::move(record));
  for (const WorkEntry& event : reading.unknown) intake_.look_at(event);
}

void PageWatch::count() {
  const PageCounts& now = page_->counts();
  parts_.metrics.too_large.add(now.too_large - counted_.too_large);
  parts_.metrics.lost.add(now.lost - counted_.lost);
  parts_.metrics.cached.add(now.cached - counted_.cached);
  counted_ = now;
}

// The site says no: the page is closed, so that nothing on it goes on asking, and left alone.
void PageWatch::refused(const std::string& why) {
  const Millis pause = doubled(config_.blocked_pause, refusals_++, config_.longest_pause);
  parts_.metrics.blocked.add();
  log::warn("blocked",
            {log::kv("bookmaker", parts_.bookmaker.name), log::kv("page", redact_url(url_)),
             log::kv("why", why), log::kv("again_in", to_text(pause))});
  close();
  not_before_ = parts_.clock() + pause;
}

void PageWatch::failed(std::string_view happening, const std::string& why) {
  const Millis pause = doubled(kFirstPause, failures_++, config_.longest_pause);
  doubts_ = failures_ % kDoubtAfter == 0;
  log::warn(happening,
            {log::kv("bookmaker", parts_.bookmaker.name), log::kv("page", redact_url(url_)),
             log::kv("why", why), log::kv("again_in", to_text(pause))});
  close();
  not_before_ = parts_.clock() + pause;
}

void PageWatch::forget() {
  page_.reset();
  shown_ = doubts_ = false;
}

void PageWatch::close() {
  if (page_) page_->close();
  page_.reset();
}

}  // namespace oddsloom
