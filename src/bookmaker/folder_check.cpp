#include "bookmaker/folder_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "bookmaker/compiled_spec.h"

namespace oddsloom {
namespace {

namespace fs = std::filesystem;

// Expected files are the same whenever they are made.
constexpr UtcMillis kObservedAt{1'767'225'600'000};  // 2026-01-01T00:00:00Z

Result<std::string> read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::NotFound, file, "cannot be read");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string line_of(std::string_view name, std::string_view value) {
  std::string out;
  JsonWriter(out).begin_object().member(name, value).end_object();
  return out + "\n";
}

std::string describe(const Mapping& mapping) {
  std::string out;
  if (mapping.kind != AnswerKind::Good)
    out += line_of("kind", to_string(mapping.kind)) + line_of("message", mapping.message);
  for (const Record& record : mapping.records) out += to_json(record) + "\n";
  for (const MarketNotOffered& market : mapping.not_offered)
    out += line_of("not_offered", market.event_id + " " + market.bet_type);
  for (const std::string& event_id : mapping.missing_events) out += line_of("missing", event_id);
  for (const std::string& problem : mapping.problems) out += line_of("problem", problem);
  return out;
}

Result<std::vector<WantedEvent>> read_entries(const Bookmaker& bookmaker, const std::string& file) {
  const auto text = read_file(file);
  if (!text) return tl::unexpected(text.error());
  std::vector<WantedEvent> out;
  for (const std::string_view line : split(*text, '\n')) {
    if (trim(line).empty()) continue;
    auto entry = parse_work_entry(line);
    if (!entry) return fail_in(file, entry.error());
    out.push_back({*std::move(entry), {bookmaker.bet_types.begin(), bookmaker.bet_types.end()}, 0});
  }
  return out;
}

}  // namespace

std::vector<Payload> payloads_of(const std::string& folder) {
  std::vector<Payload> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::path(folder) / "payloads", error)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.ends_with(".entries.jsonl") || name.starts_with('.'))
      continue;
    const std::string stem = entry.path().stem().string();
    const fs::path entries = entry.path().parent_path() / (stem + ".entries.jsonl");
    out.push_back(
        {entry.path().string(), (fs::path(folder) / "expected" / (stem + ".jsonl")).string(),
         fs::exists(entries) ? entries.string() : std::string(), name.substr(0, name.find('.'))});
  }
  std::sort(out.begin(), out.end(),
            [](const Payload& a, const Payload& b) { return a.file < b.file; });
  return out;
}

Result<std::string> read_payload(const Bookmaker& bookmaker, const BetTypes& bet_types,
                                 const Payload& payload) {
  const auto body = read_file(payload.file);
  if (!body) return tl::unexpected(body.error());
  std::vector<std::string> names;
  for (const List& list : bookmaker.compiled->lists) {
    names.push_back(list.name);
    if (list.name != payload.endpoint) continue;
    const ListPage page{list.name, list.source, "", "", {}, 0};
    const auto answer = read_list(bookmaker, page, 200, "", *body, "");
    if (!answer) return line_of("error", answer.error().text());
    std::string out;
    for (const WorkEntry& event : answer->events) out += to_json(event) + "\n";
    for (const std::string& problem : answer->problems) out += line_of("problem", problem);
    return out;
  }
  for (const Endpoint& endpoint : bookmaker.compiled->endpoints) {
    names.push_back(endpoint.name);
    if (endpoint.name != payload.endpoint) continue;
    MappingContext context{endpoint.source, kObservedAt, nullptr, true, {}, {}};
    context.any_bet_types = {bookmaker.bet_types.begin(), bookmaker.bet_types.end()};
    std::vector<WantedEvent> wanted;
    if (!payload.entries.empty()) {
      auto entries = read_entries(bookmaker, payload.entries);
      if (!entries) return tl::unexpected(entries.error());
      wanted = *std::move(entries);
      context.events = &wanted;
      context.any_event = false;
    }
    return describe(map_answer(bookmaker, bet_types, context, *body));
  }
  return fail(ErrorKind::Invalid, payload.file,
              fmt::format("'{}' is no endpoint or list; there are {}", payload.endpoint,
                          fmt::join(names, ", ")));
}

std::vector<Problem> check_payloads(const std::string& folder, const Bookmaker& bookmaker,
                                    const BetTypes& bet_types) {
  std::vector<Problem> out;
  for (const Payload& payload : payloads_of(folder)) {
    const auto found = read_payload(bookmaker, bet_types, payload);
    if (!found) {
      out.push_back({payload.file, 0, "", found.error().text()});
      continue;
    }
    const auto expected = read_file(payload.expected);
    if (!expected) {
      out.push_back({payload.expected, 0, "", "is missing: what the payload is to give"});
      continue;
    }
    if (*expected == *found) continue;
    const auto want = split(*expected, '\n'), have = split(*found, '\n');
    std::size_t line = 0;
    while (line < want.size() && line < have.size() && want[line] == have[line]) ++line;
    out.push_back({payload.expected, static_cast<int>(line) + 1, "",
                   fmt::format("expected {}, found {}", line < want.size() ? want[line] : "no more",
                               line < have.size() ? have[line] : "no more")});
  }
  return out;
}

}  // namespace oddsloom
