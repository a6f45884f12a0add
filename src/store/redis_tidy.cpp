#include "store/redis_tidy.h"

#include <fmt/format.h>
#include <unistd.h>

#include <random>

namespace oddsloom {
namespace {

constexpr const char* kOffice = "oddsloom_janitor";
constexpr Millis kTerm{120'000};  // longer than between two calls
constexpr int kMostRounds = 20;   // of expired records per bet type, source and call
constexpr std::int64_t kPerRound = 500;
constexpr Millis kConsumerIdle{3'600'000};
constexpr Millis kPatience{10'000};

std::string new_token() {
  std::random_device random;
  return fmt::format("{}-{:08x}{:08x}", ::getpid(), random(), random());
}

}  // namespace

Result<std::unique_ptr<RedisTidy>> RedisTidy::open(const RedisHouse& house) {
  auto client = house.connect();
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<RedisTidy>(new RedisTidy(house, *std::move(client)));
}

RedisTidy::RedisTidy(const RedisHouse& house, std::unique_ptr<RedisClient> client)
    : house_(house),
      client_(std::move(client)),
      documents_(house_, *client_),
      streams_(house_, *client_),
      token_(new_token()) {}

RedisTidy::~RedisTidy() {
  RedisCommand get("GET");
  get.key(kOffice);
  const auto holder = client_->ask(std::move(get), Millis(200));
  if (!holder || holder->text() != token_) return;
  RedisCommand leave("DEL");
  leave.key(kOffice);
  (void)client_->ask(std::move(leave), Millis(200));
}

Result<bool> RedisTidy::take_office() {
  RedisCommand take("SET");
  take.key(kOffice).add(token_).add("NX").add("PX").add(kTerm.count());
  const auto taken = client_->ask(std::move(take), kRedisAnswer);
  if (!taken) return tl::unexpected(taken.error());
  if (!taken->view().is_nil()) return true;
  RedisCommand get("GET");
  get.key(kOffice);
  const auto holder = client_->ask(std::move(get), kRedisAnswer);
  if (!holder) return tl::unexpected(holder.error());
  if (holder->text() != token_) return false;
  RedisCommand stay("PEXPIRE");
  stay.key(kOffice).add(kTerm.count());
  const auto stayed = client_->ask(std::move(stay), kRedisAnswer);
  if (!stayed) return tl::unexpected(stayed.error());
  return true;
}

Result<void> RedisTidy::run() {
  const auto ours = take_office();
  if (!ours) return tl::unexpected(ours.error());
  if (!*ours) return {};
  for (const BetType& type : house_.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming})
      if (auto done = remove_expired(type, source); !done) return done;
  if (auto done = trim_logs(); !done) return done;
  return tidy_streams();
}

Result<void> RedisTidy::remove_expired(const BetType& type, Source source) {
  const MarketKeys keys = house_.market_keys(type, source);
  for (int round = 0; round < kMostRounds; ++round) {
    RedisCommand due("ZRANGEBYSCORE");
    due.key(keys.expiry).add("-inf").add(house_.options.clock().value);
    due.add("LIMIT").add("0").add(kPerRound);
    const auto reply = client_->ask(std::move(due), kRedisAnswer);
    if (!reply) return tl::unexpected(reply.error());
    std::vector<std::string> places;
    for (std::size_t i = 0; i < reply->view().size(); ++i) places.emplace_back((*reply)[i].text());
    if (places.empty()) return {};
    if (auto done = remove(keys, places); !done) return done;
    if (places.size() < static_cast<std::size_t>(kPerRound)) return {};
  }
  return {};
}

// A place is "document key\nlookup key"; the lookup key ends in "bookmaker:event id..".
Result<void> RedisTidy::remove(const MarketKeys& keys, const std::vector<std::string>& places) {
  std::vector<std::string> names;
  for (const std::string& place : places) names.push_back(place.substr(0, place.find('\n')));
  const auto documents = documents_.read(names);
  if (!documents) return tl::unexpected(documents.error());
  const UtcMillis now = house_.options.clock();
  std::vector<RedisCommand> commands;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string lookup = places[i].substr(std::min(names[i].size() + 1, places[i].size()));
    const Record* record = nullptr;
    if (const auto& document = (*documents)[i])
      for (const auto& [bookmaker, branch] : document->records)
        if (const BetType* type = house_.options.bet_types.find(branch.bet_type);
            type && house_.options.naming.lookup(*type, branch.id()) == lookup)
          record = &branch;
    // Seen again since, which the server is not told every time.
    if (const auto over = record ? house_.expires_at(*record) : std::nullopt;
        record && (!over || *over > now)) {
      RedisCommand& later = commands.emplace_back("ZADD");
      later.key(keys.expiry).add("XX");
      if (over)
        later.add(over->value);
      else
        later.add("+inf");
      later.add(places[i]);
      continue;
    }
    RedisCommand& command = commands.emplace_back(RedisScripts::remove(house_.flavour), 4);
    command.key(lookup).key(names[i]).key(keys.documents).key(keys.expiry);
    command.add(record ? record->bookmaker : "").add(places[i]);
    if (record)
      command.add(record->observed_at.value);
    else
      command.add("");
  }
  const auto replies = client_->run(std::move(commands), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  for (const Reply& reply : *replies)
    if (auto fine = no_error(reply.view(), "remove"); !fine) return fine;
  return {};
}

Result<void> RedisTidy::trim_logs() {
  std::vector<RedisCommand> commands;
  const auto most = static_cast<std::int64_t>(house_.options.most_dead_letters);
  const auto streams = streams_.all();
  if (!streams) return tl::unexpected(streams.error());
  for (const StreamId& stream : *streams)
    commands.emplace_back("XTRIM").key(streams_.keys(stream).dead).add("MAXLEN").add("=").add(most);
  if (commands.empty()) return {};
  const auto replies = client_->run(std::move(commands), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  return {};
}

Result<void> RedisTidy::tidy_streams() {
  const auto streams = streams_.all();
  if (!streams) return tl::unexpected(streams.error());
  const UtcMillis idle_since = house_.options.clock() - kConsumerIdle;
  std::vector<RedisCommand> commands;
  for (const StreamId& stream : *streams) {
    const StreamKeys& keys = streams_.keys(stream);
    streams_.keys(stream).add_to(commands.emplace_back(RedisScripts::trim_stream(), 5));
    RedisCommand& forget = commands.emplace_back(RedisScripts::forget_consumers(), 5);
    keys.add_to(forget);
    forget.add(keys.group).add(idle_since.value).add(stream.consumer(""));
  }
  if (commands.empty()) return {};
  const auto replies = client_->run(std::move(commands), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  for (const Reply& reply : *replies)
    if (auto fine = no_error(reply.view(), "tidy"); !fine) return fine;
  return {};
}

}  // namespace oddsloom
