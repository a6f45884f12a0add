#include <fmt/format.h>

#include "bench/operations/inputs.h"
#include "bench/operations/operation.h"

namespace oddsloom::bench {
namespace {

struct Question {
  Source source = Source::Upcoming;
  std::vector<WantedEvent> events;
  std::string body;
};

Operation mapping(const std::string& name, Question question, AnswerKind kind,
                  std::size_t records) {
  const auto events = static_cast<unsigned>(question.events.size());
  return {
      "map/" + name, "event", events, [=, question = std::move(question)] {
        MappingContext context;
        context.source = question.source;
        context.observed_at = kNow;
        context.events = &question.events;
        const Mapping mapping =
            map_answer(house().bookmaker, house().bet_types, context, question.body);
        if (mapping.kind != kind || mapping.records.size() != records || !mapping.problems.empty())
          throw std::runtime_error(fmt::format(
              "{}: {} with {} records, {}", name, to_string(mapping.kind), mapping.records.size(),
              mapping.problems.empty() ? "" : mapping.problems[0]));
      }};
}

// The team names are asked for only where step 1 did not know them.
std::vector<WantedEvent> nameless(std::vector<WantedEvent> events) {
  for (WantedEvent& event : events) event.work.home = event.work.away = "";
  return events;
}

}  // namespace

std::vector<Operation> mapping_operations() {
  return {
      mapping("12-KB", {Source::Upcoming, wanted(1), upcoming_answer(12 * 1024)}, AnswerKind::Good,
              3),
      mapping("60-KB", {Source::Upcoming, wanted(1), upcoming_answer(60 * 1024)}, AnswerKind::Good,
              3),
      mapping("50-events", {Source::Upcoming, wanted(50), upcoming_answers(50)}, AnswerKind::Good,
              150),
      mapping("50-events-without-names",
              {Source::Upcoming, nameless(wanted(50)), upcoming_answers(50)}, AnswerKind::Good,
              150),
      mapping("15-live-events", {Source::Live, wanted(15), live_answers(15)}, AnswerKind::Good, 45),
      mapping("challenge-page", {Source::Upcoming, wanted(50), challenge_page()},
              AnswerKind::Blocked, 0),
      {"plan/50-events", "event", 50,
       [events = wanted(50)] {
         const auto fetches =
             plan_fetches(house().bookmaker, Source::Upcoming, events, 50, "http://127.0.0.1:1");
         expect(fetches.size() == 1, "fifty events are not one request");
       }},
  };
}

}  // namespace oddsloom::bench
