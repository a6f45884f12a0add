#include <fmt/format.h>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/freshness.h"
#include "app/local_time.h"
#include "app/table.h"
#include "base/text.h"

namespace oddsloom {
namespace {

std::string prices_text(const Record& record) {
  std::string out;
  for (const Outcome& outcome : record.outcomes)
    out += fmt::format("{}{} {}", out.empty() ? "" : "  ", outcome.key,
                       outcome.usable && outcome.price ? to_text(*outcome.price) : "-");
  return out;
}

std::string status_text(const Record& record, bool fresh) {
  if (!record.offered) return "not offered";
  if (record.status != Status::Open) return std::string(to_string(record.status));
  return fresh ? "open" : "stale";
}

std::string market_text(const Record& record) {
  std::string out = record.bet_type;
  if (record.segment != kFullTime) out += " " + record.segment;
  if (record.line) out += " " + to_text(*record.line);
  return out;
}

std::string table_of(const std::vector<MatchDocument>& documents, const Freshness& freshness,
                     UtcMillis now) {
  std::vector<TableRow> rows;
  for (const MatchDocument& document : documents)
    for (const auto& [bookmaker, record] : document.records) {
      const std::string match =
          record.home.empty() && record.away.empty() ? "?" : record.home + " - " + record.away;
      rows.push_back({record.start_time ? moment_text(*record.start_time, now) : "?",
                      std::string(to_string(record.source)), match, record.competition,
                      record.bookmaker, record.event_id, market_text(record), prices_text(record),
                      status_text(record, freshness.is_fresh(record, now)),
                      age_text(now - record.observed_at)});
    }
  return to_text({{"KICK-OFF"},
                  {"SOURCE"},
                  {"MATCH", Align::Left, 44},
                  {"COMPETITION", Align::Left, 28},
                  {"BOOKMAKER"},
                  {"EVENT", Align::Right},
                  {"BET TYPE"},
                  {"PRICES"},
                  {"STATUS"},
                  {"AGE", Align::Right}},
                 rows);
}

DocumentFilter filter_of(const ShowOptions& options, const BetTypes& bet_types,
                         const std::vector<Bookmaker>& bookmakers) {
  DocumentFilter filter;
  std::vector<std::string> names;
  for (const Bookmaker& bookmaker : bookmakers) names.push_back(bookmaker.name);
  if (!options.bookmaker.empty() &&
      std::find(names.begin(), names.end(), options.bookmaker) == names.end())
    throw BadStart(unknown_word("bookmaker", options.bookmaker, names));
  if (!options.bet_type.empty() && !bet_types.find(options.bet_type))
    throw BadStart(unknown_word("bet type", options.bet_type, bet_types.names()));
  if (!options.source.empty()) filter.source = chosen_source(options.source);
  filter.bookmaker = options.bookmaker;
  filter.bet_type = options.bet_type;
  filter.event_id = options.event_id;
  filter.text = options.text;
  filter.most = options.limit;
  return filter;
}

}  // namespace

int execute(const ShowOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const std::vector<Bookmaker> bookmakers = all_bookmakers(start, bet_types);
  const DocumentFilter filter = filter_of(options, bet_types, bookmakers);
  const Freshness freshness(bookmakers);
  const auto store = open_store_or_stop(start, bet_types);
  const auto reader = or_stop(store->reader());

  std::vector<MatchDocument> documents;
  if (options.key.empty()) {
    documents = or_stop(reader->documents(filter));
  } else {
    auto one = or_stop(reader->document(options.key));
    if (!one) {
      print_problem("oddsloom show: no document " + options.key);
      return kFailedWork;
    }
    documents.push_back(*std::move(one));
  }
  const UtcMillis now = now_utc();
  for (MatchDocument& document : documents)
    for (auto& [bookmaker, record] : document.records) freshness.judge(record, now);
  if (!options.json) {
    const int code = printed(table_of(documents, freshness, now));
    if (options.key.empty() && documents.size() == options.limit)
      print_problem(fmt::format("(the first {}; --limit shows more)", options.limit));
    return code;
  }
  std::string text;
  for (const MatchDocument& document : documents) text += to_json(document) + "\n";
  return printed(text);
}

}  // namespace oddsloom
