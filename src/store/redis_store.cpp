#include "store/redis_store.h"

#include "base/log.h"
#include "store/redis_abilities.h"
#include "store/redis_doctor.h"
#include "store/redis_link_book.h"
#include "store/redis_match_book.h"
#include "store/redis_reader.h"
#include "store/redis_search_index.h"
#include "store/redis_work_streams.h"

namespace oddsloom {
namespace {

constexpr Millis kIndexBuilt{60'000};

}  // namespace

Result<std::unique_ptr<Store>> RedisStore::open(const std::string& url, StoreOptions options) {
  auto target = parse_redis_url(url);
  if (!target) return tl::unexpected(target.error());
  RedisHouse house{*target, std::move(options), RedisFlavour::Hash, false};
  const std::string place = house.target.text();
  auto client = house.connect();
  if (!client) return tl::unexpected(client.error());

  const bool cluster = (*client)->is_cluster();
  if (cluster && house.options.hash_tags == HashTags::Off)
    return fail(
        ErrorKind::Invalid, place,
        "is a cluster, where what belongs together must lie on one node: store.hash_tags must "
        "not be \"off\"");
  house.options.naming.hash_tags = cluster || house.options.hash_tags == HashTags::On;
  const bool look_only = house.options.look_only;
  const auto abilities =
      probe_abilities(**client, house.options.naming, look_only ? Probe::Believe : Probe::Try);
  if (!abilities) return fail_in(place, abilities.error());
  house.flavour = abilities->json ? RedisFlavour::Json : RedisFlavour::Hash;
  house.search = abilities->search;
  // A cluster that is down does not say; that it is down is what is to be found.
  if (auto agreed = agree_on_layout(**client, house);
      !agreed && !(look_only && agreed.error().retryable()))
    return fail_in(place, agreed.error());
  if (house.search && !look_only) {
    if (house.target.database != 0)
      return fail(ErrorKind::Invalid, place, "search indexes exist in database 0 only");
    if (auto made = ensure_search_indexes(house, **client, kIndexBuilt); !made)
      return fail_in(place, made.error());
  }
  if (house.options.bookmakers.empty()) house.search = false;
  return std::unique_ptr<Store>(new RedisStore(std::move(house)));
}

Result<std::unique_ptr<WorkStreams>> RedisStore::work_streams() {
  return RedisWorkStreams::open(house_);
}

Result<std::unique_ptr<MatchBook>> RedisStore::match_book() { return RedisMatchBook::open(house_); }

Result<std::unique_ptr<Reader>> RedisStore::reader() { return RedisReader::open(house_); }

Result<std::unique_ptr<LinkBook>> RedisStore::link_book() { return RedisLinkBook::open(house_); }

Result<void> RedisStore::tidy() {
  const std::lock_guard lock(tidy_mutex_);
  if (!tidy_) {
    auto tidy = RedisTidy::open(house_);
    if (!tidy) return tl::unexpected(tidy.error());
    tidy_ = *std::move(tidy);
  }
  return tidy_->run();
}

Result<Examination> RedisStore::examine(const ExaminationProgress& progress) {
  return examine_redis(house_, progress);
}

}  // namespace oddsloom
