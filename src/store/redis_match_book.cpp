#include "store/redis_match_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "store/redis_search_index.h"
#include "store/redis_settling.h"

namespace oddsloom {
namespace {

using Steady = std::chrono::steady_clock;

// A server that restarts or fails over takes some seconds; batches outlast that.
constexpr Millis kCommit{30'000};
constexpr Millis kLastEffort{1'000};
constexpr std::size_t kRecordsPerCall = 64;

}  // namespace

Result<std::unique_ptr<MatchBook>> RedisMatchBook::open(const RedisHouse& house) {
  auto client = house.connect();
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<MatchBook>(new RedisMatchBook(house, *std::move(client)));
}

RedisMatchBook::RedisMatchBook(const RedisHouse& house, std::unique_ptr<RedisClient> client)
    : house_(house), client_(std::move(client)) {}

RedisMatchBook::~RedisMatchBook() {
  const auto until = Steady::now() + kLastEffort;
  while (!queue_.empty() && Steady::now() < until)
    step(std::chrono::ceil<Millis>(until - Steady::now()));
}

std::uint64_t RedisMatchBook::submit(CommitBatch batch) {
  while (queue_.size() >= kMostUncollected) step(kCommit);  // its own deadline ends it
  queue_.push_back({++last_ticket_,
                    std::move(batch),
                    Steady::now() + kCommit,
                    false,
                    false,
                    {},
                    0,
                    {},
                    0,
                    false});
  while (step(Millis(0))) continue;
  return last_ticket_;
}

std::vector<CommitReport> RedisMatchBook::collect(Millis wait) {
  const auto until = Steady::now() + wait;
  while (step(Millis(0))) continue;
  while (reports_.empty() && !queue_.empty()) {
    const auto left = std::chrono::ceil<Millis>(until - Steady::now());
    if (left <= Millis(0)) break;
    step(left);
  }
  return std::exchange(reports_, {});
}

bool RedisMatchBook::step(Millis wait) {
  if (queue_.empty()) return false;
  Submission& submission = queue_.front();
  if (!submission.begun) begin(submission);
  if (!client_->under_way()) return true;  // it ended at once
  if (!client_->advance(wait)) return false;
  answered(submission);
  return true;
}

// A batch that names an unknown bet type ends here; else its first pipeline is under way
// afterwards.
void RedisMatchBook::begin(Submission& submission) {
  submission.begun = true;
  submission.records.reserve(submission.batch.records.size() + submission.batch.sightings.size());
  for (Record& record : submission.batch.records) {
    const BetType* type = house_.options.bet_types.find(record.bet_type);
    if (!type) {
      const std::string bet_type = record.bet_type;
      return finish(fail(ErrorKind::Invalid, record.id().text(),
                         "'" + bet_type + "' is no bet type this program knows"));
    }
    if (withdraws_all_lines(record, house_.options.bet_types))
      submission.batch.lines.push_back({record.id(), {}, record.observed_at, record.period});
    submission.records.emplace_back(house_, *type, std::move(record));
  }
  for (const Sighting& sighting : submission.batch.sightings) {
    const BetType* type = house_.options.bet_types.find(sighting.id.bet_type);
    if (!type)
      return finish(
          fail(ErrorKind::Invalid, sighting.id.text(),
               fmt::format("'{}' is no bet type this program knows", sighting.id.bet_type)));
    submission.records.emplace_back(house_, *type, sighting);
  }
  for (const LinesOffered& offered : submission.batch.lines)
    if (!house_.options.bet_types.find(offered.id.bet_type))
      return finish(
          fail(ErrorKind::Invalid, offered.id.text(),
               fmt::format("'{}' is no bet type this program knows", offered.id.bet_type)));
  ask(submission);
}

// Records of one bet type and source share a script call, so many at most: a call holds up
// everybody else.
std::vector<RedisCommand> RedisMatchBook::record_commands(Submission& submission) {
  std::vector<RedisCommand> commands;
  std::map<std::pair<const BetType*, Source>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < submission.records.size(); ++i) {
    RedisRecordCommit& record = submission.records[i];
    if (record.outcome()) continue;
    if (record.searching()) {
      commands.push_back(record.search_command());
      submission.asked.push_back({i});
      continue;
    }
    record.prepare(known_);
    groups[{&record.type(), record.source()}].push_back(i);
  }
  const std::size_t most = submission.one_by_one ? 1 : kRecordsPerCall;
  for (const auto& [market, all] : groups)
    for (std::size_t first = 0; first < all.size(); first += most) {
      const std::vector<std::size_t> some(
          all.begin() + static_cast<std::ptrdiff_t>(first),
          all.begin() + static_cast<std::ptrdiff_t>(std::min(first + most, all.size())));
      std::vector<const RedisRecordCommit*> records;
      for (const std::size_t i : some) records.push_back(&submission.records[i]);
      commands.push_back(commit_command(house_, records));
      submission.asked.push_back(some);
    }
  return commands;
}

// The server does not know which lines there are of an event but by a set of ours. A line is noted
// there before its record is stored, so that whatever ends in between, no stored line is missing
// from it. Asked for first: what those commands add is offered.
std::vector<RedisCommand> RedisMatchBook::line_commands(const Submission& submission) const {
  std::vector<RedisCommand> commands;
  if (!submission.lines_known)
    for (const LinesOffered& offered : submission.batch.lines) {
      const BetType& type = *house_.options.bet_types.find(offered.id.bet_type);
      commands.emplace_back("SMEMBERS").key(house_.options.naming.lines(type, offered.id));
    }
  struct Noted {
    std::vector<std::string> lines;
    Millis life{0};
    bool for_ever = false;
  };
  std::map<std::string, Noted> sets;
  for (const RedisRecordCommit& record : submission.records) {
    if (record.outcome() || record.searching()) continue;
    const auto key = record.lines_key();
    if (!key) continue;
    Noted& noted = sets[*key];
    noted.lines.push_back(record.line_word());
    noted.for_ever = noted.for_ever || record.life() == Millis(0);
    noted.life = std::max(noted.life, record.life());
  }
  for (const auto& [key, noted] : sets) {
    RedisCommand& add = commands.emplace_back("SADD").key(key);
    for (const std::string& line : noted.lines) add.add(line);
    if (noted.for_ever)
      commands.emplace_back("PERSIST").key(key);
    else
      commands.emplace_back("PEXPIRE").key(key).add(noted.life.count());
  }
  return commands;
}

Result<void> RedisMatchBook::lines_answered(Submission& submission,
                                            const std::vector<Reply>& replies) {
  for (std::size_t i = 0; i < submission.lines_asked; ++i)
    if (auto fine = no_error(replies[i].view(), "lines"); !fine) return fine;
  if (submission.lines_known) return {};
  submission.lines_known = true;
  for (std::size_t i = 0; i < submission.batch.lines.size(); ++i) {
    const LinesOffered& offered = submission.batch.lines[i];
    const BetType& type = *house_.options.bet_types.find(offered.id.bet_type);
    for (std::size_t member = 0; member < replies[i].view().size(); ++member) {
      const auto line = parse_line(replies[i][member].text());
      if (line &&
          std::find(offered.lines.begin(), offered.lines.end(), *line) == offered.lines.end())
        submission.records.emplace_back(house_, type, withdrawal_of(offered, *line));
    }
  }
  return {};
}

void RedisMatchBook::ask(Submission& submission) {
  submission.asked.clear();
  std::vector<RedisCommand> commands = record_commands(submission);
  std::vector<RedisCommand> lines = line_commands(submission);
  submission.lines_asked = lines.size();
  commands.insert(commands.begin(), std::make_move_iterator(lines.begin()),
                  std::make_move_iterator(lines.end()));
  if (commands.empty()) {
    std::vector<EntryRef> refused;
    for (std::size_t i = 0; i < submission.batch.sightings.size(); ++i) {
      const auto& entries = submission.batch.sightings[i].entries;
      if (submission.records[submission.batch.records.size() + i].outcome() == Committed::Absent)
        refused.insert(refused.end(), entries.begin(), entries.end());
    }
    submission.put_back = put_back(submission.batch, refused, house_.options.clock());
    commands = settle_commands(house_, submission.batch);
  }
  if (commands.empty()) return finish({});
  const auto left = std::chrono::ceil<Millis>(submission.deadline - Steady::now());
  client_->start(std::move(commands), std::max(left, Millis(1)));
}

Result<void> RedisMatchBook::record_answers(Submission& submission,
                                            const std::vector<Reply>& replies) {
  if (auto done = lines_answered(submission, replies); !done) return done;
  for (std::size_t i = 0; i < submission.asked.size(); ++i) {
    const ReplyView reply = replies[submission.lines_asked + i].view();
    const std::vector<std::size_t>& about = submission.asked[i];
    RedisRecordCommit& first = submission.records[about.front()];
    if (first.searching()) {
      if (auto done = first.answered(reply, known_); !done) return done;
      continue;
    }
    if (reply.is_error()) {
      // The script ended at one of them, and does not say which; what it did before that stands.
      known_ = RedisKnownRecords();
      if (about.size() > 1) {
        submission.one_by_one = true;
        continue;
      }
      const bool wrong_kind = reply.text().find("WRONGTYPE") != std::string_view::npos;
      return fail(wrong_kind ? ErrorKind::Corrupt : ErrorKind::Internal, first.text(),
                  std::string(reply.text()));
    }
    for (std::size_t j = 0; j < about.size(); ++j)
      if (auto done = submission.records[about[j]].answered(reply[j], known_); !done) return done;
  }
  return {};
}

void RedisMatchBook::answered(Submission& submission) {
  const auto replies = client_->take();
  if (!replies) return finish(tl::unexpected(replies.error()));
  if (submission.asked.empty() && submission.lines_asked == 0) {
    for (const Reply& reply : *replies)
      if (auto fine = no_error(reply.view(), "settle"); !fine) return finish(fine);
    return finish({});
  }
  if (auto done = record_answers(submission, *replies); !done) return finish(done);
  const bool index_lost =
      std::any_of(submission.records.begin(), submission.records.end(),
                  [](const RedisRecordCommit& record) { return record.lacks_index(); });
  if (index_lost)
    if (auto made = ensure_search_indexes(house_, *client_, kCommit); !made) return finish(made);
  ask(submission);
}

void RedisMatchBook::finish(Result<void> result) {
  CommitReport report;
  report.ticket = queue_.front().ticket;
  // What was believed of its records may not have come true.
  if (!result) known_ = RedisKnownRecords();
  if (result) {
    const Submission& done = queue_.front();
    report.put_back = done.put_back;
    const std::size_t told = done.batch.records.size() + done.batch.sightings.size();
    for (std::size_t i = 0; i < told; ++i) {
      const RedisRecordCommit& record = done.records[i];
      const bool sighting = i >= done.batch.records.size();
      (sighting ? report.sightings : report.records).push_back(*record.outcome());
      if (!sighting) report.contents.push_back(record.content());
    }
  }
  report.result = std::move(result);
  reports_.push_back(std::move(report));
  queue_.pop_front();
}

}  // namespace oddsloom
