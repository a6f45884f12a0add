#include "serve/board_keeper.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "serve/board_match.h"

namespace oddsloom {
namespace {

constexpr std::size_t kChangesAtOnce = 1000;
// A live listing is believed for so long after its last sighting: of the bookmaker's clock, which
// stands still while nothing of it arrives, and at most of ours.
constexpr Millis kLiveFor{120'000};
constexpr Millis kLiveForAtMost{30 * 60'000};

// A sighting is stored some time after its moment.
constexpr Millis kStoredWithin{15'000};

bool says_the_same(const Record& a, const Record& b) {
  return a.changed_at == b.changed_at && a.offered == b.offered && a.status == b.status &&
         a.outcomes == b.outcomes && a.start_time == b.start_time && a.home == b.home &&
         a.away == b.away && a.competition == b.competition && a.sport_id == b.sport_id &&
         a.betradar_id == b.betradar_id && a.market_id == b.market_id;
}

}  // namespace

std::size_t BoardKeeper::EventHash::operator()(const EventId& id) const {
  const std::hash<std::string_view> hash;
  return hash(id.event_id) * 31 + hash(id.bookmaker) * 2 + (id.source == Source::Live ? 1 : 0);
}

BoardKeeper::BoardKeeper(const Catalog& catalog, std::unique_ptr<Reader> reader,
                         std::unique_ptr<LinkBook> links, Rhythm rhythm)
    : catalog_(catalog), reader_(std::move(reader)), links_(std::move(links)), rhythm_(rhythm) {
  for (const Source source : {Source::Live, Source::Upcoming})
    for (const BetType& type : catalog_.bet_types.all())
      slices_.push_back({type.name, source, rank_of(type.name)});
  watches_ = {{Source::Live, rhythm_.live}, {Source::Upcoming, rhythm_.upcoming}};
}

BoardTurn BoardKeeper::turn(UtcMillis now) {
  BoardTurn out;
  if (auto followed = follow(now, out); !followed) out.trouble = followed.error().text();
  if (!ready_) return out;
  end_lives(now);
  if (dirty_.empty() && cursor_ == told_cursor_ && !gap_) return out;
  out.board = make_board(now);
  out.gap = std::exchange(gap_, false);
  told_cursor_ = cursor_;
  return out;
}

Result<void> BoardKeeper::follow(UtcMillis now, BoardTurn& out) {
  if (!begun_)
    if (auto done = begin(); !done) return done;
  if (auto read = read_links(now); !read) return read;
  for (Slice& slice : slices_) {
    if (slice.read) continue;
    if (auto read = read_slice(slice); !read) return read;
    break;
  }
  if (!std::all_of(slices_.begin(), slices_.end(), [](const Slice& slice) { return slice.read; }))
    return {};
  if (auto read = read_changes(out); !read || !begun_) return read;
  for (Watch& watch : watches_)
    if (now >= watch.due)
      if (auto read = read_seen(watch, now); !read) return read;
  ready_ = true;
  return {};
}

// The place in the log first: a change made while the documents are read is then met twice, not
// never.
Result<void> BoardKeeper::begin() {
  const auto log = reader_->change_log();
  if (!log) return tl::unexpected(log.error());
  cursor_ = log->end;
  for (Slice& slice : slices_) slice.read = false;
  for (Watch& watch : watches_) watch.due = watch.all_due = {};
  begun_ = true;
  gap_ = true;
  return {};
}

Result<void> BoardKeeper::read_changes(BoardTurn& out) {
  for (std::size_t taken = 0; taken < rhythm_.most_changes;) {
    const std::uint64_t from = cursor_;
    const std::size_t most = std::min(kChangesAtOnce, rhythm_.most_changes - taken);
    auto changes = reader_->changes(from, most);
    if (!changes) return tl::unexpected(changes.error());
    if (changes->empty()) return {};
    const auto log = reader_->change_log();
    if (!log) return tl::unexpected(log.error());
    if (log->begin > from) {  // trimmed: what stands in the documents is the truth
      out.changes.clear();
      begun_ = ready_ = false;
      return {};
    }
    for (const Change& change : *changes) {
      cursor_ = change.sequence;
      const std::size_t rank = rank_of(change.record.bet_type);
      if (rank == catalog_.bet_types.all().size()) continue;
      BoardChange told;
      told.sequence = change.sequence;
      take(change.record, rank, &told);
      if (told.after) out.changes.push_back(std::move(told));
    }
    taken += changes->size();
    if (changes->size() < most) return {};
  }
  return {};
}

Result<void> BoardKeeper::read_slice(Slice& slice) {
  DocumentFilter filter;
  filter.bet_type = slice.bet_type;
  filter.source = slice.source;
  filter.most = std::numeric_limits<std::int32_t>::max();
  const auto documents = reader_->documents(filter);
  if (!documents) return tl::unexpected(documents.error());
  for (const MatchDocument& document : *documents)
    for (const auto& [bookmaker, record] : document.records) take(record, slice.rank, nullptr);
  slice.read = true;
  return {};
}

Result<void> BoardKeeper::read_seen(Watch& watch, UtcMillis now) {
  const bool all = now >= watch.all_due;
  const std::optional<UtcMillis> since =
      all ? std::nullopt : std::optional(watch.newest - kStoredWithin);
  const auto seen =
      reader_->seen("", watch.source, since, std::numeric_limits<std::int32_t>::max());
  if (!seen) return tl::unexpected(seen.error());
  if (all) ++watch.readings;
  for (const Seen& one : *seen) {
    watch.newest = std::max(watch.newest, one.observed_at);
    sight(one, all ? watch.readings : 0);
  }
  if (all) {
    drop_unread(watch);
    watch.all_due = now + rhythm_.all;
  }
  watch.due = now + watch.every;
  return {};
}

BoardKeeper::Place BoardKeeper::place_in(Event& event, std::size_t rank, const std::string& segment,
                                         const std::optional<Line>& line) {
  const auto wanted = std::tie(rank, segment, line);
  const auto place_of = [](const Market& market) {
    const Record& record = *market.market.record;
    return std::tie(market.rank, record.segment, record.line);
  };
  const auto at =
      std::lower_bound(event.markets.begin(), event.markets.end(), wanted,
                       [&](const Market& market, const auto& to) { return place_of(market) < to; });
  return {at, at != event.markets.end() && place_of(*at) == wanted};
}

void BoardKeeper::take(const Record& record, std::size_t rank, BoardChange* change) {
  const EventId id{record.bookmaker, record.source, record.event_id};
  const auto [entry, is_new] = events_.try_emplace(id);
  Event& event = entry->second;
  if (is_new) place(id, event, match_of(id));
  note_live(record, record.observed_at);
  const auto [at, known] = place_in(event, rank, record.segment, record.line);
  if (known && record.observed_at < at->market.observed_at) return;
  if (known && says_the_same(*at->market.record, record)) {
    note_time(event, *at, record.observed_at);
    return;
  }
  const auto made = std::make_shared<const Record>(record);
  if (change) {
    change->match_id = event.match_id;
    change->after = made;
    if (known) change->before = at->market.record;
  }
  if (known)
    at->market = {made, record.observed_at};
  else
    event.markets.insert(at, {{made, record.observed_at}, rank, 0});
  dirty_.insert(event.match_id);
}

// What a record says anew comes by the log, so that whoever follows the changes misses none; until
// then the time of what it said before stands still.
void BoardKeeper::sight(const Seen& seen, std::uint64_t reading) {
  const auto found = events_.find({seen.id.bookmaker, seen.id.source, seen.id.event_id});
  if (found == events_.end()) return;
  const auto [at, known] =
      place_in(found->second, rank_of(seen.id.bet_type), seen.id.segment, seen.id.line);
  if (!known) return;
  if (reading != 0) at->reading = reading;
  if (at->market.record->changed_at == seen.changed_at)
    note_time(found->second, *at, seen.observed_at);
}

void BoardKeeper::note_live(const Record& record, UtcMillis observed_at) {
  if (record.source != Source::Live) return;
  UtcMillis& newest = live_seen_[record.bookmaker];
  newest = std::max(newest, observed_at);
}

void BoardKeeper::note_time(Event& event, Market& market, UtcMillis observed_at) {
  if (observed_at <= market.market.observed_at) return;
  market.market.observed_at = observed_at;
  note_live(*market.market.record, observed_at);
  dirty_.insert(event.match_id);
}

// What tidying has removed is in no change log: it is known by its absence.
void BoardKeeper::drop_unread(const Watch& watch) {
  for (auto at = events_.begin(); at != events_.end();) {
    auto& [id, event] = *at;
    std::size_t gone = 0;
    if (id.source == watch.source)
      gone = std::erase_if(event.markets,
                           [&](const Market& market) { return market.reading != watch.readings; });
    if (gone != 0) dirty_.insert(event.match_id);
    if (gone != 0 && event.markets.empty()) {
      matches_[event.match_id].events.erase(id);
      at = events_.erase(at);
    } else {
      ++at;
    }
  }
}

Result<void> BoardKeeper::read_links(UtcMillis now) {
  if (!links_ || now < links_due_) return {};
  const auto page = links_->read(revision_);
  if (!page) return tl::unexpected(page.error());
  for (const Link& one : page->links) one.undone_at ? unlink(one.event) : link(one);
  for (const EventId& event : page->forgotten) unlink(event);
  revision_ = page->revision;
  links_due_ = now + rhythm_.links;
  return {};
}

void BoardKeeper::link(const Link& link) {
  linked_[link.event] = {link.match_id, {link.method, link.score, link.evidence, link.linked_at}};
  move(link.event, link.match_id);
}

void BoardKeeper::unlink(const EventId& id) {
  linked_.erase(id);
  move(id, match_id_of(id));
}

void BoardKeeper::move(const EventId& id, const std::string& match_id) {
  const auto found = events_.find(id);
  if (found != events_.end()) place(id, found->second, match_id);
}

void BoardKeeper::place(const EventId& id, Event& event, const std::string& match_id) {
  if (!event.match_id.empty()) {
    matches_[event.match_id].events.erase(id);
    dirty_.insert(event.match_id);
  }
  event.match_id = match_id;
  matches_[match_id].events.insert(id);
  dirty_.insert(match_id);
}

std::string BoardKeeper::match_of(const EventId& id) const {
  const auto found = linked_.find(id);
  return found == linked_.end() ? match_id_of(id) : found->second.match_id;
}

std::size_t BoardKeeper::rank_of(const std::string& bet_type) const {
  const auto& all = catalog_.bet_types.all();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const BetType& type) { return type.name == bet_type; });
  return static_cast<std::size_t>(found - all.begin());
}

std::shared_ptr<const BoardMatch> BoardKeeper::make(const std::string& id, const Match& match,
                                                    UtcMillis now) const {
  std::vector<BoardEvent> events;
  events.reserve(match.events.size());
  bool live = false;
  for (const EventId& event_id : match.events) {
    const Event& event = events_.at(event_id);
    BoardEvent told{event_id.bookmaker, event_id.source, event_id.event_id, {}, {}};
    if (const auto linked = linked_.find(event_id);
        linked != linked_.end() && id != match_id_of(event_id))
      told.link = linked->second.how;
    told.markets.reserve(event.markets.size());
    for (const Market& market : event.markets) told.markets.push_back(market.market);
    live = live || is_live(told, now);
    events.push_back(std::move(told));
  }
  const auto out = match_of_events(id, std::move(events), catalog_);
  out->live = live;
  return out;
}

bool BoardKeeper::is_live(const BoardEvent& event, UtcMillis now) const {
  const auto seen = live_seen_.find(event.bookmaker);
  if (event.source != Source::Live || seen == live_seen_.end()) return false;
  return std::any_of(event.markets.begin(), event.markets.end(), [&](const BoardMarket& market) {
    return market.record->offered && seen->second - market.observed_at <= kLiveFor &&
           now - market.observed_at <= kLiveForAtMost;
  });
}

// Live matches that nobody sees any more change without anything being written.
void BoardKeeper::end_lives(UtcMillis now) {
  for (const auto& match : order_) {
    if (!match->live) break;
    if (std::none_of(match->events.begin(), match->events.end(),
                     [&](const BoardEvent& event) { return is_live(event, now); }))
      dirty_.insert(match->id);
  }
}

std::shared_ptr<const Board> BoardKeeper::make_board(UtcMillis now) {
  bool moved = false;
  for (const std::string& id : dirty_) {
    const auto found = matches_.find(id);
    Match& match = found->second;
    const auto before = match.made;
    match.made = match.events.empty() ? nullptr : make(id, match, now);
    if (before && match.made && before->live == match.made->live &&
        before->start_time == match.made->start_time)
      order_[index_->places.find(id)->second] = match.made;
    else
      moved = true;
    if (!match.made) matches_.erase(found);
  }
  dirty_.clear();
  if (moved) {
    order_.clear();
    for (const auto& [id, match] : matches_) order_.push_back(match.made);
    sort_matches(order_);
    index_ = index_of(order_);
  }
  auto board = std::make_shared<Board>();
  board->sequence = cursor_;
  board->at = now;
  board->matches = order_;
  board->index = index_;
  return board;
}

}  // namespace oddsloom
