// The last answer to each request, by hash: an answer that is byte for byte what was seen last time
// costs no mapping, and tells the store no record but that it was seen again (store.h: Sighting).
// So little is kept of an answer that a round over a hundred thousand events finds each of them:
// per record its content's hash, as the store reported it. Bounded by bytes; the least recently
// used go first. Not thread-safe: one worker's own.
//
// Flow: map -> remember() -> the commit's report -> stored() per record -> from then on recall().
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "bookmaker/mapping.h"

namespace oddsloom {

// What an answer said of one bet type of one event: the positions are those in the Fetch.
struct SaidBefore {
  ContentHash content;  // what the store keeps of the record; zero: not known yet
  UtcMillis start_time{kNoStart};
  Line line{kNoLine};
  std::uint16_t event = 0;
  std::uint8_t bet_type = 0;     // in the order of WantedEvent::bet_types
  std::uint8_t segment : 6 = 0;  // see AnswerMemory::segment()
  enum class What : std::uint8_t { Record, NotOffered, MissingEvent } what : 2 = What::Record;

  static constexpr std::int64_t kNoStart = INT64_MIN;
  static constexpr std::int32_t kNoLine = INT32_MIN;
};
static_assert(sizeof(SaidBefore) == 32);

// Names a record of an answer until its commit is reported.
struct AnswerPart {
  ContentHash answer;
  std::uint64_t serial = 0;  // which answer of that name; 0: of none that is remembered
  std::uint32_t position = 0;
};

class AnswerMemory {
 public:
  explicit AnswerMemory(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // The name by which the answer to this request is remembered.
  static ContentHash name(const Fetch& fetch);

  // What an equal answer to an equal question said, in the order of events and bet types; null when
  // there is none, or not all of it is known to be stored. Valid until the next call. `body`: the
  // hash of the answer's.
  const std::vector<SaidBefore>* recall(const ContentHash& name, const Fetch& fetch,
                                        const ContentHash& body);
  // An answer in which something could not be read is not remembered: it is looked at each time.
  void remember(const ContentHash& name, const Fetch& fetch, const ContentHash& body,
                const Mapping& mapping);
  // Where in it a record stands.
  AnswerPart part_of(const ContentHash& name, std::size_t event, std::size_t bet_type,
                     const Record& record) const;

  // A record of the answer was committed, and this is what the store keeps of it now.
  void stored(const AnswerPart& part, const ContentHash& content);
  // The store does not keep what the answer said.
  void forget(const ContentHash& name);

  const std::string& segment(std::uint8_t number) const { return segments_[number]; }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Remembered {
    ContentHash name;
    ContentHash question;  // what was known of the events when it was mapped
    ContentHash answer;
    std::uint64_t serial = 0;
    std::vector<SaidBefore> said;
    std::uint32_t unknown = 0;  // records whose content is not known yet
  };
  struct Hash {
    std::size_t operator()(const ContentHash& hash) const { return hash.low; }
  };
  using Place = std::list<Remembered>::iterator;

  void forget(Place at);
  std::optional<std::uint8_t> segment_number(const std::string& segment);
  bool read(const Fetch& fetch, const Mapping& mapping, Remembered& into);
  static std::size_t size_of(const Remembered& remembered);

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t last_serial_ = 0;
  std::list<Remembered> recent_first_;
  std::unordered_map<ContentHash, Place, Hash> by_name_;
  std::vector<std::string> segments_{std::string(kFullTime)};
};

}  // namespace oddsloom
