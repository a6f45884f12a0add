#include "store/fair_share.h"

#include <gtest/gtest.h>

namespace oddsloom::test {
namespace {

std::vector<Candidate> queue(std::int64_t first_row, const std::vector<std::string>& events) {
  std::vector<Candidate> out;
  for (const std::string& event : events) out.push_back({first_row++, event});
  return out;
}

std::vector<std::int64_t> rows(const std::vector<Choice>& choices) {
  std::vector<std::int64_t> out;
  for (const Choice& choice : choices) out.push_back(choice.row);
  return out;
}

using Rows = std::vector<std::int64_t>;

TEST(FairShare, OneQueueIsTakenInOrder) {
  EXPECT_EQ(rows(share_out({queue(1, {"a", "b", "c"})}, 2)), (Rows{1, 2}));
}

TEST(FairShare, EntriesOfOneEventComeTogetherAlsoWhenQueuesHaveDrifted) {
  EXPECT_EQ(rows(share_out({queue(10, {"b", "c"}), queue(20, {"a", "b", "c"})}, 10)),
            (Rows{10, 21, 20, 11, 22}));
}

TEST(FairShare, AnEventThatDoesNotFitAsAWholeIsLeft) {
  const std::vector<std::vector<Candidate>> queues{queue(10, {"a", "b"}), queue(20, {"a", "b"})};
  EXPECT_EQ(rows(share_out(queues, 3)), (Rows{10, 20}));
  EXPECT_EQ(rows(share_out(queues, 1)), (Rows{10})) << "but something is always given";
}

TEST(FairShare, QueuesWithDifferentEventsTakeTurns) {
  EXPECT_EQ(rows(share_out({queue(10, {"a", "b", "c"}), queue(20, {"x", "y", "z"})}, 4)),
            (Rows{10, 20, 11, 21}));
}

TEST(FairShare, EntriesWithoutAnEventStandAlone) {
  EXPECT_EQ(rows(share_out({queue(10, {"", ""}), queue(20, {""})}, 10)), (Rows{10, 20, 11}));
}

TEST(FairShare, AnEventTwiceInAQueueIsGivenTwice) {
  EXPECT_EQ(rows(share_out({queue(10, {"a", "a"}), queue(20, {"b"})}, 10)), (Rows{10, 20, 11}));
}

TEST(FairShare, NothingFromNothing) {
  EXPECT_TRUE(share_out({}, 5).empty());
  EXPECT_TRUE(share_out({{}, {}}, 5).empty());
  EXPECT_TRUE(share_out({queue(1, {"a"})}, 0).empty());
}

TEST(FairShare, StreamsAreGroupedByAllButTheirBetType) {
  const auto stream = [](const std::string& bet_type, int period) {
    return StreamId{"BookieDelta", bet_type, Source::Upcoming, period};
  };
  EXPECT_EQ(group_streams({stream("a", 1), stream("a", 0), stream("b", 1), stream("b", 0)}),
            (std::vector<std::vector<std::size_t>>{{0, 2}, {1, 3}}));
}

}  // namespace
}  // namespace oddsloom::test
