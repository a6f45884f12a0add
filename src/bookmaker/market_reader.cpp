#include "bookmaker/market_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostSelections = 500;  // of one market; beyond every market seen

bool lies_in(std::string_view piece, const std::string& whole) {
  const std::less<> before;
  return !piece.empty() && !before(piece.data(), whole.data()) &&
         before(piece.data(), whole.data() + whole.size());
}

}  // namespace

std::string_view MarketReader::plain(const Expression& expression, const Scope& scope) {
  if (expression.empty()) return {};
  const FoundText found = read_text(expression, scope, scratch_);
  return found.found == Found::Yes ? trim(found.text) : std::string_view();
}

std::string_view MarketReader::lasting(const Expression& expression, const Scope& scope,
                                       ReadMarket& market) {
  if (expression.empty()) return {};
  const FoundText found = read_text(expression, scope, scratch_);
  if (found.found != Found::Yes) return {};
  const std::string_view text = trim(found.text);
  return lies_in(text, scratch_) ? market.made.emplace_front(text) : text;
}

void MarketReader::problem(std::string_view place, std::string_view path,
                           std::string_view message) {
  problems_.push_back(fmt::format("{}: {}", place_in(place, path), message));
}

std::string MarketReader::place(const MarketAt& at) const {
  return place_of(place_of("", form_.events, at.key, at.event_index), form_.markets, at.market_key,
                  at.market_index);
}

MarketFit MarketReader::read_line(const MarketAt& at, const BetType& type,
                                  std::optional<Line>& line) {
  const Expression& expression = form_.reading->line;
  const FoundText found =
      expression.empty() ? FoundText{} : read_text(expression, scope_of(at), scratch_);
  // What a built-in refuses is no line: a label that tells none, say.
  const bool absent = found.found == Found::Missing || found.found == Found::Null ||
                      (found.found == Found::Unmapped && !type.has_line) ||
                      (found.found == Found::Yes && trim(found.text).empty());
  if (absent && !type.has_line) return MarketFit::Fits;
  const auto parsed = found.found == Found::Yes && !absent
                          ? parse_line(trim(found.text))
                          : Result<Line>(fail(ErrorKind::Missing, "", explain(found)));
  if (!parsed) {
    problem(place(at), found.where, fmt::format("the line: {}", parsed.error().message));
    return MarketFit::Unreadable;
  }
  if (!type.has_line) return *parsed == Line{} ? MarketFit::Fits : MarketFit::OtherMarket;
  line = *parsed;
  return MarketFit::Fits;
}

MarketFit MarketReader::read_instance(const MarketAt& at) {
  const Expression& expression = form_.reading->instance;
  if (expression.empty()) return MarketFit::Fits;
  const FoundText found = read_text(expression, scope_of(at), scratch_);
  if (found.found == Found::Missing || found.found == Found::Null) return MarketFit::Fits;
  const auto number = found.found == Found::Yes ? parse_int(trim(found.text)) : std::nullopt;
  if (number) return *number == 0 ? MarketFit::Fits : MarketFit::OtherMarket;
  problem(place(at), found.where, fmt::format("expected an integer: {}", explain(found)));
  return MarketFit::Unreadable;
}

// A status that is not understood is not open: Suspended says "not now" without claiming more.
Status MarketReader::read_status(const Expression& expression, const Scope& scope,
                                 const auto& place) {
  if (expression.empty()) return Status::Open;
  const FoundText found = read_text(expression, scope, scratch_);
  const auto status = found.found == Found::Yes ? parse_status(found.text)
                                                : Result<Status>(fail(ErrorKind::Missing, "", ""));
  statuses.count(status || found.found == Found::Unmapped,
                 [&] { return place_in(place(), found.where); });
  if (status) return *status;
  problem(place(), found.where, fmt::format("the status: {}", explain(found)));
  return Status::Suspended;
}

void MarketReader::read(const MarketAt& at, const BetType& type, std::span<const TeamNames> known,
                        ReadMarket& out) {
  out.line.reset();
  out.status = Status::Open;
  out.selections.clear();
  out.texts.clear();
  out.made.clear();
  out.match.outcome.clear();
  out.match.problem.clear();
  out.match.teams = {};
  const Reading& reading = *form_.reading;
  out.fit = read_line(at, type, out.line);
  if (out.fit == MarketFit::Fits) out.fit = read_instance(at);
  if (out.fit != MarketFit::Fits) return;
  out.status = read_status(reading.market_status, scope_of(at), [&] { return place(at); });

  const Found found = for_each(
      reading.selections, scope_of(at), [&](dom::element selection, std::string_view key, auto) {
        if (out.selections.size() == kMostSelections) return;
        SelectionAt& one = out.selections.emplace_back();
        one.element = selection;
        one.key = key;
        one.is_object = read_members(reading.selection_members, selection, one.members);
      });
  selections.count(found == Found::Yes,
                   [&] { return place_in(place(at), reading.selections.path.text); });
  if (found != Found::Yes && (found == Found::WrongType || out.status == Status::Open)) {
    problem(place(at), reading.selections.path.text,
            found == Found::WrongType ? "expected a list of selections" : "missing or null");
    out.fit = MarketFit::Unreadable;
    return;
  }
  for (const SelectionAt& selection : out.selections) {
    const Scope scope = scope_of(at, selection);
    const std::string_view code = lasting(reading.code, scope, out);
    out.texts.push_back({code, lasting(reading.selection_name, scope, out)});
  }
  const auto rules = reading.outcomes.find(type.name);
  if (rules != reading.outcomes.end() && !out.selections.empty())
    match_outcomes(rules->second, type, out.texts, known, out.match);
}

// Missing, null, wrong type and out of range stay four different complaints.
void MarketReader::read_price(Outcome& outcome, const Scope& scope, const auto& place) {
  scratch_.clear();  // what an earlier text left would be taken for this one's
  const FoundText found = read_text(form_.reading->odds, scope, scratch_);
  const auto where = [&] { return place_in(place(), found.where); };
  if (found.found != Found::Yes || scratch_ == "true" || scratch_ == "false") {
    odds.count(found.found == Found::Null, where);
    problem(place(), found.where,
            found.found == Found::Yes ? "expected a price, found true or false" : explain(found));
    return;
  }
  const auto price = parse_price(trim(found.text));
  odds.count(price || price.error().kind == ErrorKind::OutOfRange, where);
  if (price)
    outcome.price = *price;
  else
    problem(place(), found.where, price.error().message);
}

bool MarketReader::fill(Record& record, const ReadMarket& market, const MarketAt& at,
                        const BetType& type) {
  record.market_id = at.market_id;
  record.line = market.line;
  record.status = market.status;
  record.outcomes.clear();
  record.outcomes.resize(type.outcomes.size());
  for (std::size_t i = 0; i < type.outcomes.size(); ++i) {
    record.outcomes[i].key = type.outcomes[i];
    record.outcomes[i].status = std::max(market.status, Status::Suspended);
  }
  // A suspended market may come without its selections; an open one may not.
  if (market.selections.empty()) {
    if (market.status == Status::Open)
      problem(place(at), form_.reading->selections.path.text, "an open market without selections");
    return true;
  }
  if (!market.match.problem.empty()) problem(place(at), "", market.match.problem);

  claims_.assign(type.outcomes.size(), 0);
  for (std::size_t i = 0; i < market.selections.size(); ++i) {
    const auto selection_place = [&] {
      return place_of(place(at), form_.reading->selections, market.selections[i].key, i);
    };
    const Scope scope = scope_of(at, market.selections[i]);
    const auto index = i < market.match.outcome.size() ? market.match.outcome[i] : std::nullopt;
    if (!index) continue;
    if (++claims_[*index] > 1) {
      problem(selection_place(), "",
              fmt::format("a second selection for {}; neither is taken", type.outcomes[*index]));
      record.outcomes[*index].price.reset();
      record.outcomes[*index].usable = false;
      continue;
    }
    Outcome& outcome = record.outcomes[*index];
    outcome.selection_id = plain(form_.reading->selection_id, scope);
    outcome.name = market.texts[i].name;
    outcome.status = std::max(market.status,
                              read_status(form_.reading->selection_status, scope, selection_place));
    read_price(outcome, scope, selection_place);
    outcome.usable = outcome.status == Status::Open && outcome.price && is_bettable(*outcome.price);
  }
  const bool none = std::all_of(claims_.begin(), claims_.end(), [](int n) { return n == 0; });
  if (none) return false;
  for (std::size_t i = 0; i < claims_.size(); ++i)
    if (claims_[i] == 0 && market.status == Status::Open && market.match.problem.empty())
      problem(place(at), form_.reading->selections.path.text,
              fmt::format("no selection for {}", type.outcomes[i]));
  return true;
}

TeamNames MarketReader::teams_of(const ReadMarket& market, const BetType& type,
                                 const NamesFrom& from) {
  TeamNames out = market.match.teams;
  if (out.known()) return out;
  for (std::size_t i = 0; i < market.match.outcome.size(); ++i) {
    if (!market.match.outcome[i] || is_placeholder_name(market.texts[i].name)) continue;
    const std::string& outcome = type.outcomes[*market.match.outcome[i]];
    if (outcome == from.home) out.home = market.texts[i].name;
    if (outcome == from.away) out.away = market.texts[i].name;
  }
  return out;
}

}  // namespace oddsloom
