#include "store/links.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/hash.h"
#include "base/json_writer.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

Result<std::string> text_of(const dom::object& object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, std::string(name), "is no text");
  return std::string(text);
}

Result<UtcMillis> time_of(const dom::object& object, std::string_view name) {
  const auto text = text_of(object, name);
  if (!text) return tl::unexpected(text.error());
  auto time = parse_iso8601(*text);
  if (!time) return fail_in(name, time.error());
  return *time;
}

}  // namespace

std::string to_text(const EventId& event) {
  return fmt::format("{} {} {}", event.bookmaker, to_string(event.source), event.event_id);
}

Result<EventId> parse_event_id(std::string_view text) {
  const auto first = text.find(' ');
  const auto second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (first == 0 || second == std::string_view::npos || second + 1 == text.size())
    return fail(ErrorKind::Malformed, std::string(text),
                "is no event; expected one like 'BookieDelta live 9124285'");
  const auto source = parse_source(text.substr(first + 1, second - first - 1));
  if (!source) return tl::unexpected(source.error());
  return EventId{std::string(text.substr(0, first)), *source, std::string(text.substr(second + 1))};
}

std::string match_id_of(const EventId& event) {
  std::string text(event.bookmaker);
  text.append("\n").append(to_string(event.source)).append("\n").append(event.event_id);
  return content_hash(std::string_view(text)).hex();
}

std::string to_json(const Link& link) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("bookmaker", link.event.bookmaker)
      .member("source", to_string(link.event.source))
      .member("event_id", link.event.event_id)
      .member("match_id", link.match_id)
      .member("method", link.method);
  json.key("score").raw(fmt::format("{}", link.score));
  json.member("evidence", link.evidence).member("linked_at", to_iso8601(link.linked_at));
  if (link.undone_at) json.member("undone_at", to_iso8601(*link.undone_at));
  json.end_object();
  return out;
}

Result<Link> parse_link(std::string_view text) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "link", "is no JSON object");
  Link out;
  const std::pair<std::string_view, std::string*> texts[] = {{"bookmaker", &out.event.bookmaker},
                                                             {"event_id", &out.event.event_id},
                                                             {"match_id", &out.match_id},
                                                             {"method", &out.method},
                                                             {"evidence", &out.evidence}};
  for (const auto& [name, target] : texts) {
    auto value = text_of(object, name);
    if (!value) return tl::unexpected(value.error());
    *target = *std::move(value);
  }
  const auto source_text = text_of(object, "source");
  if (!source_text) return tl::unexpected(source_text.error());
  const auto source = parse_source(*source_text);
  if (!source) return fail_in("source", source.error());
  out.event.source = *source;
  if (object["score"].get(out.score) != simdjson::SUCCESS || out.score < 0 || out.score > 1)
    return fail(ErrorKind::Malformed, "score", "is no number from 0 to 1");
  const auto linked = time_of(object, "linked_at");
  if (!linked) return tl::unexpected(linked.error());
  out.linked_at = *linked;
  if (dom::element there; object["undone_at"].get(there) == simdjson::SUCCESS) {
    const auto undone = time_of(object, "undone_at");
    if (!undone) return tl::unexpected(undone.error());
    out.undone_at = *undone;
  }
  return out;
}

}  // namespace oddsloom
