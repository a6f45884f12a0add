#include "base/result.h"

#include <gtest/gtest.h>

#include <set>

namespace oddsloom {
namespace {

constexpr ErrorKind kAll[] = {ErrorKind::Missing,    ErrorKind::Null,        ErrorKind::WrongType,
                              ErrorKind::OutOfRange, ErrorKind::Malformed,   ErrorKind::NotFound,
                              ErrorKind::Invalid,    ErrorKind::Conflict,    ErrorKind::Busy,
                              ErrorKind::Timeout,    ErrorKind::Unavailable, ErrorKind::Corrupt,
                              ErrorKind::Internal};

TEST(Error, EveryKindHasItsOwnName) {
  std::set<std::string_view> names;
  for (const ErrorKind kind : kAll) EXPECT_TRUE(names.insert(to_string(kind)).second);
  EXPECT_EQ(names.count("unknown"), 0U);
}

TEST(Error, NoKindIsBothWorthRetryingAndFatal) {
  for (const ErrorKind kind : kAll) {
    const Error error{kind, "", ""};
    EXPECT_FALSE(error.retryable() && error.fatal()) << to_string(kind);
  }
  EXPECT_TRUE((Error{ErrorKind::Busy, "", ""}).retryable());
  EXPECT_TRUE((Error{ErrorKind::Corrupt, "", ""}).fatal());
}

TEST(Error, ContextIsAddedInFront) {
  const Error inner{ErrorKind::Null, "markets[4].odds", "is null"};
  const auto outer = fail_in("BookieDelta upcoming", inner);
  EXPECT_EQ(outer.value().text(), "BookieDelta upcoming: markets[4].odds: is null");
  EXPECT_EQ(outer.value().kind, ErrorKind::Null);
  EXPECT_EQ(fail_in("a", Error{ErrorKind::Null, "", "is null"}).value().text(), "a: is null");
  EXPECT_EQ((Error{ErrorKind::Null, "", "is null"}).text(), "is null");
}

}  // namespace
}  // namespace oddsloom
