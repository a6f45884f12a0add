#include "bookmaker/feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "bookmaker/compiled_spec.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostEvents = 5'000;  // one message is about

std::string filled(std::string text, std::string_view place, std::string_view value) {
  for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
    text.replace(at, place.size(), value);
    at += value.size();
  }
  return text;
}

const Feed* compiled(const Bookmaker& bookmaker, const FeedSettings& feed) {
  for (const Feed& one : bookmaker.compiled->feeds)
    if (one.settings.name == feed.name) return &one;
  return nullptr;
}

std::string_view without_scheme(std::string_view url) {
  const auto at = url.find("://");
  return at == std::string_view::npos ? url : url.substr(at + 3);
}

}  // namespace

const FeedSettings* feed_of(const Bookmaker& bookmaker, Source source) {
  for (const Feed& feed : bookmaker.compiled->feeds)
    if (feed.settings.source == source) return &feed.settings;
  return nullptr;
}

std::string feed_url(const Bookmaker& bookmaker, const FeedSettings& feed,
                     const std::string& base_url) {
  if (base_url.empty() || base_url == bookmaker.base_url) return feed.url;
  const std::string_view rest = without_scheme(feed.url);
  const auto path = rest.find_first_of("/?");
  std::string host(without_scheme(base_url));
  while (host.ends_with('/')) host.pop_back();
  return fmt::format("{}://{}{}", base_url.starts_with("https:") ? "wss" : "ws", host,
                     path == std::string_view::npos ? "/" : rest.substr(path));
}

std::vector<std::string> subscriptions(const Bookmaker& bookmaker, const FeedSettings& feed) {
  std::vector<std::string> out;
  for (const std::string& text : feed.subscribe) {
    if (text.find("{sport_id}") == std::string::npos) {
      out.push_back(text);
      continue;
    }
    for (const Sport& sport : bookmaker.compiled->sports)
      if (const auto& side = sport.side(feed.source); side && side->listed)
        out.push_back(filled(text, "{sport_id}", side->id));
  }
  return out;
}

std::vector<std::string> event_subscriptions(const Bookmaker& bookmaker, const FeedSettings& feed,
                                             const WorkEntry& event,
                                             const std::vector<std::string>& bet_types) {
  std::vector<std::string> out;
  const CompiledSpec& spec = *bookmaker.compiled;
  const Sport* sport =
      event.sport_id.empty() ? spec.default_sport() : spec.sport(feed.source, event.sport_id);
  for (const std::string& text : feed.subscribe_event) {
    const std::string of_event =
        filled(filled(text, "{event_id}", event.event_id), "{sport_id}",
               sport && sport->side(feed.source) ? sport->side(feed.source)->id : event.sport_id);
    if (of_event.find("{market_id}") == std::string::npos) {
      out.push_back(of_event);
      continue;
    }
    if (!sport || !sport->side(feed.source)) continue;
    for (const std::string& bet_type : bet_types)
      if (const std::string* id = sport->side(feed.source)->market_of(bet_type))
        out.push_back(filled(of_event, "{market_id}", *id));
  }
  return out;
}

Result<FeedNews> read_news(const Bookmaker& bookmaker, const FeedSettings& feed,
                           const FeedMessage& message) {
  FeedNews news;
  const Feed* spec = compiled(bookmaker, feed);
  const FeedRule* rule = nullptr;
  if (spec)
    for (const FeedRule& one : spec->messages)
      if (one.name == message.name || one.name == "*") {
        rule = &one;
        break;
      }
  if (!rule) return news;
  const auto bad = [&](std::string why) {
    return fail(ErrorKind::Malformed, message.name.empty() ? std::string("message") : message.name,
                std::move(why));
  };

  thread_local simdjson::dom::parser parser;
  dom::element root;
  news.payload = message.payload;
  if (parser.parse(news.payload).get(root) != simdjson::SUCCESS) return bad("is no JSON");
  if (!rule->payload.steps.empty()) {
    dom::element at;
    if (find(rule->payload, {root, root, root, root, {}}, at) != Found::Yes)
      return bad(fmt::format("{}: missing", rule->payload.text));
    std::string_view inner;
    news.payload =
        at.get(inner) == simdjson::SUCCESS ? std::string(inner) : simdjson::to_string(at);
    if (parser.parse(news.payload).get(root) != simdjson::SUCCESS)
      return bad(fmt::format("{}: holds no JSON", rule->payload.text));
  }
  news.kind = rule->kind;
  std::string problem, scratch;
  const Found found =
      for_each(rule->events, {root, root, root, root, {}},
               [&](dom::element event, std::string_view key, std::size_t index) {
                 const Scope scope{root, event, event, event, key};
                 const FoundText id = read_text(rule->event_id, scope, scratch);
                 if (id.found != Found::Yes || !bookmaker.compiled->is_event_id(id.text)) {
                   if (problem.empty())
                     problem = fmt::format(
                         "{}: the event id: {}",
                         place_in(place_of("", rule->events, key, index), id.where), explain(id));
                   return;
                 }
                 if (news.events.size() == kMostEvents) {
                   problem = fmt::format("is about more than {} events", kMostEvents);
                   return;
                 }
                 FeedNews::About about{std::string(id.text), ""};
                 for (const Expression& value : rule->look_when_changed) {
                   const FoundText text = read_text(value, scope, scratch);
                   about.state += text.found == Found::Yes ? text.text : std::string_view("-");
                   about.state += '\n';
                 }
                 news.events.push_back(std::move(about));
               });
  if (found != Found::Yes) return bad("is not of the shape that was declared");
  if (!problem.empty()) return bad(problem);
  return news;
}

}  // namespace oddsloom
