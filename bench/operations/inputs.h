// What the operations work on: BookieDelta as its folder describes it, answers as it gives them
// (invented, by bench/mock/answers.h where it has them), work entries and records. Always the same
// bytes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bookmaker/mapping.h"
#include "bookmaker/request.h"
#include "bookmaker/spec.h"
#include "store/store.h"

namespace oddsloom::bench {

inline constexpr UtcMillis kNow{1'800'000'000'000};
inline constexpr std::int64_t kFirstEvent = 9'500'000;

struct House {
  BetTypes bet_types;
  Bookmaker bookmaker;
};
const House& house();

WorkEntry work_of(std::int64_t event);
// `count` events with all three bet types wanted.
std::vector<WantedEvent> wanted(std::size_t count);

// {"ID": [market, ..]}: one event, in an answer of so many bytes.
std::string upcoming_answer(std::size_t bytes);
// The same of many events, their three markets only.
std::string upcoming_answers(std::size_t events);
// {"markets": [{eventId, markets: [..]}, ..]} of many events in play, a few prices closed.
std::string live_answers(std::size_t events);
// HTML that says no with status 200.
std::string challenge_page();

// Three-way records of so many events, as mapping makes them; `price` shifts the prices.
std::vector<Record> records(std::size_t count, int price = 0);
// Work entries claimed for them.
std::vector<EntryRef> entries(std::size_t count);

}  // namespace oddsloom::bench
