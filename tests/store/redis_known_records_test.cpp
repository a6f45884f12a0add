#include "store/redis_known_records.h"

#include <gtest/gtest.h>

namespace oddsloom {
namespace {

TEST(RedisKnownRecords, AKeyOfOurMakingIsRememberedByWhatIsItsOwn) {
  const std::string head = "BookieDelta_lst-BTTS_live:", tail = "-9124285@first_half@2.5";
  const std::string key = head + "1786289400-0" + tail;
  const std::string brief = short_key(key, head, tail);
  EXPECT_EQ(brief, ":1786289400-0");
  EXPECT_EQ(whole_key(brief, head, tail), key);
}

TEST(RedisKnownRecords, AKeyOfAnotherProgramIsRememberedWhole) {
  const std::string head = "BookieDelta_lst-BTTS_live:", tail = "-9124285";
  for (const std::string key : {"sportPesa_x:1-9124285", "BookieDelta_lst-BTTS_live:1-0-9124286",
                                "BookieDelta_lst-BTTS_live:1-0-9124285~2", "-9124285", ""}) {
    EXPECT_EQ(short_key(key, head, tail), key);
    EXPECT_EQ(whole_key(short_key(key, head, tail), head, tail), key);
  }
}

}  // namespace
}  // namespace oddsloom
