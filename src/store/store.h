// The store's contract, in the program's words: work streams, match book, reader, link book.
// Implementations: sqlite_store.h (embedded default), redis_store.h (many machines, beside other
// programs). tests/store/contract_*.cpp hold what every one of them must do.
//
// Flow: discover appends work -> a worker claims it, commits records together with the
// acknowledgements -> serve, watch and show read. Threads: Store may be used from any thread and
// outlives what it hands out; each WorkStreams, MatchBook and Reader belongs to one thread at a
// time. Many processes may open the same store.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/match_document.h"
#include "model/names.h"
#include "model/record.h"
#include "model/work_entry.h"
#include "store/links.h"

namespace oddsloom {

// ---- work streams
// -------------------------------------------------------------------------------------------

// Where one entry stands, enough to settle it.
struct EntryRef {
  StreamId stream;
  std::string id;  // the store's own, unique within the stream
  auto operator<=>(const EntryRef&) const = default;
};

struct Entry {
  EntryRef ref;
  WorkEntry work;
  UtcMillis appended_at;
  int deliveries = 0;  // how often it was claimed, this claim included
  int attempts = 0;    // how often a worker tried and failed, as counted by Delay::failed_attempt
};

struct ClaimRequest {
  std::vector<StreamId>
      streams;                // nearest first; streams that differ only in bet type share evenly
  std::string consumer;       // unique per worker: host:pid:n
  std::size_t most = 50;      // entries, over all streams
  Millis visibility{60'000};  // unsettled by then, it may be claimed by others (abandoned)
  Millis wait{0};             // how long to wait when there is nothing; 0 = only look
};

struct StreamStatistics {
  StreamId stream;
  std::uint64_t length = 0;            // entries not yet acknowledged: unread, pending and delayed
  std::uint64_t pending = 0;           // claimed and not yet settled
  std::uint64_t delayed = 0;           // waiting for a later attempt
  std::uint64_t dead = 0;              // dead letters
  std::optional<UtcMillis> oldest;     // when the oldest of `length` was appended
  std::vector<std::string> consumers;  // that hold or recently claimed something
};

struct DeadLetter {
  EntryRef ref;  // ref.id names it for retry and drop
  WorkEntry work;
  std::string reason;  // "blocked: challenge page (BookieDelta upcoming_markets, event 9124285)"
  int deliveries = 0;
  int attempts = 0;
  UtcMillis appended_at;
  UtcMillis died_at;
};

class WorkStreams {
 public:
  virtual ~WorkStreams() = default;

  // Appends in order; the stream and its group come into being with the first entry. All or
  // nothing. Gives the entries' ids. Durable when it returns.
  virtual Result<std::vector<std::string>> append(const StreamId& stream,
                                                  const std::vector<WorkEntry>& entries) = 0;

  // Abandoned and due delayed entries first, then new ones, oldest first. Each entry is with one
  // consumer at a time until its visibility ends. Wakes early when something is appended, also by
  // another process.
  virtual Result<std::vector<Entry>> claim(const ClaimRequest& request) = 0;

  // Keeps entries from being taken for abandoned: visibility starts anew. Those no longer held are
  // left alone.
  virtual Result<void> extend(const std::vector<EntryRef>& entries, const std::string& consumer,
                              Millis visibility) = 0;

  // Streams that were ever appended to or claimed from, by name.
  virtual Result<std::vector<StreamStatistics>> statistics() = 0;
  // Entries of these streams not yet acknowledged: the back-pressure a poller looks at.
  virtual Result<std::uint64_t> backlog(const std::vector<StreamId>& streams) = 0;

  virtual Result<std::vector<DeadLetter>> dead(std::size_t most) = 0;
  // Puts dead letters back on their stream as fresh entries (deliveries and attempts 0), or forgets
  // them. Empty `entries` = all. Gives how many.
  virtual Result<std::size_t> retry_dead(const std::vector<EntryRef>& entries) = 0;
  virtual Result<std::size_t> drop_dead(const std::vector<EntryRef>& entries) = 0;
};

// ---- match book
// ---------------------------------------------------------------------------------------------

struct Delay {
  EntryRef ref;
  UtcMillis until;
  bool failed_attempt = true;  // false: it was not its fault (host held back, shutting down):
                               // neither attempt nor delivery is counted
};

struct Burial {
  EntryRef ref;
  std::string reason;
};

// A market seen again with content that the store told in an earlier report
// (CommitReport::contents): said without saying it again. If it holds still, only observed_at
// moves, as for a Record whose commit was Same. If not (removed, expired, changed by others),
// nothing is stored and Absent reported, and `entries`, which must stand in
// CommitBatch::acknowledge too, go back to their streams as if never claimed.
struct Sighting {
  RecordId id;
  ContentHash content;
  UtcMillis observed_at;
  int period = 0;
  std::optional<UtcMillis> start_time;  // as in the record
  std::vector<EntryRef> entries;
};

// All lines of a bet type with lines that an answer held for an event: lines of it that are stored
// and not among these are withdrawn, as a Record with offered == false would withdraw a market,
// each a change of its own. None at all: every line is.
struct LinesOffered {
  RecordId id;  // without a line
  std::vector<Line> lines;
  UtcMillis observed_at;
  int period = 0;
};

// The embedded store makes one transaction of it: all of it is stored, or none. On Redis each
// record is one, with its announcement and its change, and the entries are settled when all records
// are stored: what a crash leaves in between is work that repeats without effect.
struct CommitBatch {
  std::vector<Record> records;  // offered == false: withdraw the market if it is known, else
                                // nothing; of a bet type with lines, without one: all its lines
  std::vector<EntryRef> acknowledge;
  std::vector<Delay> delays;
  std::vector<Burial> burials;  // to the dead-letter stream
  std::vector<Sighting> sightings{};
  std::vector<LinesOffered> lines{};  // told of no further than by the change log

  bool empty() const {
    return records.empty() && acknowledge.empty() && delays.empty() && burials.empty() &&
           sightings.empty() && lines.empty();
  }
};

// For stores: the entries of refused sightings are put back (due at `now`) instead of acknowledged.
// Gives how many there are.
std::size_t put_back(CommitBatch& batch, const std::vector<EntryRef>& refused, UtcMillis now);

// For stores: the withdrawal of one line that is not among those offered; and whether a record is
// a withdrawal that stands for all lines.
Record withdrawal_of(const LinesOffered& offered, Line line);
bool withdraws_all_lines(const Record& record, const BetTypes& bet_types);

enum class Committed {
  Created,  // a new document, announced once
  Merged,   // content changed: branch replaced, change logged
  Same,     // content equal: only observed_at moved
  Stale,    // a newer sighting is stored: nothing was done
  Absent,   // a withdrawal of what was never there, or a sighting of what is not: nothing was done
};
std::string_view to_string(Committed committed);

struct CommitReport {
  std::uint64_t ticket = 0;        // as submit() gave it
  Result<void> result;             // an error = no entry of the batch was settled
  std::vector<Committed> records;  // one per CommitBatch::records, same order
  // What is stored of each of these records now, where it was Created, Merged or Same.
  std::vector<ContentHash> contents{};
  std::vector<Committed> sightings{};  // one per CommitBatch::sightings: Same, Stale or Absent
  std::size_t put_back = 0;            // entries of Absent sightings, which were not acknowledged
};

// A record's observed_at orders sightings: equal is not older (and Same content at an equal time is
// Same). A settled entry that is no longer pending (settled by another consumer) is left alone,
// silently.
class MatchBook {
 public:
  virtual ~MatchBook() = default;

  // Hands a batch over; its outcome comes from collect(). At most kMostUncollected batches may be
  // outstanding; one more waits for the oldest. Never waits otherwise.
  static constexpr std::size_t kMostUncollected = 8;
  virtual std::uint64_t submit(CommitBatch batch) = 0;

  // Outcomes of submitted batches, in the order of submission. Waits at most `wait` for the first.
  virtual std::vector<CommitReport> collect(Millis wait) = 0;
  virtual std::size_t uncollected() const = 0;
};

// submit and collect for callers that have nothing else to do. Errors: those of the commit;
// Timeout.
Result<std::vector<Committed>> commit(MatchBook& book, CommitBatch batch,
                                      Millis deadline = Millis(30'000));

// ---- reader
// -------------------------------------------------------------------------------------------------

struct DocumentFilter {
  std::string bookmaker;  // "" = any
  std::string bet_type;   // "" = any
  std::optional<Source> source;
  std::string event_id;  // "" = any
  std::string text;      // part of home, away or competition, ignoring ASCII case; "" = any
  std::optional<UtcMillis> starts_from, starts_to;
  std::size_t most = 1000;
};

struct Change {
  std::uint64_t sequence =
      0;  // a cursor to go on from; grows by commit order, never reused, may have gaps
  std::string document_key;
  Record record;  // as it was after the change
};

// Places in the change log, as cursors for changes().
struct LogSpan {
  std::uint64_t begin = 0;  // after it, and any later cursor, nothing is missing
  std::uint64_t end = 0;    // after it comes what is committed from now on
};

struct Announcement {
  std::uint64_t sequence = 0;  // as of Change, within its stream
  std::string stream;          // "lst-THREE_WAY_live_stream"
  std::string data_key;        // the created document
  UtcMillis at;                // by the clock of the store's server, where it has one
};

// When a record was last seen, and when its content last changed, without the content.
struct Seen {
  RecordId id;
  UtcMillis observed_at, changed_at;
};

struct StoreCounts {
  std::uint64_t documents = 0, records = 0, announcements = 0, changes = 0, dead = 0;
};

class Reader {
 public:
  virtual ~Reader() = default;
  // Which store this is: short text of letters and digits, made at random when the store was made,
  // kept as long as it is. One that was emptied or begun anew has another, so places in a change
  // log can be told from those in another's. NotFound: the store was emptied since it was opened.
  virtual Result<std::string> identity() = 0;
  // By kick-off, then key. Errors as of the store.
  virtual Result<std::vector<MatchDocument>> documents(const DocumentFilter& filter) = 0;
  virtual Result<std::optional<MatchDocument>> document(const std::string& key) = 0;
  // The key under which an event's record is kept, if it is: the lookup.
  virtual Result<std::optional<std::string>> find(const RecordId& id) = 0;
  // After `after`, oldest first. Where `after` is below change_log().begin, some may have been
  // trimmed.
  virtual Result<std::vector<Change>> changes(std::uint64_t after, std::size_t most) = 0;
  virtual Result<LogSpan> change_log() = 0;
  // The changes of one record still in the log, oldest first.
  virtual Result<std::vector<Change>> history(const RecordId& id, std::size_t most) = 0;
  // Documents as they were at `at`, by key: of each record the last change at or before that time
  // by its changed_at, of equal times the one logged last. Records that were withdrawn by then are
  // in it, as such, and so are documents that have expired since; what the log no longer has is
  // not. `created` is 0: the log need not tell. Reads the log from its begin, so not for a thread
  // that must not wait. Errors: NotFound where the log has nothing of that time or before; the
  // store's.
  virtual Result<std::vector<MatchDocument>> as_of(UtcMillis at) = 0;
  virtual Result<std::vector<Announcement>> announcements(const std::string& stream,
                                                          std::uint64_t after,
                                                          std::size_t most) = 0;
  // Of this bookmaker ("" = any) and source, those observed after `since`, or all; at most `most`,
  // longest unseen first. For whoever keeps records and must know how fresh they are: sightings of
  // what did not change are in no log.
  virtual Result<std::vector<Seen>> seen(const std::string& bookmaker, Source source,
                                         std::optional<UtcMillis> since, std::size_t most) = 0;
  virtual Result<StoreCounts> counts() = 0;
};

// ---- looking a store over
// --------------------------------------------------------------------------------------

struct Finding {
  enum class Grade { Warning, Problem };
  Grade grade = Grade::Problem;
  std::string what;   // a word that stays the same, "two-documents": docs/operations.md lists them
  std::string where;  // key, stream, setting
  std::string message;  // one line: what was found, why it matters, what to do
};
std::string_view to_string(Finding::Grade grade);  // "warning", "problem"

struct Examination {
  static constexpr std::size_t kMostOfAKind = 100;
  std::vector<Finding> findings;              // problems first, then by `what` and `where`
  std::map<std::string, std::uint64_t> more;  // by `what`: those beyond kMostOfAKind, counted only
  std::uint64_t problems = 0, warnings = 0;   // counted ones included
  std::uint64_t documents = 0;                // looked at
};

// Called now and then by whoever examines: what is looked at ("documents"), how many were, of about
// how many; 0 = not known.
using ExaminationProgress =
    std::function<void(std::string_view doing, std::uint64_t done, std::uint64_t of)>;

// ---- the store
// ----------------------------------------------------------------------------------------------

// Names with K in braces, which a Redis cluster needs: Auto = where the server is one.
enum class HashTags { Auto, On, Off };

struct StoreOptions {
  Naming naming;  // hash_tags is set by the store, from the following and from what it finds
  HashTags hash_tags = HashTags::Auto;
  BetTypes bet_types;
  std::vector<std::string> bookmakers;  // that search indexes have fields for (Redis with search)
  Millis keep_live{
      6 * 3'600'000};  // a live document is removed so long after its last sighting; 0 = never
  Millis keep_upcoming{
      6 * 3'600'000};  // an upcoming one so long after kick-off (unknown: after its last sighting)
  // Change log and announcements keep at least so many, and not many more; on Redis per bet type
  // and source.
  std::uint64_t most_changes = 1'000'000;
  std::uint64_t most_dead_letters = 100'000;  // beyond it the oldest are forgotten
  // Opened for examine() alone: nothing is made, noted or mended, and what examine() tells is not
  // refused. A file that is not there is NotFound.
  bool look_only = false;
  Clock clock = system_clock();
};

class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::unique_ptr<WorkStreams>> work_streams() = 0;
  virtual Result<std::unique_ptr<MatchBook>> match_book() = 0;
  virtual Result<std::unique_ptr<Reader>> reader() = 0;
  virtual Result<std::unique_ptr<LinkBook>> link_book() = 0;
  // Removes expired documents, trims logs, forgets idle consumers. Bounded work per call; call it
  // now and then.
  virtual Result<void> tidy() = 0;
  // Looks everything over, beside whatever works on the store, and changes nothing. Reads all of
  // it, page by page; of each event only a hash is kept meanwhile. Errors: it could not be looked
  // at.
  virtual Result<Examination> examine(const ExaminationProgress& progress) = 0;
};

// "sqlite:PATH", or a URL of store/redis_url.h ("redis://HOST"). Errors: Invalid (a URL of no known
// kind, with what is known), Unavailable, Corrupt, Conflict (made by a newer version of the
// program).
Result<std::unique_ptr<Store>> open_store(const std::string& url, StoreOptions options);

}  // namespace oddsloom
