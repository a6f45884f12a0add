#include "bench/operations/inputs.h"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "bench/mock/answers.h"

namespace oddsloom::bench {
namespace {

template <class T>
T loaded(tl::expected<T, std::vector<Problem>> result) {
  if (!result) throw std::runtime_error(result.error().front().text());
  return *std::move(result);
}

// As bench/mock/answers.cpp names them: other names than the asked for would be another match.
constexpr std::array<const char*, 8> kTowns{"Anvil Town",     "Bellows FC",   "K\u00f6hlerstadt",
                                            "Bod\u00f8 Vale", "Quarry \"B\"", "Hove & Forge",
                                            "Lakes/Marsh",    "Nortia U20"};

std::string town(std::int64_t number) {
  return kTowns[static_cast<std::size_t>(number) % kTowns.size()];
}

std::string live_selection(std::int64_t id, std::string_view status, const std::string& name,
                           std::uint64_t hundredths) {
  std::string out;
  JsonWriter(out)
      .begin_object()
      .member("id", id)
      .member("status", status)
      .member("name", name)
      .member("odds", fmt::format("{}.{:02}", hundredths / 100, hundredths % 100))
      .end_object();
  return out;
}

std::string live_market(int id, std::int64_t event, std::string_view name,
                        const std::string& selections) {
  return fmt::format(
      R"({{"id":{},"status":"Open","name":"{}","shortName":"{}","specialValue":"0.00","sequence":0,)"
      R"("eventMarketId":{},"template":3,"position":101,"selections":[{}]}})",
      id, name, name, event * 100 + id, selections);
}

std::string live_event(std::int64_t event) {
  const WorkEntry work = work_of(event);
  unsigned outcome = 0;
  const auto selection = [&](const std::string& name) {
    const auto number = outcome++;
    const auto seed = static_cast<std::uint64_t>(event);
    return live_selection(event * 10 + number, (seed + number) % 7 == 0 ? "Closed" : "Open", name,
                          price(seed, 1, number));
  };
  const auto join = [](const std::vector<std::string>& parts) {
    return fmt::format("{}", fmt::join(parts, ","));
  };
  const std::string three_way =
      join({selection(work.home), selection("draw"), selection(work.away)});
  const std::string btts = join({selection("Yes"), selection("No")});
  const std::string double_chance =
      join({selection(work.home + " or draw"), selection("draw or " + work.away),
            selection(fmt::format("{} or {}", work.home, work.away))});
  return fmt::format(R"({{"eventId":{},"markets":[{},{},{}]}})", event,
                     live_market(194, event, "1x2", three_way),
                     live_market(138, event, "Both teams to score", btts),
                     live_market(147, event, "Double chance", double_chance));
}

}  // namespace

const House& house() {
  static const House house = [] {
    const std::string root = ODDSLOOM_SOURCE_DIR "/bookmakers";
    const BetTypes types = loaded(load_bet_types(root + "/bet_types.toml"));
    return House{types, loaded(load_bookmaker(root + "/BookieDelta", types))};
  }();
  return house;
}

WorkEntry work_of(std::int64_t event) {
  WorkEntry work;
  work.event_id = std::to_string(event);
  work.home = town(event);
  work.away = town(event + 6);
  work.start_time = kNow + Millis(60'000 * (event % 5'000));
  work.competition = "Invented League";
  work.sport_id = "1";
  work.betradar_id = std::to_string(70'000'000 + event);
  return work;
}

std::vector<WantedEvent> wanted(std::size_t count) {
  std::vector<WantedEvent> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({work_of(kFirstEvent + static_cast<std::int64_t>(i)),
                   {"three_way", "btts", "double_chance"},
                   0});
  return out;
}

std::string upcoming_answer(std::size_t bytes) {
  return std::string(Answers(bytes, false).body({kFirstEvent}, "all", false).bytes);
}

std::string upcoming_answers(std::size_t events) {
  std::vector<std::uint64_t> ids;
  for (std::size_t i = 0; i < events; ++i) ids.push_back(kFirstEvent + i);
  return std::string(Answers(0, false).body(ids, "all", false).bytes);
}

std::string live_answers(std::size_t events) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < events; ++i)
    parts.push_back(live_event(kFirstEvent + static_cast<std::int64_t>(i)));
  return fmt::format(R"({{"markets":[{}]}})", fmt::join(parts, ","));
}

std::string challenge_page() {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Challenge "
      "Validation</title>\n<style>";
  for (int i = 0; i < 60; ++i)
    page +=
        fmt::format(".c{}{{margin:{}px;padding:0 {}px;font:14px/1.5 sans-serif}}\n", i, i, i / 2);
  page += "</style></head>\n<body><div id=\"sec-if-cpt-container\"><iframe id=\"sec-cpt-if\" ";
  page += "title=\"a check\"></iframe></div><script>\n";
  for (int i = 0; i < 60; ++i)
    page += fmt::format("window.k{}=\"{:032x}\";\n", i, i * 2'654'435'761U);
  return page + "</script></body></html>\n";
}

std::vector<Record> records(std::size_t count, int price) {
  std::vector<Record> out;
  for (std::size_t i = 0; i < count; ++i) {
    const WorkEntry work = work_of(kFirstEvent + static_cast<std::int64_t>(i));
    Record record;
    record.bookmaker = "BookieDelta";
    record.bet_type = "three_way";
    record.event_id = work.event_id;
    record.home = work.home;
    record.away = work.away;
    record.start_time = work.start_time;
    record.competition = work.competition;
    record.sport_id = work.sport_id;
    record.betradar_id = work.betradar_id;
    record.target_date = "2027-01-15";
    record.market_id = "10";
    const auto outcome = [&](const char* key, int thousandths, int id, std::string name) {
      return Outcome{key,
                     Price{thousandths + price},
                     Status::Open,
                     true,
                     fmt::format("{}{}", work.event_id, id),
                     std::move(name)};
    };
    record.outcomes = {outcome("1", 2'060, 0, work.home), outcome("X", 3'400, 1, "Draw"),
                       outcome("2", 3'000, 2, work.away)};
    record.observed_at = record.changed_at = kNow + Millis(price);
    out.push_back(std::move(record));
  }
  return out;
}

std::vector<EntryRef> entries(std::size_t count) {
  std::vector<EntryRef> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(
        {{"BookieDelta", "three_way", Source::Upcoming, 0}, fmt::format("{}-{}", kNow.value, i)});
  return out;
}

}  // namespace oddsloom::bench
