#include "serve/feed.h"

#include <algorithm>
#include <array>

#include "serve/feed_subscriber.h"
#include "serve/http_error.h"

namespace oddsloom {
namespace {

constexpr Millis kLookEvery{1'000};
// What one client's turn costs, about: many clients are told less often, with more at a time.
constexpr Micros kTurn{20};
constexpr Millis kLongestWait{25};

constexpr std::array<std::string_view, 5> kLists{"sports", "bookmakers", "markets", "eventIds",
                                                 "regions"};

}  // namespace

FeedService::FeedService(FeedConfig config, const Catalog& catalog, ReadFeedLog read_log,
                         FeedServiceMetrics& metrics)
    : core_(std::make_shared<FeedCore>(std::move(config), catalog, std::move(read_log), metrics)) {}

void FeedService::publish(std::shared_ptr<const Board> board,
                          const std::vector<BoardChange>& changes, UtcMillis now) {
  core_->book.publish(std::move(board), changes, now);
  core_->metrics.changes.add(changes.size());
  is_told_ = false;
  pause_ =
      std::min(kLongestWait, std::chrono::duration_cast<Millis>(
                                 kTurn * static_cast<std::int64_t>(core_->subscribers.size())));
  if (now - woken_at_ >= pause_) wake_all(now);
}

void FeedService::tick(UtcMillis now) {
  if (!core_->book.is_ready()) return;  // nobody has anything to be told yet
  const bool is_time_to_look = now - looked_at_ >= kLookEvery;
  if (is_time_to_look) {
    looked_at_ = now;
    core_->book.look(now);
    core_->ages = core_->book.ages();
    std::size_t furthest = 0;
    for (FeedSubscriber* subscriber : core_->subscribers)
      furthest = std::max(furthest, subscriber->behind());
    core_->metrics.furthest_behind.set(static_cast<std::int64_t>(furthest));
  }
  if (is_time_to_look || (!is_told_ && now - woken_at_ >= pause_)) wake_all(now);
}

// A subscriber may go while it is woken, and with it others.
void FeedService::wake_all(UtcMillis now) {
  woken_at_ = now;
  is_told_ = true;
  const std::vector<FeedSubscriber*> all(core_->subscribers.begin(), core_->subscribers.end());
  for (FeedSubscriber* subscriber : all)
    if (core_->subscribers.count(subscriber) != 0 && subscriber->has_something(now))
      subscriber->wake();
}

HttpAnswer FeedService::answer(const WebRequest& request, Transport transport,
                               std::function<void()> wake) {
  HttpAnswer out;
  FilterLists lists;
  for (const std::string_view name : kLists)
    if (const std::string* value = request.parameter(name))
      lists[std::string(name)] = comma_list(*value);
  auto filter = make_filter(lists, core_->catalog);
  if (!filter) {
    out.response = error_response(422, filter.error().code, filter.error().message);
    return out;
  }
  const std::string* last_id = request.header("last-event-id");
  if (!last_id) last_id = request.parameter("lastEventId");
  out.subscriber = std::make_unique<FeedSubscriber>(
      core_, FeedSubscriber::Start{*std::move(filter), last_id ? *last_id : "", transport,
                                   std::move(wake), request.now});
  return out;
}

}  // namespace oddsloom
