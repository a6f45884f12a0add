// Lists, step 1: which pages to ask for, and what events a page holds.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "bookmaker/answer_kind.h"
#include "bookmaker/event_reader.h"
#include "bookmaker/request.h"

namespace oddsloom {
namespace {

// "0-14/917", with or without a unit word: first and last item of the page, and how many there are.
struct ContentRange {
  std::size_t first = 0, last = 0, total = 0;
};

std::optional<ContentRange> parse_content_range(std::string_view text) {
  ContentRange out;
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit == std::string_view::npos) return std::nullopt;
  const char* at = text.data() + digit;
  const char* end = text.data() + text.size();
  for (const auto& [number, separator] :
       {std::pair<std::size_t*, char>{&out.first, '-'}, {&out.last, '/'}, {&out.total, '\0'}}) {
    const auto [next, error] = std::from_chars(at, end, *number);
    if (error != std::errc{}) return std::nullopt;
    if (separator == '\0') break;
    if (next == end || *next != separator) return std::nullopt;
    at = next + 1;
  }
  constexpr std::size_t kMostItems = 10'000'000;
  if (out.last < out.first || out.total > kMostItems || out.last > kMostItems) return std::nullopt;
  return out;
}

ListPage page_of(const Bookmaker& bookmaker, const List& list, const std::string& sport_id,
                 std::size_t position, const std::string& base_url) {
  const auto text = [](std::size_t number) { return std::vector{std::to_string(number)}; };
  const UrlTemplate::Values values{{"sport_id", {sport_id}},
                                   {"offset", text(position)},
                                   {"first", text(position + 1)},
                                   {"page", text(position / list.page_size + 1)},
                                   {"page_size", text(list.page_size)}};
  return {
      list.name,         list.source,
      sport_id,          (base_url.empty() ? bookmaker.base_url : base_url) + list.url.fill(values),
      bookmaker.headers, position};
}

const List* list_named(const CompiledSpec& spec, std::string_view name) {
  for (const List& list : spec.lists)
    if (list.name == name) return &list;
  return nullptr;
}

class PageReader {
 public:
  PageReader(const Bookmaker& bookmaker, const List& list, const ListPage& page,
             const std::string& base_url)
      : bookmaker_(bookmaker), list_(list), page_(page), base_url_(base_url) {}

  Result<ListAnswer> run(const std::string& content_range, std::string_view body) {
    ParsedAnswer answer = parse_answer(body, *bookmaker_.compiled);
    if (answer.kind != AnswerKind::Good) return bad(answer);
    const Scope scope{answer.root, answer.root, answer.root, answer.root, {}};
    const Found found = for_each(list_.events, scope,
                                 [&](dom::element event, std::string_view key, std::size_t index) {
                                   ++items_;
                                   read_item({answer.root, event, event, event, key}, index);
                                 });
    const bool is_empty = (answer.root.is_array() && answer.root.get_array().size() == 0) ||
                          (answer.root.is_object() && answer.root.get_object().size() == 0);
    if ((found != Found::Yes && !is_empty) || unreadable_ * 2 > items_)
      return bad(
          other_shape(answer.root, body, *bookmaker_.compiled,
                      fmt::format("{} of events with an id", place_of("", list_.events, "*", 0))));
    if (const auto next = next_position(answer.root, content_range))
      out_.next = page_of(bookmaker_, list_, page_.sport_id, *next, base_url_);
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> bad(const ParsedAnswer& answer) const {
    return fail(ErrorKind::Malformed, list_.name,
                fmt::format("{}: {}", to_string(answer.kind), answer.message));
  }

  void read_item(const Scope& scope, std::size_t index) {
    const std::string place = place_of("", list_.events, scope.key, index);
    std::string scratch;
    const FoundText id = read_text(list_.fields.id, scope, scratch);
    if (id.found != Found::Yes || !bookmaker_.compiled->is_event_id(id.text)) {
      ++unreadable_;
      out_.problems.push_back(
          fmt::format("{}: the event id: {}", place_in(place, id.where), explain(id)));
      return;
    }
    std::string event_id(id.text);
    if (!list_.keep.empty()) {
      const FoundText state = read_text(list_.keep, scope, scratch);
      if (state.found != Found::Yes)
        out_.problems.push_back(
            fmt::format("{}: {}", place_in(place, state.where), explain(state)));
      if (state.found != Found::Yes || std::find(list_.keep_among.begin(), list_.keep_among.end(),
                                                 state.text) == list_.keep_among.end())
        return;
    }
    WorkEntry event = read_event(list_.fields, scope, place, out_.problems);
    event.event_id = std::move(event_id);
    if (event.sport_id.empty()) event.sport_id = page_.sport_id;
    out_.events.push_back(std::move(event));
    out_.standings.push_back(read_standing(scope));
  }

  // What cannot be read is no problem: it is a hint, nothing is stored of it.
  Standing read_standing(const Scope& scope) const {
    Standing out;
    std::string scratch;
    const auto read = [&](const Expression& expression) {
      const FoundText found = read_text(expression, scope, scratch);
      return found.found == Found::Yes ? found.text : std::string_view();
    };
    if (const auto& fields = list_.fields; !fields.paused.empty())
      out.paused = std::find(fields.paused_among.begin(), fields.paused_among.end(),
                             read(fields.paused)) != fields.paused_among.end();
    for (const Expression& one : list_.fields.look_when_changed) {
      out.telling += read(one);
      out.telling += '\n';
    }
    return out;
  }

  // Only ever forward, and never beyond the list's number of pages, so that no answer can make a
  // walk endless.
  std::optional<std::size_t> next_position(dom::element root, const std::string& content_range) {
    std::optional<std::size_t> next;
    switch (list_.paging) {
      case Paging::None:
        return std::nullopt;
      case Paging::ContentRange:
        next = after_range(content_range);
        break;
      case Paging::MoreFlag: {
        dom::element more;
        bool is_more = false;
        const Scope scope{root, root, root, root, {}};
        if (items_ > 0 && find(list_.more, scope, more) == Found::Yes &&
            more.get(is_more) == simdjson::SUCCESS && is_more)
          next = page_.position + items_;
        break;
      }
    }
    if (!next || *next <= page_.position) return std::nullopt;
    if (list_.ends_when_none_kept && out_.events.empty()) return std::nullopt;
    if (*next >= list_.most_pages * list_.page_size) {
      out_.problems.push_back(
          fmt::format("more than {} pages; the rest is not read", list_.most_pages));
      return std::nullopt;
    }
    return next;
  }

  std::optional<std::size_t> after_range(const std::string& content_range) {
    const auto range = parse_content_range(content_range);
    if (!range) {
      // Without it a full page is the only sign that there may be another.
      if (items_ < list_.page_size) return std::nullopt;
      return page_.position + items_;
    }
    if (items_ == 0 || range->last + 1 >= range->total) return std::nullopt;
    if (range->first != page_.position) {
      out_.problems.push_back(fmt::format("asked for items from {} on, got those from {} on",
                                          page_.position, range->first));
      if (range->first < page_.position) return std::nullopt;
    }
    return range->last + 1;
  }

  const Bookmaker& bookmaker_;
  const List& list_;
  const ListPage& page_;
  const std::string& base_url_;
  ListAnswer out_;
  std::size_t items_ = 0, unreadable_ = 0;
};

}  // namespace

std::vector<ListPage> first_pages(const Bookmaker& bookmaker, Source source,
                                  const std::string& base_url) {
  std::vector<ListPage> out;
  for (const List& list : bookmaker.compiled->lists) {
    if (list.source != source) continue;
    if (!list.by_sport) {
      out.push_back(page_of(bookmaker, list, "", 0, base_url));
      continue;
    }
    for (const Sport& sport : bookmaker.compiled->sports)
      if (const auto& side = sport.side(source); side && side->listed)
        out.push_back(page_of(bookmaker, list, side->id, 0, base_url));
  }
  return out;
}

Result<ListAnswer> read_list(const Bookmaker& bookmaker, const ListPage& page, int http_status,
                             const std::string& content_range, std::string_view body,
                             const std::string& base_url) {
  const List* list = list_named(*bookmaker.compiled, page.endpoint);
  if (!list) return fail(ErrorKind::Invalid, page.endpoint, "no such list");
  if (http_status < 200 || http_status > 299)
    return fail(ErrorKind::Unavailable, page.endpoint, fmt::format("HTTP {}", http_status));
  return PageReader(bookmaker, *list, page, base_url).run(content_range, body);
}

}  // namespace oddsloom
