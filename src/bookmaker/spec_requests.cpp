// Sports, endpoints and lists: the parts of a bookmaker's file that say what to ask for.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "bookmaker/spec_parts.h"

namespace oddsloom {
namespace {

const std::vector<std::string> kMarketPlaces{"event_ids", "market_ids", "sport_id"};
const std::vector<std::string> kListPlaces{"sport_id", "offset", "first", "page", "page_size"};
constexpr std::size_t kMostIds = 1000;

SportSide read_side(Section section, const BetTypes& bet_types) {
  SportSide side;
  side.id = section.id("id").value_or("");
  if (!section.has("id")) section.complain("id", "is missing");
  side.listed = section.truth("listed", false);
  if (auto markets = section.section("markets")) {
    // In the order of bet_types.toml, which is the order they are asked for in.
    for (const BetType& type : bet_types.all())
      if (auto id = markets->id(type.name)) side.markets.emplace_back(type.name, *id);
    markets->finish();
  }
  section.finish();
  return side;
}

UrlTemplate read_template(Section& section, std::string_view key,
                          const std::vector<std::string>& places, bool required) {
  const auto text = required ? section.required_text(key) : section.text(key).value_or("");
  auto compiled = UrlTemplate::compile(text, places);
  if (compiled) return *std::move(compiled);
  section.complain(key, compiled.error().message);
  return {};
}

Paging read_paging(Section& section) {
  const auto choice = section.choice("paging", {"none", "content_range", "more_flag"});
  return choice ? static_cast<Paging>(*choice) : Paging::None;
}

}  // namespace

Source read_source(Section& section) {
  if (!section.has("source")) section.complain("source", "is missing; upcoming or live");
  const auto choice = section.choice("source", {"upcoming", "live"});
  return choice == 1U ? Source::Live : Source::Upcoming;
}

std::vector<Sport> read_sports(Section& root, const BetTypes& bet_types) {
  std::vector<Sport> out;
  if (!root.has("sports")) root.complain("sports", "is missing: no market is declared");
  for (Section& section : root.sections("sports")) {
    Sport sport;
    sport.name = section.name();
    sport.is_default = section.truth("default", false);
    if (auto side = section.section("upcoming")) sport.upcoming = read_side(*side, bet_types);
    if (auto side = section.section("live")) sport.live = read_side(*side, bet_types);
    section.finish();
    for (const Source source : {Source::Upcoming, Source::Live})
      for (const Sport& other : out)
        if (sport.side(source) && other.side(source) &&
            sport.side(source)->id == other.side(source)->id)
          section.complain(to_string(source), fmt::format("has the id of '{}'", other.name));
    out.push_back(std::move(sport));
  }
  if (std::count_if(out.begin(), out.end(), [](const Sport& s) { return s.is_default; }) > 1)
    root.complain("sports", "more than one sport is the default");
  return out;
}

std::vector<Endpoint> read_endpoints(Section& root) {
  std::vector<Endpoint> out;
  if (!root.has("endpoints")) root.complain("endpoints", "is missing: there is nothing to ask");
  for (Section& section : root.sections("endpoints")) {
    Endpoint endpoint;
    endpoint.name = section.name();
    endpoint.source = read_source(section);
    if (section.choice("method", {"GET", "POST"}) == 1U) endpoint.method = "POST";
    endpoint.url = read_template(section, "url", kMarketPlaces, true);
    endpoint.body = read_template(section, "body", kMarketPlaces, false);
    endpoint.market_id = section.text("market_id").value_or("{id}");
    if (endpoint.market_id.find("{id}") == std::string::npos)
      section.complain("market_id", "'{id}' must stand in it");
    endpoint.ids_per_request = section.count("ids_per_request", 1, 1, kMostIds);
    endpoint.one_sport = section.truth("one_sport", false) || endpoint.url.uses("sport_id") ||
                         endpoint.body.uses("sport_id");
    if (!section.has("missing_event"))
      section.complain("missing_event", "is missing; gone or not_offered");
    if (section.choice("missing_event", {"gone", "not_offered"}) == 1U)
      endpoint.missing_event = MissingEvent::NotOffered;
    if (section.has("url") && !endpoint.url.uses("event_ids") && !endpoint.body.uses("event_ids"))
      section.complain("url", "'{event_ids}' must stand in it or in the body");
    section.finish();
    for (const Endpoint& other : out)
      if (other.source == endpoint.source)
        section.complain("source", fmt::format("is already that of '{}'", other.name));
    out.push_back(std::move(endpoint));
  }
  return out;
}

std::vector<List> read_lists(Section& root, const Maps& maps, const CompiledSpec& spec) {
  std::vector<List> out;
  for (Section& section : root.sections("lists")) {
    List list;
    list.name = section.name();
    list.source = read_source(section);
    list.url = read_template(section, "url", kListPlaces, true);
    list.by_sport = list.url.uses("sport_id");
    list.page_size = section.count("page_size", list.page_size, 1, 10'000);
    list.most_pages = section.count("most_pages", list.most_pages, 1, 10'000);
    list.paging = read_paging(section);
    list.more = read_path(section, "more", {Anchor::Root});
    if (list.paging == Paging::MoreFlag && list.more.steps.empty())
      section.complain("more", "is missing: where the answer says that there are more pages");
    list.events = read_each(section, "events", {Anchor::Root});
    list.keep = read_expression(section, "keep", maps, {Anchor::Root, Anchor::Key}, false);
    list.keep_among = section.texts("keep_among");
    if (!list.keep.empty() && list.keep_among.empty())
      section.complain("keep_among", "is missing: the texts of 'keep' that are kept");
    list.ends_when_none_kept = section.truth("ends_when_none_kept", false);
    const std::string fields = section.required_text("fields");
    if (const auto at = spec.event_fields.find(fields); at != spec.event_fields.end()) {
      list.fields = at->second;
      if (list.fields.id.empty())
        section.complain("fields", fmt::format("[events.{}] has no 'id'", fields));
    } else if (!fields.empty()) {
      std::vector<std::string> names;
      for (const auto& [name, event_fields] : spec.event_fields) names.push_back(name);
      section.complain("fields", no_such("events", fields, names));
    }
    section.finish();
    out.push_back(std::move(list));
  }
  return out;
}

}  // namespace oddsloom
