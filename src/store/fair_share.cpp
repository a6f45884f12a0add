#include "store/fair_share.h"

#include <algorithm>
#include <unordered_map>

namespace oddsloom {
namespace {

// What is left of one stream's candidates.
class Queue {
 public:
  explicit Queue(const std::vector<Candidate>& candidates)
      : candidates_(candidates), taken_(candidates.size(), false) {
    // Backwards, so that of several entries for one event the first is found.
    for (std::size_t i = candidates.size(); i-- > 0;)
      if (!candidates[i].event_id.empty()) by_event_[candidates[i].event_id] = i;
  }

  const Candidate* front() {
    while (next_ < candidates_.size() && taken_[next_]) ++next_;
    return next_ < candidates_.size() ? &candidates_[next_] : nullptr;
  }
  std::size_t front_position() const { return next_; }
  // Position of an entry for that event that is still to be had.
  std::optional<std::size_t> find(const std::string& event_id) const {
    const auto at = by_event_.find(event_id);
    if (event_id.empty() || at == by_event_.end() || taken_[at->second]) return std::nullopt;
    return at->second;
  }
  std::int64_t take(std::size_t position) {
    taken_[position] = true;
    return candidates_[position].row;
  }

 private:
  const std::vector<Candidate>& candidates_;
  std::vector<bool> taken_;
  std::unordered_map<std::string, std::size_t> by_event_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<Choice> share_out(const std::vector<std::vector<Candidate>>& candidates,
                              std::size_t most) {
  std::vector<Queue> queues(candidates.begin(), candidates.end());
  std::vector<Choice> chosen;
  std::size_t idle_turns = 0;
  for (std::size_t turn = 0; chosen.size() < most && idle_turns < queues.size();
       turn = (turn + 1) % queues.size()) {
    const Candidate* front = queues[turn].front();
    if (!front) {
      ++idle_turns;
      continue;
    }
    idle_turns = 0;
    std::vector<std::pair<std::size_t, std::size_t>> together{
        {turn, queues[turn].front_position()}};
    for (std::size_t other = 0; other < queues.size(); ++other)
      if (const auto position = queues[other].find(front->event_id); other != turn && position)
        together.emplace_back(other, *position);
    if (!chosen.empty() && chosen.size() + together.size() > most) break;
    for (const auto& [queue, position] : together)
      if (chosen.size() < most) chosen.push_back({queue, queues[queue].take(position)});
  }
  return chosen;
}

std::vector<std::vector<std::size_t>> group_streams(const std::vector<StreamId>& streams) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const auto same = [&](const std::vector<std::size_t>& group) {
      const StreamId& first = streams[group.front()];
      return first.bookmaker == streams[i].bookmaker && first.source == streams[i].source &&
             first.period == streams[i].period;
    };
    const auto at = std::find_if(groups.begin(), groups.end(), same);
    if (at == groups.end())
      groups.push_back({i});
    else
      at->push_back(i);
  }
  return groups;
}

}  // namespace oddsloom
