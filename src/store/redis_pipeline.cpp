#include "store/redis_pipeline.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace oddsloom {

void RedisPipeline::start(std::vector<RedisCommand> commands) {
  entries_.clear();
  entries_.reserve(commands.size());
  for (RedisCommand& command : commands) entries_.push_back(Entry{.command = std::move(command)});
  open_ = entries_.size();
  waiting_.resize(entries_.size());
  std::iota(waiting_.begin(), waiting_.end(), 0U);
  sorted_ = true;
}

void RedisPipeline::start(const RedisCommand& command, const std::vector<int>& slots) {
  start(std::vector<RedisCommand>(slots.size(), command));
  for (std::size_t i = 0; i < slots.size(); ++i) entries_[i].slot = slots[i];
}

const RedisPipeline::Entry& RedisPipeline::first_open() const {
  return *std::find_if(entries_.begin(), entries_.end(),
                       [](const Entry& entry) { return !entry.done; });
}

void RedisPipeline::finish(std::uint32_t index, Reply reply) {
  Entry& entry = entries_[index];
  entry.reply = std::move(reply);
  entry.done = true;
  --open_;
}

void RedisPipeline::wait(std::uint32_t index, Steady::time_point not_before) {
  entries_[index].not_before = not_before;
  sorted_ = sorted_ && (waiting_.empty() || waiting_.back() < index);
  waiting_.push_back(index);
}

void RedisPipeline::sort() {
  if (!sorted_) std::sort(waiting_.begin(), waiting_.end());
  sorted_ = true;
}

std::optional<RedisPipeline::Steady::time_point> RedisPipeline::next_time(
    Steady::time_point now) const {
  std::optional<Steady::time_point> first;
  for (const std::uint32_t index : waiting_) {
    const auto time = entries_[index].not_before;
    if (time > now && (!first || time < *first)) first = time;
  }
  return first;
}

std::vector<Reply> RedisPipeline::take() {
  std::vector<Reply> replies;
  replies.reserve(entries_.size());
  for (Entry& entry : entries_) replies.push_back(std::move(entry.reply));
  entries_.clear();
  waiting_.clear();
  open_ = 0;
  return replies;
}

}  // namespace oddsloom
