#include <fmt/format.h>

#include <algorithm>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/crew.h"
#include "app/linking.h"
#include "app/local_time.h"
#include "app/signals.h"
#include "app/table.h"

namespace oddsloom {
namespace {

bool is_meant(const Link& link, const LinksOptions& options) {
  const auto fits = [](const std::string& wanted, std::string_view is) {
    return wanted.empty() || wanted == is;
  };
  return fits(options.bookmaker, link.event.bookmaker) &&
         fits(options.event_id, link.event.event_id) && fits(options.match_id, link.match_id) &&
         (!options.undone || link.undone_at);
}

int list(LinkBook& book, const LinksOptions& options) {
  auto links = or_stop(book.read(0)).links;
  std::erase_if(links, [&](const Link& link) { return !is_meant(link, options); });
  // Those of one match together.
  std::sort(links.begin(), links.end(), [](const Link& a, const Link& b) {
    return std::tie(a.match_id, a.event) < std::tie(b.match_id, b.event);
  });
  if (links.size() > options.limit) links.resize(options.limit);
  if (options.json) {
    std::string text;
    for (const Link& link : links) text += to_json(link) + "\n";
    return printed(text);
  }
  const UtcMillis now = now_utc();
  std::vector<TableRow> rows;
  for (const Link& link : links)
    rows.push_back({link.match_id, link.event.bookmaker, std::string(to_string(link.event.source)),
                    link.event.event_id, link.method, fmt::format("{:.2f}", link.score),
                    age_text(now - link.linked_at),
                    link.undone_at ? age_text(now - *link.undone_at) + " ago" : "", link.evidence});
  return printed(to_text({{"MATCH", Align::Left},
                          {"BOOKMAKER", Align::Left},
                          {"SOURCE", Align::Left},
                          {"EVENT", Align::Right},
                          {"BY", Align::Left},
                          {"SCORE", Align::Right},
                          {"LINKED FOR", Align::Right},
                          {"UNDONE", Align::Left},
                          {"EVIDENCE", Align::Left, 200}},
                         rows));
}

}  // namespace

int execute(const LinksOptions& options, const GlobalOptions& global) {
  const bool listing = options.action == LinksOptions::Action::List;
  if (listing && !options.event.empty())
    throw BadStart("list takes filters: --bookmaker, --event, --match");
  if (!listing && options.event.size() != 3)
    throw BadStart("say which: BOOKMAKER SOURCE EVENT, as 'oddsloom links list' prints them");
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const auto store = open_store_or_stop(start, bet_types);
  const auto book = or_stop(store->link_book());
  if (listing) return list(*book, options);

  const EventId event{options.event[0], chosen_source(options.event[1]), options.event[2]};
  const bool undo = options.action == LinksOptions::Action::Undo;
  if (const auto done = undo ? book->undo(event, now_utc()) : book->forget(event); !done)
    throw BadStart(done.error().text());
  if (options.json) return printed(fmt::format("{{\"{}\":1}}\n", undo ? "undone" : "forgotten"));
  return printed(fmt::format("{} {}\n", to_text(event),
                             undo ? "is taken out of its match, and stays so"
                                  : "has no link any more, and may be linked again"));
}

int execute(const LinkOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const auto bookmakers = all_bookmakers(start, bet_types);
  const auto store = open_store_or_stop(start, bet_types);
  StopSignals signals;
  const auto done = keep_linking(*store, sports_of(bookmakers), options.once, signals.token());
  if (!done) print_problem("oddsloom link: " + done.error().text());
  return done ? kDone : kFailedWork;
}

}  // namespace oddsloom
