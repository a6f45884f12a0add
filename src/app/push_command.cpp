#include <fmt/format.h>

#include <iostream>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/entry_lines.h"

namespace oddsloom {
namespace {

constexpr std::size_t kChunk = 500;  // entries in one transaction

}  // namespace

int execute(const PushOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const Bookmaker bookmaker = bookmaker_named(start, bet_types, options.bookmaker);
  const auto streams =
      chosen_streams(bookmaker.name, chosen_bet_types(bookmaker, bet_types, options.bet_types),
                     chosen_source(options.source), options.period);
  const auto store = open_store_or_stop(start, bet_types);
  const auto work = or_stop(store->work_streams());

  std::size_t appended = 0;
  std::ios::sync_with_stdio(false);
  const auto lines = read_entry_lines(
      std::cin, "standard input", kChunk,
      [&](const std::vector<WorkEntry>& entries) -> Result<void> {
        for (const StreamId& stream : streams) {
          auto ids = work->append(stream, entries);
          if (!ids) return fail_in(stream.name(), ids.error());
          appended += ids->size();
        }
        return {};
      },
      print_problem);
  std::vector<std::string> names;
  for (const StreamId& stream : streams) names.push_back(stream.name());
  const std::size_t bad = lines ? lines->bad : 0;
  std::string text;
  if (options.json) {
    JsonWriter json(text);
    json.begin_object()
        .member("appended", static_cast<std::uint64_t>(appended))
        .member("bad", static_cast<std::uint64_t>(bad));
    json.key("streams").begin_array();
    for (const std::string& name : names) json.value(name);
    json.end_array().end_object();
  } else {
    text = fmt::format("{} {} appended to {}", appended, appended == 1 ? "entry" : "entries",
                       fmt::join(names, ", "));
    if (bad > 0) text += fmt::format("; {} bad {} left out", bad, bad == 1 ? "line" : "lines");
  }
  const int code = printed(text + "\n");
  if (!lines) print_problem("oddsloom push: " + lines.error().text());
  return lines && bad == 0 ? code : kFailedWork;
}

}  // namespace oddsloom
