#include <fmt/format.h>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/local_time.h"
#include "app/table.h"

namespace oddsloom {
namespace {

std::string json_of(const StreamStatistics& one) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("stream", one.stream.name())
      .member("group", one.stream.group())
      .member("bookmaker", one.stream.bookmaker)
      .member("bet_type", one.stream.bet_type)
      .member("source", to_string(one.stream.source))
      .member("period", one.stream.period)
      .member("length", one.length)
      .member("pending", one.pending)
      .member("delayed", one.delayed)
      .member("dead", one.dead);
  if (one.oldest)
    json.member("oldest", to_iso8601(*one.oldest));
  else
    json.key("oldest").null();
  json.key("consumers").begin_array();
  for (const std::string& consumer : one.consumers) json.value(consumer);
  json.end_array().end_object();
  return out;
}

TableRow row_of(const StreamStatistics& one, UtcMillis now) {
  return {one.stream.name(),
          fmt::format("{}", one.length),
          fmt::format("{}", one.pending),
          fmt::format("{}", one.delayed),
          fmt::format("{}", one.dead),
          one.oldest ? age_text(now - *one.oldest) : "-",
          fmt::format("{}", fmt::join(one.consumers, " "))};
}

}  // namespace

int execute(const StreamsOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const auto store = open_store_or_stop(start, bet_types);
  const auto streams = or_stop(store->work_streams());
  const auto statistics = or_stop(streams->statistics());
  if (options.json) {
    std::string text;
    for (const StreamStatistics& one : statistics) text += json_of(one) + "\n";
    return printed(text);
  }
  std::vector<TableRow> rows;
  for (const StreamStatistics& one : statistics) rows.push_back(row_of(one, now_utc()));
  return printed(to_text({{"STREAM"},
                          {"LENGTH", Align::Right},
                          {"PENDING", Align::Right},
                          {"DELAYED", Align::Right},
                          {"DEAD", Align::Right},
                          {"OLDEST", Align::Right},
                          {"CONSUMERS", Align::Left, 80}},
                         rows));
}

}  // namespace oddsloom
