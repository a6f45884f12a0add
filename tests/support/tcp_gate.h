// A TCP proxy in front of a port, which a test can make slow, choppy, deaf or dead. What it is told
// holds when the call returns, for connections there are and to come. Where nobody listens behind
// it, a new connection is reset. Its functions may be called from any thread; a thread of its own
// does the forwarding.
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace oddsloom::test {

class TcpGate {
 public:
  explicit TcpGate(std::uint16_t to);  // a port on 127.0.0.1
  ~TcpGate();                          // cuts all connections
  TcpGate(const TcpGate&) = delete;
  TcpGate& operator=(const TcpGate&) = delete;

  std::uint16_t port() const { return port_; }
  // Both directions: so many bytes at a time, each piece a packet of its own. 0 = as they come.
  void forward_in_pieces(std::size_t bytes);
  // Both directions: every byte arrives so much later. 0 = at once.
  void delay(std::chrono::milliseconds by);
  // Nothing is forwarded either way while it is on; connections stay, new ones are taken.
  void stall(bool on);
  // Connecting is refused (ECONNREFUSED) while it is on; connections there are stay.
  void refuse(bool on);
  // With a TCP reset, all there are.
  void cut();
  // Once: lets so many further bytes of answers pass and cuts that connection when more would
  // come. With 0 the server has done what the next command says and the client never hears of it.
  void cut_after_answer_bytes(std::size_t bytes);
  // New connections go to another port on 127.0.0.1.
  void lead_to(std::uint16_t port);

  std::size_t connections() const;  // accepted so far
  std::size_t open() const;         // now

 private:
  using Clock = std::chrono::steady_clock;
  struct Chunk {
    Clock::time_point due;
    std::string bytes;
  };
  // One direction of a connection.
  struct Flow {
    bool may_take() const { return !ended && held < kMostHeld; }
    bool has_ended() const { return ended && chunks.empty(); }
    Clock::time_point next_due() const { return std::max(chunks.front().due, not_before); }

    static constexpr std::size_t kMostHeld = 1'000'000;
    std::deque<Chunk> chunks;
    std::size_t held = 0;            // bytes in chunks
    Clock::time_point not_before{};  // of the next piece
    bool ended = false;              // nothing more comes from the sending side
    bool end_told = false;
  };
  struct Link {
    int client = -1, server = -1;
    Flow to_server, to_client;
    bool dead = false;
  };

  void change(const std::function<void()>& settings);
  void work();
  void apply();
  void accept_all();
  std::vector<pollfd> wanted(Clock::time_point now, Clock::time_point& next) const;
  void forward(Link& link, short client_events, short server_events);
  void take(Link& link, int from, Flow& flow);
  void give(Link& link, int to, Flow& flow);
  void close_dead();

  mutable std::mutex mutex_;  // of all that follows; the thread lets go of it to wait
  std::condition_variable applied_;
  std::uint64_t changes_ = 0, applied_changes_ = 0;
  std::uint16_t to_, port_ = 0;
  std::size_t piece_ = 0;
  std::chrono::milliseconds delay_{0};
  bool stalled_ = false, refusing_ = false, cutting_ = false, stopping_ = false;
  std::optional<std::size_t> answer_bytes_left_;
  std::list<Link> links_;
  std::size_t accepted_ = 0;
  int listener_ = -1, bell_ = -1;
  std::thread thread_;
};

}  // namespace oddsloom::test
