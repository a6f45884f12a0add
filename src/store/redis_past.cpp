#include "store/redis_past.h"

#include <fmt/format.h>

#include "store/past_documents.h"

namespace oddsloom {
namespace {

constexpr std::size_t kPage = 1'000;

Result<void> take(ReplyView entry, const std::string& stream, UtcMillis at, PastDocuments& past) {
  const ReplyView fields = entry[1];
  const std::string_view key = fields.member("data_key").text();
  if (past.has(key, std::string(fields.member("bookmaker").text()))) return {};
  auto record = parse_record(fields.member("record").text());
  if (!record) return fail_in(fmt::format("{} {}", stream, entry[0].text()), record.error());
  if (record->changed_at <= at) past.add(std::string(key), *std::move(record));
  return {};
}

Result<void> walk(RedisClient& client, const std::string& stream, UtcMillis at,
                  PastDocuments& past) {
  for (std::string from = "+";;) {
    RedisCommand range("XREVRANGE");
    range.key(stream).add(from).add("-").add("COUNT").add(static_cast<std::int64_t>(kPage));
    const auto reply = client.ask(std::move(range), kRedisAnswer);
    if (!reply) return tl::unexpected(reply.error());
    const ReplyView entries = reply->view();
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (auto taken = take(entries[i], stream, at, past); !taken) return taken;
    if (entries.size() < kPage) return {};
    from = fmt::format("({}", entries[entries.size() - 1][0].text());
  }
}

}  // namespace

Result<std::vector<MatchDocument>> read_past(const RedisHouse& house, RedisClient& client,
                                             UtcMillis at) {
  PastDocuments past;
  for (const BetType& type : house.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming})
      if (auto walked = walk(client, house.market_keys(type, source).changes, at, past); !walked)
        return tl::unexpected(walked.error());
  if (past.empty()) return fail(ErrorKind::NotFound, "change log", "does not reach back so far");
  return past.take();
}

}  // namespace oddsloom
