#include <fmt/format.h>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/progress_line.h"
#include "base/text.h"

namespace oddsloom {
namespace {

std::string counted(std::uint64_t number, std::string_view word) {
  return fmt::format("{} {}{}", grouped(number), word, number == 1 ? "" : "s");
}

std::string verdict(const Examination& found) {
  if (found.problems == 0 && found.warnings == 0) return "nothing wrong";
  std::string text;
  if (found.problems > 0) text = counted(found.problems, "problem");
  if (found.warnings > 0) text += (text.empty() ? "" : ", ") + counted(found.warnings, "warning");
  return text;
}

std::string text_of(const Examination& found, const std::string& place) {
  std::string text;
  for (const Finding& finding : found.findings)
    text += fmt::format("{}: {}: {}: {}\n", to_string(finding.grade), finding.what, finding.where,
                        finding.message);
  for (const auto& [what, more] : found.more)
    text += fmt::format("{}: and {} more\n", what, grouped(more));
  return text + fmt::format("{} in {}: {} looked at\n", verdict(found), place,
                            counted(found.documents, "document"));
}

std::string json_of(const Examination& found, const std::string& place) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("ok", found.problems == 0)
      .member("store", place)
      .member("documents", found.documents)
      .member("problems", found.problems)
      .member("warnings", found.warnings)
      .key("findings")
      .begin_array();
  for (const Finding& finding : found.findings)
    json.begin_object()
        .member("grade", to_string(finding.grade))
        .member("what", finding.what)
        .member("where", finding.where)
        .member("message", finding.message)
        .end_object();
  json.end_array().key("more").begin_object();
  for (const auto& [what, more] : found.more) json.member(what, more);
  json.end_object().end_object();
  return out + "\n";
}

}  // namespace

int execute(const DoctorOptions& options, const GlobalOptions& global) {
  const Start start = start_up(global);
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const auto store = open_store_or_stop(start, bet_types, StoreUse::LookOnly);
  const std::string place = redact_url(start.settings().text("store", "url"));
  const auto found = [&] {
    ProgressLine line(start.environment);
    return or_stop(store->examine([&](std::string_view doing, std::uint64_t done,
                                      std::uint64_t of) { line.show(doing, done, of); }));
  }();
  const int verdict = found.problems == 0 ? kDone : kFailedWork;
  return std::max(printed(options.json ? json_of(found, place) : text_of(found, place)), verdict);
}

}  // namespace oddsloom
