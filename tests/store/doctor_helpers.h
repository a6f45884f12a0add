// What the tests of Store::examine share: a store opened to be looked at, and findings as short
// lines. One thread.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "store/store_under_test.h"

namespace oddsloom::test {

using Lines = std::vector<std::string>;

inline Examination examined(const std::string& url, StoreOptions options) {
  options.look_only = true;
  const auto store = must(open_store(url, std::move(options)));
  return must(store->examine([](std::string_view, std::uint64_t, std::uint64_t) {}));
}

// "problem two-documents KEY", sorted as found.
inline Lines briefly(const Examination& found) {
  Lines out;
  for (const Finding& finding : found.findings)
    out.push_back(std::string(to_string(finding.grade)) + " " + finding.what + " " + finding.where);
  return out;
}

inline std::string message_of(const Examination& found, const std::string& what) {
  for (const Finding& finding : found.findings)
    if (finding.what == what) return finding.message;
  return "no finding " + what;
}

// A record of everything a key's name can have: a line, a part of the match, live.
inline std::vector<Record> records_of_many_kinds() {
  Record live = record_of("2");
  live.source = Source::Live;
  Record line = record_of("3");
  line.bet_type = "totals";
  line.line = *parse_line("2.5");
  line.outcomes = {{"over", Price{1'900}, Status::Open, true, "1", "Over"},
                   {"under", Price{1'900}, Status::Open, true, "2", "Under"}};
  Record half = record_of("3");
  half.segment = "first_half";
  Record text = record_of("x-4:b@c");
  return {record_of("1"), live, line, half, text, record_of("12345678901234567")};
}

}  // namespace oddsloom::test
