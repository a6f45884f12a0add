#include "discover/socket_listener.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "bookmaker/feed.h"
#include "bookmaker/mapping.h"
#include "discover/list_walk.h"
#include "discover/socket_session.h"

namespace oddsloom {
namespace {

constexpr Millis kTurn{20};           // longest wait in one turn; bounds the reaction to a stop
constexpr Millis kBusyTurn{5};        // while pages of a list are under way
constexpr Millis kListsApart{2'000};  // shortest time between two rounds of the lists
constexpr Millis kRelooksApart{2'000};
constexpr Millis kConfirmLook{500};
// From a subscription to when it is surely in force. What is fetched before that may miss a change
// that is not pushed either.
constexpr Millis kSettled{1'000};
constexpr Millis kFarewell{500};
constexpr int kMostUnreadable = 5;  // in a row: the format has changed, or it is another feed
constexpr std::size_t kMostStrangers = 10'000;

struct LiveEvent {
  WantedEvent wanted;
  std::uint64_t listed = 0;  // the round of lists that held it last
  std::string state;         // as the feed told it last, "" = not yet
  UtcMillis confirm_at;
  std::optional<UtcMillis> settled_at;  // it is to be looked at once more then
  std::size_t rooms = 0;                // of its own, in this session
};

PollerConfig list_config(const SocketListenerConfig& config) {
  PollerConfig out;
  out.source = config.source;
  out.bet_types = config.bet_types;
  out.base_url = config.base_url;
  out.retry = config.retry;
  return out;
}

IntakeConfig intake_config(const SocketListenerConfig& config) {
  IntakeConfig out;
  out.source = config.source;
  out.bet_types = config.bet_types;
  out.most_backlog = config.most_backlog;
  return out;
}

SocketSessionConfig session_config(const Bookmaker& bookmaker, const SocketListenerConfig& config,
                                   const FeedSettings& feed) {
  SocketSessionConfig out;
  out.bookmaker = bookmaker.name;
  out.websocket.url = feed_url(bookmaker, feed, config.base_url);
  for (const std::string& header : bookmaker.headers)
    if (header.starts_with("User-Agent:")) out.websocket.headers.push_back(header);
  out.websocket.headers.insert(out.websocket.headers.end(), feed.headers.begin(),
                               feed.headers.end());
  out.websocket.ca_file = config.ca_file;
  out.websocket.proxy = config.proxy;
  out.reconnect = config.reconnect;
  out.blocked_pause = config.blocked_pause;
  return out;
}

class SocketListener {
 public:
  SocketListener(SocketListenerParts parts, SocketListenerConfig config, const FeedSettings& feed)
      : bet_types_(parts.bet_types),
        metrics_(parts.metrics),
        config_(std::move(config)),
        feed_(feed),
        list_config_(list_config(config_)),
        session_(
            feed, session_config(parts.bookmaker, config_, feed),
            [this](int status, const std::string& body) { return is_blocked(status, body); },
            parts.clock),
        book_(std::move(parts.book)),
        rounds_(std::move(parts.rounds)),
        lists_{parts.bookmaker, std::move(parts.streams), std::move(parts.http),
               parts.budget,    parts.metrics.lists,      parts.clock,
               nullptr},
        walk_(lists_, list_config_),
        intake_(lists_.bookmaker, *lists_.streams, *book_, metrics_.intake, intake_config(config_),
                lists_.clock),
        wanted_bet_types_(config_.bet_types.begin(), config_.bet_types.end()) {}

  Result<void> run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      read_lists();
      SocketSession::Heard heard = session_.turn(wait());
      if (heard.ready) begin();
      for (SocketSession::Said& said : heard.said) take(said);
      for (const std::string& why : heard.unreadable) unreadable(why);
      if (heard.gap) gap();
      mind_silence();
      look_again();
      metrics_.ready.set(session_.ready() ? 1 : 0);
      if (auto done = intake_.turn(); !done) return done;
    }
    walk_.abort();
    session_.finish(kFarewell);
    metrics_.ready.set(0);
    return intake_.finish(kFarewell * 4);
  }

 private:
  UtcMillis now() const { return lists_.clock(); }

  Millis wait() const {
    const Millis longest = walk_.under_way() ? kBusyTurn : kTurn;
    return std::min(longest, intake_.due_in().value_or(longest));
  }

  bool is_blocked(int status, const std::string& body) const {
    if (status == 401 || status == 403 || status == 429) return true;
    const MappingContext nothing{config_.source, {}, nullptr, false, {}, ""};
    return map_answer(lists_.bookmaker, bet_types_, nothing, body).kind == AnswerKind::Blocked;
  }

  // ---- lists: which events there are, and who plays

  void read_lists() {
    const UtcMillis at = now();
    if (rounds_) return take_lists(at);
    if (!walk_.under_way() && at >= next_walk_ && (lists_wanted_ || at >= next_round_)) {
      lists_wanted_ = false;
      next_walk_ = at + kListsApart;
      next_round_ = at + config_.list_every;
      ++round_;
      walk_.begin();
    }
    if (!walk_.under_way()) return;
    for (Listed& one : walk_.advance(Millis(0))) listed(std::move(one.work));
    if (!walk_.under_way()) round_ended(walk_.complete());
  }

  // The poller's; it comes round by itself, and sooner when asked.
  void take_lists(UtcMillis at) {
    if (round_ > 0 && lists_wanted_ && at >= next_walk_) {
      lists_wanted_ = false;
      next_walk_ = at + kListsApart;
      rounds_->ask();
    }
    auto round = rounds_->take();
    if (!round) return;
    if (round_++ == 0) lists_wanted_ = false;  // until then everybody was a stranger
    for (WorkEntry& entry : round->events) listed(std::move(entry));
    round_ended(round->complete);
  }

  void round_ended(bool complete) {
    if (complete) {
      forget_unlisted();
      strangers_.clear();
    } else {
      lists_wanted_ = true;
    }
    metrics_.events.set(static_cast<std::int64_t>(events_.size()));
  }

  void listed(WorkEntry entry) {
    const auto [at, is_new] = events_.try_emplace(entry.event_id);
    LiveEvent& event = at->second;
    event.listed = round_;
    event.wanted.work = std::move(entry);
    event.wanted.bet_types = wanted_bet_types_;
    if (!is_new) return;
    event.confirm_at = now() + config_.confirm_every;
    if (!rounds_) intake_.look_at(event.wanted.work);
    if (!session_.ready()) return;
    const UtcMillis settled = feed_.subscribe_event.empty() ? settled_at_ : now() + kSettled;
    if (now() < settled) event.settled_at = settled;
    subscribe(event);
  }

  // What is no longer listed gets a last look, which withdraws its markets if they are gone.
  void forget_unlisted() {
    for (auto at = events_.begin(); at != events_.end();) {
      if (at->second.listed == round_) {
        ++at;
        continue;
      }
      intake_.look_at(at->second.wanted.work);
      rooms_of_gone_ += at->second.rooms;
      at = events_.erase(at);
    }
    if (!rooms_short_ || rooms_of_gone_ == 0 || !session_.ready()) return;
    // No text leaves a room, but a new session begins without any.
    session_.give_up("feed_renewed",
                     fmt::format("{} rooms are taken, {} of them by events that are over",
                                 event_rooms_, rooms_of_gone_));
    gap();
  }

  // An event that no list has held so far: the lists are read again, once for each such event.
  void stranger(const std::string& event_id) {
    if (strangers_.size() < kMostStrangers && strangers_.insert(event_id).second)
      lists_wanted_ = true;
  }

  // ---- the session

  void begin() {
    metrics_.connects.add();
    event_rooms_ = rooms_of_gone_ = 0;
    rooms_short_ = false;
    settled_at_ = now() + kSettled;
    unreadable_in_a_row_ = 0;
    spoken_at_ = now();
    for (const std::string& text : subscriptions(lists_.bookmaker, feed_))
      if (!session_.send(text)) return;
    for (auto& [id, event] : events_) {
      event.state.clear();
      event.rooms = 0;
      event.settled_at = settled_at_;
      if (!subscribe(event)) return;
    }
    if (!rounds_) lists_wanted_ = true;
    relook_wanted_ = true;
  }

  bool subscribe(LiveEvent& event) {
    for (const std::string& text :
         event_subscriptions(lists_.bookmaker, feed_, event.wanted.work, config_.bet_types)) {
      if (event_rooms_ == feed_.most_event_rooms) {
        rooms_short_ = true;
        if (const auto seen = rooms_trouble_.pass())
          log::warn("feed_rooms_full", {log::kv("bookmaker", lists_.bookmaker.name),
                                        log::kv("rooms", feed_.most_event_rooms)});
        return true;
      }
      ++event_rooms_;
      ++event.rooms;
      if (!session_.send(text)) return false;
    }
    return true;
  }

  void gap() {
    metrics_.gaps.add();
    relook_wanted_ = true;
  }

  void mind_silence() {
    if (!session_.ready() || events_.empty()) return;
    if (now() - spoken_at_ <= feed_.silence) return;
    session_.give_up("feed_silent",
                     fmt::format("nothing was said for {} though {} events are in play",
                                 to_text(feed_.silence), events_.size()));
    gap();
  }

  void look_again() {
    const UtcMillis at = now();
    if (relook_wanted_ && at >= next_relook_) {
      relook_wanted_ = false;
      next_relook_ = at + kRelooksApart;
      for (auto& [id, event] : events_) look_at(event);
    }
    if (at < next_confirm_) return;
    next_confirm_ = at + kConfirmLook;
    for (auto& [id, event] : events_) {
      const bool settled = event.settled_at && at >= *event.settled_at;
      if (settled) event.settled_at.reset();
      if (settled || (config_.confirm_every.count() > 0 && at >= event.confirm_at)) look_at(event);
    }
  }

  void look_at(LiveEvent& event) {
    event.confirm_at = now() + config_.confirm_every;
    intake_.look_at(event.wanted.work);
  }

  // ---- what is said

  void take(const SocketSession::Said& said) {
    metrics_.messages.add();
    auto news = read_news(lists_.bookmaker, feed_, said.message);
    if (!news) return unreadable(news.error().text());
    if (news->kind == FeedNews::Kind::Other) return;
    unreadable_in_a_row_ = 0;
    spoken_at_ = said.at;
    session_.made_sense();
    if (news->kind == FeedNews::Kind::Event) return take_events(*news);
    take_markets(*news, said.at);
  }

  void take_events(const FeedNews& news) {
    for (const FeedNews::About& about : news.events) {
      const auto at = events_.find(about.event_id);
      if (at == events_.end()) {
        stranger(about.event_id);
        continue;
      }
      LiveEvent& event = at->second;
      if (!event.state.empty() && event.state != about.state) look_at(event);
      event.state = about.state;
    }
  }

  void take_markets(const FeedNews& news, UtcMillis heard_at) {
    std::vector<LiveEvent*> about;
    std::vector<WantedEvent> wanted;
    for (const FeedNews::About& one : news.events) {
      const auto at = events_.find(one.event_id);
      if (at == events_.end()) {
        stranger(one.event_id);
        continue;
      }
      about.push_back(&at->second);
      wanted.push_back(at->second.wanted);
    }
    if (about.empty()) return;
    const auto look_at_all = [&] {
      for (LiveEvent* event : about) look_at(*event);
    };
    if (session_.late()) return look_at_all();
    MappingContext context;
    context.source = config_.source;
    context.observed_at = heard_at;
    context.events = &wanted;
    const Mapping mapping = map_answer(lists_.bookmaker, bet_types_, context, news.payload);
    if (mapping.kind != AnswerKind::Good) {
      look_at_all();
      return unreadable(mapping.message);
    }
    if (!mapping.records.empty()) metrics_.updates.add();
    if (!mapping.problems.empty()) {
      if (const auto seen = partial_.pass())
        log::warn("feed_partial",
                  {log::kv("bookmaker", lists_.bookmaker.name), log::kv("seen", *seen),
                   log::kv("problem", mapping.problems.front())});
      return look_at_all();
    }
    for (const Record& record : mapping.records)
      if (is_whole(record))
        intake_.record(record);
      else if (const auto at = events_.find(record.event_id); at != events_.end())
        look_at(at->second);
  }

  // A market that is not open may come without prices: it has none. An open one may not.
  static bool is_whole(const Record& record) {
    return !record.home.empty() && !record.away.empty() &&
           (record.status != Status::Open ||
            std::all_of(record.outcomes.begin(), record.outcomes.end(),
                        [](const Outcome& outcome) { return outcome.price.has_value(); }));
  }

  // Whom it was about is not known, so it may have been about anybody.
  void unreadable(const std::string& why) {
    metrics_.unreadable.add();
    if (const auto seen = unreadable_.pass())
      log::warn("feed_unreadable", {log::kv("bookmaker", lists_.bookmaker.name),
                                    log::kv("seen", *seen), log::kv("why", why)});
    gap();
    if (++unreadable_in_a_row_ < kMostUnreadable) return;
    unreadable_in_a_row_ = 0;
    session_.give_up(
        "feed_changed_format",
        fmt::format("{} messages in a row could not be read, the last: {}", kMostUnreadable, why));
  }

  const BetTypes& bet_types_;
  FeedMetrics& metrics_;
  const SocketListenerConfig config_;
  const FeedSettings& feed_;
  const PollerConfig list_config_;
  SocketSession session_;
  std::unique_ptr<MatchBook> book_;
  const std::shared_ptr<ListRounds> rounds_;
  PollerParts lists_;
  ListWalk walk_;
  Intake intake_;
  const std::set<std::string> wanted_bet_types_;

  std::map<std::string, LiveEvent, std::less<>> events_;
  std::set<std::string> strangers_;  // heard of, in no list so far
  std::uint64_t round_ = 0;
  bool lists_wanted_ = true, relook_wanted_ = false;
  UtcMillis next_walk_, next_round_, next_relook_, next_confirm_;
  UtcMillis spoken_at_;   // the last message that was of interest
  UtcMillis settled_at_;  // the sports' rooms of this session are surely in force from then on
  std::size_t event_rooms_ = 0, rooms_of_gone_ = 0;
  bool rooms_short_ = false;  // somebody is in no room, because there were no more
  int unreadable_in_a_row_ = 0;
  log::Sampler unreadable_, partial_, rooms_trouble_;
};

}  // namespace

Result<void> check_socket_listener(const Bookmaker& bookmaker, const SocketListenerConfig& config) {
  const FeedSettings* feed = feed_of(bookmaker, config.source);
  if (!feed)
    return fail(ErrorKind::Invalid, bookmaker.name,
                fmt::format("declares no feed of the source {}", to_string(config.source)));
  if (config.bet_types.empty())
    return fail(ErrorKind::Invalid, "socket listener", "no bet types to feed");
  if (auto usable = check_websocket(session_config(bookmaker, config, *feed).websocket); !usable)
    return fail_in(fmt::format("the feed of {}", bookmaker.name), usable.error());
  return {};
}

Result<void> run_socket_listener(SocketListenerParts parts, SocketListenerConfig config,
                                 std::stop_token stop) {
  if (auto usable = check_socket_listener(parts.bookmaker, config); !usable) return usable;
  const FeedSettings& feed = *feed_of(parts.bookmaker, config.source);
  return SocketListener(std::move(parts), std::move(config), feed).run(stop);
}

}  // namespace oddsloom
