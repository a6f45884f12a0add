#include <fstream>
#include <iostream>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/entry_lines.h"
#include "bookmaker/mapping.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostPayloadBytes = 256U << 20U;
constexpr std::size_t kMostEntries = 1'000'000;

std::string payload_of(const MapOptions& options) {
  if (options.payload.empty() || options.payload == "-")
    return or_stop(read_all(std::cin, "standard input", kMostPayloadBytes));
  std::ifstream file(options.payload, std::ios::binary);
  if (!file) throw BadStart(options.payload + ": cannot be read");
  return or_stop(read_all(file, options.payload, kMostPayloadBytes));
}

// The events of --entries. Bad lines are told and counted in `bad`.
std::vector<WantedEvent> wanted_of(const MapOptions& options, const Bookmaker& bookmaker,
                                   const std::set<std::string>& bet_types, Source source,
                                   std::size_t& bad) {
  std::vector<WantedEvent> wanted;
  if (options.entries.empty()) return wanted;
  std::ifstream file(options.entries, std::ios::binary);
  if (!file) throw BadStart(options.entries + ": cannot be read");
  const auto take = [&](std::vector<WorkEntry> entries) -> Result<void> {
    if (wanted.size() + entries.size() > kMostEntries)
      return fail(ErrorKind::OutOfRange, options.entries, "has too many entries");
    for (WorkEntry& entry : entries) {
      if (entry.sport_id.empty()) entry.sport_id = options.sport;
      const int day = source == Source::Upcoming && entry.start_time
                          ? day_index(bookmaker, *entry.start_time, now_utc())
                          : 0;
      wanted.push_back({std::move(entry), bet_types, std::max(0, day)});
    }
    return {};
  };
  bad = or_stop(read_entry_lines(file, options.entries, 1000, take, print_problem)).bad;
  return wanted;
}

}  // namespace

int execute(const MapOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const Bookmaker bookmaker = bookmaker_named(start, bet_types, options.bookmaker);
  const auto chosen = chosen_bet_types(bookmaker, bet_types, options.bet_types);
  const std::set<std::string> wanted_types(chosen.begin(), chosen.end());
  MappingContext context;
  context.source = chosen_source(options.source);
  context.observed_at = now_utc();
  std::size_t bad = 0;
  const std::vector<WantedEvent> wanted =
      wanted_of(options, bookmaker, wanted_types, context.source, bad);
  const std::string payload = payload_of(options);

  context.any_event = options.entries.empty();
  context.any_bet_types = wanted_types;
  if (!context.any_event) context.events = &wanted;
  context.any_sport_id = options.sport;
  const Mapping mapping = map_answer(bookmaker, bet_types, context, payload);

  if (mapping.kind != AnswerKind::Good) {
    print_problem(std::string(to_string(mapping.kind)) + ": " + mapping.message);
    return kFailedWork;
  }
  std::string text;
  for (const Record& record : mapping.records) text += to_json(record) + "\n";
  const int code = printed(text);
  for (const std::string& problem : mapping.problems) print_problem(problem);
  for (const std::string& event : mapping.missing_events)
    print_problem("event " + event + " is not in the answer");
  const bool nothing_read = mapping.records.empty() && !mapping.problems.empty();
  return nothing_read || bad > 0 ? kFailedWork : code;
}

}  // namespace oddsloom
