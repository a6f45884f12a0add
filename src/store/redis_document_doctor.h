// The part of redis_doctor that goes through a store's keys: documents, their branches, and
// lookups. Of each event of a document two hashes are kept (16 bytes, twice that while the list
// grows) and of a document nothing else, so ten million events take some hundred megabytes. Two
// documents of one event are known by equal hashes; redis_doubles then names them. One session; one
// thread.
#pragma once

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "store/findings.h"
#include "store/redis_branches.h"
#include "store/redis_key_walk.h"

namespace oddsloom {

class RedisDocumentDoctor {
 public:
  // All of them outlive it.
  RedisDocumentDoctor(const RedisHouse& house, RedisClient& client, const RedisKeyNames& names,
                      Findings& findings, const ExaminationProgress& progress)
      : house_(house), client_(client), names_(names), findings_(findings), progress_(progress) {}

  // Errors: the server's.
  Result<void> run(const std::vector<RedisPrimary>& primaries);
  std::uint64_t documents() const { return documents_; }  // looked at, after run()

 private:
  struct Sighting {  // of an event in a document: hashes
    std::uint64_t event = 0, document = 0;
    auto operator<=>(const Sighting&) const = default;
  };
  struct Document {
    std::string key;
    const RedisMarket* market = nullptr;
    bool listed = false;
    RedisBranches content;
    std::vector<std::string> leads;  // of each branch: the document its lookup names, "" = none
  };
  // A branch that wants a second look: its lookup names no document, or another one; or it names
  // this one, which is not listed.
  struct Doubt {
    const Document* document = nullptr;
    const RedisBranch* branch = nullptr;
    std::string_view lead;
  };

  Result<bool> is_ours(const RedisKeyNames::Document& name);
  Result<void> look_at_documents(const std::vector<std::string>& keys);
  Result<void> follow_lookups(std::vector<Document>& documents);
  void note_content(const Document& document);
  void add_doubts(const Document& document, std::vector<Doubt>& doubts) const;
  Result<void> look_again(const std::vector<Doubt>& doubts);
  void judge(const Doubt& doubt, const Reply* replies);
  void note_orphan(const Document& document, const RedisBranch& branch);
  std::unordered_set<std::uint64_t> find_doubles();
  std::string lookup_of(const Document& document, const RedisBranch& branch) const;

  const RedisHouse& house_;
  RedisClient& client_;
  const RedisKeyNames& names_;
  Findings& findings_;
  const ExaminationProgress& progress_;
  std::map<std::string, bool, std::less<>> ours_;  // by the first word of names: see is_ours()
  std::vector<Sighting> sightings_;  // event 0: of a document in which no event can be read
  std::uint64_t read_ = 0, expected_ = 0;
  std::uint64_t documents_ = 0;
};

}  // namespace oddsloom
