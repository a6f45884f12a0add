// What feed clients were told, in one order: a bounded log of rendered frames, each with a position
// of its own, and the newest state of every market. Made of boards and the changes between them;
// who stands at position p and reads on misses nothing and hears nothing twice. No sockets, no
// clock of its own. I/O thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "serve/board.h"
#include "serve/catalog.h"
#include "serve/feed_id.h"
#include "serve/feed_market.h"
#include "store/links.h"

namespace oddsloom {

struct FeedEntry {
  std::uint64_t position = 0;
  std::uint64_t through = 0;  // of the change log: what is in it up to here is told with this entry
  bool is_change = false;     // an entry of the change log; else something that is not in it
  std::shared_ptr<FeedMarket> market;  // nullptr: about an event as a whole
  std::shared_ptr<const FeedSubject> subject;
  SharedFrame frame;
};

// How old what a bookmaker's source says is.
struct SourceAge {
  std::string bookmaker;  // the key
  Source source = Source::Upcoming;
  std::size_t markets = 0, stale = 0;  // offered ones
  UtcMillis oldest, newest;            // observed; of those that are not stale
};

class FeedBook {
 public:
  struct Limits {
    std::size_t entries = 65'536;  // of the log
    std::size_t bytes = 64U << 20U;
  };
  // `epoch`: of the store, part of every id.
  FeedBook(const Catalog& catalog, std::string epoch, Limits limits);

  // The next board, and the changes that lie between the last one and this. The first board is
  // where the log begins.
  void publish(std::shared_ptr<const Board> board, const std::vector<BoardChange>& changes,
               UtcMillis now);
  // Tells which markets have become too old. Now and then.
  void look(UtcMillis now);

  bool is_ready() const { return board_ != nullptr; }
  const Board& board() const { return *board_; }
  const std::string& epoch() const { return epoch_; }
  std::uint64_t first_sequence() const { return first_sequence_; }  // the first board's
  std::uint64_t sequence() const { return sequence_; }              // told up to here
  // All changes after it that were told are in this log.
  std::uint64_t reaches_back_to() const { return reaches_back_to_; }
  // Whoever was told everything up to `sequence` missed nothing that this log does not hold,
  // changes or other.
  bool is_complete_after(std::uint64_t sequence) const { return sequence >= complete_after_; }
  std::string id(std::uint64_t sequence, bool conflated = false) const {
    return to_text(FeedId{epoch_, sequence, conflated});
  }

  // The log holds the entries after begin() up to end().
  std::uint64_t begin() const { return end() - entries_.size(); }
  std::uint64_t end() const { return end_; }
  const FeedEntry& entry(std::uint64_t position) const { return entries_[position - begin() - 1]; }
  // After which a client reads on that was told every change up to `sequence`; nothing: the log
  // does not reach back so far.
  std::optional<std::uint64_t> position_after(std::uint64_t sequence) const;

  // In the order of identity. Those gone are not among them.
  const std::map<RecordId, std::shared_ptr<FeedMarket>>& markets() const { return markets_; }
  const std::map<EventId, std::string>& match_ids() const { return match_ids_; }
  // As of now: a market's whole state, as a frame for those who cannot follow, or as JSON. The
  // former only of markets that entries of the log speak of.
  SharedFrame conflated(FeedMarket& market) const;
  std::string state_json(const FeedMarket& market) const;
  // A change of the log that this book never saw, for those who come back after long.
  struct Replayed {
    FeedSubject subject;
    SharedFrame frame;
  };
  Replayed replayed(std::uint64_t sequence, const Record& record) const;

  SharedFrame stale_notice(const FeedMarket& market) const;
  // Of an event, in the words of filters.
  FeedSubject subject_of(const EventId& event, const std::string& match_id) const;

  std::vector<SourceAge> ages() const;

 private:
  const CatalogBookmaker* bookmaker(const std::string& name) const;
  std::shared_ptr<FeedMarket> market_of(const Record& record, bool& is_new);
  bool set_match(FeedMarket& market, const std::string& match_id);  // false: it had that one
  MarketView view(const FeedMarket& market) const;
  void note_moves(const std::vector<const BoardMatch*>& matches);
  void tell(const BoardChange& change, UtcMillis now);
  void settle(const BoardMatch& match, const BoardMarket& seen, UtcMillis now);
  void drop_gone(const std::vector<const BoardMatch*>& matches);
  void tell_state(const std::shared_ptr<FeedMarket>& market);
  void append(std::string_view event, std::shared_ptr<FeedMarket> market,
              std::shared_ptr<const FeedSubject> subject, const std::string& json,
              std::uint64_t change = 0);

  std::map<std::string, const CatalogBookmaker*> bookmakers_;
  const std::string epoch_;
  const Limits limits_;

  std::shared_ptr<const Board> board_;
  std::uint64_t first_sequence_ = 0, sequence_ = 0, reaches_back_to_ = 0;
  std::uint64_t complete_after_ = 0, generation_ = 0;
  std::map<RecordId, std::shared_ptr<FeedMarket>> markets_;
  std::map<EventId, std::string> match_ids_;  // where each event was last
  std::deque<FeedEntry> entries_;
  std::uint64_t end_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace oddsloom
