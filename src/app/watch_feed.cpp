#include "app/watch_feed.h"

#include <algorithm>

namespace oddsloom {
namespace {

constexpr std::size_t kMostDocuments = 20'000;
constexpr std::size_t kChangesAtOnce = 1000;
constexpr int kReadsPerTurn = 5;
constexpr std::size_t kMostShown = 500;
constexpr Millis kAllEvery{30'000};
constexpr Millis kShownEvery{1000};
constexpr Millis kStatisticsEvery{1000};
constexpr Millis kRateOver{5000};  // changes come in bursts, one per round of looks

}  // namespace

WatchFeed::WatchFeed(std::unique_ptr<Reader> reader, std::unique_ptr<WorkStreams> streams,
                     WatchModel& model)
    : reader_(std::move(reader)), streams_(std::move(streams)), model_(model) {}

std::vector<PriceMove> WatchFeed::turn(UtcMillis now, const std::vector<std::string>& on_screen) {
  std::vector<PriceMove> moves;
  const auto all = [&]() -> Result<void> {
    if (now >= all_due_) return read_all(now, moves);
    if (auto read = read_changes(now, moves); !read) return read;
    return now >= shown_due_ ? read_shown(now, on_screen, moves) : Result<void>{};
  };
  Result<void> result = all();
  if (result && now >= statistics_due_) result = read_statistics(now);
  health_.trouble = result ? "" : result.error().text();
  return moves;
}

Result<void> WatchFeed::read_all(UtcMillis now, std::vector<PriceMove>& moves) {
  // The place in the log first: a change made while the documents are read is then seen twice, not
  // never.
  const auto log = reader_->change_log();
  if (!log) return tl::unexpected(log.error());
  DocumentFilter filter;
  filter.most = kMostDocuments;
  auto documents = reader_->documents(filter);
  if (!documents) return tl::unexpected(documents.error());
  sequence_ = log->end;
  std::vector<std::string> keys;
  for (const MatchDocument& document : *documents) {
    see(document, now, moves);
    keys.push_back(document.key);
  }
  std::sort(keys.begin(), keys.end());
  if (documents->size() < kMostDocuments) model_.keep_only(keys);
  all_due_ = now + kAllEvery;
  return {};
}

Result<void> WatchFeed::read_changes(UtcMillis now, std::vector<PriceMove>& moves) {
  for (int i = 0; i < kReadsPerTurn; ++i) {
    auto changes = reader_->changes(sequence_, kChangesAtOnce);
    if (!changes) return tl::unexpected(changes.error());
    for (const Change& change : *changes) {
      auto moved = model_.see(change.document_key, change.record, now);
      moves.insert(moves.end(), std::make_move_iterator(moved.begin()),
                   std::make_move_iterator(moved.end()));
      sequence_ = change.sequence;
    }
    counted_changes_ += changes->size();
    if (changes->size() < kChangesAtOnce) return {};
  }
  // The log grows faster than it is read here: what stands in the documents is enough.
  all_due_ = now;
  return {};
}

Result<void> WatchFeed::read_shown(UtcMillis now, const std::vector<std::string>& keys,
                                   std::vector<PriceMove>& moves) {
  for (std::size_t i = 0; i < keys.size() && i < kMostShown; ++i) {
    auto document = reader_->document(keys[i]);
    if (!document) return tl::unexpected(document.error());
    if (*document)
      see(**document, now, moves);
    else
      model_.forget(keys[i]);
  }
  shown_due_ = now + kShownEvery;
  return {};
}

Result<void> WatchFeed::read_statistics(UtcMillis now) {
  auto statistics = streams_->statistics();
  if (!statistics) return tl::unexpected(statistics.error());
  auto counts = reader_->counts();
  if (!counts) return tl::unexpected(counts.error());
  health_.queue = health_.pending = health_.delayed = 0;
  health_.oldest.reset();
  for (const StreamStatistics& one : *statistics) {
    health_.queue += one.length;
    health_.pending += one.pending;
    health_.delayed += one.delayed;
    if (one.oldest && (!health_.oldest || now - *one.oldest > *health_.oldest))
      health_.oldest = now - *one.oldest;
  }
  health_.documents = counts->documents;
  health_.dead = counts->dead;
  if (counted_at_.value == 0) {
    counted_at_ = now;
    counted_changes_ = 0;
  } else if (const Millis since = now - counted_at_; since >= kRateOver) {
    health_.changes_per_second =
        1000.0 * static_cast<double>(counted_changes_) / static_cast<double>(since.count());
    counted_at_ = now;
    counted_changes_ = 0;
  }
  statistics_due_ = now + kStatisticsEvery;
  return {};
}

void WatchFeed::see(const MatchDocument& document, UtcMillis now, std::vector<PriceMove>& moves) {
  for (const auto& [bookmaker, record] : document.records) {
    auto moved = model_.see(document.key, record, now);
    moves.insert(moves.end(), std::make_move_iterator(moved.begin()),
                 std::make_move_iterator(moved.end()));
  }
}

}  // namespace oddsloom
