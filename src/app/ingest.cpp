#include "app/ingest.h"

#include <fmt/format.h>

#include "app/assemble.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostProblems = 100;  // in a report; the rest is counted
constexpr Millis kLastCommit{30'000};
constexpr std::size_t kManyLooks = 10'000;  // so many wait: the workers may catch up first

}  // namespace

void IngestReport::add(std::uint64_t line, std::string message) {
  if (problems.size() < kMostProblems) problems.push_back({line, std::move(message)});
}

void IngestReport::add(const IngestReport& other) {
  answers += other.answers;
  used += other.used;
  not_ours += other.not_ours;
  events += other.events;
  records += other.records;
  unknown += other.unknown;
  blocked += other.blocked;
  bad += other.bad;
}

std::string to_json(const IngestReport& report) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("answers", report.answers)
      .member("used", report.used)
      .member("not_ours", report.not_ours)
      .member("events", report.events)
      .member("records", report.records)
      .member("unknown", report.unknown)
      .member("blocked", report.blocked)
      .member("bad", report.bad)
      .key("problems")
      .begin_array();
  for (const auto& problem : report.problems) {
    json.begin_object();
    if (problem.line > 0) json.member("line", problem.line);
    json.member("message", problem.message).end_object();
  }
  json.end_array().end_object();
  return out;
}

std::string to_text(const IngestReport& report) {
  std::string out =
      fmt::format("{} answers: {} used, {} of no interest; {} records, {} events in lists",
                  report.answers, report.used, report.not_ours, report.records, report.events);
  if (report.unknown > 0) out += fmt::format(", {} unknown ones to be asked for", report.unknown);
  if (report.blocked > 0) out += fmt::format("; {} blocked", report.blocked);
  if (report.bad > 0) out += fmt::format("; {} bad", report.bad);
  return out;
}

Ingest::Ingest(const Bookmaker& bookmaker, const BetTypes& bet_types, Store& store,
               TrafficConfig config)
    : bookmaker_(bookmaker), traffic_(bookmaker, bet_types, config) {
  for (const Source source : {Source::Live, Source::Upcoming}) {
    Side& side = sides_[source];
    side.streams = or_stop(store.work_streams());
    side.book = or_stop(store.match_book());
    IntakeConfig intake;
    intake.source = source;
    intake.bet_types = config.bet_types;
    side.intake = std::make_unique<Intake>(bookmaker_, *side.streams, *side.book, metrics_,
                                           std::move(intake), system_clock());
  }
}

Result<void> Ingest::line(std::string_view text, std::uint64_t number, IngestReport& report) {
  if (trim(text).empty()) return {};
  ++report.answers;
  const auto seen = parse_captured(text, now_utc());
  if (!seen) {
    ++report.bad;
    report.add(number, seen.error().text());
    return {};
  }
  return take(*seen, number, report);
}

Result<void> Ingest::har(std::string_view text, IngestReport& report) {
  // Markets may come before the list that says whose they are: the lists are read first.
  auto lists = read_har(text, now_utc(), [&](const Captured& seen) -> Result<void> {
    (void)traffic_.read(seen);
    return {};
  });
  if (!lists) return tl::unexpected(lists.error());
  std::uint64_t given = 0;
  auto all = read_har(text, now_utc(), [&](const Captured& seen) {
    ++given;
    return take(seen, 0, report);
  });
  if (!all) return tl::unexpected(all.error());
  report.answers += given;
  report.bad += all->problems.size();
  for (const Error& problem : all->problems) report.add(0, problem.text());
  return {};
}

Result<IngestReport> Ingest::text(std::string_view text) {
  IngestReport report;
  if (looks_like_har(text)) {
    if (auto done = har(text, report); !done && done.error().kind == ErrorKind::Malformed) {
      ++report.bad;
      report.add(0, done.error().text());
    } else if (!done) {
      return tl::unexpected(done.error());
    }
    return report;
  }
  std::uint64_t number = 0;
  for (const std::string_view piece : split(text, '\n'))
    if (auto done = line(piece, ++number, report); !done) return tl::unexpected(done.error());
  return report;
}

Result<void> Ingest::take(const Captured& seen, std::uint64_t line, IngestReport& report) {
  TrafficReading reading = traffic_.read(seen);
  switch (reading.kind) {
    case TrafficReading::Kind::NotOurs:
      ++report.not_ours;
      return {};
    case TrafficReading::Kind::Blocked:
    case TrafficReading::Kind::Useless:
      ++(reading.kind == TrafficReading::Kind::Blocked ? report.blocked : report.bad);
      report.add(line, fmt::format("{}: {}", reading.rule, reading.message));
      return {};
    case TrafficReading::Kind::Read:
      break;
  }
  ++report.used;
  report.events += reading.events;
  report.records += reading.records.size();
  report.unknown += reading.unknown.size();
  for (const std::string& problem : reading.problems)
    report.add(line, fmt::format("{}: {}", reading.rule, problem));
  Intake& intake = *sides_.at(reading.source).intake;
  for (Record& record : reading.records) intake.record(std::move(record));
  for (const WorkEntry& event : reading.unknown) intake.look_at(event);
  return intake.looks_waiting() < kManyLooks ? turn() : finish();
}

Result<void> Ingest::turn() {
  for (auto& [source, side] : sides_)
    if (auto done = side.intake->turn(); !done) return done;
  return {};
}

Result<void> Ingest::finish() {
  for (auto& [source, side] : sides_) {
    if (auto done = side.intake->finish(kLastCommit); !done) return done;
    if (const std::size_t waiting = side.intake->looks_waiting(); waiting > 0)
      return fail(ErrorKind::Unavailable, "work streams",
                  fmt::format("are full: {} {} events that have to be asked for do not fit",
                              waiting, to_string(source)));
  }
  return {};
}

}  // namespace oddsloom
