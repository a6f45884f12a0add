// Feeds: the part of a bookmaker's file that says where updates are pushed and what they look like.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "bookmaker/spec_parts.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostLayers = 4;

Framing read_framing(Section& section) {
  Framing out;
  const auto& names = frame_layer_names();
  for (const std::string& name : section.texts("framing")) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      section.complain("framing", no_such("framings", name, names));
    else
      out.push_back(static_cast<FrameLayer>(at - names.begin()));
  }
  if (out.size() > kMostLayers)
    section.complain("framing", fmt::format("more than {} layers", kMostLayers));
  return out;
}

// "{sport}" is a slip; "{" of a JSON object is not.
void check_places(Section& section, std::string_view key, const std::vector<std::string>& texts,
                  const std::vector<std::string>& places) {
  for (const std::string& text : texts)
    for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
      const auto end = text.find('}', at);
      if (end == std::string::npos) break;
      const std::string word = text.substr(at + 1, end - at - 1);
      const bool is_word = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_';
      });
      if (is_word && std::find(places.begin(), places.end(), word) == places.end())
        section.complain(key, no_such("places", word, places));
    }
}

Millis read_span(Section& section, std::string_view key, Millis otherwise) {
  return section.has(key) ? section.required_duration(key).value_or(otherwise) : otherwise;
}

FeedRule read_rule(Section section, const std::string& name, const Maps& maps) {
  FeedRule rule;
  rule.name = name;
  if (!section.has("says")) section.complain("says", "is missing; market or event");
  rule.kind = section.choice("says", {"market", "event"}) == 1U ? FeedNews::Kind::Event
                                                                : FeedNews::Kind::Market;
  rule.payload = read_path(section, "payload", {Anchor::Root});
  if (section.has("events")) rule.events = read_each(section, "events", {Anchor::Root});
  rule.event_id = read_expression(section, "event_id", maps, {Anchor::Root, Anchor::Key}, true);
  for (const std::string& text : section.texts("look_when_changed")) {
    auto compiled = compile_expression(text, maps, {Anchor::Root, Anchor::Key});
    if (compiled)
      rule.look_when_changed.push_back(*std::move(compiled));
    else
      section.complain("look_when_changed", compiled.error().message);
  }
  section.finish();
  return rule;
}

}  // namespace

std::vector<Feed> read_feeds(Section& root, const Maps& maps) {
  std::vector<Feed> out;
  for (Section& section : root.sections("feeds")) {
    Feed feed;
    FeedSettings& settings = feed.settings;
    settings.name = section.name();
    settings.source = read_source(section);
    settings.url = section.required_text("url");
    if (!settings.url.empty() && !settings.url.starts_with("wss://") &&
        !settings.url.starts_with("ws://"))
      section.complain("url", "expected an address that starts with wss:// or ws://");
    settings.framing = read_framing(section);
    for (const auto& [name, value] : section.pairs("headers")) {
      if (name.find_first_of(": \r\n") != std::string::npos ||
          value.find_first_of("\r\n") != std::string::npos)
        section.complain("headers", fmt::format("'{}' is no header", name));
      settings.headers.push_back(fmt::format("{}: {}", name, value));
    }
    settings.subscribe = section.texts("subscribe");
    check_places(section, "subscribe", settings.subscribe, {"sport_id"});
    settings.subscribe_event = section.texts("subscribe_event");
    check_places(section, "subscribe_event", settings.subscribe_event,
                 {"event_id", "market_id", "sport_id"});
    settings.most_event_rooms =
        section.count("most_event_rooms", settings.most_event_rooms, 1, 100'000);
    settings.silence = read_span(section, "silence", settings.silence);
    settings.most_lag = read_span(section, "most_lag", settings.most_lag);
    if (!section.has("messages"))
      section.complain("messages", "is missing: what its messages say");
    else if (auto messages = section.section("messages"))
      for (const std::string& name : messages->keys())
        if (auto rule = messages->section(name))
          feed.messages.push_back(read_rule(std::move(*rule), name, maps));
    section.finish();
    for (const Feed& other : out)
      if (other.settings.source == settings.source)
        section.complain("source", fmt::format("is already that of '{}'", other.settings.name));
    out.push_back(std::move(feed));
  }
  return out;
}

}  // namespace oddsloom
