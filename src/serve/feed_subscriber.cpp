#include "serve/feed_subscriber.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "serve/feed_request.h"

namespace oddsloom {
namespace {

constexpr std::int64_t kMostAtOnce = 64 << 10;  // bytes, about
constexpr std::size_t kMostSaid = 64;
constexpr std::size_t kEventsAtOnce = 400;

std::string error_json(const FilterError& error) {
  std::string out;
  JsonWriter(out)
      .begin_object()
      .member("message", std::string_view(error.message))
      .member("error_code", std::string_view(error.code))
      .end_object();
  return out;
}

std::string filter_json(const FeedFilter& filter) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  const auto put = [&](std::string_view name, const auto& names) {
    json.key(name).begin_array();
    for (const std::string& one : names) json.value(std::string_view(one));
    json.end_array();
  };
  put("sports", filter.sports);
  put("bookmakers", filter.bookmakers);
  put("markets", filter.markets);
  put("eventIds", filter.match_ids);
  json.end_object();
  return out;
}

}  // namespace

// A client's way through the store's change log, page by page. Outlives the client while a page is
// being read.
struct FeedSubscriber::LogReading {
  explicit LogReading(std::shared_ptr<FeedCore> shared) : core(std::move(shared)) {}
  ~LogReading() {
    if (has_place) --core->replays_under_way;
  }
  LogReading(const LogReading&) = delete;
  LogReading& operator=(const LogReading&) = delete;

  const std::shared_ptr<FeedCore> core;
  bool has_place = false;        // among those that may read at a time
  std::uint64_t reached = 0;     // told up to here
  std::uint64_t asked_when = 0;  // the book's sequence when the page was asked for
  bool is_waiting = false;
  std::optional<Result<FeedLogPage>> page;
  std::size_t at = 0;
};

FeedSubscriber::FeedSubscriber(std::shared_ptr<FeedCore> core, Start start)
    : core_(std::move(core)),
      book_(core_->book),
      transport_(start.transport),
      wake_(std::move(start.wake)),
      channel_(core_->channel(std::move(start.filter))) {
  now_ = start.now;
  core_->subscribers.insert(this);
  core_->metrics.clients.add(1);
  if (transport_ == Transport::EventStream)
    said_.push_back(std::make_shared<const std::string>(
        fmt::format("retry: {}\n\n", core_->config.retry.count())));
  begin(start.last_id, start.now);
}

FeedSubscriber::~FeedSubscriber() {
  core_->subscribers.erase(this);
  core_->metrics.clients.add(-1);
}

void FeedSubscriber::begin(const std::string& last_id, UtcMillis now) {
  log_ = nullptr;
  conflating_ = false;
  exact_until_ = 0;
  next_heartbeat_ = now;  // the first one comes as soon as it has caught up
  if (!book_.is_ready()) {
    phase_ = Phase::Waiting;
    waiting_id_ = last_id;
    return;
  }
  if (channel_->filter().nothing) {
    phase_ = Phase::Live;
    position_ = book_.end();
    snapshot_ = nullptr;
    return;
  }
  if (last_id.empty()) return begin_snapshot(now);
  const auto id = parse_feed_id(last_id);
  if (!id) return reset("unknown_id", "The id is none of this feed's", now);
  if (id->epoch != book_.epoch()) return reset("other_store", "The id is another store's", now);
  if (id->sequence > book_.sequence())
    return reset("ahead", "The id lies ahead of the change log: the store was set back", now);
  phase_since_ = now;
  if (const auto position = book_.position_after(id->sequence);
      position && book_.is_complete_after(id->sequence)) {
    core_->metrics.resumed_from_memory.add();
    phase_ = Phase::Live;
    position_ = *position;
    exact_until_ = id->conflated ? 0 : book_.end();
    conflating_ = id->conflated;
    conflating_since_ = now;
    return;
  }
  core_->metrics.resumed_from_log.add();
  phase_ = Phase::Log;
  log_ = std::make_shared<LogReading>(core_);
  log_->reached = id->sequence;
}

void FeedSubscriber::begin_snapshot(UtcMillis now) {
  core_->metrics.snapshots.add();
  phase_ = Phase::Snapshot;
  phase_since_ = now;
  snapshot_ = nullptr;
  snapshot_at_ = 0;
}

void FeedSubscriber::reset(std::string_view reason, std::string_view message, UtcMillis now) {
  core_->metrics.resets.add();
  std::string json;
  JsonWriter(json).begin_object().member("reason", reason).member("message", message).end_object();
  said_.push_back(make_frame("reset", "", json)->as(transport_));
  log_ = nullptr;
  begin_snapshot(now);
}

void FeedSubscriber::received(std::string_view message) {
  const auto say = [&](std::string_view event, const std::string& json) {
    if (said_.size() >= kMostSaid) return let_go("more was asked than answers were taken");
    said_.push_back(make_frame(event, "", json)->as(transport_));
  };
  const auto request = parse_feed_request(message);
  if (!request) return say("error", error_json(request.error()));
  FeedFilter filter;
  filter.nothing = !request->subscribe;
  if (request->subscribe) {
    auto made = make_filter(request->lists, core_->catalog);
    if (!made) return say("error", error_json(made.error()));
    filter = *std::move(made);
  }
  channel_ = core_->channel(filter);
  if (filter.nothing)
    say("unsubscribed", "{}");
  else
    say("subscribed", filter_json(filter));
  begin(request->last_event_id, now_);
}

Subscriber::Frames FeedSubscriber::next(UtcMillis now) {
  now_ = now;
  Frames out = std::exchange(said_, {});
  room_ = kMostAtOnce;
  for (const auto& text : out) room_ -= static_cast<std::int64_t>(text->size());
  while (has_room() && ended_.empty() && advance(out, now)) {
  }
  return out;
}

bool FeedSubscriber::advance(Frames& out, UtcMillis now) {
  switch (phase_) {
    case Phase::Waiting:
      return next_waiting(out, now);
    case Phase::Snapshot:
      return next_snapshot(out, now);
    case Phase::Log:
      return next_log(out, now);
    case Phase::Events:
      return next_events(out);
    case Phase::Stale:
      return next_stale(out);
    case Phase::Live:
      return next_live(out, now);
  }
  return false;
}

void FeedSubscriber::put(Frames& out, std::shared_ptr<const std::string> text) {
  room_ -= static_cast<std::int64_t>(text->size());
  out.push_back(std::move(text));
}

void FeedSubscriber::put(Frames& out, const SharedFrame& frame) { put(out, frame->as(transport_)); }

void FeedSubscriber::let_go(std::string why) {
  if (ended_.empty()) core_->metrics.let_go.add();
  ended_ = std::move(why);
}

bool FeedSubscriber::next_waiting(Frames& out, UtcMillis now) {
  if (!book_.is_ready()) return false;
  begin(std::exchange(waiting_id_, ""), now);
  for (auto& text : said_) put(out, std::move(text));
  said_.clear();
  return true;
}

bool FeedSubscriber::next_snapshot(Frames& out, UtcMillis now) {
  if (now - phase_since_ > core_->config.slow_after) {
    let_go("too slow");
    return false;
  }
  if (!snapshot_) snapshot_ = core_->snapshot(*channel_, now);
  if (!snapshot_) return false;
  while (has_room() && snapshot_at_ < snapshot_->frames.size())
    put(out, snapshot_->frames[snapshot_at_++]);
  if (snapshot_at_ < snapshot_->frames.size()) return false;
  position_ = snapshot_->position;
  snapshot_ = nullptr;
  phase_ = Phase::Live;
  return true;
}

void FeedSubscriber::request_page() {
  if (!log_->has_place) {
    if (core_->replays_under_way >= core_->config.replays) return;  // see has_something
    ++core_->replays_under_way;
    log_->has_place = true;
  }
  log_->page.reset();
  log_->at = 0;
  log_->is_waiting = true;
  log_->asked_when = book_.sequence();
  core_->read_log(log_->reached, core_->config.replay_page,
                  [log = log_, wake = wake_](Result<FeedLogPage> page) {
                    log->is_waiting = false;
                    log->page = std::move(page);
                    wake();
                  });
}

bool FeedSubscriber::next_log(Frames& out, UtcMillis now) {
  if (log_->is_waiting) return false;
  if (!log_->page) {
    request_page();
    return log_->page.has_value();
  }
  if (!*log_->page) {
    let_go("the change log cannot be read now: " + log_->page->error().text());
    return false;
  }
  const FeedLogPage& page = **log_->page;
  if (log_->at == 0 && page.reaches_back_to > log_->reached) {
    reset("log_trimmed", "The change log does not reach back so far", now);
    for (auto& text : said_) put(out, std::move(text));
    said_.clear();
    return true;
  }
  // From where the book's own log begins, it says more than the store's.
  const auto join = [&] {
    position_ = *book_.position_after(std::max(log_->reached, book_.reaches_back_to()));
    exact_until_ = book_.end();
    log_ = nullptr;
    last_event_.reset();
    last_stale_.reset();
    phase_ = Phase::Events;
    return true;
  };
  for (; log_->at < page.changes.size(); ++log_->at) {
    const Change& change = page.changes[log_->at];
    if (change.sequence > book_.reaches_back_to()) return join();
    if (!has_room()) return false;
    const FeedBook::Replayed replayed = book_.replayed(change.sequence, change.record);
    if (channel_->filter().passes(replayed.subject)) put(out, replayed.frame);
    log_->reached = change.sequence;
  }
  const bool was_all = page.changes.size() < core_->config.replay_page;
  if (was_all && log_->asked_when >= book_.reaches_back_to()) return join();
  request_page();
  return log_->page.has_value();
}

bool FeedSubscriber::next_events(Frames& out) {
  const auto& events = book_.match_ids();
  auto at = last_event_ ? events.upper_bound(*last_event_) : events.begin();
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("first", !last_event_).key("events").begin_array();
  for (std::size_t count = 0; at != events.end() && count < kEventsAtOnce; ++at) {
    last_event_ = at->first;
    const FeedSubject subject = book_.subject_of(at->first, at->second);
    if (!channel_->filter().passes(subject)) continue;
    ++count;
    const BoardMatch* match = book_.board().find(at->second);
    json.begin_array()
        .value(std::string_view(subject.bookmaker))
        .value(to_string(at->first.source))
        .value(std::string_view(at->first.event_id))
        .value(std::string_view(at->second))
        .value(std::string_view(match ? match->home : ""))
        .value(std::string_view(match ? match->away : ""))
        .end_array();
  }
  const bool last = at == events.end();
  json.end_array().member("last", last).end_object();
  put(out, make_frame("resumed", "", text));
  if (last) phase_ = Phase::Stale;
  return true;
}

bool FeedSubscriber::next_stale(Frames& out) {
  const auto& markets = book_.markets();
  auto at = last_stale_ ? markets.upper_bound(*last_stale_) : markets.begin();
  for (; at != markets.end() && has_room(); ++at) {
    last_stale_ = at->first;
    if (at->second->stale && channel_->filter().passes(*at->second->subject))
      put(out, book_.stale_notice(*at->second));
  }
  if (at == markets.end()) phase_ = Phase::Live;
  return true;
}

bool FeedSubscriber::next_live(Frames& out, UtcMillis now) {
  const auto& positions = channel_->positions();
  if (position_ < channel_->lost()) {
    let_go("too far behind");
    return false;
  }
  auto at = std::upper_bound(positions.begin(), positions.end(), position_);
  const auto behind = static_cast<std::size_t>(positions.end() - at);
  if (!conflating_ && behind > core_->config.conflate_after && position_ >= exact_until_) {
    core_->metrics.conflated.add();
    conflating_ = true;
    conflating_since_ = now;
  }
  if (conflating_ && now - conflating_since_ > core_->config.slow_after) {
    let_go("too slow");
    return false;
  }
  for (; at != positions.end() && has_room(); ++at) {
    const FeedEntry& entry = book_.entry(*at);
    position_ = *at;
    if (!conflating_ || !entry.market)
      put(out, entry.frame);
    else if (entry.market->newest == *at)
      put(out, book_.conflated(*entry.market));
  }
  if (at != positions.end()) return false;
  position_ = book_.end();
  conflating_ = false;
  if (out.empty() && now >= next_heartbeat_) {
    put(out, channel_->heartbeat(now, core_->ages));
    next_heartbeat_ = now + core_->config.heartbeat_every;
  }
  return false;
}

std::size_t FeedSubscriber::behind() {
  if (phase_ != Phase::Live) return 0;
  const auto& positions = channel_->positions();
  return static_cast<std::size_t>(positions.end() -
                                  std::upper_bound(positions.begin(), positions.end(), position_));
}

bool FeedSubscriber::has_something(UtcMillis now) {
  switch (phase_) {
    case Phase::Waiting:
      return book_.is_ready();
    case Phase::Snapshot:
      return true;
    case Phase::Log:
      return !log_->is_waiting &&
             (log_->has_place || core_->replays_under_way < core_->config.replays);
    case Phase::Events:
    case Phase::Stale:
      return true;
    case Phase::Live:
      break;
  }
  const auto& positions = channel_->positions();
  return now >= next_heartbeat_ || position_ < channel_->lost() ||
         (!positions.empty() && positions.back() > position_);
}

}  // namespace oddsloom
