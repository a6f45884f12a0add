#include <fmt/format.h>

#include <algorithm>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/local_time.h"
#include "app/table.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostLooked = 1'000'000;  // dead letters looked through for named ones

// How a letter is called on the command line: stream and id.
std::string name_of(const DeadLetter& letter) {
  return letter.ref.stream.name() + "/" + letter.ref.id;
}

std::string json_of(const DeadLetter& letter) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("id", name_of(letter))
      .member("stream", letter.ref.stream.name())
      .member("reason", letter.reason)
      .member("deliveries", letter.deliveries)
      .member("attempts", letter.attempts)
      .member("appended_at", to_iso8601(letter.appended_at))
      .member("died_at", to_iso8601(letter.died_at));
  json.key("entry").raw(to_json(letter.work)).end_object();
  return out;
}

int list(WorkStreams& streams, const DeadOptions& options) {
  const auto letters = or_stop(streams.dead(options.limit));
  if (options.json) {
    std::string text;
    for (const DeadLetter& letter : letters) text += json_of(letter) + "\n";
    return printed(text);
  }
  const UtcMillis now = now_utc();
  std::vector<TableRow> rows;
  for (const DeadLetter& letter : letters)
    rows.push_back({name_of(letter), letter.work.event_id,
                    letter.work.home.empty() ? "" : letter.work.home + " - " + letter.work.away,
                    fmt::format("{}", letter.attempts), age_text(now - letter.died_at),
                    letter.reason});
  return printed(to_text({{"ID", Align::Left, 120},
                          {"EVENT", Align::Right},
                          {"MATCH", Align::Left, 40},
                          {"ATTEMPTS", Align::Right},
                          {"DEAD FOR", Align::Right},
                          {"REASON", Align::Left, 200}},
                         rows));
}

// The letters that are meant; an id alone will do where only one stream has it.
std::vector<EntryRef> chosen(WorkStreams& streams, const std::vector<std::string>& ids) {
  const auto letters = or_stop(streams.dead(kMostLooked));
  std::vector<EntryRef> out;
  std::string unknown;
  for (const std::string& id : ids) {
    std::vector<EntryRef> found;
    for (const DeadLetter& letter : letters)
      if (name_of(letter) == id || letter.ref.id == id) found.push_back(letter.ref);
    if (found.size() == 1)
      out.push_back(found.front());
    else
      unknown +=
          fmt::format("{}{} '{}'", unknown.empty() ? "" : "\n",
                      found.empty() ? "no dead letter" : "several streams have a dead letter", id);
  }
  if (!unknown.empty()) throw BadStart(unknown);
  return out;
}

}  // namespace

int execute(const DeadOptions& options, const GlobalOptions& global) {
  const bool listing = options.action == DeadOptions::Action::List;
  if (!listing && options.all == !options.ids.empty())
    throw BadStart("say which: ids as 'oddsloom dead list' prints them, or --all");
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const auto store = open_store_or_stop(start, bet_types);
  const auto streams = or_stop(store->work_streams());
  if (listing) return list(*streams, options);

  const std::vector<EntryRef> entries =
      options.all ? std::vector<EntryRef>{} : chosen(*streams, options.ids);
  const bool retry = options.action == DeadOptions::Action::Retry;
  const std::size_t count =
      or_stop(retry ? streams->retry_dead(entries) : streams->drop_dead(entries));
  if (options.json)
    return printed(fmt::format("{{\"{}\":{}}}\n", retry ? "retried" : "dropped", count));
  return printed(fmt::format("{} {}\n", count, retry ? "put back on their streams" : "dropped"));
}

}  // namespace oddsloom
