#include "support/truth.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <set>
#include <stdexcept>

#include "base/text.h"

namespace oddsloom::test {
namespace {

std::string text(simdjson::dom::element object, std::string_view name) {
  std::string_view out;
  if (object[name].get(out) != simdjson::SUCCESS)
    throw std::runtime_error("truth without " + std::string(name));
  return std::string(out);
}

template <class T>
T must(Result<T> value) {
  if (!value) throw std::runtime_error(value.error().text());
  return *std::move(value);
}

void compare(const TrueMarket& market, const Record& record, std::vector<std::string>& out) {
  const std::string name = market.id.text();
  const auto differ = [&](const std::string& what, const std::string& is,
                          const std::string& should) {
    if (is != should)
      out.push_back(fmt::format("{}: {} is '{}' and should be '{}'", name, what, is, should));
  };
  differ("home", record.home, market.work.home);
  differ("away", record.away, market.work.away);
  differ("offered", record.offered ? "yes" : "no", "yes");
  differ("number of outcomes", std::to_string(record.outcomes.size()),
         std::to_string(market.outcomes.size()));
  for (const Outcome& outcome : record.outcomes) {
    const auto at = market.outcomes.find(outcome.key);
    if (at == market.outcomes.end()) {
      out.push_back(name + ": outcome " + outcome.key + " is not offered");
      continue;
    }
    differ(outcome.key + " price", outcome.price ? to_text(*outcome.price) : "none",
           at->second.price);
    differ(outcome.key + " status", std::string(to_string(outcome.status)),
           std::string(to_string(at->second.status)));
    differ(outcome.key + " usable", outcome.usable ? "yes" : "no",
           at->second.usable ? "yes" : "no");
  }
}

}  // namespace

std::vector<TrueMarket> read_truth(const std::string& json) {
  simdjson::dom::parser parser;
  std::vector<TrueMarket> out;
  const simdjson::dom::element root = parser.parse(json).value();
  const simdjson::dom::array markets = root["markets"].get_array().value();
  for (const simdjson::dom::element element : markets) {
    TrueMarket market;
    market.id.bookmaker = text(root, "bookmaker");
    market.match = text(element, "match");
    market.id.bet_type = text(element, "bet_type");
    market.id.source = must(parse_source(text(element, "source")));
    market.id.event_id = text(element, "event_id");
    market.period = static_cast<int>(element["period"].get_int64().value());
    market.work.event_id = market.id.event_id;
    // White space around a name is not part of it.
    market.work.home = trim(text(element, "home"));
    market.work.away = trim(text(element, "away"));
    market.work.start_time = must(parse_iso8601(text(element, "start_time")));
    market.work.competition = text(element, "competition");
    market.work.sport_id = text(element, "sport_id");
    market.work.betradar_id = text(element, "betradar_id");
    if (market.work.betradar_id == "0") market.work.betradar_id.clear();
    if (element["line"].error() == simdjson::SUCCESS)
      market.id.line = must(parse_line(text(element, "line")));
    market.market_status = must(parse_status(text(element, "market_status")));
    const simdjson::dom::object outcomes = element["outcomes"].get_object().value();
    for (const auto [key, outcome] : outcomes)
      market.outcomes[std::string(key)] = {text(outcome, "price"),
                                           must(parse_status(text(outcome, "status"))),
                                           outcome["usable"].get_bool().value()};
    out.push_back(std::move(market));
  }
  return out;
}

std::vector<std::pair<int, WorkEntry>> events_of(const std::vector<TrueMarket>& truth,
                                                 Source source) {
  std::vector<std::pair<int, WorkEntry>> out;
  std::set<std::string> seen;
  for (const TrueMarket& market : truth)
    if (market.id.source == source && seen.insert(market.id.event_id).second)
      out.emplace_back(market.period, market.work);
  return out;
}

std::vector<std::string> differences(const std::vector<TrueMarket>& truth, Reader& reader,
                                     std::size_t most) {
  std::vector<std::string> out;
  for (const TrueMarket& market : truth) {
    if (out.size() >= most) return out;
    const auto key = must(reader.find(market.id));
    if (!key) {
      out.push_back(market.id.text() + ": not in the store");
      continue;
    }
    const auto document = must(reader.document(*key));
    if (!document || !document->records.contains(market.id.bookmaker))
      out.push_back(market.id.text() + ": looked up, but without a document");
    else
      compare(market, document->records.at(market.id.bookmaker), out);
  }
  return out;
}

}  // namespace oddsloom::test
