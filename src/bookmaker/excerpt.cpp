#include "bookmaker/excerpt.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/text_pen.h"
#include "bookmaker/json_walk.h"

namespace oddsloom {
namespace {

// Names that can be told from others without undoing escapes: see has_plain_escapes().
bool is_plain_name(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool by_names(const Path& path) {
  return std::all_of(path.steps.begin(), path.steps.end(), [](const Step& step) {
    return step.kind == Step::Kind::Member && is_plain_name(step.name);
  });
}

class Shortening {
 public:
  Shortening(const Form& form, std::string_view answer,
             std::span<const std::string_view> market_ids, JsonWalk& walk, std::string& buffer)
      : form_(form), answer_(answer), market_ids_(market_ids), walk_(walk), out_(buffer) {}

  // The excerpt; nothing when the answer is not of this form, or leaves nothing out.
  std::optional<std::string_view> run() {
    walk_.back_to(0);
    if (!down(form_.events.path, [&] { return each_event(); }) || copied_ == 0) return std::nullopt;
    return out_.put(answer_.substr(copied_)).text();
  }

 private:
  // Calls fn at the value that lies at `path`; where there is none, passes over all. Of members of
  // one name the first counts, as in a document.
  template <class Fn>
  bool down(const Path& path, Fn fn, std::size_t step = 0) {
    if (step == path.steps.size()) return fn();
    if (walk_.token() != '{') return walk_.skip();
    bool found = false;
    return each_of('}', [&] {
      const auto key = walk_.key();
      if (!key) return false;
      if (found || *key != path.steps[step].name) return walk_.skip();
      found = true;
      return down(path, fn, step + 1);
    });
  }

  // Calls fn at everything between the bracket that the walk stands at and the closing one.
  template <class Fn>
  bool each_of(char closing, Fn fn) {
    walk_.next();
    if (walk_.token() != closing) {
      for (;;) {
        if (!fn()) return false;
        if (walk_.token() != ',') break;
        walk_.next();
      }
    }
    if (walk_.token() != closing) return false;
    walk_.next();
    return true;
  }

  bool each_event() {
    switch (form_.events.spread) {
      case Spread::One:
        return event();
      case Spread::Elements:
        return walk_.token() == '[' ? each_of(']', [&] { return event(); }) : walk_.skip();
      case Spread::Members:
        if (walk_.token() != '{') return walk_.skip();
        return each_of('}', [&] { return walk_.key() && event(); });
    }
    return false;
  }

  bool event() {
    return down(form_.markets.path, [&] {
      if (walk_.token() != '[') return walk_.skip();
      return each_of(']', [&] { return market(); });
    });
  }

  bool market() {
    if (walk_.token() != '{') return false;
    const auto here = walk_.mark();
    const std::size_t first = walk_.place();
    const auto id = id_of_market();
    if (!id) return false;
    walk_.back_to(here);
    if (is_other_id(*id) && walk_.skip_checked()) {
      const std::size_t end = walk_.place_before() + 1;
      if (has_plain_escapes(answer_.substr(first, end - first))) {
        out_.put(answer_.substr(copied_, first - copied_)).put("{}");
        copied_ = end;
        return true;
      }
    }
    walk_.back_to(here);
    return walk_.skip();
  }

  // The value of the first alternative that is there, as JSON. Of members of one name the first
  // counts. Nothing: this is no market of this form.
  std::optional<std::string_view> id_of_market() {
    const auto here = walk_.mark();
    for (const std::string& name : form_.telling_members) {
      walk_.back_to(here);
      for (walk_.next(); const auto key = walk_.key(); walk_.next()) {
        const std::size_t value = walk_.place();
        if (!walk_.skip()) return std::nullopt;
        if (*key == name) return trim(answer_.substr(value, walk_.place() - value));
        if (walk_.token() != ',') break;
      }
    }
    return std::nullopt;
  }

  // A text or an integer that says itself and is no id that is wanted.
  bool is_other_id(std::string_view json) const {
    std::string_view id = json;
    if (id.empty()) return false;
    if (id.front() == '"') {
      if (id.size() < 2 || id.back() != '"') return false;
      id = id.substr(1, id.size() - 2);
      if (!is_plain_json(id)) return false;
    } else if (!std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      return false;
    }
    return std::find(market_ids_.begin(), market_ids_.end(), id) == market_ids_.end();
  }

  const Form& form_;
  std::string_view answer_;
  std::span<const std::string_view> market_ids_;
  JsonWalk& walk_;
  TextPen out_;
  std::size_t copied_ = 0;  // up to here the answer is in `out_`
};

// ---- what a form looks at, as ways from the root; "*" is any element or member

using Way = std::vector<std::string>;

Way to_all_below(Way way) {
  constexpr std::size_t kDeepEnough = 8;
  way.resize(way.size() + kDeepEnough, "*");
  return way;
}

Way along(Way way, const Path& path) {
  if (path.anchor == Anchor::Root) way.clear();
  for (const Step& step : path.steps) {
    if (step.kind == Step::Kind::Where) return to_all_below(std::move(way));
    way.push_back(step.kind == Step::Kind::Member ? step.name : "*");
  }
  return way;
}

// An object where a list could be is its only element, so that there are two ways.
std::vector<Way> along(const std::vector<Way>& ways, const EachPath& each) {
  std::vector<Way> out;
  for (const Way& way : ways) {
    Way at = along(way, each.path);
    if (each.spread != Spread::Members) out.push_back(at);
    at.emplace_back("*");
    if (each.spread != Spread::One) out.push_back(std::move(at));
  }
  return out;
}

bool leads_into(const Way& way, const Way& market) {
  return way.size() > market.size() &&
         std::equal(market.begin(), market.end(), way.begin(),
                    [](const auto& a, const auto& b) { return a == b || a == "*" || b == "*"; });
}

void add(std::vector<Way>& ways, const Way& from, const Expression& expression) {
  for (const Alternative& alternative : expression.alternatives)
    if (!is_key(alternative.path.anchor)) ways.push_back(along(from, alternative.path));
}

// What decides whether an answer is of the form.
std::vector<Way> looks_of(const Form& form) {
  const std::vector<Way> events = along({Way{}}, form.events);
  std::vector<Way> out = along(events, form.markets);
  for (const Way& event : events) {
    add(out, event, form.event_id);
    for (const Path& path : form.required) out.push_back(along(event, path));
  }
  return out;
}

// What else is read of an event, and by its markets of what encloses them.
std::vector<Way> reads_of(const Form& form) {
  std::vector<Way> out;
  const Reading& reading = *form.reading;
  for (const Way& event : along({Way{}}, form.events)) {
    const Way at = along(event, form.event_at);
    if (const EventFields* fields = form.fields)
      for (const Expression* each : {&fields->id, &fields->home, &fields->away, &fields->start_time,
                                     &fields->competition, &fields->sport_id, &fields->betradar_id})
        add(out, at, *each);
    for (const Expression* each :
         {&reading.line, &reading.instance, &reading.market_status, &reading.selection_id,
          &reading.selection_name, &reading.code, &reading.odds, &reading.selection_status})
      for (const Alternative& alternative : each->alternatives)
        if (alternative.path.anchor == Anchor::Root || alternative.path.anchor == Anchor::Event)
          out.push_back(along(event, alternative.path));
    if (reading.selections.path.anchor == Anchor::Root ||
        reading.selections.path.anchor == Anchor::Event)
      out.push_back(to_all_below(along(event, reading.selections.path)));
  }
  return out;
}

}  // namespace

std::vector<std::string> telling_members(const std::vector<Form>& forms, std::size_t index) {
  const Form& form = forms[index];
  if (!form.reading || !form.reading->market_bet_type.empty() || !by_names(form.events.path) ||
      !by_names(form.markets.path) || form.markets.spread != Spread::Elements ||
      form.markets.path.anchor != Anchor::Here)
    return {};
  std::vector<std::string> members;
  for (const Alternative& alternative : form.reading->market_id.alternatives) {
    const Path& path = alternative.path;
    const bool plain = path.anchor == Anchor::Here && path.steps.size() == 1 && by_names(path);
    if (!plain || !alternative.ops.empty()) return {};
    members.push_back(path.steps.front().name);
  }
  Way market = along(Way{}, form.events.path);
  if (form.events.spread != Spread::One) market.emplace_back("*");
  market = along(std::move(market), form.markets.path);
  market.emplace_back("*");

  std::vector<Way> ways = reads_of(form);
  for (std::size_t before = 0; before <= index; ++before) {
    if (forms[before].source != form.source) continue;
    if (forms[before].root_is_array != form.root_is_array) continue;
    const std::vector<Way> looks = looks_of(forms[before]);
    ways.insert(ways.end(), looks.begin(), looks.end());
  }
  const bool looked_into = std::any_of(ways.begin(), ways.end(),
                                       [&](const Way& way) { return leads_into(way, market); });
  return looked_into ? std::vector<std::string>() : members;
}

std::optional<Excerpt> excerpt_of(std::string_view answer, const CompiledSpec& spec, Source source,
                                  std::span<const std::string_view> market_ids) {
  thread_local JsonWalk walk;
  thread_local std::string text;
  answer = trim(answer);
  if (!walk.start(answer)) return std::nullopt;
  for (const Form& form : spec.forms) {
    if (form.source != source || form.telling_members.empty()) continue;
    if (form.root_is_array != (answer.front() == '[')) continue;
    if (const auto made = Shortening(form, answer, market_ids, walk, text).run())
      return Excerpt{*made, &form};
  }
  return std::nullopt;
}

}  // namespace oddsloom
