#include "discover/list_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace oddsloom {
namespace {

constexpr unsigned kMostAttempts = 4;  // of one page in one round; the next round asks for it again
constexpr std::size_t kMostAskedAtOnce = 4;  // lists are no hurry

bool refused(const HttpResponse& response) {
  return response.status == 429 || response.status == 401 || response.status == 403;
}

}  // namespace

ListWalk::ListWalk(const PollerParts& parts, const PollerConfig& config)
    : parts_(parts), config_(config) {}

void ListWalk::begin() {
  waiting_.clear();
  complete_ = true;
  last_failure_.clear();
  listed_.clear();
  to_be_told_ = parts_.rounds != nullptr;
  for (ListPage& page : first_pages(parts_.bookmaker, config_.source, config_.base_url))
    waiting_.push_back({std::move(page), 0, {}});
}

void ListWalk::abort() {
  parts_.http->abort_all();
  for (std::size_t i = 0; i < asked_.size(); ++i)
    parts_.budget.end(parts_.clock(), HostAnswer::Good);
  asked_.clear();
  waiting_.clear();
  complete_ = to_be_told_ = false;
}

std::vector<Listed> ListWalk::advance(Millis wait) {
  const UtcMillis now = parts_.clock();
  for (std::size_t looks = waiting_.size(); looks > 0 && asked_.size() < kMostAskedAtOnce;
       --looks) {
    Page page = std::move(waiting_.front());
    waiting_.pop_front();
    if (page.not_before > now || !parts_.budget.try_begin(now, HostUse::List).granted) {
      waiting_.push_back(std::move(page));
      continue;
    }
    HttpRequest request;
    request.tag = ++last_tag_;
    request.url = page.page.url;
    request.headers = page.page.headers;
    request.attempt = page.attempts;
    asked_.emplace(request.tag, std::move(page));
    parts_.http->start(std::move(request));
  }
  std::vector<Listed> events;
  for (const HttpResponse& response : parts_.http->poll(wait)) {
    const auto at = asked_.find(response.tag);
    if (at == asked_.end()) continue;
    const Page page = std::move(at->second);
    asked_.erase(at);
    read(page, response, events);
  }
  parts_.metrics.events_listed.add(events.size());
  if (to_be_told_) {
    for (const Listed& one : events) listed_.push_back(one.work);
    if (!under_way()) {
      to_be_told_ = false;
      parts_.rounds->give({std::exchange(listed_, {}), complete_});
    }
  }
  return events;
}

void ListWalk::read(const Page& asked, const HttpResponse& response, std::vector<Listed>& events) {
  const UtcMillis now = parts_.clock();
  if (response.end != TransferEnd::Done) {
    parts_.budget.end(now, HostAnswer::Failing);
    return failed(asked, fmt::format("{}: {}", to_string(response.end), response.message),
                  std::nullopt);
  }
  if (response.status < 200 || response.status >= 300) {
    const bool host_says_no = refused(response);
    parts_.budget.end(now,
                      host_says_no             ? HostAnswer::Refused
                      : response.status >= 500 ? HostAnswer::Failing
                                               : HostAnswer::Good,
                      response.retry_after);
    return failed(asked, fmt::format("HTTP {}", response.status), response.retry_after);
  }
  auto answer = read_list(parts_.bookmaker, asked.page, response.status, response.content_range,
                          response.body, config_.base_url);
  parts_.budget.end(now, answer ? HostAnswer::Good : HostAnswer::Failing);
  if (!answer) return failed(asked, answer.error().text(), std::nullopt);
  parts_.metrics.pages.add();
  if (!answer->problems.empty())
    if (const auto seen = trouble_.pass(now))
      log::warn("list_problem", {log::kv("bookmaker", parts_.bookmaker.name),
                                 log::kv("endpoint", asked.page.endpoint), log::kv("pages", *seen),
                                 log::kv("first", answer->problems.front())});
  for (std::size_t i = 0; i < answer->events.size(); ++i)
    events.push_back({std::move(answer->events[i]), std::move(answer->standings[i])});
  if (answer->next) waiting_.push_back({*std::move(answer->next), 0, {}});
}

void ListWalk::failed(Page page, const std::string& why, std::optional<Millis> retry_after) {
  const UtcMillis now = parts_.clock();
  parts_.metrics.page_failures.add();
  last_failure_ = fmt::format("{} {}: {}", parts_.bookmaker.name, page.page.endpoint, why);
  if (const auto seen = trouble_.pass(now))
    log::warn("list_failed", {log::kv("seen", *seen), log::kv("message", last_failure_)});
  if (++page.attempts >= kMostAttempts) {
    complete_ = false;  // the rest of this list is unknown until the next round
    return;
  }
  page.not_before = now + retry_delay(config_.retry, page.attempts, retry_after, random_);
  waiting_.push_back(std::move(page));
}

}  // namespace oddsloom
