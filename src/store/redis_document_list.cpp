#include "store/redis_document_list.h"

#include <fmt/format.h>

#include <cstdlib>

namespace oddsloom {
namespace {

constexpr std::int64_t kPage = 1'000;

}  // namespace

RedisDocumentList::RedisDocumentList(const RedisHouse& house, RedisClient& client,
                                     const DocumentFilter& filter)
    : client_(client),
      from_(filter.starts_from ? fmt::format("{}", filter.starts_from->value) : "-inf"),
      // A limit in time leaves out what has no known time.
      to_(filter.starts_to     ? fmt::format("{}", filter.starts_to->value)
          : filter.starts_from ? "(+inf"
                               : "+inf") {
  for (const BetType& type : house.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming})
      if ((filter.bet_type.empty() || filter.bet_type == type.name) &&
          (!filter.source || *filter.source == source))
        parts_.push_back({house.market_keys(type, source).documents, {}, 0, false});
}

Result<void> RedisDocumentList::fill(Part& part) {
  if (part.ended || !part.page.empty()) return {};
  RedisCommand command("ZRANGEBYSCORE");
  command.key(part.set).add(from_).add(to_).add("WITHSCORES");
  command.add("LIMIT").add(part.read).add(kPage);
  const auto reply = client_.ask(std::move(command), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  for (std::size_t i = 0; i + 1 < reply->view().size(); i += 2)
    part.page.push_back({std::strtod(std::string((*reply)[i + 1].text()).c_str(), nullptr),
                         std::string((*reply)[i].text())});
  part.read += kPage;
  part.ended = static_cast<std::int64_t>(part.page.size()) < kPage;
  return {};
}

Result<std::vector<std::string>> RedisDocumentList::next(std::size_t most) {
  std::vector<std::string> keys;
  while (keys.size() < most) {
    Part* nearest = nullptr;
    for (Part& part : parts_) {
      if (auto filled = fill(part); !filled) return tl::unexpected(filled.error());
      if (!part.page.empty() && (!nearest || part.page.front() < nearest->page.front()))
        nearest = &part;
    }
    if (!nearest) break;
    keys.push_back(std::move(nearest->page.front().key));
    nearest->page.pop_front();
  }
  return keys;
}

}  // namespace oddsloom
