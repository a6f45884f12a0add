#include "store/redis_reader.h"

#include <algorithm>

#include "base/text.h"
#include "store/redis_branches.h"
#include "store/redis_document_list.h"
#include "store/redis_past.h"
#include "store/redis_sightings.h"

namespace oddsloom {
namespace {

constexpr std::size_t kAtOnce = 200;  // documents in one pipeline
constexpr Millis kStreamRange{10'000};

bool matches(const Record& record, const DocumentFilter& filter) {
  if (!filter.bookmaker.empty() && record.bookmaker != filter.bookmaker) return false;
  if (!filter.event_id.empty() && record.event_id != filter.event_id) return false;
  return filter.text.empty() || contains_ignore_case_ascii(record.home, filter.text) ||
         contains_ignore_case_ascii(record.away, filter.text) ||
         contains_ignore_case_ascii(record.competition, filter.text);
}

bool matches(const MatchDocument& document, const DocumentFilter& filter) {
  return std::any_of(document.records.begin(), document.records.end(),
                     [&](const auto& branch) { return matches(branch.second, filter); });
}

}  // namespace

Result<std::unique_ptr<Reader>> RedisReader::open(const RedisHouse& house) {
  auto client = house.connect();
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<Reader>(new RedisReader(house, *std::move(client)));
}

RedisReader::RedisReader(const RedisHouse& house, std::unique_ptr<RedisClient> client)
    : house_(house),
      client_(std::move(client)),
      documents_(house_, *client_),
      change_log_(house_, *client_),
      streams_(house_, *client_) {}

Result<std::string> RedisReader::identity() {
  const std::string key = house_.layout_key();
  const auto reply =
      client_->ask(std::move(RedisCommand("HGET").key(key).add("identity")), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->view().is_nil())
    return fail(ErrorKind::NotFound, key, "tells no identity: the store was emptied, or not made");
  return std::string(reply->text());
}

Result<std::vector<MatchDocument>> RedisReader::documents(const DocumentFilter& filter) {
  std::vector<MatchDocument> out;
  RedisDocumentList list(house_, *client_, filter);
  while (out.size() < filter.most) {
    const auto keys = list.next(kAtOnce);
    if (!keys) return tl::unexpected(keys.error());
    if (keys->empty()) break;
    auto page = documents_.read(*keys);
    if (!page) return tl::unexpected(page.error());
    for (auto& document : *page)
      if (document && out.size() < filter.most && matches(*document, filter))
        out.push_back(*std::move(document));
  }
  return out;
}

Result<std::optional<MatchDocument>> RedisReader::document(const std::string& key) {
  auto found = documents_.read({key});
  if (!found) return tl::unexpected(found.error());
  return std::move(found->front());
}

Result<std::optional<std::string>> RedisReader::find(const RecordId& id) {
  const BetType* type = house_.options.bet_types.find(id.bet_type);
  if (!type) return std::nullopt;
  const auto reply = client_->ask(
      lead_command(house_.flavour, house_.options.naming.lookup(*type, id)), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->view().is_nil()) return std::nullopt;
  // A document that expired by itself leaves its lookup to tidying.
  std::string document(reply->text());
  const auto exists = client_->ask(std::move(RedisCommand("EXISTS").key(document)), kRedisAnswer);
  if (!exists) return tl::unexpected(exists.error());
  if (exists->view().integer() != 1) return std::nullopt;
  return std::optional(std::move(document));
}

Result<std::vector<Change>> RedisReader::changes(std::uint64_t after, std::size_t most) {
  return change_log_.after(after, most);
}

Result<LogSpan> RedisReader::change_log() { return change_log_.span(); }

Result<std::vector<Change>> RedisReader::history(const RecordId& id, std::size_t most) {
  return change_log_.history(id, most);
}

Result<std::vector<MatchDocument>> RedisReader::as_of(UtcMillis at) {
  return read_past(house_, *client_, at);
}

Result<std::vector<Announcement>> RedisReader::announcements(const std::string& stream,
                                                             std::uint64_t after,
                                                             std::size_t most) {
  RedisCommand command("XRANGE");
  command.key(stream).add(range_start(after, 0)).add("+").add("COUNT");
  command.add(static_cast<std::int64_t>(std::min<std::size_t>(most, 1'000'000)));
  const auto reply = client_->ask(std::move(command), kStreamRange);
  if (!reply) return tl::unexpected(reply.error());
  std::vector<Announcement> out;
  for (std::size_t i = 0; i < reply->view().size(); ++i) {
    const ReplyView entry = (*reply)[i];
    const std::string_view id = entry[0].text();
    out.push_back({pack_position(id, 0), stream, std::string(entry[1].member("data_key").text()),
                   time_of_entry_id(id)});
  }
  return out;
}

Result<std::vector<Seen>> RedisReader::seen(const std::string& bookmaker, Source source,
                                            std::optional<UtcMillis> since, std::size_t most) {
  std::vector<Seen> out;
  for (const BetType& type : house_.options.bet_types.all()) {
    auto read = read_sightings(house_, *client_, type, source, bookmaker, since);
    if (!read) return tl::unexpected(read.error());
    out.insert(out.end(), std::make_move_iterator(read->begin()),
               std::make_move_iterator(read->end()));
  }
  std::sort(out.begin(), out.end(),
            [](const Seen& a, const Seen& b) { return a.observed_at < b.observed_at; });
  if (out.size() > most) out.resize(most);
  return out;
}

Result<StoreCounts> RedisReader::counts() {
  const auto streams = streams_.all();
  if (!streams) return tl::unexpected(streams.error());
  StoreCounts out;
  std::vector<std::uint64_t*> targets;
  std::vector<RedisCommand> commands;
  const auto count = [&](const char* name, const std::string& key, std::uint64_t& target) {
    commands.emplace_back(name).key(key);
    targets.push_back(&target);
  };
  for (const BetType& type : house_.options.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming}) {
      const MarketKeys keys = house_.market_keys(type, source);
      count("ZCARD", keys.documents, out.documents);
      count("ZCARD", keys.expiry, out.records);
      count("XLEN", keys.announcements, out.announcements);
      count("XLEN", keys.changes, out.changes);
    }
  for (const StreamId& stream : *streams) count("XLEN", streams_.keys(stream).dead, out.dead);
  const auto replies = client_->run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  for (std::size_t i = 0; i < replies->size(); ++i)
    *targets[i] += static_cast<std::uint64_t>((*replies)[i].view().integer().value_or(0));
  return out;
}

}  // namespace oddsloom
