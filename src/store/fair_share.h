// Which waiting entries a claim takes when several streams have some: entries of the same event
// together, so that one fetch serves them, and no stream more than its share. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/work_entry.h"

namespace oddsloom {

struct Candidate {
  std::int64_t row = 0;  // the store's own name of the entry
  std::string event_id;  // "" = not known: stands alone
};

// Chooses at most `most` of `queues` (one per stream, each in the order in which its entries are
// due). The streams take turns; whoever's turn it is gives its next entry, and the others give
// theirs of the same event with it. An event that no longer fits as a whole is left for the next
// claim, unless nothing else was chosen. Gives rows in the order chosen, by queue.
struct Choice {
  std::size_t queue = 0;
  std::int64_t row = 0;
};
std::vector<Choice> share_out(const std::vector<std::vector<Candidate>>& queues, std::size_t most);

// The streams of `streams` in groups that differ only in bet type, as positions in `streams`;
// groups and members in order of first appearance.
std::vector<std::vector<std::size_t>> group_streams(const std::vector<StreamId>& streams);

}  // namespace oddsloom
