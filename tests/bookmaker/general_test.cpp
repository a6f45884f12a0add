// The parts of the language that BookieDelta's file does not need, on a bookmaker made up for it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bookmaker/expression.h"
#include "bookmaker/team_names.h"
#include "folder.h"

namespace oddsloom::test {
namespace {

constexpr std::string_view kToml = R"(
base_url = "https://other.example"
time_zone = "UTC"
event_ids = "text"
freshness = { live = "5s", upcoming = "60s" }
[sports.football]
upcoming = { id = "soccer", markets = { totals = "OU", three_way = "1x2" } }
[endpoints.odds]
source = "upcoming"
method = "POST"
url = "/odds"
body = '{"ids":"{event_ids}"}'
missing_event = "gone"
[maps.active]
1 = "open"
"*" = "closed"
[readings.rows]
market = { id = "type", line = "specifier | after 'total='", selections = "rows{*}" }
selection = { id = "code", name = "label", code = "label | before ' '", odds = "cents | shift 2 ?? price", status = "active | map active ?? @market.active | map active" }
outcomes.totals = { by = ["code"], codes = { Over = "over", Under = "under" } }
outcomes.three_way = { by = ["position"], position = ["1", "X", "2"] }
[forms.events]
source = "upcoming"
root = "object"
events = "data.items[*]"
event_id = "ids[provider=own].value"
markets = "groups{*}"
reading = "rows"
)";

Bookmaker other() {
  auto loaded = parse_bookmaker("Other", "other", kToml, bet_types());
  if (!loaded) throw std::runtime_error(all_text(loaded.error()));
  return *std::move(loaded);
}

TEST(General, LinesDictionariesFiltersCoalesceAndPipesWorkTogether) {
  const std::string body = R"({"data":{"items":{
      "ids":[{"provider":"x","value":1},{"provider":"own","value":"ev:7"}],
      "groups":{
        "a":{"type":"OU","specifier":"total=2.5","active":1,"rows":{"r1":{"code":"o","label":"Over 2.5","cents":185},"r2":{"code":"u","label":"under 2.5","price":1.95,"active":0}}},
        "b":{"type":"OU","specifier":"total=-0.75","rows":{"r1":{"label":"Over x","cents":101,"active":1}}},
        "c":{"type":"OU","specifier":"main","rows":{}}}}}})";
  const MappingContext context{Source::Upcoming, kNow, nullptr, true, {"totals"}, ""};
  const Mapping mapping = map_answer(other(), bet_types(), context, body);
  EXPECT_EQ(mapping.kind, AnswerKind::Good) << mapping.message;
  ASSERT_EQ(mapping.records.size(), 2U) << all_text(mapping.problems);
  EXPECT_EQ(mapping.records[0].event_id, "ev:7");
  EXPECT_EQ(to_text(*mapping.records[0].line), "2.5");
  EXPECT_EQ(said(&mapping.records[0]), "over=1.85 under=1.95(closed)");
  EXPECT_EQ(to_text(*mapping.records[1].line), "-0.75");
  EXPECT_EQ(said(&mapping.records[1]), "over=1.01 under=-(suspended)");
  EXPECT_NE(all_text(mapping.problems).find("data.items[0].groups.c.specifier: the line: 'main'"),
            std::string::npos);
  // Which line that was nobody knows: none may be taken for gone.
  ASSERT_EQ(mapping.partly_read.size(), 1U);
  EXPECT_EQ(mapping.partly_read[0].event_id, "ev:7");
  EXPECT_EQ(mapping.partly_read[0].bet_type, "totals");
}

TEST(General, KeysOfMarketsAndSelectionsAreTextsLikeOthers) {
  std::string toml(kToml);
  const auto replace = [&](std::string_view what, std::string_view with) {
    toml.replace(toml.find(what), what.size(), with);
  };
  replace("id = \"type\", line = \"specifier | after 'total='\"",
          "id = \"@market_key | before '@' ?? @market_key\", line = \"@market_key | after '@'\"");
  replace("id = \"code\", name = \"label\"", "id = \"@selection_key\", name = \"@market_key\"");
  const auto bookmaker = parse_bookmaker("Other", "other", toml, bet_types());
  ASSERT_TRUE(bookmaker) << all_text(bookmaker.error());
  const std::string body = R"({"data":{"items":{"ids":[{"provider":"own","value":"ev:7"}],"groups":{
      "OU@2.5":{"active":1,"rows":{"71":{"label":"Over x","cents":185},"72":{"label":"Under x","cents":195}}},
      "OU@3.5":{"active":1,"rows":{"81":{"label":"Over x","cents":285},"82":{"label":"Under x","cents":140}}},
      "1x2":{"active":1,"rows":{"91":{"cents":210},"92":{"cents":320},"93":{"cents":330}}}}}}})";
  const MappingContext context{Source::Upcoming, kNow, nullptr, true, {"totals", "three_way"}, ""};
  const Mapping mapping = map_answer(*bookmaker, bet_types(), context, body);
  ASSERT_EQ(mapping.records.size(), 3U) << all_text(mapping.problems);
  EXPECT_TRUE(mapping.problems.empty()) << all_text(mapping.problems);
  EXPECT_EQ(said(&mapping.records[0]), "1=2.10 X=3.20 2=3.30");
  EXPECT_FALSE(mapping.records[0].line);
  EXPECT_EQ(mapping.records[0].market_id, "1x2");
  EXPECT_EQ(mapping.records[0].outcomes[1].selection_id, "92");
  EXPECT_EQ(mapping.records[0].outcomes[1].name, "1x2");
  EXPECT_EQ(mapping.records[2].line, Line{3'500});
  EXPECT_EQ(said(&mapping.records[2]), "over=2.85 under=1.40");
  EXPECT_EQ(mapping.records[2].outcomes[0].selection_id, "81");
  EXPECT_TRUE(mapping.partly_read.empty());
}

// Markets and selections that stand in a list have no key, which is as if it were not there.
TEST(General, WhatIsNoMemberOfAnObjectHasNoKey) {
  std::string toml(kToml);
  const auto replace = [&](std::string_view what, std::string_view with) {
    toml.replace(toml.find(what), what.size(), with);
  };
  replace("id = \"type\"", "id = \"@market_key ?? type\"");
  replace("markets = \"groups{*}\"", "markets = \"groups[*]\"");
  replace("selections = \"rows{*}\"", "selections = \"rows[*]\"");
  replace("id = \"code\"", "id = \"@selection_key ?? code\"");
  const auto bookmaker = parse_bookmaker("Other", "other", toml, bet_types());
  ASSERT_TRUE(bookmaker) << all_text(bookmaker.error());
  const std::string body = R"({"data":{"items":{"ids":[{"provider":"own","value":"ev:7"}],"groups":[
      {"type":"OU","specifier":"total=2.5","active":1,"rows":[{"code":5,"label":"Over x","cents":185},{"label":"Under x","cents":195}]}]}}})";
  const MappingContext context{Source::Upcoming, kNow, nullptr, true, {"totals"}, ""};
  const Mapping mapping = map_answer(*bookmaker, bet_types(), context, body);
  ASSERT_EQ(mapping.records.size(), 1U) << all_text(mapping.problems);
  EXPECT_EQ(mapping.records[0].outcomes[0].selection_id, "5");
  EXPECT_EQ(mapping.records[0].outcomes[1].selection_id, "");
}

// A name that an expression changes lies in no document; each selection keeps its own, short or
// long.
TEST(General, TextsThatAreMadeBelongToTheirSelections) {
  std::string toml(kToml);
  const auto replace = [&](std::string_view what, std::string_view with) {
    toml.replace(toml.find(what), what.size(), with);
  };
  replace("name = \"label\", code = \"label | before ' '\"", "name = \"label | lower\"");
  replace("by = [\"code\"], codes = {", "by = [\"name\"], names = {");
  replace("Under = \"under\"", "\"Under two and a half goals\" = \"under\"");
  const auto bookmaker = parse_bookmaker("Other", "other", toml, bet_types());
  ASSERT_TRUE(bookmaker) << all_text(bookmaker.error());
  const std::string body = R"({"data":{"items":{"ids":[{"provider":"own","value":"ev:7"}],"groups":{
      "a":{"type":"OU","specifier":"total=2.5","active":1,"rows":{
          "r1":{"code":11,"label":"UNDER two and a half GOALS","cents":185},
          "r2":{"code":12,"label":"OVER","cents":195}}}}}}})";
  const MappingContext context{Source::Upcoming, kNow, nullptr, true, {"totals"}, ""};
  const Mapping mapping = map_answer(*bookmaker, bet_types(), context, body);
  ASSERT_EQ(mapping.records.size(), 1U) << all_text(mapping.problems);
  EXPECT_EQ(said(&mapping.records[0]), "over=1.95 under=1.85");
  EXPECT_EQ(mapping.records[0].outcomes[0].name, "over");
  EXPECT_EQ(mapping.records[0].outcomes[0].selection_id, "12");
  EXPECT_EQ(mapping.records[0].outcomes[1].name, "under two and a half goals");
  EXPECT_EQ(mapping.records[0].outcomes[1].selection_id, "11");
}

TEST(General, APostWithABodyIsPlanned) {
  const auto fetches = plan_fetches(other(), Source::Upcoming, {wanted("ev:7")}, 50, "");
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].method, "POST");
  EXPECT_EQ(fetches[0].url, "https://other.example/odds");
  EXPECT_EQ(fetches[0].body, R"({"ids":"ev:7"})");
}

std::string said(const Expression& expression, const Scope& scope) {
  std::string scratch;
  const FoundText found = read_text(expression, scope, scratch);
  const std::string text = found.found == Found::Yes ? std::string(found.text) : explain(found);
  return found.where == expression.place() ? text : fmt::format("{} at {}", text, found.where);
}

// Held against what the same expression says with the members of its object found beforehand.
std::string value_of(std::string_view expression, std::string_view json) {
  Maps maps;
  TextMap map;
  map.entries = {{"a", "A"}, {"*", "other"}};
  maps.emplace_back("m", std::make_shared<const TextMap>(map));
  const auto compiled = compile_expression(expression, maps, {Anchor::Root});
  if (!compiled) return "error: " + compiled.error().message;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return "no JSON";
  Scope scope{root, root, root, root, {}};
  const std::string value = said(*compiled, scope);

  // Others have the first places, so that not all are the first's.
  Expression one = *compile_expression("b ?? zz", maps, {});
  Expression placed = *compiled;
  const auto names = place_members({&one, &placed});
  Members members;
  if (read_members(names, root, members)) scope.members = &members;
  EXPECT_EQ(said(placed, scope), value) << expression << " of " << json;
  return value;
}

TEST(Expressions, PathsCoalesceAndBuiltIns) {
  EXPECT_EQ(value_of("a.b[1].c", R"({"a":{"b":[0,{"c":"x"}]}})"), "x");
  EXPECT_EQ(value_of("'a b'.c", R"({"a b":{"c":1.50}})"), "1.5");
  EXPECT_EQ(value_of("a ?? b ?? c", R"({"b":null,"c":7})"), "7 at c");
  EXPECT_EQ(value_of("l[k=2].v", R"({"l":[{"k":1,"v":"x"},{"k":2,"v":"y"}]})"), "y");
  EXPECT_EQ(value_of("a | map m", R"({"a":"a"})"), "A");
  EXPECT_EQ(value_of("a | map m", R"({"a":"b"})"), "other");
  EXPECT_EQ(value_of("a | nonzero ?? b", R"({"a":0,"b":5})"), "5 at b");
  EXPECT_EQ(value_of("a | strip_prefix 'sr:match:' | digits", R"({"a":"sr:match:42"})"), "42");
  EXPECT_EQ(value_of("a | replace ',' '.'", R"({"a":"1,85"})"), "1.85");
  EXPECT_EQ(value_of("a | upper | trim", R"({"a":" ab "})"), "AB");
  EXPECT_EQ(value_of("a | after '|' | before '? ?'", R"({"a":"x|y? ?z"})"), "y");
  EXPECT_EQ(value_of("a | shift 2", R"({"a":-5})"), "-0.05");
  EXPECT_EQ(value_of("@root.a", R"({"a":true})"), "true");
}

TEST(Expressions, WhatIsNotThereSaysWhy) {
  EXPECT_EQ(value_of("a.b", R"({"a":{}})"), "missing");
  EXPECT_EQ(value_of("a.b", R"({"a":null})"), "null");
  EXPECT_EQ(value_of("a", R"({"a":null})"), "null");
  EXPECT_EQ(value_of("a", R"({"a":[]})"), "expected text or a number, found a list");
  EXPECT_EQ(value_of("a[5]", R"({"a":[1]})"), "missing");
  EXPECT_EQ(value_of("a | digits ?? b", R"({"a":"x1"})"), "'x1' is not a value that is known here");
  EXPECT_EQ(value_of("a | shift 2", R"({"a":1.5})"), "'1.5' is not a value that is known here");
}

TEST(Expressions, MembersFoundInOnePassAreThoseThatAreLookedUp) {
  EXPECT_EQ(value_of("a", R"({"a":"first","a":"second"})"), "first");
  EXPECT_EQ(value_of("a", R"({"ab":1,"A":2,"":3,"b":4,"a":5})"), "5");
  EXPECT_EQ(value_of("a", R"({"\u0061":"by an escape"})"), "by an escape");
  EXPECT_EQ(value_of("a", R"({"b":{"a":"another's"}})"), "missing");
  EXPECT_EQ(value_of("a", "{}"), "missing");
  EXPECT_EQ(value_of("a", "[]"), "expected text or a number, found something else");
  EXPECT_EQ(value_of("'a'", R"({"a":{}})"), "expected text or a number, found an object");
  EXPECT_EQ(value_of("''", R"({"b":1,"":2})"), "2");
  // More names than there are places for.
  EXPECT_EQ(value_of("c ?? d ?? e ?? f ?? g ?? h ?? i ?? j", R"({"b":1,"j":10})"), "10 at j");
}

TEST(Expressions, MistakesAreErrorsWhenTheFileIsLoaded) {
  EXPECT_EQ(value_of("a |", "{}"), "error: nothing stands behind a '|'");
  EXPECT_EQ(value_of("a ?? ", "{}"), "error: 'a ?? ': a path is missing");
  EXPECT_EQ(value_of("a | mapp m", "{}"), "error: unknown built-in 'mapp'; did you mean 'map'?");
  EXPECT_EQ(value_of("a | before", "{}"), "error: 'before' takes 1 argument(s), found 0");
  EXPECT_EQ(value_of("@market.x", "{}"), "error: '@market' cannot be reached from here");
  EXPECT_EQ(value_of("a[", "{}"), "error: 'a[': ']' is missing");
  EXPECT_EQ(value_of("a..b", "{}").find("error: 'a..b' is no path"), 0U);
}

TEST(TeamNames, DifferOnlyWhenNothingIsInCommon) {
  const auto agree = [](const char* a, const char* b, const char* c, const char* d) {
    return compare_names({a, b}, {c, d});
  };
  EXPECT_EQ(agree("Anvil FC", "Bellows", "Anvil", "Bellows United"), NamesAgree::Same);
  EXPECT_EQ(agree("Anvil FC", "Bellows FC", "Chisel FC", "Dovetail FC"), NamesAgree::Differ);
  EXPECT_EQ(agree("Anvil FC", "Bellows FC", "Bellows FC", "Anvil FC"), NamesAgree::Swapped);
  EXPECT_EQ(agree("Bodø/Glimt", "X", "Bodo Glimt", "Y"), NamesAgree::Same);
  EXPECT_EQ(agree("Man Anvil", "Bellows", "Manfield A", "Bel."), NamesAgree::Same);
  EXPECT_EQ(agree("Ψ", "Ω", "Anvil", "Bellows"), NamesAgree::Differ);
  EXPECT_TRUE(is_placeholder_name(" Home"));
  EXPECT_FALSE(is_placeholder_name("Homestead"));
}

}  // namespace
}  // namespace oddsloom::test
