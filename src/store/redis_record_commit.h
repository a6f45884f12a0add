// One record on its way into a Redis store: says its part of the next commit script and judges the
// answer, until it is known what became of it. The script decides; what it cannot decide (another
// document is named, the stored content is not what was believed, the name is taken) is resolved
// here and asked again. No I/O; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/redis_house.h"
#include "store/redis_known_records.h"

namespace oddsloom {

class RedisRecordCommit {
 public:
  RedisRecordCommit(const RedisHouse& house, const BetType& type, Record record);
  RedisRecordCommit(const RedisHouse& house, const BetType& type, const Sighting& sighting);

  const BetType& type() const { return *type_; }
  Source source() const { return record_.source; }
  // Next is a question to the search index instead of the script.
  bool searching() const { return searching_; }
  RedisCommand search_command() const;
  // The last search found no index (the server was emptied): to be made before it asks again.
  bool lacks_index() const { return lacks_index_; }

  // What the script is to do for it. Beliefs are taken from `known`, and noted there as if it
  // succeeded, so that a later record of the same pipeline builds on it.
  void prepare(RedisKnownRecords& known);
  // The set of lines in which a prepared record's own is to be noted beforehand; nothing: it has
  // none, or is noted there already for as long as it will be kept.
  std::optional<std::string> lines_key() const;
  std::string line_word() const { return to_text(*record_.line); }
  // How long that set is to be kept, with the record; 0 = for ever.
  Millis life() const;
  void add_keys(RedisCommand& command) const;
  void add_words(RedisCommand& command) const;
  static int words(RedisFlavour flavour) { return flavour == RedisFlavour::Json ? 15 : 11; }

  // `reply`: the script's for this record, or the search index's. Errors: the server's, Conflict
  // (others keep changing it).
  Result<void> answered(ReplyView reply, RedisKnownRecords& known);
  const std::optional<Committed>& outcome() const { return outcome_; }
  // Of what is stored now, where that is known.
  const ContentHash& content() const { return hash_; }
  std::string text() const { return record_.id().text(); }

 private:
  void add_base(RedisCommand& command) const;
  bool proposes_new() const;
  void add_texts(RedisCommand& command) const;
  void add_json_words(RedisCommand& command) const;
  std::string short_document(std::string_view document) const;  // as a KnownRecord has it
  std::string document_of(const std::string& name) const;       // and back
  void prepare_sighting(KnownRecord* believed);
  void decide_life(const KnownRecord* believed, UtcMillis now);
  Result<void> searched(ReplyView reply);
  void build_on(ReplyView stored);
  void read_content();
  Millis slack() const;

  const RedisHouse* house_;
  const BetType* type_;
  Record record_;
  RecordText text_;
  ContentHash hash_;
  std::string lookup_;
  ContentHash lookup_hash_;
  KnownMembers members_ = 0;  // of record_
  bool searching_ = false;
  bool lacks_index_ = false;
  bool index_remade_ = false;
  bool nothing_found_ = false;            // the search index knows no document
  std::string found_;                     // or this one
  bool withdrawal_ = false;               // the answer no longer held the market
  bool sighting_ = false;                 // of record_ only what a Sighting says is known
  std::optional<ContentHash> builds_on_;  // the stored content that record_ was completed from
  int copies_ = 1;                        // names tried that were taken, and one
  int rounds_ = 0;
  std::optional<Committed> outcome_;

  // Said next, see lua/commit.lua.
  const char* what_ = "";
  bool stores_ = false;  // or else only asks, or only sees
  std::string document_;
  std::optional<ContentHash> base_;
  UtcMillis now_;
  std::optional<UtcMillis> expires_at_;
  bool tell_kick_off_ = false, tell_life_ = false;
  bool note_line_ = false;
};

// The script call for some prepared records of one bet type and source.
RedisCommand commit_command(const RedisHouse& house,
                            const std::vector<const RedisRecordCommit*>& records);

}  // namespace oddsloom
