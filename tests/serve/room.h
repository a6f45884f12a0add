// Subscribers for tests: everyone in the room gets what is said to it; a client that has not taken
// the last word gets only the newest. Belongs to the server's I/O thread, but for what says
// otherwise.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "serve/server_under_test.h"

namespace oddsloom::test {

class Room {
 public:
  // Serves "/feed" in either transport, and echoes other paths.
  HttpHandler handler() {
    return [this](const WebRequest& request, Transport transport, std::function<void()> wake) {
      HttpAnswer out;
      if (request.path == "/feed")
        out.subscriber = std::make_unique<Guest>(*this, transport, std::move(wake));
      else
        out = echo(request);
      return out;
    };
  }
  void say(const std::string& text) {
    const auto stream = std::make_shared<const std::string>("data: " + text + "\n\n");
    const auto message = std::make_shared<const std::string>(text);
    for (Guest* guest : guests_) {
      guest->waiting_ = guest->transport_ == Transport::EventStream ? stream : message;
      guest->wake_();
    }
  }
  void end(const std::string& why) {
    for (Guest* guest : guests_) {
      guest->ended_ = why;
      guest->wake_();
    }
  }
  // Any thread.
  std::size_t size() const { return size_; }
  std::size_t pulls() const { return pulls_; }

 private:
  class Guest : public Subscriber {
   public:
    Guest(Room& room, Transport transport, std::function<void()> wake)
        : transport_(transport), wake_(std::move(wake)), room_(room) {
      room_.guests_.insert(this);
      ++room_.size_;
      wake_();  // before there is a connection: harmless
    }
    ~Guest() override {
      room_.guests_.erase(this);
      --room_.size_;
      wake_();  // when it has gone: harmless
    }
    Frames next(UtcMillis) override {
      ++room_.pulls_;
      if (!waiting_) return {};
      return {std::exchange(waiting_, nullptr)};
    }
    void received(std::string_view message) override {
      waiting_ = std::make_shared<const std::string>("heard " + std::string(message));
    }
    std::string ended() const override { return ended_; }

    Transport transport_;
    std::function<void()> wake_;
    std::shared_ptr<const std::string> waiting_;
    std::string ended_;

   private:
    Room& room_;
  };

  std::set<Guest*> guests_;
  std::atomic<std::size_t> size_{0}, pulls_{0};
};

}  // namespace oddsloom::test
