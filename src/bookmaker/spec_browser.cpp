// The part of a bookmaker's file that says how its odds are recognised in what a browser is shown.
#include <fmt/format.h>

#include <algorithm>

#include "bookmaker/spec_parts.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostPages = 16;  // each is a tab that stays open

void read_pages(Section& section, BrowserSpec& out) {
  auto pages = section.section("pages");
  if (!pages) {
    if (!section.has("pages")) section.complain("pages", "is missing: what the browser is to open");
    return;
  }
  for (const auto& [key, source] :
       {std::pair<std::string_view, Source>{"live", Source::Live}, {"upcoming", Source::Upcoming}})
    for (std::string& path : pages->texts(key)) {
      if (!path.starts_with('/') && !path.starts_with("https://") && !path.starts_with("http://"))
        pages->complain(key, fmt::format("'{}' is neither a path nor an address", path));
      out.pages.push_back({source, std::move(path)});
    }
  pages->finish();
  if (out.pages.size() > kMostPages)
    section.complain("pages", fmt::format("more than {} pages", kMostPages));
}

void read_rule(Section section, TrafficKind kind, const CompiledSpec& spec, BrowserSpec& out) {
  TrafficRule rule;
  rule.name = section.name();
  rule.kind = kind;
  rule.source = read_source(section);
  if (kind == TrafficKind::Frame) rule.feed = section.text("feed").value_or("");
  // A feed's address is known; everything else has to be told.
  const std::string url =
      rule.feed.empty() ? section.required_text("url") : section.text("url").value_or("");
  if (!url.empty()) {
    if (auto pattern = UrlPattern::compile(url))
      rule.url = *std::move(pattern);
    else
      section.complain("url", pattern.error().message);
  }
  if (kind == TrafficKind::Response) {
    rule.list = section.text("list").value_or("");
    rule.markets = section.truth("markets", rule.list.empty());
    rule.complete = section.truth("complete", false);
  }
  section.finish();

  if (!rule.feed.empty()) {
    const auto feed = std::find_if(spec.feeds.begin(), spec.feeds.end(), [&](const Feed& known) {
      return known.settings.name == rule.feed;
    });
    if (feed == spec.feeds.end()) {
      std::vector<std::string> names;
      for (const Feed& known : spec.feeds) names.push_back(known.settings.name);
      section.complain("feed", no_such("feeds", rule.feed, names));
    } else if (feed->settings.source != rule.source) {
      section.complain("feed", fmt::format("'{}' is of the other source", rule.feed));
    }
  }
  if (!rule.list.empty()) {
    const auto list = std::find_if(spec.lists.begin(), spec.lists.end(),
                                   [&](const List& known) { return known.name == rule.list; });
    if (list == spec.lists.end()) {
      std::vector<std::string> names;
      for (const List& known : spec.lists) names.push_back(known.name);
      section.complain("list", no_such("lists", rule.list, names));
    } else if (list->source != rule.source) {
      section.complain("list", fmt::format("'{}' is of the other source", rule.list));
    }
  }
  if (rule.list.empty() && !rule.markets)
    section.complain("markets", "neither a list nor markets: there is nothing to read");
  if (rule.complete && !rule.markets) section.complain("complete", "is about markets");
  const bool readable = std::any_of(spec.forms.begin(), spec.forms.end(),
                                    [&](const Form& form) { return form.source == rule.source; });
  if (rule.markets && !readable) section.complain("source", "no form of answers is of that source");
  out.rules.push_back(std::move(rule));
}

}  // namespace

BrowserSpec read_browser(Section& root, const CompiledSpec& spec) {
  BrowserSpec out;
  auto section = root.section("browser");
  if (!section) return out;
  out.silent_after = section->required_duration("silent_after").value_or(Millis(0));
  read_pages(*section, out);
  for (Section& rule : section->sections("responses"))
    read_rule(std::move(rule), TrafficKind::Response, spec, out);
  for (Section& rule : section->sections("frames"))
    read_rule(std::move(rule), TrafficKind::Frame, spec, out);
  if (out.rules.empty()) section->complain("responses", "is missing: which answers hold the odds");
  section->finish();
  return out;
}

}  // namespace oddsloom
