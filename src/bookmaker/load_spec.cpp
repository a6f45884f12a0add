#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "bookmaker/excerpt.h"
#include "bookmaker/spec_parts.h"

namespace oddsloom {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_region(const std::string& text) { return is_word(text) && to_lower_ascii(text) == text; }

void read_host(Section& root, HostLimits& host) {
  auto section = root.section("host");
  if (!section) return;
  host.requests_per_second =
      section->real("requests_per_second", host.requests_per_second, 0.01, 10'000);
  host.burst = section->real("burst", host.burst, 1, 10'000);
  host.in_flight = static_cast<unsigned>(section->count("in_flight", host.in_flight, 1, 1000));
  section->finish();
}

// What it is called and where it takes bets: for those who are served its prices.
void read_card(Section& root, Bookmaker& out) {
  out.title = root.has("title") ? root.required_text("title") : out.name;
  if (!root.has("regions")) return;
  for (std::string& region : root.texts("regions")) {
    if (!is_region(region))
      root.complain("regions",
                    fmt::format("'{}' is not made of a-z 0-9 _, such as \"ke\"", region));
    else if (std::find(out.regions.begin(), out.regions.end(), region) != out.regions.end())
      root.complain("regions", fmt::format("'{}' is named twice", region));
    out.regions.push_back(std::move(region));
  }
}

void read_general(Section& root, Bookmaker& out, CompiledSpec& spec) {
  read_card(root, out);
  out.base_url = root.required_text("base_url");
  while (out.base_url.ends_with('/')) out.base_url.pop_back();
  if (!out.base_url.empty() && !out.base_url.starts_with("https://") &&
      !out.base_url.starts_with("http://"))
    root.complain("base_url", "expected an address that starts with https:// or http://");
  spec.ids_are_digits = root.choice("event_ids", {"digits", "text"}).value_or(0) == 0;
  for (const auto& [name, value] : root.pairs("headers")) {
    const bool broken = name.find_first_of(": \r\n") != std::string::npos ||
                        value.find_first_of("\r\n") != std::string::npos;
    if (broken) root.complain("headers", fmt::format("'{}' is no header", name));
    out.headers.push_back(fmt::format("{}: {}", name, value));
  }
  read_host(root, out.host);
  if (auto fresh = root.section("freshness")) {
    out.fresh_live = fresh->required_duration("live").value_or(Millis(0));
    out.fresh_upcoming = fresh->required_duration("upcoming").value_or(Millis(0));
    fresh->finish();
  } else if (!root.has("freshness")) {
    root.complain("freshness", "is missing: how long a price may be shown after it was seen");
  }
  if (auto blocked = root.section("blocked")) {
    for (const std::string& sign : blocked->texts("signs"))
      spec.blocked_signs.push_back(to_lower_ascii(sign));
    blocked->finish();
  }
}

void read_names_from(Section& root, CompiledSpec& spec, const BetTypes& bet_types) {
  auto section = root.section("names_from");
  if (!section) return;
  NamesFrom from{section->required_text("bet_type"), section->required_text("home"),
                 section->required_text("away")};
  section->finish();
  const BetType* type = bet_types.find(from.bet_type);
  if (!type)
    return section->complain("bet_type", no_such("bet types", from.bet_type, bet_types.names()));
  for (const auto& [key, outcome] :
       {std::pair<std::string_view, std::string>{"home", from.home}, {"away", from.away}})
    if (std::find(type->outcomes.begin(), type->outcomes.end(), outcome) == type->outcomes.end())
      section->complain(key, no_such(type->name, outcome, type->outcomes));
  spec.names_from = std::move(from);
}

// What only the parts together can tell.
void check_whole(Section& root, const Bookmaker& out, const CompiledSpec& spec) {
  for (const Endpoint& endpoint : spec.endpoints) {
    const bool readable = std::any_of(spec.forms.begin(), spec.forms.end(), [&](const Form& form) {
      return form.source == endpoint.source;
    });
    if (!readable)
      root.complain("forms", fmt::format("none is of the source of endpoint '{}'", endpoint.name));
  }
  for (const Form& form : spec.forms)
    for (const std::string& bet_type : out.bet_types)
      if (form.reading && !form.reading->outcomes.contains(bet_type))
        root.complain("readings", fmt::format("'{}' does not say how to read the outcomes of {}",
                                              form.reading->name, bet_type));
}

}  // namespace

std::string Problem::text() const {
  std::string out = file;
  if (line > 0) out += fmt::format(":{}", line);
  out += ": ";
  if (!key.empty()) out += key + ": ";
  return out + message;
}

tl::expected<Bookmaker, std::vector<Problem>> parse_bookmaker(const std::string& name,
                                                              const std::string& file,
                                                              std::string_view text,
                                                              const BetTypes& bet_types) {
  Problems problems{file, {}};
  const auto table = parse_toml(text, problems);
  if (!table) return tl::unexpected(std::move(problems.all));
  Section root(*table, "", problems);
  auto zone = TimeZone::named("UTC");
  if (const std::string zone_name = root.required_text("time_zone"); !zone_name.empty())
    if (zone = TimeZone::named(zone_name); !zone)
      root.complain("time_zone", fmt::format("there is no time zone '{}'", zone_name));
  if (!is_word(name))
    root.complain("", fmt::format("the folder's name '{}' is not made of A-Z a-z 0-9 _", name));

  const auto spec = std::make_shared<CompiledSpec>();
  Bookmaker out{name, name, {},  zone ? *zone : *TimeZone::named("UTC"), "", {}, {}, {},
                {},   {},   spec};
  read_general(root, out, *spec);
  const Maps maps = read_maps(root);
  spec->sports = read_sports(root, bet_types);
  read_names_from(root, *spec, bet_types);
  spec->event_fields = read_event_fields(root, maps);
  spec->readings = read_readings(root, maps, bet_types);
  spec->endpoints = read_endpoints(root);
  spec->lists = read_lists(root, maps, *spec);
  spec->forms = read_forms(root, maps, *spec);
  for (std::size_t i = 0; i < spec->forms.size(); ++i)
    spec->forms[i].telling_members = telling_members(spec->forms, i);
  spec->feeds = read_feeds(root, maps);
  spec->browser = read_browser(root, *spec);
  spec->listen = read_listen(root, out);
  for (const BetType& type : bet_types.all())
    if (std::any_of(spec->sports.begin(), spec->sports.end(), [&](const Sport& sport) {
          return (sport.upcoming && sport.upcoming->market_of(type.name)) ||
                 (sport.live && sport.live->market_of(type.name));
        }))
      out.bet_types.push_back(type.name);
  check_whole(root, out, *spec);
  root.finish();
  if (!problems.all.empty()) {
    std::stable_sort(problems.all.begin(), problems.all.end(),
                     [](const Problem& a, const Problem& b) { return a.line < b.line; });
    return tl::unexpected(std::move(problems.all));
  }
  return out;
}

tl::expected<Bookmaker, std::vector<Problem>> load_bookmaker(const std::string& folder,
                                                             const BetTypes& bet_types) {
  const std::filesystem::path path = std::filesystem::path(folder).lexically_normal();
  const std::string name =
      (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
  Problems problems{(path / "bookmaker.toml").string(), {}};
  const auto text = read_spec_file(problems.file, problems);
  if (!text) return tl::unexpected(std::move(problems.all));
  return parse_bookmaker(name, problems.file, *text, bet_types);
}

tl::expected<BetTypes, std::vector<Problem>> load_bet_types(const std::string& file) {
  Problems problems{file, {}};
  const auto text = read_spec_file(file, problems);
  const auto table = text ? parse_toml(*text, problems) : std::nullopt;
  if (!table) return tl::unexpected(std::move(problems.all));
  Section root(*table, "", problems);
  std::vector<BetType> all;
  for (const std::string& name : root.keys()) {
    auto section = root.section(name);
    if (!section) continue;
    if (!is_word(name)) root.complain(name, "a name is made of A-Z a-z 0-9 _");
    BetType type{name, section->texts("outcomes"), section->truth("has_line", false),
                 section->required_text("label"), section->required_text("index")};
    std::vector<std::string> sorted = type.outcomes;
    std::sort(sorted.begin(), sorted.end());
    if (type.outcomes.empty())
      section->complain("outcomes", "is missing or empty");
    else if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      section->complain("outcomes", "names an outcome twice");
    for (const BetType& other : all)
      if (other.label == type.label || other.index == type.index)
        section->complain("label", fmt::format("label or index are those of '{}'", other.name));
    section->finish();
    all.push_back(std::move(type));
  }
  if (all.empty() && problems.all.empty()) problems.add(0, "", "declares no bet type");
  if (!problems.all.empty()) return tl::unexpected(std::move(problems.all));
  return BetTypes(std::move(all));
}

int day_index(const Bookmaker& bookmaker, UtcMillis start_time, UtcMillis now) {
  return static_cast<int>(bookmaker.time_zone.local_day(start_time) -
                          bookmaker.time_zone.local_day(now));
}

std::string local_date(const Bookmaker& bookmaker, UtcMillis start_time) {
  constexpr std::int64_t kDay = 86'400'000;
  return to_iso8601({bookmaker.time_zone.local_day(start_time) * kDay}).substr(0, 10);
}

}  // namespace oddsloom
