// Reads one market of one event, and makes a record of it. What cannot be read keeps its slot
// without a price and becomes a problem with its path. One answer, one reader; not shared by
// threads.
#pragma once

#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bookmaker/compiled_spec.h"
#include "bookmaker/outcome_match.h"
#include "bookmaker/spec.h"
#include "model/record.h"

namespace oddsloom {

// How much of what every answer has was there: tells a changed format from a bad value here and
// there.
struct Fill {
  std::size_t expected = 0, lacking = 0;
  std::string example;  // the first place where it lacked
  void count(bool there, const auto& place) {
    ++expected;
    if (there) return;
    if (++lacking == 1) example = place();
  }
  bool mostly_lacking() const { return lacking * 2 > expected; }
};

struct MarketAt {
  dom::element event, market;
  std::string_view key;           // of the event, where events are members of an object
  const BetType* type = nullptr;  // as the spec declares its id or name
  std::string market_id;
  std::size_t event_index = 0, market_index = 0;  // where they are lists
  std::string_view market_key;                    // where markets are members of an object
};

enum class MarketFit { Fits, OtherMarket, Unreadable };

struct SelectionAt {
  dom::element element;
  std::string_view key;  // where selections are members of an object
  bool is_object = false;
  Members members;  // of an object
};

// Written over by MarketReader::read(); its memory serves the next market.
struct ReadMarket {
  MarketFit fit = MarketFit::Unreadable;
  std::optional<Line> line;
  Status status = Status::Open;
  std::vector<SelectionAt> selections;
  std::vector<SelectionText> texts;     // in the document, or in:
  std::forward_list<std::string> made;  // texts that are not in the document as they are
  OutcomeMatch match;
};

class MarketReader {
 public:
  MarketReader(const Form& form, dom::element root, std::vector<std::string>& problems)
      : form_(form), root_(root), problems_(problems) {}

  // OtherMarket: the same id with a line or an instance (set, race) where the bet type has none:
  // not the full-time market. Unreadable was reported.
  void read(const MarketAt& at, const BetType& type, std::span<const TeamNames> known,
            ReadMarket& out);

  // Fills market, line, status and outcomes of a record that already says whose it is. False:
  // nothing of it can be told apart (reported).
  bool fill(Record& record, const ReadMarket& market, const MarketAt& at, const BetType& type);

  // The teams as this market spells them; empty names where it does not.
  static TeamNames teams_of(const ReadMarket& market, const BetType& type, const NamesFrom& from);

  // "markets[3].markets[0]": made when there is something to say of it, which is rare.
  std::string place(const MarketAt& at) const;

  Fill odds, selections, statuses;

 private:
  MarketFit read_line(const MarketAt& at, const BetType& type, std::optional<Line>& line);
  MarketFit read_instance(const MarketAt& at);
  // `place` makes the text where it is needed.
  Status read_status(const Expression& expression, const Scope& scope, const auto& place);
  void read_price(Outcome& outcome, const Scope& scope, const auto& place);
  // Trimmed, "" where there is none; until the next text is read.
  std::string_view plain(const Expression& expression, const Scope& scope);
  // The same until the market is read over.
  std::string_view lasting(const Expression& expression, const Scope& scope, ReadMarket& market);
  Scope scope_of(const MarketAt& at) const {
    return {root_, at.event, at.market, at.market, at.key, nullptr, at.market_key};
  }
  Scope scope_of(const MarketAt& at, const SelectionAt& selection) const {
    return {root_,         at.event,
            at.market,     selection.element,
            at.key,        selection.is_object ? &selection.members : nullptr,
            at.market_key, selection.key};
  }
  void problem(std::string_view place, std::string_view path, std::string_view message);

  const Form& form_;
  dom::element root_;
  std::vector<std::string>& problems_;
  std::string scratch_;      // of the text that was read last
  std::vector<int> claims_;  // of the market that is filled: selections per outcome
};

}  // namespace oddsloom
