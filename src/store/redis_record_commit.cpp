#include "store/redis_record_commit.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/concat.h"
#include "base/text_pen.h"
#include "store/redis_search_index.h"

namespace oddsloom {
namespace {

constexpr int kMostRounds = 20;
constexpr int kLifeSlack = 16;  // a sixteenth of the time that documents are kept
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

// In the place of the hash of the content that a record builds on: one that matches no stored one.
constexpr std::string_view kUnknownContent = "?";

}  // namespace

RedisRecordCommit::RedisRecordCommit(const RedisHouse& house, const BetType& type, Record record)
    : house_(&house),
      type_(&type),
      record_(std::move(record)),
      lookup_(house.options.naming.lookup(type, record_)),
      lookup_hash_(content_hash(lookup_)),
      withdrawal_(!record_.offered) {
  read_content();
  // A market with a line or of a part of the match has a document of its own, which other programs
  // do not make.
  nothing_found_ = record_.line || record_.segment != kFullTime;
}

RedisRecordCommit::RedisRecordCommit(const RedisHouse& house, const BetType& type,
                                     const Sighting& sighting)
    : house_(&house),
      type_(&type),
      hash_(sighting.content),
      lookup_(house.options.naming.lookup(type, sighting.id)),
      lookup_hash_(content_hash(lookup_)),
      sighting_(true) {
  record_.bookmaker = sighting.id.bookmaker;
  record_.bet_type = sighting.id.bet_type;
  record_.source = sighting.id.source;
  record_.event_id = sighting.id.event_id;
  record_.segment = sighting.id.segment;
  record_.line = sighting.id.line;
  record_.start_time = sighting.start_time;
  record_.observed_at = record_.changed_at = sighting.observed_at;
}

void RedisRecordCommit::read_content() {
  record_.changed_at = record_.observed_at;
  text_ = render(record_);
  hash_ = text_.hash;
  members_ = known_members(record_);
}

// The server keeps documents that much longer than asked for, and is told of a new sighting that
// often only.
Millis RedisRecordCommit::slack() const {
  const StoreOptions& options = house_->options;
  return (record_.source == Source::Live ? options.keep_live : options.keep_upcoming) / kLifeSlack;
}

void RedisRecordCommit::decide_life(const KnownRecord* believed, UtcMillis now) {
  now_ = now;
  expires_at_ = house_->expires_at(record_);
  const bool told = believed && believed->life_known;
  tell_kick_off_ = !told || believed->kick_off != record_.start_time.value_or(KnownRecord::kNone);
  if (!told || expires_at_.has_value() != (believed->expires_at != KnownRecord::kNone)) {
    tell_life_ = true;
  } else if (expires_at_) {
    const Millis later = *expires_at_ - believed->expires_at;
    tell_life_ = later < Millis(0) || later >= std::max(slack(), Millis(1));
  } else {
    tell_life_ = false;
  }
}

// Nothing of the record is said, so the script can do no more than find it the same.
void RedisRecordCommit::prepare_sighting(KnownRecord* believed) {
  what_ = believed ? "known" : "find";
  stores_ = false;
  document_ = believed ? document_of(believed->document) : lookup_;
  base_ = hash_;
  decide_life(believed, house_->options.clock());
  note_line_ = record_.line && tell_life_;
  if (!believed) return;
  believed->life_known = true;
  believed->kick_off = record_.start_time.value_or(KnownRecord::kNone);
  if (tell_life_) believed->expires_at = expires_at_.value_or(KnownRecord::kNone);
}

std::string RedisRecordCommit::short_document(std::string_view document) const {
  const auto creation = house_->options.naming.creation(*type_, record_, document);
  return creation ? concat({":", *creation}) : std::string(document);
}

std::string RedisRecordCommit::document_of(const std::string& name) const {
  if (!name.starts_with(':')) return name;
  return house_->options.naming.document_key(*type_, record_, std::string_view(name).substr(1));
}

void RedisRecordCommit::prepare(RedisKnownRecords& known) {
  KnownRecord* believed = known.find(lookup_hash_);
  if (sighting_) return prepare_sighting(believed);
  base_.reset();
  std::string name;  // the document's, as it is to be remembered
  if (!found_.empty()) {
    what_ = "found";
    document_ = found_;
    name = short_document(document_);
    believed = nullptr;
  } else if (believed) {
    what_ = withdrawal_ && !builds_on_ ? "withdraw" : "known";
    document_ = document_of(believed->document);
    if (builds_on_)
      base_ = builds_on_;
    else if (believed->content != ContentHash{} && (believed->members & ~members_) == 0)
      base_ = believed->content;
  } else if (withdrawal_ && !builds_on_) {
    what_ = "find";
    document_ = lookup_;  // of no meaning
  } else {
    const bool any = house_->flavour == RedisFlavour::Hash && !house_->options.naming.hash_tags;
    what_ = house_->search && !nothing_found_ ? "ask" : any ? "any" : "new";
    name = concat({":", Naming::creation(house_->options.clock(), record_.period)});
    document_ = document_of(name);
    if (copies_ > 1) name = document_ += fmt::format("~{}", copies_);
  }
  decide_life(believed, house_->options.clock());
  note_line_ = record_.line && !withdrawal_ && (!believed || tell_life_);
  stores_ = (!withdrawal_ || builds_on_) && what_ != std::string_view("ask");
  if (!stores_) return;
  KnownRecord& after = believed ? *believed : known.remember(lookup_hash_, {});
  if (!believed) after.document = std::move(name);
  if (!believed || tell_life_) after.expires_at = expires_at_.value_or(KnownRecord::kNone);
  after.kick_off = record_.start_time.value_or(KnownRecord::kNone);
  after.life_known = true;
  after.content = hash_;
  after.members = members_;
}

std::optional<std::string> RedisRecordCommit::lines_key() const {
  if (!note_line_) return std::nullopt;
  return house_->options.naming.lines(*type_, record_.id());
}

Millis RedisRecordCommit::life() const {
  return expires_at_ ? std::max(*expires_at_ + slack() - now_, kShortestLife) : Millis(0);
}

bool RedisRecordCommit::proposes_new() const { return what_ == std::string_view("new"); }

void RedisRecordCommit::add_keys(RedisCommand& command) const {
  command.key(lookup_).key(document_);
}

void RedisRecordCommit::add_base(RedisCommand& command) const {
  const auto digits = base_.value_or(ContentHash{}).digits();
  const std::string_view base =
      base_ ? std::string_view(digits.data(), digits.size()) : kUnknownContent;
  const unsigned unsaid = kAllMembers & ~members_;
  // How a server with JSON of its own writes it is not for us to know.
  const bool may_replace = !sighting_ && !withdrawal_ && base_ != hash_ &&
                           (unsaid == 0 || house_->flavour == RedisFlavour::Hash);
  if (!may_replace) {
    command.add(base);
    return;
  }
  if (unsaid == 0) {
    command.add("*00");  // whatever it builds on
    return;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  command.add({base, "*", kDigits.substr(unsaid >> 4U, 1), kDigits.substr(unsaid & 15U, 1)});
}

void RedisRecordCommit::add_words(RedisCommand& command) const {
  command.add(record_.bookmaker).add(record_.event_id).add(record_.observed_at.value);
  command.add(hash_);
  add_base(command);
  command.add(what_);
  add_texts(command);
  if (!tell_kick_off_)
    command.add("");
  else if (record_.start_time)
    command.add(record_.start_time->value);
  else
    command.add("+inf");
  if (!tell_life_)
    command.add("").add("");
  else if (!expires_at_)
    command.add("0").add("+inf");
  else
    command.add(life().count()).add(expires_at_->value);
  if (house_->flavour == RedisFlavour::Json) add_json_words(command);
}

// Only what the script may come to store. What is believed to be stored already need not be said.
void RedisRecordCommit::add_texts(RedisCommand& command) const {
  if (!stores_ || base_ == hash_) {
    command.add("").add("");
    return;
  }
  thread_local std::string buffer;
  TextPen pen(buffer);
  put_times(pen, record_);
  const std::size_t size = pen.size();
  if (house_->flavour == RedisFlavour::Json && proposes_new()) {
    command.add("");  // the whole document has it
  } else {
    put_rest(pen, record_);
    command.add({text_.whole_begin(), pen.text()});
  }
  command.add({text_.ours_begin(), pen.text().substr(0, size), "}"});
}

void RedisRecordCommit::add_json_words(RedisCommand& command) const {
  if (!stores_) {
    command.add("").add("").add("").add("");
    return;
  }
  if (proposes_new()) {
    MatchDocument document{document_, now_, record_.observed_at, {}};
    document.records.emplace(record_.bookmaker, record_);
    command.add(to_json(document)).add("").add("").add("");
    return;
  }
  command.add("").add(text_.outcomes());
  std::string vanished;
  for (const std::string& key : type_->outcomes)
    if (std::none_of(record_.outcomes.begin(), record_.outcomes.end(),
                     [&](const Outcome& outcome) { return outcome.key == key; }))
      vanished += key + " ";
  command.add(vanished);
  // These members are there even when they are null.
  std::string nulls;
  if (!record_.line) nulls += "line ";
  if (!record_.start_time) nulls += "start_time";
  command.add(nulls);
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
  if (++rounds_ > kMostRounds) return fail(ErrorKind::Conflict, text(), "others keep changing it");
  lacks_index_ = false;
  if (searching_) return searched(reply);
  const std::string_view word = reply.is_list() ? reply[0].text() : reply.text();
  const auto not_as_believed = [&](std::string_view document) {
    KnownRecord where;  // and nothing else is known
    where.document = short_document(document);
    known.remember(lookup_hash_, std::move(where));
  };
  // The lookup named another document than was proposed.
  const std::size_t named_at = word == "older" ? 3 : 1;
  if (what_ == std::string_view("any") && word != "known" && reply.size() > named_at) {
    document_ = reply[named_at].text();
    if (KnownRecord* believed = known.find(lookup_hash_))
      believed->document = short_document(document_);
  }
  if (word == "created") {
    outcome_ = Committed::Created;
  } else if (word == "merged") {
    outcome_ = Committed::Merged;
  } else if (word == "same") {
    outcome_ = Committed::Same;
  } else if (word == "stale") {
    outcome_ = Committed::Stale;
    not_as_believed(document_);
  } else if (word == "absent") {
    outcome_ = Committed::Absent;
  } else if (word == "known") {
    found_.clear();
    not_as_believed(reply[1].text());
  } else if (sighting_ && (word == "older" || word == "gone")) {
    outcome_ = Committed::Absent;
    known.forget(lookup_hash_);
  } else if (word == "older") {
    build_on(reply);
    not_as_believed(document_);
  } else if (word == "gone") {
    found_.clear();
    builds_on_.reset();
    known.forget(lookup_hash_);
  } else if (word == "taken") {
    ++copies_;
    known.forget(lookup_hash_);
  } else if (word == "unknown") {
    searching_ = true;
  } else {
    return fail(ErrorKind::Internal, text(), fmt::format("the commit script answered '{}'", word));
  }
  return {};
}

void RedisRecordCommit::build_on(ReplyView stored) {
  // None where another program wrote the branch; the script asks for none then.
  builds_on_ = parse_hash(stored[1].text()).value_or(ContentHash{});
  // Written by another program, or not to be read: nothing can be kept from it.
  const auto older = parse_record(stored[2].text());
  if (withdrawal_)
    record_ = older ? withdrawn(*older, record_.observed_at) : record_;
  else if (older)
    keep_what_is_known(record_, *older);
  read_content();
}

RedisCommand commit_command(const RedisHouse& house,
                            const std::vector<const RedisRecordCommit*>& records) {
  constexpr int kShared = 5;
  constexpr std::size_t kBytesPerRecord = 3'072;  // about
  const MarketKeys keys = house.market_keys(records.front()->type(), records.front()->source());
  RedisCommand command(RedisScripts::commit(house.flavour),
                       kShared + 2 * static_cast<int>(records.size()));
  command.reserve(records.size() * kBytesPerRecord);
  command.key(keys.announcements).key(keys.changes).key(keys.documents).key(keys.expiry);
  command.key(keys.newest_change);
  for (const RedisRecordCommit* record : records) record->add_keys(command);
  command.add(static_cast<std::int64_t>(house.options.most_changes));
  command.add(std::int64_t{RedisRecordCommit::words(house.flavour)});
  command.add(house.options.clock().value);
  for (const RedisRecordCommit* record : records) record->add_words(command);
  return command;
}

}  // namespace oddsloom
