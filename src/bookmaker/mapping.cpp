#include "bookmaker/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "bookmaker/answer_kind.h"
#include "bookmaker/event_reader.h"
#include "bookmaker/excerpt.h"
#include "bookmaker/form_match.h"
#include "bookmaker/market_reader.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostProblems = 1000;  // of one answer; what follows says nothing new

// One event of the answer with all nodes that speak of it: in some forms each market is one.
struct Event {
  std::string id;
  const WantedEvent* wanted = nullptr;
  struct Node {
    dom::element element;
    std::string_view key;
    std::size_t index = 0;
  };
  std::vector<Node> nodes;
};

bool is_wanted(const MappingContext& context, const std::string& bet_type) {
  if (context.any_event && context.any_bet_types.contains(bet_type)) return true;
  return context.events &&
         std::any_of(context.events->begin(), context.events->end(),
                     [&](const WantedEvent& event) { return event.bet_types.contains(bet_type); });
}

// Of whatever sport: which one an event is of may stand in the answer only.
std::vector<std::string_view> wanted_market_ids(const CompiledSpec& spec,
                                                const MappingContext& context) {
  std::vector<std::string_view> ids;
  for (const Sport& sport : spec.sports)
    if (const auto& side = sport.side(context.source))
      for (const auto& [bet_type, id] : side->markets)
        if ((spec.names_from && spec.names_from->bet_type == bet_type) ||
            is_wanted(context, bet_type))
          ids.push_back(id);
  return ids;
}

// Whether the answer is so much larger than the markets asked for that leaving the others out costs
// less than it saves.
bool is_mostly_unwanted(std::string_view body, const MappingContext& context) {
  constexpr std::size_t kMarketBytes = 768;  // of a market with its share of the event
  if (!context.events || context.any_event) return false;
  std::size_t markets = 0;
  for (const WantedEvent& event : *context.events) markets += event.bet_types.size();
  return body.size() > (markets + 1) * kMarketBytes;
}

bool is_empty_object(dom::element element) {
  dom::object object;
  return element.get(object) == simdjson::SUCCESS && object.begin() == object.end();
}

class AnswerMapper {
 public:
  AnswerMapper(const Bookmaker& bookmaker, const BetTypes& bet_types, const MappingContext& context)
      : bookmaker_(bookmaker),
        spec_(*bookmaker.compiled),
        bet_types_(bet_types),
        context_(context),
        names_type_(spec_.names_from ? bet_types_.find(spec_.names_from->bet_type) : nullptr) {}

  // `shortened`: an excerpt, in which an empty object stands for a market that was left out.
  Mapping run(std::string_view body, bool shortened = false) {
    shortened_ = shortened;
    ParsedAnswer answer = parse_answer(body, spec_);
    if (answer.kind == AnswerKind::Good && !is_empty_answer(answer.root)) {
      root_ = answer.root;
      form_ = match_form(spec_, context_.source, root_);
      if (!form_) answer = other_shape(root_, body, spec_, expected_forms(spec_, context_.source));
    }
    out_.kind = answer.kind;
    out_.message = std::move(answer.message);
    if (out_.kind != AnswerKind::Good) return std::move(out_);
    if (form_) {
      out_.form = form_->name;
      MarketReader reader(*form_, root_, out_.problems);
      collect_events();
      for (const Event& event : events_) map_event(event, reader);
      if (changed_format(reader)) return std::move(out_);
    }
    name_missing_events();
    if (out_.problems.size() > kMostProblems) out_.problems.resize(kMostProblems);
    return std::move(out_);
  }

 private:
  void problem(std::string_view place, std::string_view path, std::string_view message) {
    out_.problems.push_back(fmt::format("{}: {}", place_in(place, path), message));
  }

  std::string place_of_node(const Event::Node& node) const {
    return place_of("", form_->events, node.key, node.index);
  }

  void collect_events() {
    if (context_.events) {
      asked_.reserve(context_.events->size());
      for (const WantedEvent& event : *context_.events)
        asked_.emplace(event.work.event_id, Asked{&event, std::nullopt});
    }
    std::unordered_map<std::string, std::size_t> others;  // that nobody asked for
    std::string scratch;
    const Scope scope{root_, root_, root_, root_, {}};
    for_each(
        form_->events, scope, [&](dom::element element, std::string_view key, std::size_t index) {
          const Event::Node node{element, key, index};
          const FoundText id =
              read_text(form_->event_id, {root_, element, element, element, key}, scratch);
          const bool readable = id.found == Found::Yes && spec_.is_event_id(id.text);
          event_ids_.count(readable, [&] { return place_of_node(node); });
          if (!readable) {
            problem(place_of_node(node), id.where, fmt::format("the event id: {}", explain(id)));
            return;
          }
          if (const auto asked = asked_.find(id.text); asked != asked_.end()) {
            std::optional<std::size_t>& seen_as = asked->second.seen_as;
            if (!seen_as) {
              seen_as = events_.size();
              events_.push_back({std::string(id.text), asked->second.event, {}});
            }
            events_[*seen_as].nodes.push_back(node);
            return;
          }
          if (!context_.any_event) return;
          const auto [at, is_new] = others.try_emplace(std::string(id.text), events_.size());
          if (is_new)
            events_.push_back({at->first, context_.known ? context_.known(id.text) : nullptr, {}});
          events_[at->second].nodes.push_back(node);
        });
    std::size_t records = 0;
    for (const Event& event : events_) records += wanted_of(event).size();
    out_.records.reserve(records);
  }

  const std::set<std::string>& wanted_of(const Event& event) const {
    return event.wanted ? event.wanted->bet_types : context_.any_bet_types;
  }

  // The event's own members: who plays, when, where.
  WorkEntry read_about(const Event& event) {
    WorkEntry about;
    const Event::Node& node = event.nodes.front();
    if (form_->fields) {
      Scope scope{root_, node.element, node.element, node.element, node.key};
      dom::element at;
      if (find(form_->event_at, scope, at) == Found::Yes) scope.here = at;
      about = read_event(*form_->fields, scope, place_in(place_of_node(node), form_->event_at.text),
                         out_.problems);
    }
    about.event_id = event.id;
    return about;
  }

  const SportSide* side_of(const std::string& sport_id) const {
    const Sport* sport =
        sport_id.empty() ? spec_.default_sport() : spec_.sport(context_.source, sport_id);
    if (!sport || !sport->side(context_.source)) return nullptr;
    return &*sport->side(context_.source);
  }

  const BetType* bet_type_of(const Scope& scope, const SportSide* side,
                             std::string_view market_id) {
    if (!form_->reading->market_bet_type.empty()) {
      const FoundText named = read_text(form_->reading->market_bet_type, scope, scratch_);
      if (named.found == Found::Yes)
        if (const BetType* type = bet_types_.find(named.text)) return type;
    }
    if (side != typed_side_) {
      typed_side_ = side;
      side_types_.clear();
      if (side)
        for (const auto& [bet_type, id] : side->markets)
          side_types_.emplace_back(id, bet_types_.find(bet_type));
    }
    for (const auto& [id, type] : side_types_)
      if (id == market_id) return type;
    return nullptr;
  }

  // Markets of the event whose bet type is wanted, or names the teams, into `markets_`. False: some
  // could not be read, so that what is not there may be among them.
  bool find_markets(const Event& event, const SportSide* side) {
    markets_.clear();
    bool complete = true;
    for (const Event::Node& node : event.nodes) {
      const Scope scope{root_, node.element, node.element, node.element, node.key};
      const auto place_of_market = [&](std::string_view key, std::size_t index) {
        return place_of(place_of_node(node), form_->markets, key, index);
      };
      const Found found = for_each(
          form_->markets, scope, [&](dom::element market, std::string_view key, std::size_t index) {
            if (shortened_ && is_empty_object(market))
              return market_ids_.count(true, [] { return ""; });
            const Scope inner{root_, node.element, market, market, node.key, nullptr, key};
            const FoundText id = read_text(form_->reading->market_id, inner, id_scratch_);
            market_ids_.count(id.found == Found::Yes, [&] { return place_of_market(key, index); });
            if (id.found != Found::Yes) {
              problem(place_of_market(key, index), id.where, explain(id));
              complete = false;
              return;
            }
            const BetType* type = bet_type_of(inner, side, id.text);
            if (!type ||
                (type != names_type_ && std::find(wanted_types_.begin(), wanted_types_.end(),
                                                  type) == wanted_types_.end()))
              return;
            markets_.push_back({node.element, market, node.key, type, std::string(id.text),
                                node.index, index, key});
          });
      if (found == Found::Yes) continue;
      problem(place_of_node(node), form_->markets.path.text, "no list of markets");
      complete = false;
    }
    return complete;
  }

  void map_event(const Event& event, MarketReader& reader) {
    const WorkEntry answer = read_about(event);
    WorkEntry about = event.wanted ? event.wanted->work : WorkEntry{};
    about.event_id = event.id;
    const auto take = [](std::string& known, const std::string& more) {
      if (known.empty()) known = more;
    };
    take(about.sport_id, answer.sport_id);
    take(about.sport_id, context_.any_sport_id);
    take(about.competition, answer.competition);
    take(about.betradar_id, answer.betradar_id);
    if (!about.start_time) about.start_time = answer.start_time;

    const SportSide* side = side_of(about.sport_id);
    if (about.sport_id.empty() && side) about.sport_id = side->id;
    const std::set<std::string>& wanted = wanted_of(event);
    if (!wanted_ || *wanted_ != wanted) {
      wanted_types_.clear();
      for (const BetType& type : bet_types_.all())
        if (wanted.contains(type.name)) wanted_types_.push_back(&type);
    }
    wanted_ = &wanted;
    const bool complete = find_markets(event, side);

    known_.clear();
    const auto know = [&](std::string_view home, std::string_view away) {
      if (!home.empty() && !away.empty()) known_.push_back({std::string(home), std::string(away)});
    };
    know(trim(about.home), trim(about.away));
    know(answer.home, answer.away);
    const MarketAt* names_at = read_names(reader);
    if (!names_agree(event)) return;
    take(about.home, known_.empty() ? answer.home : known_.front().home);
    take(about.away, known_.empty() ? answer.away : known_.front().away);

    for (const BetType* type : wanted_types_)
      map_bet_type(*type, about, event, complete, names_at, reader);
  }

  // Reads the market that names the teams into `names_market_` and adds its spelling to `known_`.
  // Nothing: there is none.
  const MarketAt* read_names(MarketReader& reader) {
    if (!names_type_) return nullptr;
    for (const MarketAt& at : markets_) {
      if (at.type != names_type_) continue;
      reader.read(at, *names_type_, known_, names_market_);
      if (names_market_.fit == MarketFit::OtherMarket) continue;
      TeamNames seen = MarketReader::teams_of(names_market_, *names_type_, *spec_.names_from);
      if (seen.known()) known_.push_back(std::move(seen));
      return &at;
    }
    return nullptr;
  }

  // False, and a problem: these are other teams than the event's, so none of its prices may be
  // believed.
  bool names_agree(const Event& event) {
    for (std::size_t i = 1; i < known_.size(); ++i) {
      const NamesAgree agree = compare_names(known_.front(), known_[i]);
      if (agree == NamesAgree::Same) continue;
      problem(
          place_of_node(event.nodes.front()), "",
          fmt::format("names differ: '{}' v '{}' was asked for, this is '{}' v '{}'{}; withheld",
                      known_.front().home, known_.front().away, known_[i].home, known_[i].away,
                      agree == NamesAgree::Swapped ? ", the other way round" : ""));
      return false;
    }
    return true;
  }

  // `names_at`: the market that is in `names_market_` already.
  void map_bet_type(const BetType& type, const WorkEntry& about, const Event& event, bool complete,
                    const MarketAt* names_at, MarketReader& reader) {
    bool unreadable = !complete;
    std::vector<Record>& records = out_.records;
    const std::size_t before = records.size();
    for (const MarketAt& at : markets_) {
      if (at.type != &type) continue;
      if (&at != names_at) reader.read(at, type, known_, market_);
      const ReadMarket& market = &at == names_at ? names_market_ : market_;
      if (market.fit == MarketFit::OtherMarket) continue;
      Record& record = records.emplace_back();
      write_about(record, type, about, event);
      if (market.fit == MarketFit::Unreadable || !reader.fill(record, market, at, type)) {
        records.pop_back();
        unreadable = true;
        continue;
      }
      const bool twice =
          std::any_of(records.begin() + static_cast<std::ptrdiff_t>(before), records.end() - 1,
                      [&](const Record& other) { return other.line == record.line; });
      if (!twice) continue;
      problem(reader.place(at), "",
              fmt::format("{} a second time; the first is kept", record.id().text()));
      records.pop_back();
    }
    if (records.size() == before && !unreadable) out_.not_offered.push_back({event.id, type.name});
    if (records.size() > before && unreadable && type.has_line)
      out_.partly_read.push_back({event.id, type.name});
  }

  // Many records of an answer are of one kick-off.
  const std::string& date_of(UtcMillis start_time) {
    if (!date_ || date_->first != start_time)
      date_.emplace(start_time, local_date(bookmaker_, start_time));
    return date_->second;
  }

  void write_about(Record& record, const BetType& type, const WorkEntry& about,
                   const Event& event) {
    record.bookmaker = bookmaker_.name;
    record.bet_type = type.name;
    record.source = context_.source;
    record.event_id = event.id;
    record.period = event.wanted ? event.wanted->period : 0;
    record.home = trim(about.home);
    record.away = trim(about.away);
    record.start_time = about.start_time;
    record.competition = about.competition;
    record.sport_id = about.sport_id;
    record.betradar_id = about.betradar_id;
    if (about.start_time) record.target_date = date_of(*about.start_time);
    record.observed_at = record.changed_at = context_.observed_at;
  }

  // One bad value is a problem; the same bad value everywhere is another format, and a changed
  // format must not look like markets that are gone.
  bool changed_format(const MarketReader& reader) {
    const std::pair<const Fill*, std::string_view> fills[]{
        {&event_ids_, "events have no id"},
        {&market_ids_, "markets have no id"},
        {&reader.selections, "markets have no selections"},
        {&reader.statuses, "statuses cannot be read"},
        {&reader.odds, "selections have no price that can be read"}};
    for (const auto& [fill, what] : fills) {
      if (!fill->mostly_lacking()) continue;
      Mapping changed;
      changed.kind = AnswerKind::OtherShape;
      changed.form = out_.form;
      changed.message =
          fmt::format("{} of {} {} where they were expected, first at {}; found {}", fill->lacking,
                      fill->expected, what, fill->example, skeleton(root_));
      changed.problems = std::move(out_.problems);
      if (changed.problems.size() > kMostProblems) changed.problems.resize(kMostProblems);
      out_ = std::move(changed);
      return true;
    }
    return false;
  }

  void name_missing_events() {
    if (!context_.events) return;
    for (const WantedEvent& event : *context_.events) {
      const auto asked = asked_.find(event.work.event_id);
      if (asked == asked_.end() || !asked->second.seen_as)
        out_.missing_events.push_back(event.work.event_id);
    }
  }

  const Bookmaker& bookmaker_;
  const CompiledSpec& spec_;
  const BetTypes& bet_types_;
  const MappingContext& context_;
  Mapping out_;
  bool shortened_ = false;
  dom::element root_;
  const Form* form_ = nullptr;
  const BetType* names_type_ = nullptr;  // whose market names the teams
  std::vector<Event> events_;
  struct Asked {
    const WantedEvent* event = nullptr;
    std::optional<std::size_t> seen_as;  // its place among `events_`
  };
  std::unordered_map<std::string_view, Asked> asked_;
  Fill event_ids_, market_ids_;
  std::string scratch_, id_scratch_;
  // What the side's market ids mean.
  const SportSide* typed_side_ = nullptr;
  std::vector<std::pair<std::string_view, const BetType*>> side_types_;
  // Of the event that is being mapped; their memory serves the next one. Most events are wanted for
  // the bet types that the one before was.
  const std::set<std::string>* wanted_ = nullptr;
  std::vector<const BetType*> wanted_types_;
  std::vector<MarketAt> markets_;
  std::vector<TeamNames> known_;
  ReadMarket names_market_, market_;
  std::optional<std::pair<UtcMillis, std::string>> date_;  // the last that was asked for
};

}  // namespace

Mapping map_answer(const Bookmaker& bookmaker, const BetTypes& bet_types,
                   const MappingContext& context, std::string_view body) {
  return map_answer(bookmaker, bet_types, context, body, ReadAnswer::AsPays);
}

Mapping map_answer(const Bookmaker& bookmaker, const BetTypes& bet_types,
                   const MappingContext& context, std::string_view body, ReadAnswer how) {
  const CompiledSpec& spec = *bookmaker.compiled;
  if (how == ReadAnswer::AsExcerpt ||
      (how == ReadAnswer::AsPays && is_mostly_unwanted(body, context)))
    if (const auto excerpt =
            excerpt_of(body, spec, context.source, wanted_market_ids(spec, context))) {
      Mapping mapping = AnswerMapper(bookmaker, bet_types, context).run(excerpt->text, true);
      if (mapping.kind == AnswerKind::Good && mapping.form == excerpt->form->name) return mapping;
    }
  return AnswerMapper(bookmaker, bet_types, context).run(body);
}

MissingEvent missing_event_means(const Bookmaker& bookmaker, Source source) {
  const Endpoint* endpoint = bookmaker.compiled->endpoint(source);
  return endpoint ? endpoint->missing_event : MissingEvent::Gone;
}

}  // namespace oddsloom
