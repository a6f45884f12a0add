#include "matching/names.h"

#include <gtest/gtest.h>

namespace oddsloom::test {
namespace {

FoldedSides sides(std::string_view home, std::string_view away) {
  return {fold_name(home), fold_name(away)};
}

TEST(FoldName, DropsAccentsAffixesAndPutsMarkersAside) {
  const FoldedName name = fold_name("FC Bodø/Glimt (W) U-19");
  EXPECT_EQ(name.words, (std::vector<std::string>{"bodo", "glimt"}));
  EXPECT_EQ(name.markers, (std::set<std::string>{"women", "u19"}));
  EXPECT_EQ(fold_name("AC").words, std::vector<std::string>{"ac"}) << "nothing else is left";
  EXPECT_EQ(fold_name("W Connection").words, (std::vector<std::string>{"w", "connection"}));
  EXPECT_TRUE(fold_name(" - ").empty());
}

TEST(CompareSides, SpellingsOfTheSameTeamsAgree) {
  for (const auto& [a, b] : std::vector<std::pair<FoldedSides, FoldedSides>>{
           {sides("Stromsgodset", "Brondby"), sides("Stroemsgodset IF", "Broendby IF")},
           {sides("PSG", "Lyon"), sides("Paris Saint Germain", "Olympique Lyonnais")},
           {sides("Athletic Bilbao W", "Inter"), sides("Athletic Bilbao", "Inter U23")},
           {sides("Slask Wroclaw 2", "France 2"), sides("Slask II Wroclaw", "France B")},
           {sides("Spartak Moskva", "Hasp, Q."), sides("Спартак Москва", "Hasp, Quentin")}})
    EXPECT_EQ(compare_sides(a, b), SameSides::Yes) << a.home.words[0] << " " << a.away.words[0];
}

TEST(CompareSides, ContradictionsAreTold) {
  EXPECT_EQ(
      compare_sides(sides("Thoothukudi", "Madurai"), sides("Salem Spartans", "Madurai Panthers")),
      SameSides::No);
  EXPECT_EQ(compare_sides(sides("Anvil Women", "Bellows Women"), sides("Anvil U19", "Bellows U19")),
            SameSides::No);
  EXPECT_EQ(compare_sides(sides("Anvil Town", "Bellows"), sides("Bellows", "Anvil Town")),
            SameSides::Reversed);
  EXPECT_EQ(compare_sides(sides("Anvil Town", ""), sides("Anvil Town", "Bellows")),
            SameSides::Unknown);
}

}  // namespace
}  // namespace oddsloom::test
