#include "bookmaker/traffic_rules.h"

#include "bookmaker/compiled_spec.h"
#include "bookmaker/feed.h"
#include "bookmaker/spec.h"

namespace oddsloom {
namespace {

// The query holds what changes from session to session.
std::string_view without_query(std::string_view url) { return url.substr(0, url.find('?')); }

bool is_of_feed(const Bookmaker& bookmaker, const std::string& base_url, const TrafficRule& rule,
                std::string_view url) {
  for (const Feed& feed : bookmaker.compiled->feeds)
    if (feed.settings.name == rule.feed)
      return without_query(url) == without_query(feed_url(bookmaker, feed.settings, base_url));
  return false;
}

}  // namespace

std::string_view to_string(TrafficKind kind) {
  return kind == TrafficKind::Response ? "response" : "frame";
}

std::optional<TrafficMatch> match_traffic(const Bookmaker& bookmaker, const std::string& base_url,
                                          TrafficKind kind, std::string_view url) {
  const std::string& base = base_url.empty() ? bookmaker.base_url : base_url;
  TrafficMatch match;
  for (const TrafficRule& rule : bookmaker.compiled->browser.rules) {
    const bool fits = rule.url.text().empty() ? is_of_feed(bookmaker, base_url, rule, url)
                                              : rule.url.matches(url, base, match.sport_id);
    if (rule.kind != kind || !fits) continue;
    match.rule = &rule;
    return match;
  }
  return std::nullopt;
}

std::vector<std::string> page_urls(const Bookmaker& bookmaker, Source source,
                                   const std::string& base_url) {
  const std::string& base = base_url.empty() ? bookmaker.base_url : base_url;
  std::vector<std::string> out;
  for (const BrowserSpec::Page& page : bookmaker.compiled->browser.pages)
    if (page.source == source)
      out.push_back(page.path.starts_with('/') ? base + page.path : page.path);
  return out;
}

Millis silent_after(const Bookmaker& bookmaker) { return bookmaker.compiled->browser.silent_after; }

}  // namespace oddsloom
