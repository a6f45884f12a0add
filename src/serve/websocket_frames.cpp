#include "serve/websocket_frames.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace oddsloom {
namespace {

constexpr std::size_t kMostControl = 125;
constexpr std::size_t kMask = 4;

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

bool is_control(FrameKind kind) { return static_cast<std::uint8_t>(kind) >= 8; }

tl::unexpected<Error> bad(const char* what) {
  return fail(ErrorKind::Malformed, "websocket", what);
}

// Of a client's frame: two bytes, the longer forms of the length, the mask.
std::size_t head_size(std::uint8_t length) {
  return 2 + kMask + (length == 126 ? 2U : length == 127 ? 8U : 0U);
}

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string out(4 * ((size + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(size));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

bool is_close_code(unsigned code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

}  // namespace

void append_frame_head(std::string& out, FrameKind kind, std::size_t payload_size) {
  out.push_back(static_cast<char>(0x80U | static_cast<unsigned>(kind)));
  const auto append_big_endian = [&](int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
      out.push_back(static_cast<char>((static_cast<std::uint64_t>(payload_size) >> shift) & 0xFFU));
  };
  if (payload_size <= 125) {
    append_big_endian(1);
  } else if (payload_size <= 0xFFFF) {
    out.push_back(static_cast<char>(126));
    append_big_endian(2);
  } else {
    out.push_back(static_cast<char>(127));
    append_big_endian(8);
  }
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  reason = reason.substr(0, kMostControl - 2);
  while (!simdjson::validate_utf8(reason.data(), reason.size())) reason.remove_suffix(1);
  std::string out;
  append_frame_head(out, FrameKind::Close, reason.size() + 2);
  out.push_back(static_cast<char>(code >> 8U));
  out.push_back(static_cast<char>(code & 0xFFU));
  return out.append(reason);
}

std::string websocket_accept(std::string_view key) {
  std::array<unsigned char, 18> bytes{};
  if (key.size() != 24 || !key.ends_with("==") ||
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(key.data()), 24) != 18)
    return "";
  const std::string text = fmt::format("{}258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64(digest.data(), digest.size());
}

Result<void> FrameReader::begin_frame() {
  const std::uint8_t first = byte(head_[0]), second = byte(head_[1]);
  final_ = (first & 0x80U) != 0;
  if ((first & 0x70U) != 0) return bad("reserved bits are set");
  kind_ = static_cast<FrameKind>(first & 0x0FU);
  std::uint64_t length = second & 0x7FU;
  const std::size_t more = head_.size() - 2 - kMask;
  if (more > 0) {
    length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length << 8U | byte(head_[2 + i]);
    if (length <= (more == 2 ? 125U : 0xFFFFU)) return bad("a length is not in its shortest form");
  }
  switch (kind_) {
    case FrameKind::Text:
    case FrameKind::Binary:
      if (in_message_) return bad("a message begins within another");
      in_message_ = true;
      message_kind_ = kind_;
      break;
    case FrameKind::Continuation:
      if (!in_message_) return bad("a message continues that has not begun");
      break;
    case FrameKind::Close:
    case FrameKind::Ping:
    case FrameKind::Pong:
      if (!final_ || length > kMostControl) return bad("a control frame is in pieces or too long");
      break;
    default:
      return bad("an unknown kind of frame");
  }
  if (!is_control(kind_) && length > most_message_ - message_.size())
    return fail(ErrorKind::OutOfRange, "websocket", "the message is too long");
  left_ = length;
  in_payload_ = true;
  payload_.clear();
  return {};
}

// True: `take` wants more.
Result<bool> FrameReader::end_frame(const Take& take) {
  const std::string_view mask = std::string_view(head_).substr(head_.size() - kMask);
  for (std::size_t i = 0; i < payload_.size(); ++i)
    payload_[i] = static_cast<char>(byte(payload_[i]) ^ byte(mask[i % kMask]));
  in_payload_ = false;
  head_.clear();
  if (is_control(kind_)) {
    if (kind_ == FrameKind::Close && !payload_.empty()) {
      if (payload_.size() < 2 || !is_close_code(byte(payload_[0]) * 256U + byte(payload_[1])) ||
          !simdjson::validate_utf8(payload_.data() + 2, payload_.size() - 2))
        return bad("a close frame says nothing that can be read");
    }
    return take(kind_, payload_);
  }
  message_ += payload_;
  payload_.clear();
  if (!final_) return true;
  in_message_ = false;
  const std::string message = std::move(message_);
  message_.clear();
  if (message_kind_ == FrameKind::Text && !simdjson::validate_utf8(message.data(), message.size()))
    return fail(ErrorKind::WrongType, "websocket", "a text message is not UTF-8");
  return take(message_kind_, message);
}

Result<void> FrameReader::read(std::string_view bytes, const Take& take) {
  while (!bytes.empty() || (in_payload_ && left_ == 0)) {
    if (!in_payload_) {
      const std::size_t wanted = head_.size() < 2 ? 2 : head_size(byte(head_[1]) & 0x7FU);
      const std::size_t taken = std::min(wanted - head_.size(), bytes.size());
      head_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (head_.size() < 2) continue;
      if ((byte(head_[1]) & 0x80U) == 0) return bad("a client's frame is not masked");
      if (head_.size() < head_size(byte(head_[1]) & 0x7FU)) continue;
      if (auto begun = begin_frame(); !begun) return begun;
    }
    const std::size_t taken = std::min<std::size_t>(left_, bytes.size());
    payload_.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    left_ -= taken;
    if (left_ > 0) break;
    const auto more = end_frame(take);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
  }
  return {};
}

}  // namespace oddsloom
