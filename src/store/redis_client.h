// Talks to Redis: sends commands in pipelines and gives their answers, whatever happens to the
// servers meanwhile. Between the store's redis_* files above and redis_link (one connection) below.
// Knows one server, a primary found through Sentinel, or a cluster (slots, MOVED, ASK). Not
// thread-safe: one client per session.
//
// What passes is repeated until the deadline: a lost or refused connection (with back-off),
// NOSCRIPT (the script is loaded and the command sent again), LOADING, READONLY and MASTERDOWN (the
// primary is looked for again), MOVED, ASK, TRYAGAIN, CLUSTERDOWN, BUSY (another client's script),
// OOM, NOREPLICAS, MISCONF. So a command may run twice when its answer was lost: what is sent here
// must bear that. Any other error answer is the command's own and is given as the reply. Commands
// for one node are sent in their order; those that must be sent again may come behind later ones. A
// server that is silent for 12 s is given up and connected anew, so a blocking read must wait less.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/redis_command.h"
#include "store/redis_reply.h"
#include "store/redis_url.h"

namespace oddsloom {

class RedisClient {
 public:
  // Connects, authenticates, selects, and finds out whether it is a cluster. `scripts` (all that
  // commands will name) outlive the client. Errors: Unavailable (nobody there, wrong address, TLS
  // not agreed; with the address), Invalid (user, password, database or certificate refused),
  // Timeout.
  static Result<std::unique_ptr<RedisClient>> connect(
      const RedisTarget& target, const std::vector<const RedisScript*>& scripts, Millis deadline);
  ~RedisClient();
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  bool is_cluster() const;

  // One pipeline: replies in the order of the commands. In a cluster commands go to the nodes of
  // their routing keys, those without one to any primary. Errors: Unavailable or Timeout (not all
  // were answered by the deadline; the message tells the last trouble), Invalid (authentication
  // refused after a reconnect).
  Result<std::vector<Reply>> run(std::vector<RedisCommand> commands, Millis deadline);
  // A single command; an error answer becomes an Error (Internal, with the server's words).
  Result<Reply> ask(RedisCommand command, Millis deadline);
  // The same command at every primary (one, but in a cluster), a reply each.
  Result<std::vector<Reply>> ask_all(const RedisCommand& command, Millis deadline);

  // run() in steps, for callers that have something else to do. At most one pipeline is under way.
  void start(std::vector<RedisCommand> commands, Millis deadline);
  bool under_way() const;
  // Works on it for at most `wait`; true when take() has the outcome. Millis(0): what can be done
  // at once.
  bool advance(Millis wait);
  Result<std::vector<Reply>> take();

 private:
  class Engine;
  explicit RedisClient(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace oddsloom
