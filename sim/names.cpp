#include "sim/names.h"

#include <array>

#include "sim/noise.h"

namespace oddsloom::sim {
namespace {

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& from, std::uint64_t hash) {
  return from.at(hash % N);
}

constexpr std::array<std::string_view, 24> kFirst{
    "Kar", "Bel", "Tor", "Mon", "Ves", "Dra", "Lum", "Os",  "Pel", "Quor", "Ren", "Sal",
    "Tam", "Ul",  "Var", "Wes", "Yar", "Zel", "Har", "Ith", "Jor", "Nor",  "Fen", "Gal"};
constexpr std::array<std::string_view, 20> kMiddle{"ven", "lin", "dor",  "mar", "bri", "cas", "del",
                                                   "fer", "gan", "hol",  "kin", "lo",  "mi",  "nar",
                                                   "pol", "ras", "stan", "ti",  "vo",  "wick"};
constexpr std::array<std::string_view, 16> kLast{"ia",  "ton", "burg", "ford", "o",    "stad",
                                                 "ham", "by",  "ev",   "grad", "mere", "port",
                                                 "ova", "is",  "um",   "dale"};
constexpr std::array<std::string_view, 10> kClub{
    " FC", " United", " Rovers", " City", " SC", " Albion", " Athletic", "", " 04", " Town"};
constexpr std::array<std::string_view, 8> kGiven{"Petr", "Ilya", "Tomas", "Niko",
                                                 "Amir", "Joao", "Lena",  "Mara"};
constexpr std::array<std::string_view, 6> kPlayer{"Amber", "Cobalt", "Jasper",
                                                  "Onyx",  "Pearl",  "Topaz"};

std::string place(std::uint64_t hash) {
  std::string name;
  name += pick(kFirst, hash);
  name += pick(kMiddle, hash >> 8U);
  name += pick(kLast, hash >> 16U);
  return name;
}

std::string person(std::uint64_t hash) {
  return place(hash) + ", " + std::string(pick(kGiven, hash >> 24U));
}

constexpr std::array<League, 8> kFootball{{
    {Sport::Football, 10041001, 9101, "Savanna Premier League", "Savanna Premier League", 16101, 51,
     "Kenya", "ken"},
    {Sport::Football, 10041002, 9102, "Harbour League", "Harbour League", 16102, 52, "England",
     "eng"},
    {Sport::Football, 10041003, 9103, "Liga del Valle", "Liga del Valle", 16103, 53, "Spain",
     "esp"},
    {Sport::Football, 10041004, 9104, "Nordlys Eliteserie", "Nordlys Eliteserie", 16104, 54,
     "Norway", "nor"},
    {Sport::Football, 10041005, 9105, "Semifinal", "Lakes Trophy", 16105, 55, "International Clubs",
     "int"},
    {Sport::Football, 10041006, 9106, "Friendly Games", "Club Friendly Games", 16105, 55,
     "International Clubs", "int"},
    {Sport::Football, 10041007, 9107, "2. Division, Women", "2. Division Women", 16107, 57,
     "Germany", "deu"},
    {Sport::Football, 10041008, 9108, "Serie Cordillera", "Serie Cordillera", 16108, 58, "Brazil",
     "bra"},
}};
constexpr std::array<League, 2> kEfootball{{
    {Sport::Efootball, 10046001, 0, "Console Nations League", "", 21101, 0, "E-Sport League",
     "int"},
    {Sport::Efootball, 10046002, 0, "Console Champions (2x4 min)", "", 21101, 0, "E-Sport League",
     "int"},
}};
constexpr std::array<League, 2> kHandball{{
    {Sport::Handball, 88101, 14901, "Fjord Cup", "Fjord Cup", 20601, 315, "Norway", "nor"},
    {Sport::Handball, 88102, 14902, "placement_qualification_match", "Coast Handball Series", 20602,
     273, "International", "int"},
}};
constexpr std::array<League, 2> kRugby{{
    {Sport::Rugby, 77101, 1401, "Veld Cup", "Veld Cup", 20701, 329, "Rugby Union", "int"},
    {Sport::Rugby, 77102, 1402, "Island League", "Island League", 20702, 330, "Rugby League",
     "int"},
}};
constexpr std::array<League, 2> kTennis{{
    {Sport::Tennis, 66101, 2801, "Dune Open", "Dune Open, Hard", 20801, 401, "Challenger", "int"},
    {Sport::Tennis, 66102, 2802, "Dune Open Doubles", "Dune Open, Doubles", 20801, 401,
     "Challenger", "int"},
}};

}  // namespace

TeamName team_name(Sport sport, std::uint64_t oddity, std::uint64_t hash) {
  const std::uint64_t other = mix(hash);
  if (sport == Sport::Tennis) {
    if (oddity % 2 == 0) return {person(hash), person(hash)};
    const std::string pair = place(hash) + " P / " + place(other) + " K";
    return {pair, pair};
  }
  const std::string plain = place(hash) + std::string(pick(kClub, hash >> 32U));
  const auto same = [](std::string name) { return TeamName{name, name}; };
  if (sport == Sport::Efootball)
    return same(plain + " (" + std::string(pick(kPlayer, hash >> 40U)) + ")");
  switch (oddity % 16) {
    case 0:
      return same(place(hash) + "/" + place(other));
    case 1:
      return same(place(hash) + " & Hove " + place(other));
    case 2:
      return same(place(hash) + " or " + place(other) + " XI");
    case 3:
      return {plain + " ", plain};
    case 4:
      return same(place(hash) + "ø Łęk");
    case 5:
      return {plain + " W", plain};
    case 6:
      return same(plain + " U20");
    case 7:
      return same(plain + " (Nrl)");
    case 8:
      return same("O'" + place(hash) + " \"B\"");
    default:
      return same(plain);
  }
}

std::span<const League> leagues(Sport sport) {
  switch (sport) {
    case Sport::Efootball:
      return kEfootball;
    case Sport::Handball:
      return kHandball;
    case Sport::Rugby:
      return kRugby;
    case Sport::Tennis:
      return kTennis;
    case Sport::Football:
      break;
  }
  return kFootball;
}

}  // namespace oddsloom::sim
