// The simulated bookmakers: how each of them lists the one world, under which ids, names and
// kick-offs, with what margin and how late. What differs between them is here, as data where it can
// be; how each words its answers is in its site (bookiedelta.h, bookiesigma.h, bookieomega.h).
// Pure; any thread.
//
// Sigma and Omega list the same football and handball matches as BookieDelta but for some that each
// leaves out, and call an event by one id, whether it is played or not. A few events of theirs have
// another kick-off, a few no betradar id; and every twentieth of Omega's is the trap: it has the
// betradar id and the kick-off of a match that others list, but is another one, between other
// teams.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/pricing.h"
#include "sim/world.h"

namespace oddsloom::sim {

enum class House { BookieDelta, BookieSigma, BookieOmega };
inline constexpr std::array<House, 3> kHouses{House::BookieDelta, House::BookieSigma,
                                              House::BookieOmega};
std::string_view to_string(House house);  // "BookieSigma"
std::optional<House> house_named(std::string_view name);
// Where its site begins: "" for BookieDelta's, else "/BookieSigma".
std::string path_prefix(House house);

struct Listing {
  std::string event_id, sport_id;
  std::string home, away, competition;
  UtcMillis kickoff;
  std::int64_t betradar_id = 0;  // 0: it does not say
  std::string match;  // which match of the world it is: equal = the same one, whatever the house
};

// How this house lists an event of that source; nothing: it does not.
std::optional<Listing> listing(House house, const World& world, const Event& event, Source source);
// The event of an id of Sigma's or Omega's, if it is in that list now.
std::optional<Event> event_of(House house, const World& world, std::int64_t event_id, Source source,
                              UtcMillis now);

// The markets of the bet types it offers for an event, totals by line, with their prices: what
// Sigma's and Omega's answers say, and the truth of every house.
struct Offer {
  const MarketSpec* spec = nullptr;
  Quote quote;
};
std::vector<Offer> offers(House house, const World& world, const Event& event, Source source,
                          UtcMillis now);

// Day of a kick-off as the house counts them, from today.
std::int64_t day_index(House house, UtcMillis kickoff, UtcMillis now);

}  // namespace oddsloom::sim
