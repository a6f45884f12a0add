// parse_record: reads what write_json wrote.
#include <fmt/format.h>
#include <simdjson.h>

#include "model/record.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

// Reads members of one object and remembers the first that was wrong, so that a reader reads as a
// list.
class Members {
 public:
  Members(dom::object object, std::string path) : object_(object), path_(std::move(path)) {}

  std::string text(std::string_view name) {
    std::string_view out;
    if (dom::element element; find(name, element) && element.get(out) != simdjson::SUCCESS)
      wrong_type(name, "text");
    return std::string(out);
  }
  std::optional<std::string> text_or_null(std::string_view name) {
    dom::element element;
    if (!find(name, element, true) || element.is_null()) return std::nullopt;
    std::string_view out;
    if (element.get(out) != simdjson::SUCCESS) wrong_type(name, "text or null");
    return std::string(out);
  }
  bool truth(std::string_view name) {
    bool out = false;
    if (dom::element element; find(name, element) && element.get(out) != simdjson::SUCCESS)
      wrong_type(name, "true or false");
    return out;
  }
  std::optional<dom::object> object(std::string_view name) {
    dom::object out;
    dom::element element;
    if (!find(name, element)) return std::nullopt;
    if (element.get(out) != simdjson::SUCCESS) {
      wrong_type(name, "an object");
      return std::nullopt;
    }
    return out;
  }
  template <class T>
  T take(std::string_view name, Result<T> value) {
    if (value) return *std::move(value);
    note({value.error().kind, path_ + std::string(name), value.error().message});
    return T{};
  }
  // A word of ours that is none of those it could be: the right type, an impossible value.
  template <class T>
  T take_word(std::string_view name, Result<T> value) {
    if (!value) value.error().kind = ErrorKind::OutOfRange;
    return take(name, std::move(value));
  }
  void note(Error error) {
    if (!error_) error_ = std::move(error);
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  bool find(std::string_view name, dom::element& out, bool null_allowed = false) {
    if (object_[name].get(out) != simdjson::SUCCESS) {
      note({ErrorKind::Missing, path_ + std::string(name), "a record has this member"});
      return false;
    }
    if (out.is_null() && !null_allowed) {
      note({ErrorKind::Null, path_ + std::string(name), "is null"});
      return false;
    }
    return true;
  }
  void wrong_type(std::string_view name, std::string_view expected) {
    note({ErrorKind::WrongType, path_ + std::string(name), fmt::format("expected {}", expected)});
  }

  dom::object object_;
  std::string path_;
  std::optional<Error> error_;
};

Result<Outcome> read_outcome(std::string_view key, dom::element element) {
  const std::string path = fmt::format("outcomes.{}", key);
  if (element.is_null()) return fail(ErrorKind::Null, path, "is null");
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS)
    return fail(ErrorKind::WrongType, path, "expected an object");
  Members members(object, path + ".");
  Outcome out;
  out.key = key;
  if (const auto price = members.text_or_null("price"))
    out.price = members.take("price", parse_price(*price));
  out.status = members.take_word("status", parse_status(members.text("status")));
  out.usable = members.truth("usable");
  out.selection_id = members.text("selection_id");
  out.name = members.text("name");
  if (members.error()) return tl::unexpected(*members.error());
  return out;
}

}  // namespace

Result<Record> parse_record(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
    return fail(ErrorKind::Malformed, "", "not a JSON object");
  Members members(object, "");
  Record out;
  out.bookmaker = members.text("bookmaker");
  out.bet_type = members.text("bet_type");
  out.source = members.take_word("source", parse_source(members.text("source")));
  out.segment = members.text("segment");
  if (const auto line = members.text_or_null("line"))
    out.line = members.take("line", parse_line(*line));
  out.event_id = members.text("event_id");
  out.home = members.text("home");
  out.away = members.text("away");
  if (const auto start = members.text_or_null("start_time"))
    out.start_time = members.take("start_time", parse_iso8601(*start));
  out.competition = members.text("competition_name");
  out.sport_id = members.text("sport_id");
  out.betradar_id = members.text("betradar_id");
  out.target_date = members.text("target_date");
  out.market_id = members.text("market_id");
  out.status = members.take_word("market_status", parse_status(members.text("market_status")));
  out.offered = members.truth("offered");
  out.observed_at = members.take("observed_at", parse_iso8601(members.text("observed_at")));
  out.changed_at = members.take("changed_at", parse_iso8601(members.text("changed_at")));
  if (const auto outcomes = members.object("outcomes"))
    for (const auto [key, element] : *outcomes) {
      auto outcome = read_outcome(key, element);
      if (!outcome) return tl::unexpected(outcome.error());
      out.outcomes.push_back(*std::move(outcome));
    }
  if (members.error()) return tl::unexpected(*members.error());
  return out;
}

}  // namespace oddsloom
