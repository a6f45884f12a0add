// Where the Redis kinds of store live in the contract suite: "redis", servers started when first
// needed and used again, emptied; "cluster", one of three nodes for the whole program, emptied for
// every place; and "stack", a server that the variable ODDSLOOM_TEST_REDIS_STACK names as
// host:port, for what Debian does not package (RedisJSON, RediSearch): THAT SERVER IS EMPTIED. One
// thread.
#pragma once

#include <vector>

#include "store/store_under_test.h"

namespace oddsloom::test {

std::vector<StoreUnderTest> redis_stores_under_test();

}  // namespace oddsloom::test
