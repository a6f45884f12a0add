// The thread that keeps the board: asks the keeper for what is new, reads the streams' statistics
// now and then, and hands both over to the I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "serve/board_keeper.h"
#include "store/store.h"

namespace oddsloom {

// What one turn found out.
struct BoardNews {
  BoardTurn turn;
  bool complete = false;                                 // the whole store was read once
  std::optional<std::vector<StreamStatistics>> streams;  // nothing: not looked at this time
};

struct BoardFollower {
  std::unique_ptr<BoardKeeper> keeper;
  std::unique_ptr<WorkStreams> streams;
  // Has the job done on the I/O thread. Any thread.
  std::function<void(std::function<void()>)> post;
  // Called there, in order.
  std::function<void(const BoardNews&)> take;
};

Result<void> follow_store(BoardFollower& parts, std::stop_token stop);

}  // namespace oddsloom
