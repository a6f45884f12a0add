#include "bookmaker/framing.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"

namespace oddsloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMostShown = 80;
constexpr std::size_t kMostMessages = 10'000;  // in one websocket message
constexpr char kNul = '\0';

tl::unexpected<Error> bad(std::string_view layer, std::string_view expected,
                          std::string_view found) {
  std::string shown;
  for (const char c : found.substr(0, kMostShown))
    shown += static_cast<unsigned char>(c) < ' ' ? '.' : c;
  return fail(ErrorKind::Malformed, std::string(layer),
              fmt::format("expected {}, found '{}'", expected, shown));
}

std::string json_text(std::string_view text) {
  std::string out;
  JsonWriter(out).value(text);
  return out;
}

// Reads JSON; what it gives lives until the next call on the thread.
simdjson::error_code parse_json(std::string_view text, dom::element& out) {
  thread_local dom::parser parser;
  return parser.parse(text.data(), text.size(), true).get(out);
}

// Where the elements of a JSON array that is known to be valid begin and end, so that their text
// can be handed on as it came.
std::vector<std::string_view> slices(std::string_view array) {
  std::vector<std::string_view> out;
  int depth = 0;
  bool in_text = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const char c = array[i];
    if (in_text) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_text = false;
      continue;
    }
    if (c == '"') in_text = true;
    if (c == '[' || c == '{')
      if (++depth == 1) begin = i + 1;
    const bool ends = c == ']' || c == '}';
    if (depth == 1 && (c == ',' || ends)) {
      const std::string_view piece = trim(array.substr(begin, i - begin));
      if (!piece.empty()) out.push_back(piece);
      begin = i + 1;
    }
    if (ends) --depth;
  }
  return out;
}

std::optional<Millis> span_of(dom::element object, std::string_view key) {
  constexpr std::int64_t kLeast = 10, kMost = 3'600'000;
  std::int64_t value = 0;
  if (object[key].get(value) != simdjson::SUCCESS || value < kLeast || value > kMost)
    return std::nullopt;
  return Millis(value);
}

// Texts of the layers outside `depth` around a text of that layer.
std::string wrapped(const Framing& framing, std::size_t depth, std::string text) {
  while (depth-- > 0) switch (framing[depth]) {
      case FrameLayer::SocketIo:
      case FrameLayer::SocketIo4:
        text.insert(0, "42");
        break;
      case FrameLayer::SockJs:
        text = fmt::format("[{}]", json_text(text));
        break;
      case FrameLayer::Stomp:
        text += kNul;
        break;
      case FrameLayer::JsonString:
        text = json_text(text);
        break;
      case FrameLayer::Lines:
        text += '\n';
        break;
    }
  return text;
}

class Unframer {
 public:
  explicit Unframer(const Framing& framing) : framing_(framing) {}

  Unframed out;

  void begin(std::size_t depth) {
    for (; depth < framing_.size(); ++depth) switch (framing_[depth]) {
        case FrameLayer::SocketIo:
        case FrameLayer::SocketIo4:
        case FrameLayer::SockJs:
          return;  // the other side speaks first
        case FrameLayer::Stomp:
          out.answers.push_back(
              wrapped(framing_, depth + 1, "CONNECT\naccept-version:1.1,1.2\nheart-beat:0,0\n\n"));
          return;
        case FrameLayer::JsonString:
        case FrameLayer::Lines:
          break;
      }
    out.ready = true;
  }

  Result<void> read(std::size_t depth, std::string name, std::string_view text) {
    if (depth == framing_.size()) {
      if (out.messages.size() >= kMostMessages)
        return bad("message", fmt::format("at most {} in one", kMostMessages), "more");
      out.messages.push_back({std::move(name), std::string(text)});
      return {};
    }
    switch (framing_[depth]) {
      case FrameLayer::SocketIo:
      case FrameLayer::SocketIo4:
        return read_engine(depth, text);
      case FrameLayer::SockJs:
        return read_sockjs(depth, std::move(name), text);
      case FrameLayer::Stomp:
        return read_stomp(depth, text);
      case FrameLayer::JsonString:
        return read_json_string(depth, std::move(name), text);
      case FrameLayer::Lines:
        return read_lines(depth, name, text);
    }
    return {};
  }

 private:
  void answer(std::size_t depth, std::string text) {
    out.answers.push_back(wrapped(framing_, depth, std::move(text)));
  }

  Result<void> read_engine(std::size_t depth, std::string_view text) {
    const bool four = framing_[depth] == FrameLayer::SocketIo4;
    const std::string_view rest = text.empty() ? text : text.substr(1);
    switch (text.empty() ? '?' : text.front()) {
      case '0': {
        dom::element root;
        if (parse_json(rest, root) != simdjson::SUCCESS || !root.is_object())
          return bad("engine.io", "0{..}, the greeting", text);
        if (!four) out.ping_every = span_of(root, "pingInterval");
        if (four) answer(depth, "40");
        return {};
      }
      case '1':
        out.refused = "the session was closed";
        return {};
      case '2':
        answer(depth, fmt::format("3{}", rest));
        return {};
      case '3':
        out.pong = true;
        return {};
      case '4':
        return read_socket(depth, rest);
      case '5':
      case '6':
        return {};
      default:
        return bad("engine.io", "a packet type 0 to 6", text);
    }
  }

  Result<void> read_socket(std::size_t depth, std::string_view text) {
    std::string_view rest = text.empty() ? text : text.substr(1);
    switch (text.empty() ? '?' : text.front()) {
      case '0':
        begin(depth + 1);
        return {};
      case '1':
        out.refused = "the server disconnected the session";
        return {};
      case '2':
        break;
      case '3':
        return {};  // an acknowledgement of ours
      case '4':
        out.refused = fmt::format("the server refuses: {}", rest.substr(0, kMostShown));
        return {};
      default:
        return bad("socket.io", "a packet type 0 to 4", text);
    }
    if (rest.starts_with('/')) rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));
    dom::element root;
    std::string_view name;
    if (parse_json(rest, root) != simdjson::SUCCESS || !root.is_array() ||
        root.at(0).get(name) != simdjson::SUCCESS)
      return bad("socket.io", "42[\"NAME\", ..]", rest);
    const std::string event(name);
    const auto pieces = slices(rest);
    return read(depth + 1, event, pieces.size() > 1 ? pieces[1] : std::string_view("null"));
  }

  Result<void> read_sockjs(std::size_t depth, std::string name, std::string_view text) {
    if (text == "o") {
      begin(depth + 1);
      return {};
    }
    if (text == "h") return {};
    if (text.starts_with('c')) {
      out.refused = fmt::format("the session was closed: {}", text.substr(1, kMostShown));
      return {};
    }
    dom::element root;
    if (!text.starts_with('a') || parse_json(text.substr(1), root) != simdjson::SUCCESS ||
        !root.is_array())
      return bad("sockjs", "o, h, c[..] or a[..]", text);
    std::vector<std::string> inner;  // copied: the layers inside use the parser too
    const dom::array elements = root.get_array().value_unsafe();  // the loop would not keep it
    for (const dom::element element : elements) {
      std::string_view one;
      if (element.get(one) != simdjson::SUCCESS) return bad("sockjs", "a list of texts", text);
      inner.emplace_back(one);
    }
    for (const std::string& one : inner)
      if (auto done = read(depth + 1, name, one); !done) return done;
    return {};
  }

  Result<void> read_stomp(std::size_t depth, std::string_view text) {
    if (trim(text).empty()) return {};  // a heart-beat
    const auto head_end = text.find("\n\n");
    const auto cr_end = text.find("\r\n\r\n");
    const auto end = std::min(head_end, cr_end);
    if (end == std::string_view::npos) return bad("stomp", "headers and an empty line", text);
    std::string_view body = text.substr(end + (end == cr_end ? 4 : 2));
    body = body.substr(0, body.find(kNul));
    const auto lines = split(text.substr(0, end), '\n');
    const std::string_view command = trim(lines.front());
    std::string destination, message;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::string_view line = trim(lines[i]);
      const auto colon = line.find(':');
      if (colon == std::string_view::npos) return bad("stomp", "a header", line);
      // The first of several is the one that counts.
      if (line.substr(0, colon) == "destination" && destination.empty())
        destination = unescaped(line.substr(colon + 1));
      if (line.substr(0, colon) == "message" && message.empty())
        message = unescaped(line.substr(colon + 1));
    }
    if (command == "MESSAGE") return read(depth + 1, std::move(destination), body);
    if (command == "CONNECTED")
      begin(depth + 1);
    else if (command == "ERROR")
      out.refused = fmt::format("the server refuses: {}", message.substr(0, kMostShown));
    else if (command != "RECEIPT")
      return bad("stomp", "CONNECTED, MESSAGE, RECEIPT or ERROR", command);
    return {};
  }

  static std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\' || i + 1 == text.size()) {
        out += text[i];
        continue;
      }
      const char c = text[++i];
      out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'c' ? ':' : c;
    }
    return out;
  }

  Result<void> read_json_string(std::size_t depth, std::string name, std::string_view text) {
    dom::element root;
    std::string_view content;
    if (parse_json(text, root) != simdjson::SUCCESS || root.get(content) != simdjson::SUCCESS)
      return bad("json_string", "a JSON string", text);
    return read(depth + 1, std::move(name), std::string(content));
  }

  Result<void> read_lines(std::size_t depth, const std::string& name, std::string_view text) {
    for (const std::string_view line : split(text, '\n'))
      if (const std::string_view one = trim(line); !one.empty())
        if (auto done = read(depth + 1, name, one); !done) return done;
    return {};
  }

  const Framing& framing_;
};

}  // namespace

const std::vector<std::string>& frame_layer_names() {
  static const std::vector<std::string> kNames{"socket_io", "socket_io_4", "sockjs",
                                               "stomp",     "json_string", "lines"};
  return kNames;
}

Unframed begin_frames(const Framing& framing) {
  Unframer unframer(framing);
  unframer.begin(0);
  return std::move(unframer.out);
}

Result<Unframed> unframe(const Framing& framing, std::string_view message) {
  Unframer unframer(framing);
  if (auto done = unframer.read(0, "", message); !done) return tl::unexpected(done.error());
  return std::move(unframer.out);
}

std::string frame(const Framing& framing, std::string_view text) {
  return wrapped(framing, framing.size(), std::string(text));
}

std::string frame_ping(const Framing& framing) {
  for (std::size_t depth = 0; depth < framing.size(); ++depth)
    if (framing[depth] == FrameLayer::SocketIo) return wrapped(framing, depth, "2");
  return "";
}

}  // namespace oddsloom
