#include <fmt/format.h>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/serve_settings.h"
#include "app/table.h"
#include "base/json_writer.h"
#include "serve/api_keys.h"
#include "serve/key_gate.h"

namespace oddsloom {
namespace {

template <class Number>
std::string shown(const std::optional<Number>& number) {
  return number ? fmt::format("{}", *number) : std::string("-");
}

int list(const std::string& file, bool json) {
  const ApiKeys keys = or_stop(read_api_keys(file));
  KeyUsage usage(usage_file(file));
  const UtcMillis now = now_utc();
  std::vector<TableRow> rows;
  std::string text;
  for (const auto& key : keys) {
    const std::uint64_t used = or_stop(usage.used(key->digest, now));
    if (json) {
      JsonWriter out(text);
      out.begin_object().member("name", std::string_view(key->name)).member("active", key->active);
      out.member("created", std::string_view(to_iso8601(key->created))).member("used", used);
      if (key->quota) out.member("quota", *key->quota);
      if (key->rate) out.member("rate", std::uint64_t{*key->rate});
      out.end_object();
      text += '\n';
    } else {
      rows.push_back({key->name, key->active ? "active" : "revoked", to_iso8601(key->created),
                      fmt::format("{}", used), shown(key->quota), shown(key->rate)});
    }
  }
  if (!json)
    text = to_text({{"NAME", Align::Left},
                    {"STATE", Align::Left},
                    {"CREATED", Align::Left},
                    {"USED THIS MONTH", Align::Right},
                    {"QUOTA", Align::Right},
                    {"RATE", Align::Right}},
                   rows);
  return printed(text);
}

}  // namespace

int execute(const KeyOptions& options, const GlobalOptions& global) {
  const bool adding = options.action == KeyOptions::Action::Add;
  if (options.name.empty() != (options.action == KeyOptions::Action::List))
    throw BadStart("oddsloom key: say add NAME, revoke NAME, or list");
  if (!adding && (options.quota || options.rate))
    throw BadStart("oddsloom key: --quota and --rate belong to add");
  const Start start = start_up(global);
  const std::string file = keys_file(start.settings(), start.environment);
  switch (options.action) {
    case KeyOptions::Action::List:
      return list(file, options.json);
    case KeyOptions::Action::Add: {
      const std::string key =
          or_stop(add_api_key(file, {options.name, options.quota, options.rate}, now_utc()));
      print_problem("This is the only time the key is shown; only its hash is kept.");
      return printed(key + "\n");
    }
    case KeyOptions::Action::Revoke:
      if (auto done = revoke_api_key(file, options.name); !done)
        throw BadStart(done.error().text());
      return printed(fmt::format("{} is revoked\n", options.name));
  }
  return kBadUsage;
}

}  // namespace oddsloom
