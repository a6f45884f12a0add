#include "serve/feed_book.h"

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "base/text.h"
#include "serve/odds_sports.h"

namespace oddsloom {
namespace {

EventId event_of_record(const Record& record) {
  return {record.bookmaker, record.source, record.event_id};
}

bool lists(const BoardMatch& match, const EventId& id) {
  return std::any_of(match.events.begin(), match.events.end(), [&](const BoardEvent& event) {
    return EventId{event.bookmaker, event.source, event.event_id} == id;
  });
}

void name_sport(FeedSubject& subject, const BoardMatch* match) {
  if (!match) return;
  auto [whole, key] = sport_keys(match->sport, match->competition);
  subject.competition = match->competition;
  subject.sport = std::move(whole);
  subject.sport_key = std::move(key);
}

// Matches of `board` that are not the same value on `other`. Both are in the same order but for
// what moved, so they are walked side by side, and only what does not meet is looked up.
std::vector<const BoardMatch*> differing(const Board& board, const Board& other) {
  std::vector<const BoardMatch*> out;
  const auto& theirs = other.matches;
  std::size_t at = 0;
  for (const auto& match : board.matches) {
    if (at < theirs.size() && theirs[at] == match) {
      ++at;
      continue;
    }
    if (other.find(match->id) != match.get()) out.push_back(match.get());
    const bool in_step = at < theirs.size() && (theirs[at]->id == match->id ||
                                                board.find(theirs[at]->id) != theirs[at].get());
    if (in_step) ++at;
  }
  return out;
}

}  // namespace

FeedBook::FeedBook(const Catalog& catalog, std::string epoch, Limits limits)
    : epoch_(std::move(epoch)), limits_(limits) {
  for (const CatalogBookmaker& one : catalog.bookmakers) bookmakers_[one.name] = &one;
}

const CatalogBookmaker* FeedBook::bookmaker(const std::string& name) const {
  const auto found = bookmakers_.find(name);
  return found == bookmakers_.end() ? nullptr : found->second;
}

std::shared_ptr<FeedMarket> FeedBook::market_of(const Record& record, bool& is_new) {
  auto& market = markets_[record.id()];
  is_new = market == nullptr;
  if (is_new) market = make_feed_market(record, bookmaker(record.bookmaker));
  return market;
}

bool FeedBook::set_match(FeedMarket& market, const std::string& match_id) {
  const BoardMatch* match = board_->find(match_id);
  const bool moved = market.subject->match_id != match_id;
  if (!moved && (!match || match->competition == market.subject->competition)) return false;
  FeedSubject subject = *market.subject;
  subject.match_id = match_id;
  name_sport(subject, match);
  market.subject = std::make_shared<const FeedSubject>(std::move(subject));
  return moved;
}

MarketView FeedBook::view(const FeedMarket& market) const {
  return {market,       *market.record, market.observed_at, board_->find(market.subject->match_id),
          market.stale, false};
}

void FeedBook::publish(std::shared_ptr<const Board> board, const std::vector<BoardChange>& changes,
                       UtcMillis now) {
  const std::shared_ptr<const Board> before = std::exchange(board_, std::move(board));
  ++generation_;
  if (!before) {
    first_sequence_ = sequence_ = reaches_back_to_ = board_->sequence;
    complete_after_ = first_sequence_ + 1;  // before, other things happened that nobody noticed
    for (const auto& match : board_->matches)
      for (const BoardEvent& event : match->events)
        for (const BoardMarket& seen : event.markets) {
          bool is_new = false;
          const auto market = market_of(*seen.record, is_new);
          set_match(*market, match->id);
          market->record = seen.record;
          market->observed_at = seen.observed_at;
          market->stale = !is_fresh(*market, now);
          match_ids_[event_of_record(*seen.record)] = match->id;
        }
    return;
  }
  const std::vector<const BoardMatch*> matches = differing(*board_, *before);
  note_moves(matches);
  for (const BoardChange& change : changes)
    if (change.sequence > sequence_ && change.after) tell(change, now);
  sequence_ = std::max(sequence_, board_->sequence);
  for (const BoardMatch* match : matches)
    for (const BoardEvent& event : match->events)
      for (const BoardMarket& market : event.markets) settle(*match, market, now);
  drop_gone(differing(*before, *board_));
}

void FeedBook::note_moves(const std::vector<const BoardMatch*>& matches) {
  for (const BoardMatch* match : matches)
    for (const BoardEvent& event : match->events) {
      auto& known = match_ids_[EventId{event.bookmaker, event.source, event.event_id}];
      if (known == match->id) continue;
      const std::string was = std::exchange(known, match->id);
      if (was.empty()) continue;  // a new event
      FeedSubject subject = subject_of({event.bookmaker, event.source, event.event_id}, match->id);
      subject.was_match_id = was;
      std::string json;
      JsonWriter(json)
          .begin_object()
          .member("match_id", std::string_view(match->id))
          .member("was_match_id", std::string_view(was))
          .member("bookmaker", std::string_view(subject.bookmaker))
          .member("source", to_string(event.source))
          .member("event_id", std::string_view(event.event_id))
          .end_object();
      append("matched", nullptr, std::make_shared<const FeedSubject>(std::move(subject)), json);
    }
}

void FeedBook::tell(const BoardChange& change, UtcMillis now) {
  bool is_new = false;
  const auto market = market_of(*change.after, is_new);
  const auto known = match_ids_.try_emplace(event_of_record(*change.after), change.match_id).first;
  const bool moved = set_match(*market, known->second);
  const std::shared_ptr<const Record> before = std::exchange(market->record, change.after);
  const bool whole = is_new || moved || market->stale || !before->offered ||
                     !is_called_the_same(*before, *change.after);
  market->observed_at = change.after->observed_at;
  market->stale = change.after->offered && !is_fresh(*market, now);
  market->generation = generation_;
  const std::string_view event = event_of(*change.after);
  std::string json;
  if (event == "removed")
    json = notice_json(view(*market), "withdrawn");
  else if (whole || market->stale)
    json = full_json(view(*market));
  else
    json = changed_json(view(*market), *before);
  append(event, market, market->subject, json, change.sequence);
}

void FeedBook::settle(const BoardMatch& match, const BoardMarket& seen, UtcMillis now) {
  bool is_new = false;
  const auto market = market_of(*seen.record, is_new);
  market->generation = generation_;
  const bool moved = set_match(*market, match.id) && !is_new;
  const std::shared_ptr<const Record> before = std::exchange(market->record, seen.record);
  market->observed_at = seen.observed_at;
  market->conflated = nullptr;
  const bool fresh = is_fresh(*market, now);
  const bool seen_again = market->stale && fresh;
  if (is_new || seen_again) market->stale = !fresh;
  const bool differs = is_new ? seen.record->offered
                              : before != seen.record && !says_the_same(*before, *seen.record);
  if (moved || (seen_again && seen.record->offered) || differs) tell_state(market);
}

void FeedBook::tell_state(const std::shared_ptr<FeedMarket>& market) {
  if (!market->record->offered)
    append("removed", market, market->subject, notice_json(view(*market), "withdrawn"));
  else
    append(event_of(*market->record), market, market->subject, full_json(view(*market)));
}

// Markets that the store has let go of are in no change log. `matches`: as they were.
void FeedBook::drop_gone(const std::vector<const BoardMatch*>& matches) {
  std::set<EventId> events;
  for (const BoardMatch* match : matches)
    for (const BoardEvent& event : match->events)
      for (const BoardMarket& was : event.markets) {
        const auto found = markets_.find(was.record->id());
        if (found == markets_.end() || found->second->generation == generation_) continue;
        const std::shared_ptr<FeedMarket> market = found->second;
        if (market->record->offered)
          append("removed", market, market->subject, notice_json(view(*market), "expired"));
        market->gone = true;
        markets_.erase(found);
        events.insert(event_of_record(*was.record));
      }
  for (const EventId& event : events)
    if (const BoardMatch* match = board_->find(match_ids_[event]); !match || !lists(*match, event))
      match_ids_.erase(event);
}

void FeedBook::look(UtcMillis now) {
  if (!board_) return;
  for (const auto& [id, market] : markets_) {
    if (market->stale || !market->record->offered || is_fresh(*market, now)) continue;
    market->stale = true;
    append("stale", market, market->subject, notice_json(view(*market), "not_seen"));
  }
}

void FeedBook::append(std::string_view event, std::shared_ptr<FeedMarket> market,
                      std::shared_ptr<const FeedSubject> subject, const std::string& json,
                      std::uint64_t change) {
  sequence_ = std::max(sequence_, change);
  FeedEntry entry{++end_,
                  sequence_,
                  change != 0,
                  std::move(market),
                  std::move(subject),
                  make_frame(event, change != 0 ? id(change) : "", json)};
  if (entry.market) {
    entry.market->newest = end_;
    entry.market->conflated = nullptr;
  }
  bytes_ += entry.frame->size();
  entries_.push_back(std::move(entry));
  while (entries_.size() > limits_.entries || bytes_ > limits_.bytes) {
    const FeedEntry& oldest = entries_.front();
    reaches_back_to_ = oldest.through;
    complete_after_ =
        std::max(complete_after_, oldest.is_change ? oldest.through : oldest.through + 1);
    bytes_ -= entries_.front().frame->size();
    entries_.pop_front();
  }
}

std::optional<std::uint64_t> FeedBook::position_after(std::uint64_t sequence) const {
  if (sequence < reaches_back_to_ || sequence > sequence_) return std::nullopt;
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), sequence,
                       [](const FeedEntry& entry, std::uint64_t s) { return entry.through < s; });
  if (found == entries_.end()) return end_;
  return found->is_change && found->through == sequence ? found->position : found->position - 1;
}

SharedFrame FeedBook::conflated(FeedMarket& market) const {
  if (market.conflated) return market.conflated;
  MarketView shown = view(market);
  shown.conflated = true;
  const std::string where = id(entry(market.newest).through, true);
  const bool removed = market.gone || !market.record->offered;
  market.conflated = removed ? make_frame("removed", where,
                                          notice_json(shown, market.gone ? "expired" : "withdrawn"))
                             : make_frame(event_of(*market.record), where, full_json(shown));
  return market.conflated;
}

SharedFrame FeedBook::stale_notice(const FeedMarket& market) const {
  return make_frame("stale", "", notice_json(view(market), "not_seen"));
}

FeedSubject FeedBook::subject_of(const EventId& event, const std::string& match_id) const {
  const CatalogBookmaker* who = bookmaker(event.bookmaker);
  FeedSubject out;
  out.match_id = match_id;
  out.bookmaker = who ? who->key : to_lower_ascii(event.bookmaker);
  name_sport(out, board_->find(match_id));
  return out;
}

std::string FeedBook::state_json(const FeedMarket& market) const { return full_json(view(market)); }

FeedBook::Replayed FeedBook::replayed(std::uint64_t sequence, const Record& record) const {
  const auto market = make_feed_market(record, bookmaker(record.bookmaker));
  const EventId event = event_of_record(record);
  const auto known = match_ids_.find(event);
  FeedSubject subject = *market->subject;
  subject.match_id = known == match_ids_.end() ? match_id_of(event) : known->second;
  const BoardMatch* match = board_->find(subject.match_id);
  name_sport(subject, match);
  market->subject = std::make_shared<const FeedSubject>(subject);
  const MarketView shown{*market, record, record.observed_at, match, false, false};
  return {std::move(subject),
          make_frame(event_of(record), id(sequence),
                     record.offered ? full_json(shown) : notice_json(shown, "withdrawn"))};
}

std::vector<SourceAge> FeedBook::ages() const {
  std::map<std::pair<std::string, Source>, SourceAge> by_source;
  for (const auto& [id, market] : markets_) {
    if (!market->record->offered) continue;
    SourceAge& age = by_source[{market->subject->bookmaker, id.source}];
    const UtcMillis seen = market->observed_at;
    ++age.markets;
    if (market->stale) {
      ++age.stale;
      continue;
    }
    const bool first = age.markets - age.stale == 1;
    age.oldest = first ? seen : std::min(age.oldest, seen);
    age.newest = first ? seen : std::max(age.newest, seen);
  }
  std::vector<SourceAge> out;
  for (auto& [key, age] : by_source) {
    age.bookmaker = key.first;
    age.source = key.second;
    out.push_back(std::move(age));
  }
  return out;
}

}  // namespace oddsloom
