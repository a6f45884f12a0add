// Websocket frames (RFC 6455) as a server reads and writes them. Ours instead of Beast's websocket
// stream, because that writes each message by a call of its own and takes the whole connection:
// here many subscribers' shared frames go out in one gathered write. Tests speak to it with Beast's
// client. Values; one reader per connection.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oddsloom {

enum class FrameKind : std::uint8_t {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10
};

// What stands before a payload of that size that goes to a client in one piece.
void append_frame_head(std::string& out, FrameKind kind, std::size_t payload_size);
std::string close_frame(std::uint16_t code, std::string_view reason);

// The answer to a Sec-WebSocket-Key. "" where that is not 16 bytes in base64.
std::string websocket_accept(std::string_view key);

// What a client sends, as it arrives. Errors: Malformed (against the protocol), WrongType (a text
// that is none), OutOfRange (a message longer than allowed); nothing can be read after one.
class FrameReader {
 public:
  explicit FrameReader(std::size_t most_message) : most_message_(most_message) {}

  // Messages come whole, with Text or Binary; control frames between their pieces as they are.
  // `take` returns false to hear no more.
  using Take = std::function<bool(FrameKind kind, std::string_view payload)>;
  Result<void> read(std::string_view bytes, const Take& take);

 private:
  Result<void> begin_frame();
  Result<bool> end_frame(const Take& take);

  std::size_t most_message_;
  std::string head_;  // of the frame that is arriving, as far as it has
  bool in_payload_ = false;
  bool final_ = false;
  FrameKind kind_ = FrameKind::Text;
  std::uint64_t left_ = 0;  // of the payload
  std::string payload_;     // of the frame
  bool in_message_ = false;
  FrameKind message_kind_ = FrameKind::Text;
  std::string message_;  // of the pieces so far
};

}  // namespace oddsloom
