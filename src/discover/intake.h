// Where a listener puts what it heard: whole records, to be committed at once, and events to be
// looked at by the workers. Between discover/socket_listener or discover/browser_listener and the
// store. Not thread-safe: each listener has one of its own and calls turn() in its loop.
//
// Records are committed together after a short linger, those of one market one after the other; a
// store that says `stale` or `same` makes repeated and late messages harmless. What a record does
// not know (kick-off, names) the store keeps as it was; a record without teams of an event that the
// store does not know would be a document without teams: give look_at() instead.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/metrics.h"
#include "bookmaker/spec.h"
#include "store/store.h"

namespace oddsloom {

struct IntakeConfig {
  Source source = Source::Live;
  std::vector<std::string> bet_types;  // whose streams an event goes to when it is to be looked at
  Millis linger{10};                   // longest wait of a record for company
  std::size_t most_together = 500;     // records in one commit; so many waiting go at once
  // An event is put on its streams at once, but not again within this: what comes meanwhile is one
  // more look at the end of it. So no change is lost, and a talkative feed is no flood of requests.
  Millis look_apart{250};
  std::uint64_t most_backlog = 20'000;        // unacknowledged entries beyond which looks wait
  std::size_t most_waiting_records = 20'000;  // beyond it a record becomes a look
};

struct IntakeMetrics {
  Counter created, merged, same, stale, absent;  // records, by what the store made of them
  Counter commit_failures;  // commits that failed; their events are looked at instead
  Counter looks;            // events put on their work streams
  Counter looks_held_back;  // turns in which looks waited for the backlog
  Counter looks_dropped;    // too many waited
};

class Intake {
 public:
  Intake(const Bookmaker& bookmaker, WorkStreams& streams, MatchBook& book, IntakeMetrics& metrics,
         IntakeConfig config, Clock clock);

  // A whole record as it was heard; observed_at is when. Committed within the linger.
  void record(Record record);
  // Something about the event is not known: its bet types go onto their work streams.
  void look_at(const WorkEntry& event);

  // Commits and appends what is due, and takes in the outcomes. Call it at least every due_in().
  // Waits only for a store that has kMostUncollected commits of ours outstanding. Errors: the store
  // cannot be used; busy and unavailable are tried again.
  Result<void> turn();
  // How long turn() may wait; nothing = until something is given.
  std::optional<Millis> due_in() const;
  // Commits everything that waits, waits for the outcomes, and appends all looks, at most so long.
  // For the end, or a pause. Errors: as of turn(), and Timeout for a commit; looks that a full
  // backlog holds back are no error here.
  Result<void> finish(Millis most);
  std::size_t looks_waiting() const { return looks_wanted_; }

 private:
  struct Look {
    WorkEntry event;
    bool wanted = false;
    UtcMillis not_before;
  };
  struct Submitted {
    RecordId id;
    WorkEntry event;
  };
  bool submit();
  Result<void> collect(Millis wait);
  void count(Committed committed);
  Result<void> append_looks();
  Result<void> problem(const Error& error);
  std::optional<int> period_of(const WorkEntry& event, UtcMillis now) const;

  const Bookmaker& bookmaker_;
  WorkStreams& streams_;
  MatchBook& book_;
  IntakeMetrics& metrics_;
  const IntakeConfig config_;
  const Clock clock_;
  std::vector<StreamId> all_streams_;
  std::vector<Record> waiting_;
  UtcMillis waiting_since_;
  std::set<RecordId> under_way_;                               // of the submitted commits
  std::map<std::uint64_t, std::vector<Submitted>> submitted_;  // whose records, by ticket
  std::map<std::string, Look, std::less<>> looks_;             // by event id
  std::size_t looks_wanted_ = 0;
  UtcMillis looks_not_before_;  // after a full backlog or a store that was busy
  int commit_failures_ = 0;     // in a row
  log::Sampler trouble_;
};

}  // namespace oddsloom
