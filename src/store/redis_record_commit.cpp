#include "store/redis_record_commit.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "store/redis_search_index.h"

namespace oddsloom {
namespace {

constexpr int kMostRounds = 20;
constexpr Millis kShortestLife{
    1'000};  // of a document whose time is already over: tidying removes it

std::optional<ContentHash> parse_hash(std::string_view hex) {
  if (hex.size() != 32) return std::nullopt;
  ContentHash out;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char c = hex[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return std::nullopt;
    std::uint64_t& half = i < 16 ? out.high : out.low;
    half = half << 4U | static_cast<std::uint64_t>(digit);
  }
  return out;
}

// What this program would never write as a hash: matches no stored one.
constexpr std::string_view kUnknownContent = "?";

}  // namespace

RedisRecordCommit::RedisRecordCommit(const RedisHouse& house, const BetType& type, Record record)
    : house_(&house),
      type_(&type),
      record_(std::move(record)),
      lookup_(house.options.naming.lookup(type, record_.id())),
      withdrawal_(!record_.offered) {
  record_.changed_at = record_.observed_at;
  hash_ = content_hash(record_);
  // A market with a line or of a part of the match has a document of its own, which other programs
  // do not make.
  nothing_found_ = record_.line || record_.segment != kFullTime;
}

UtcMillis RedisRecordCommit::expires_at() const {
  const StoreOptions& options = house_->options;
  if (record_.source == Source::Live) return record_.observed_at + options.keep_live;
  return record_.start_time.value_or(record_.observed_at) + options.keep_upcoming;
}

RedisCommand RedisRecordCommit::command(RedisKnownRecords& known) {
  lacks_index_ = false;
  if (searching_) return search_command();
  const UtcMillis now = house_->options.clock();
  const KnownRecord* believed = known.find(lookup_);
  std::string base(kUnknownContent);
  if (!found_.empty()) {
    what_ = "found";
    document_ = found_;
  } else if (believed) {
    what_ = "known";
    document_ = believed->document;
    if (builds_on_)
      base = builds_on_->hex();
    else if (believed->content && (believed->members & ~known_members(record_)) == 0)
      base = believed->content->hex();
  } else {
    what_ = house_->search && !nothing_found_ ? "ask" : "new";
    document_ = house_->options.naming.document_key(*type_, record_, now);
    if (copies_ > 1) document_ += fmt::format("~{}", copies_);
  }
  if (withdrawal_ && !builds_on_) what_ = "withdraw";

  const MarketKeys keys = house_->market_keys(*type_, record_.source);
  RedisCommand command(RedisScripts::commit(house_->flavour), 6);
  command.key(lookup_).key(document_).key(keys.announcements).key(keys.changes);
  command.key(keys.documents).key(keys.expiry);
  command.add(record_.bookmaker).add(record_.observed_at.value).add(hash_.hex()).add(base);
  command.add(to_json(record_)).add(to_json(record_, RecordForm::Ours));
  if (record_.start_time)
    command.add(record_.start_time->value);
  else
    command.add("+inf");
  const Millis keep =
      record_.source == Source::Live ? house_->options.keep_live : house_->options.keep_upcoming;
  if (keep > Millis(0))
    command.add(std::max(expires_at() - now, kShortestLife).count()).add(expires_at().value);
  else
    command.add("0").add("+inf");
  command.add(static_cast<std::int64_t>(house_->options.most_changes));
  command.add(record_.event_id).add(what_).add(now.value);
  if (house_->flavour == RedisFlavour::Json) add_json_words(command);

  if (what_ == "known" || what_ == "new" || what_ == "found")
    known.remember(lookup_, {document_, hash_, known_members(record_)});
  return command;
}

void RedisRecordCommit::add_json_words(RedisCommand& command) {
  MatchDocument document{document_, house_->options.clock(), record_.observed_at, {}};
  document.records.emplace(record_.bookmaker, record_);
  command.add(to_json(document)).add(outcomes_member(record_));
  std::vector<std::string_view> vanished;
  for (const std::string& key : type_->outcomes)
    if (std::none_of(record_.outcomes.begin(), record_.outcomes.end(),
                     [&](const Outcome& outcome) { return outcome.key == key; }))
      vanished.push_back(key);
  command.add(static_cast<std::int64_t>(vanished.size()));
  for (const std::string_view key : vanished) command.add(key);
  // A merge takes null for "delete"; these members are there even when they are null.
  if (!record_.line) command.add("line");
  if (!record_.start_time) command.add("start_time");
}

RedisCommand RedisRecordCommit::search_command() const {
  return search_for_event(house_->options.naming.index(*type_, record_.source), record_.bookmaker,
                          record_.event_id);
}

Result<void> RedisRecordCommit::searched(ReplyView reply) {
  if (says_no_index(reply) && !index_remade_) {
    lacks_index_ = index_remade_ = true;
    return {};
  }
  searching_ = false;
  auto found = first_found(reply, record_.event_id);
  if (!found) return tl::unexpected(found.error());
  nothing_found_ = !*found;
  found_ = std::move(*found).value_or("");
  return {};
}

Result<void> RedisRecordCommit::answered(ReplyView reply, RedisKnownRecords& known) {
  if (++rounds_ > kMostRounds)
    return fail(ErrorKind::Conflict, record_.id().text(), "others keep changing it");
  if (searching_) return searched(reply);
  if (reply.is_error()) {
    known.forget(lookup_);
    return fail(reply.text().starts_with("WRONGTYPE") ? ErrorKind::Corrupt : ErrorKind::Internal,
                record_.id().text(), std::string(reply.text()));
  }
  const std::string_view word = reply[0].text();
  if (word == "created") {
    outcome_ = Committed::Created;
  } else if (word == "merged") {
    outcome_ = Committed::Merged;
  } else if (word == "same") {
    outcome_ = Committed::Same;
  } else if (word == "stale") {
    outcome_ = Committed::Stale;
    known.remember(lookup_, {document_, std::nullopt});
  } else if (word == "absent") {
    outcome_ = Committed::Absent;
  } else if (word == "known") {
    found_.clear();
    known.remember(lookup_, {std::string(reply[1].text()), std::nullopt});
  } else if (word == "older") {
    build_on(reply);
    known.remember(lookup_, {document_, std::nullopt});
  } else if (word == "gone") {
    found_.clear();
    builds_on_.reset();
    known.forget(lookup_);
  } else if (word == "taken") {
    ++copies_;
    known.forget(lookup_);
  } else if (word == "unknown") {
    searching_ = true;
  } else {
    return fail(ErrorKind::Internal, record_.id().text(),
                fmt::format("the commit script answered '{}'", word));
  }
  return {};
}

void RedisRecordCommit::build_on(ReplyView stored) {
  builds_on_ = parse_hash(stored[1].text());
  // Written by another program, or not to be read: nothing can be kept from it.
  const auto older = parse_record(stored[2].text());
  if (withdrawal_)
    record_ = older ? withdrawn(*older, record_.observed_at) : record_;
  else if (older)
    keep_what_is_known(record_, *older);
  record_.changed_at = record_.observed_at;
  hash_ = content_hash(record_);
}

}  // namespace oddsloom
