// /healthz and /readyz say what is so.
#include "serve/readiness.h"

#include <gmock/gmock.h>

namespace oddsloom::test {
namespace {

using ::testing::HasSubstr;

constexpr UtcMillis kNow{1'786'284'000'000};

TEST(ReadinessTest, NobodyIsSentBeforeTheStoreWasReadWhole) {
  Readiness ready;
  EXPECT_EQ(ready.healthz().status, 200);
  EXPECT_EQ(ready.readyz(kNow).status, 503);
  ready.heard(false, "", kNow);
  EXPECT_EQ(ready.readyz(kNow).status, 503);
  EXPECT_THAT(*ready.readyz(kNow).body, HasSubstr("the store is being read"));
  ready.heard(true, "", kNow);
  EXPECT_EQ(ready.readyz(kNow).status, 200);
}

TEST(ReadinessTest, AStoreThatIsAwayForLongIsSaidSo) {
  Readiness ready;
  ready.heard(true, "", kNow);
  ready.heard(true, "connection refused", kNow + Millis(9'000));
  EXPECT_EQ(ready.readyz(kNow + Millis(9'000)).status, 200) << "it may be back at once";
  const WebResponse late = ready.readyz(kNow + Millis(10'001));
  EXPECT_EQ(late.status, 503);
  EXPECT_THAT(*late.body, HasSubstr("connection refused"));
  EXPECT_EQ(ready.healthz().status, 200) << "the process itself is well";
  ready.heard(true, "", kNow + Millis(11'000));
  EXPECT_EQ(ready.readyz(kNow + Millis(11'000)).status, 200);
}

TEST(ReadinessTest, NothingHeardOfTheStoreIsNotReady) {
  Readiness ready;
  ready.heard(true, "", kNow);
  EXPECT_EQ(ready.readyz(kNow + Millis(60'000)).status, 503) << "whoever reads it may hang";
}

}  // namespace
}  // namespace oddsloom::test
