#include "app/board_follower.h"

#include <atomic>

#include "app/crew.h"
#include "base/log.h"

namespace oddsloom {
namespace {

constexpr Millis kTurn{25};
constexpr Millis kStatisticsEvery{2'000};
// Where the I/O thread is behind, it gets larger news later instead of more of it.
constexpr int kMostUntaken = 4;

class TroubleLog {
 public:
  void heard(const std::string& trouble) {
    if (trouble == last_) return;
    if (trouble.empty())
      log::info("store_readable_again");
    else
      log::warn("store_unreadable", {log::kv("why", trouble)});
    last_ = trouble;
  }

 private:
  std::string last_;
};

}  // namespace

Result<void> follow_store(BoardFollower& parts, std::stop_token stop) {
  const auto untaken = std::make_shared<std::atomic<int>>(0);
  TroubleLog troubles;
  UtcMillis statistics_due;
  while (!pause_for(stop, kTurn)) {
    if (untaken->load() >= kMostUntaken) continue;
    const UtcMillis now = now_utc();
    BoardNews news;
    news.turn = parts.keeper->turn(now);
    news.complete = parts.keeper->ready();
    troubles.heard(news.turn.trouble);
    if (now >= statistics_due) {
      statistics_due = now + kStatisticsEvery;
      if (auto streams = parts.streams->statistics()) news.streams = *std::move(streams);
    }
    ++*untaken;
    parts.post([&take = parts.take, untaken, news = std::make_shared<BoardNews>(std::move(news))] {
      --*untaken;
      take(*news);
    });
  }
  return {};
}

}  // namespace oddsloom
