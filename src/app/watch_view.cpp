#include "app/watch_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/local_time.h"
#include "app/text_width.h"

namespace oddsloom {
namespace {

constexpr Millis kMoveShown{10'000};
constexpr std::size_t kTime = 10, kAge = 5, kCell = 8, kLine = 7;
constexpr std::size_t kMostBookmaker = 12;
constexpr std::size_t kNamesAtLeast = 40;     // else a further bet type is not worth it
constexpr std::size_t kCompetitionFrom = 24;  // names narrower than this are the match alone
constexpr std::string_view kReset = "\x1b[0m";

struct Layout {
  std::vector<const BetType*> shown;
  std::size_t bookmaker = 0, competition = 0, match = 0;
};

bool is_offered(const BetType& bet_type, const WatchFrame& frame) {
  return std::any_of(frame.rows.begin(), frame.rows.end(), [&](const WatchRow* row) {
    return main_market(*row, bet_type.name) != nullptr;
  });
}

// Wide enough for their names where there are several; one needs no column.
std::size_t bookmaker_width(const WatchFrame& frame) {
  std::size_t widest = std::string_view("BOOKMAKER").size();
  bool several = false;
  for (const WatchRow* row : frame.rows) {
    several = several || row->id.bookmaker != frame.rows.front()->id.bookmaker;
    widest = std::max(widest, row->id.bookmaker.size());
  }
  return several ? std::min(widest, kMostBookmaker) : 0;
}

std::size_t columns_of(const BetType& bet_type) {
  return bet_type.outcomes.size() * kCell + (bet_type.has_line ? kLine : 0);
}

// Bet types that nobody offers take no room; before anything is known all of them stand there.
Layout lay_out(const std::vector<BetType>& bet_types, const WatchFrame& frame, std::size_t width) {
  Layout out;
  std::size_t names = width > kTime + kAge + 1 ? width - kTime - kAge - 1 : 0;
  out.bookmaker = bookmaker_width(frame);
  if (out.bookmaker + 1 + kNamesAtLeast > names) out.bookmaker = 0;
  if (out.bookmaker > 0) names -= out.bookmaker + 1;
  for (const BetType& bet_type : bet_types) {
    const std::size_t columns = columns_of(bet_type);
    if (columns > names) continue;
    // One with lines is not worth a column before anybody offers it.
    if (frame.rows.empty() && bet_type.has_line) continue;
    if (!frame.rows.empty() && !is_offered(bet_type, frame)) continue;
    if (!out.shown.empty() && names < columns + kNamesAtLeast) continue;
    names -= columns;
    out.shown.push_back(&bet_type);
  }
  if (names >= kCompetitionFrom) out.competition = std::clamp<std::size_t>(names / 3, 10, 24);
  out.match = names - out.competition - (out.competition > 0 ? 1 : 0);
  return out;
}

std::string styled(const std::string& text, std::string_view style, bool colour) {
  if (!colour || style.empty()) return text;
  return fmt::format("\x1b[{}m{}{}", style, text, kReset);
}

// Room for 999.99. Beyond it the decimals go: a price cut at its end would be another price.
std::string short_price(Price price) {
  const std::string text = to_text(price);
  return text.size() > kCell - 2 ? text.substr(0, text.find('.')) : text;
}

// A space, an arrow or mark, the price: kCell columns.
std::string price_cell(const WatchMarket* market, const std::string& outcome, UtcMillis now,
                       bool colour) {
  const WatchPrice* price = nullptr;
  if (market)
    if (const auto at = market->prices.find(outcome); at != market->prices.end())
      price = &at->second;
  const auto cell = [&](std::string_view mark, const std::string& text, std::string_view style) {
    return " " + styled(std::string(mark) + fit(text, kCell - 2, Align::Right), style, colour);
  };
  if (!price) return std::string(kCell, ' ');
  const bool current = market->fresh && market->offered && price->price.has_value();
  if (current && price->status == Status::Suspended)
    return cell(colour ? " " : "s", short_price(*price->price), "2;9");
  if (!current || !price->usable) return cell(" ", "-", "2");
  const bool moved = price->move != 0 && now - price->moved_at < kMoveShown;
  if (!moved) return cell(" ", short_price(*price->price), "");
  return price->move > 0 ? cell("▲", short_price(*price->price), "32")
                         : cell("▼", short_price(*price->price), "31");
}

std::string row_line(const WatchRow& row, const Layout& layout, const WatchFrame& frame,
                     bool colour) {
  const bool live = row.id.source == Source::Live;
  std::string when = row.start_time ? moment_text(*row.start_time, frame.now) : "?";
  if (live) when = "live " + (row.start_time ? when : std::string());
  std::string line = styled(fit(when, kTime), live ? "1" : "", colour) + " ";
  if (layout.bookmaker > 0) line += fit(row.id.bookmaker, layout.bookmaker) + " ";
  if (layout.competition > 0) line += fit(row.competition, layout.competition) + " ";
  line += fit(match_name(row), layout.match);
  std::optional<UtcMillis> oldest;
  for (const BetType* bet_type : layout.shown) {
    const WatchMarket* market = main_market(row, bet_type->name);
    if (bet_type->has_line)
      line += fit(market && market->line ? to_text(*market->line) : "", kLine, Align::Right);
    if (market && (!oldest || market->observed_at < *oldest)) oldest = market->observed_at;
    for (const std::string& outcome : bet_type->outcomes)
      line += price_cell(market, outcome, frame.now, colour);
  }
  return line + fit(oldest ? age_text(frame.now - *oldest) : "", kAge, Align::Right);
}

std::string heading_line(const Layout& layout) {
  std::string line = fit("KICK-OFF", kTime + 1);
  if (layout.bookmaker > 0) line += fit("BOOKMAKER", layout.bookmaker) + " ";
  if (layout.competition > 0) line += fit("COMPETITION", layout.competition) + " ";
  line += fit("MATCH", layout.match);
  for (const BetType* bet_type : layout.shown) {
    if (bet_type->has_line) line += fit("line", kLine, Align::Right);
    for (const std::string& outcome : bet_type->outcomes) line += fit(outcome, kCell, Align::Right);
  }
  return line + fit("AGE", kAge, Align::Right);
}

std::string title_text(const WatchFrame& frame) {
  const WatchCounts counts = count(frame.rows);
  return fmt::format("oddsloom  {}  {} live, {} upcoming  {}", clock_text(frame.now), counts.live,
                     counts.upcoming, frame.store);
}

}  // namespace

std::vector<std::string> draw(const WatchFrame& frame, const std::vector<BetType>& bet_types,
                              const ViewOptions& options) {
  constexpr std::size_t kAround = 5;  // title, headings, rest, two lines of health
  const Layout layout = lay_out(bet_types, frame, options.width);
  std::vector<std::string> lines;
  lines.push_back(styled(fit(title_text(frame), options.width), "1", options.colour));
  lines.push_back(styled(fit(heading_line(layout), options.width), "4", options.colour));
  const std::size_t room = options.height > kAround ? options.height - kAround : 0;
  const std::size_t shown = std::min(room, frame.rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    std::string line = row_line(*frame.rows[i], layout, frame, options.colour);
    lines.push_back(options.colour ? std::move(line) : fit(line, options.width));
  }
  lines.resize(2 + room);
  std::string rest;
  if (frame.rows.empty()) rest = "nothing yet";
  if (frame.rows.size() > shown) rest = fmt::format("... and {} more", frame.rows.size() - shown);
  lines.push_back(fit(rest, options.width));
  lines.push_back(fit(activity_text(frame.health), options.width));
  lines.push_back(styled(fit(trouble_text(frame.health), options.width), "33", options.colour));
  if (lines.size() > options.height) lines.resize(options.height);
  return lines;
}

std::string summary_line(const WatchFrame& frame) {
  const WatchCounts counts = count(frame.rows);
  const std::string trouble = trouble_text(frame.health);
  return fmt::format("{} {} live, {} upcoming; {}{}{}", clock_text(frame.now), counts.live,
                     counts.upcoming, activity_text(frame.health), trouble.empty() ? "" : "; ",
                     trouble);
}

std::string move_line(const PriceMove& move, UtcMillis now) {
  return fmt::format("{} {} {} {} {} {}: {} -> {}", clock_text(now), move.event.bookmaker,
                     to_string(move.event.source), printable(move.match), move.market, move.outcome,
                     to_text(move.from), to_text(move.to));
}

}  // namespace oddsloom
