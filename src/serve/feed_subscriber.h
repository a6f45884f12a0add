// One client of the feed: where it stands, and what it is to be told next. It owns no queue: what
// it has not taken yet lies in the book, for all clients alike, so a client that does not read
// costs its position. Part of feed.h. I/O thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "serve/feed_core.h"

namespace oddsloom {

class FeedSubscriber final : public Subscriber {
 public:
  struct Start {
    FeedFilter filter;
    std::string last_id;  // "" = begins anew
    Transport transport = Transport::EventStream;
    std::function<void()> wake;
    UtcMillis now;
  };
  FeedSubscriber(std::shared_ptr<FeedCore> core, Start start);
  ~FeedSubscriber() override;
  FeedSubscriber(const FeedSubscriber&) = delete;
  FeedSubscriber& operator=(const FeedSubscriber&) = delete;

  Frames next(UtcMillis now) override;
  void received(std::string_view message) override;
  std::string ended() const override { return ended_; }

  bool has_something(UtcMillis now);  // worth a wake
  void wake() const { wake_(); }
  std::size_t behind();  // frames

 private:
  // Waiting: for the first board. Snapshot: everything as of now. Log: changes that only the store
  // still has; then Events and Stale, which say what else changed meanwhile. Live: the book's log,
  // to its end and on.
  enum class Phase { Waiting, Snapshot, Log, Events, Stale, Live };
  struct LogReading;

  void begin(const std::string& last_id, UtcMillis now);
  bool next_waiting(Frames& out, UtcMillis now);
  void begin_snapshot(UtcMillis now);
  void reset(std::string_view reason, std::string_view message, UtcMillis now);
  void put(Frames& out, const SharedFrame& frame);
  void put(Frames& out, std::shared_ptr<const std::string> text);
  bool has_room() const { return room_ > 0; }
  bool advance(Frames& out, UtcMillis now);  // false: nothing more for now
  bool next_snapshot(Frames& out, UtcMillis now);
  bool next_log(Frames& out, UtcMillis now);
  void request_page();
  bool next_events(Frames& out);
  bool next_stale(Frames& out);
  bool next_live(Frames& out, UtcMillis now);
  void let_go(std::string why);

  const std::shared_ptr<FeedCore> core_;
  const FeedBook& book_;
  const Transport transport_;
  const std::function<void()> wake_;
  std::shared_ptr<FeedChannel> channel_;

  Phase phase_ = Phase::Waiting;
  std::string waiting_id_;  // while in Phase::Waiting: after which it is to begin
  UtcMillis phase_since_, now_;
  Frames said_;  // answers to what was received, and resets; bounded by kMostSaid
  std::int64_t room_ = 0;
  std::string ended_;

  std::shared_ptr<const FeedSnapshot> snapshot_;
  std::size_t snapshot_at_ = 0;
  std::shared_ptr<LogReading> log_;  // while in Phase::Log
  std::optional<EventId> last_event_;
  std::optional<RecordId> last_stale_;

  std::uint64_t position_ = 0;     // in the book's log, once Live follows
  std::uint64_t exact_until_ = 0;  // a replay is told change by change, however long it is
  bool conflating_ = false;
  UtcMillis conflating_since_;
  UtcMillis next_heartbeat_;
};

}  // namespace oddsloom
