// The limit program of bench/compare: the least that this job can cost on this machine. One thread,
// bare non-blocking sockets and epoll, simdjson on demand that stops after the last wanted market,
// libdeflate, pipelined Redis. It has no retry, no limits, no checks, no change detection, and
// believes every byte it reads: a yardstick, not a program to use.
//
// usage: limit REDIS_PORT BOOKMAKER_PORT BET[,BET..] upcoming|live IDS_PER_REQUEST
#include <hiredis/hiredis.h>
#include <libdeflate.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <simdjson.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::size_t kConnections = 50;
constexpr const char* kClaim = "200";      // entries that one read may take
constexpr std::size_t kPrefetch = 200;     // events waiting, below which more are read
constexpr std::size_t kFullPipeline = 50;  // documents
constexpr int kLingerMs = 5;  // what a pipeline waits to become full while answers are under way

struct Bet {
  std::string_view name, label, index;
  std::int64_t upcoming, live;               // market ids
  std::array<std::string_view, 3> outcomes;  // in the order of live answers, which have no codes
};
constexpr Bet kBets[] = {
    {"three_way", "THREE_WAY", "3way", 10, 194, {"1", "X", "2"}},
    {"btts", "BTTS", "btts", 43, 138, {"yes", "no", ""}},
    {"double_chance", "DOUBLE_CHANCE", "double_chance", 46, 147, {"1X", "X2", "12"}}};

// KEYS: the lookup, the announcements. ARGV: the key of a new document, the record.
constexpr const char* kUpsert = R"(
local key = redis.call('GET', KEYS[1])
if key then
  redis.call('HSET', key, 'bk:BookieDelta', ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[1])
  redis.call('HSET', ARGV[1], 'bk:BookieDelta', ARGV[2])
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', '100000', '*', 'data_key', ARGV[1])
end
return 1
)";

struct Stream {
  Bet bet;
  std::int64_t market;
  std::string name, group, lookup, document,
      announcements;              // lookup and document: what an event id is put behind
  std::vector<std::string> done;  // entries to acknowledge
};

struct Event {
  std::string id;
  std::vector<std::pair<std::size_t, std::string>> entries;  // stream, entry id
};

struct Connection {
  int fd = -1;
  std::vector<Event> events;  // asked for; none: idle
  std::vector<char> buffer = std::vector<char>(1 << 17);
  std::size_t filled = 0, body_at = 0, end = 0;  // end 0: the head is not complete yet
  bool gzip = false;
};

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

redisContext* connect_redis(int port) {
  redisContext* const context = redisConnect("127.0.0.1", port);
  if (context == nullptr || context->err != 0) fail("redis: cannot connect");
  return context;
}

void append(redisContext* context, const std::vector<std::string_view>& words) {
  static std::vector<const char*> texts;
  static std::vector<std::size_t> sizes;
  texts.clear();
  sizes.clear();
  for (const std::string_view word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisAppendCommandArgv(context, static_cast<int>(words.size()), texts.data(), sizes.data());
}

void send_all(redisContext* context) {
  for (int done = 0; done == 0;)
    if (redisBufferWrite(context, &done) != REDIS_OK) fail("redis: cannot write");
}

std::string_view text_of(const redisReply* reply) { return {reply->str, reply->len}; }

class Limit {
 public:
  Limit(int redis_port, int bookmaker_port, const std::string& bets, const std::string& source,
        std::size_t ids_per_request)
      : ids_per_request_(ids_per_request),
        live_(source == "live"),
        reader_(connect_redis(redis_port)),
        writer_(connect_redis(redis_port)) {
    for (const Bet& bet : kBets) {
      if (("," + bets + ",").find("," + std::string(bet.name) + ",") == std::string::npos) continue;
      const std::string name = "bookiedelta_" + std::string(bet.name) + "-" + source + "-0_";
      const std::string key = "lst-" + std::string(bet.label) + "_" + source;
      streams_.push_back({bet,
                          live_ ? bet.live : bet.upcoming,
                          name + "event",
                          name + "consumer_group",
                          "idx:lst" + std::string(bet.index) + "_" + source + ":BookieDelta:",
                          "BookieDelta_" + key + ":" + std::to_string(std::time(nullptr)) + "-0-",
                          key + "_stream",
                          {}});
      markets_ += (markets_.empty() ? "" : ",") + std::to_string(streams_.back().market);
      if (live_) markets_ += "%230%230";
    }
    address_.sin_family = AF_INET;
    address_.sin_port = htons(static_cast<std::uint16_t>(bookmaker_port));
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (std::size_t at = 0; at < kConnections; ++at) open(at);
    watch(reader_->fd, kConnections);

    sha_ = text_of(call({"SCRIPT", "LOAD", kUpsert}));
    for (const Stream& stream : streams_)
      call({"XGROUP", "CREATE", stream.name, stream.group, "0", "MKSTREAM"});
  }

  [[noreturn]] void run() {
    std::array<epoll_event, kConnections + 1> ready{};
    for (;;) {
      if (!reading_ && waiting_.size() < kPrefetch) ask_for_work();
      const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()),
                                   gathered_ > 0 ? kLingerMs : -1);
      for (int i = 0; i < count; ++i) {
        const std::size_t at = ready[static_cast<std::size_t>(i)].data.u64;
        at == kConnections ? take_work() : receive(connections_[at]);
      }
      start_requests();
      if (gathered_ >= kFullPipeline || (gathered_ > 0 && (in_flight_ == 0 || count == 0))) store();
    }
  }

 private:
  // ---- Redis: work in

  const redisReply* call(const std::vector<std::string_view>& words) {
    append(writer_, words);
    void* reply = nullptr;
    if (redisGetReply(writer_, &reply) != REDIS_OK) fail("redis: no reply");
    return static_cast<redisReply*>(reply);  // start-up only: never freed
  }

  // One read per stream, in one write; the first one waits.
  void ask_for_work() {
    for (const Stream& stream : streams_)
      if (&stream == &streams_.front())
        append(reader_, {"XREADGROUP", "GROUP", stream.group, "worker", "COUNT", kClaim, "BLOCK",
                         "1000", "STREAMS", stream.name, ">"});
      else
        append(reader_, {"XREADGROUP", "GROUP", stream.group, "worker", "COUNT", kClaim, "STREAMS",
                         stream.name, ">"});
    send_all(reader_);
    reading_ = true;
  }

  void take_work() {
    if (redisBufferRead(reader_) != REDIS_OK) fail("redis: cannot read");
    while (replies_.size() < streams_.size()) {
      void* any = nullptr;
      if (redisGetReplyFromReader(reader_, &any) != REDIS_OK) fail("redis: bad reply");
      if (any == nullptr) return;
      replies_.push_back(static_cast<redisReply*>(any));
    }
    std::unordered_map<std::string_view, Event*> events;
    for (std::size_t stream = 0; stream < replies_.size(); ++stream) {
      redisReply* const reply = replies_[stream];
      if (reply->type == REDIS_REPLY_ERROR) fail(reply->str);
      if (reply->type == REDIS_REPLY_ARRAY)
        take_entries(*reply->element[0]->element[1], stream, events);
      freeReplyObject(reply);
    }
    replies_.clear();
    reading_ = false;
  }

  // Entries of several streams about one event share a request.
  void take_entries(const redisReply& entries, std::size_t stream,
                    std::unordered_map<std::string_view, Event*>& events) {
    for (std::size_t i = 0; i < entries.elements; ++i) {
      const redisReply& entry = *entries.element[i];
      const redisReply& fields = *entry.element[1];
      std::string_view id;
      for (std::size_t at = 0; at + 1 < fields.elements; at += 2)
        if (text_of(fields.element[at]) == "event_id") id = text_of(fields.element[at + 1]);
      Event* event = nullptr;
      if (streams_.size() > 1)
        if (const auto known = events.find(id); known != events.end()) event = known->second;
      if (event == nullptr) {
        event = &waiting_.emplace_back(Event{std::string(id), {}});
        if (streams_.size() > 1) events.emplace(event->id, event);
      }
      event->entries.emplace_back(stream, text_of(entry.element[0]));
    }
  }

  // ---- HTTP

  void open(std::size_t at) {
    Connection& connection = connections_[at];
    connection.fd = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(connection.fd, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0)
      fail("bookmaker: cannot connect");
    watch(connection.fd, at);
    idle_.push_back(at);
  }

  void watch(int fd, std::size_t at) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = at;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void start_requests() {
    while (!waiting_.empty() && !idle_.empty()) {
      Connection& connection = connections_[idle_.back()];
      idle_.pop_back();
      ++in_flight_;
      request_ = live_ ? "GET /api/live/event/markets?eventId=" : "GET /api/games/markets?games=";
      while (!waiting_.empty() && connection.events.size() < ids_per_request_) {
        if (!connection.events.empty()) request_ += ',';
        request_ += waiting_.front().id;
        connection.events.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      request_.append(live_ ? "&sportId=1&type=" : "&markets=").append(markets_);
      request_ += " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n";
      if (send(connection.fd, request_.data(), request_.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(request_.size()))
        fail("bookmaker: cannot send");
    }
  }

  void receive(Connection& connection) {
    const ssize_t got = recv(
        connection.fd, connection.buffer.data() + connection.filled,
        connection.buffer.size() - connection.filled - simdjson::SIMDJSON_PADDING, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) fail("bookmaker: closed");
    connection.filled += static_cast<std::size_t>(got);
    if (connection.end == 0) read_head(connection);
    if (connection.end == 0 || connection.filled < connection.end) return;

    const char* const body = connection.buffer.data() + connection.body_at;
    const std::size_t size = connection.end - connection.body_at;
    if (connection.gzip) {
      const std::size_t plain = inflate(body, size);
      read_answer(inflated_.data(), plain, inflated_.size(), connection.events);
    } else {
      read_answer(body, size, size + simdjson::SIMDJSON_PADDING, connection.events);
    }
    connection.events.clear();
    connection.filled = connection.end = 0;
    idle_.push_back(static_cast<std::size_t>(&connection - connections_.data()));
    --in_flight_;
  }

  static void read_head(Connection& connection) {
    const std::string_view all(connection.buffer.data(), connection.filled);
    const std::size_t head_end = all.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return;
    const std::string_view head = all.substr(0, head_end);
    const std::size_t length = head.find("Content-Length: ");
    if (!head.starts_with("HTTP/1.1 200") || length == std::string_view::npos)
      fail("bookmaker: " + std::string(head));
    connection.gzip = head.find("Content-Encoding: gzip") != std::string_view::npos;
    connection.body_at = head_end + 4;
    connection.end = connection.body_at + std::strtoul(head.data() + length + 16, nullptr, 10);
    if (connection.buffer.size() < connection.end + simdjson::SIMDJSON_PADDING)
      connection.buffer.resize(connection.end + simdjson::SIMDJSON_PADDING);
  }

  std::size_t inflate(const char* data, std::size_t size) {
    std::uint32_t plain = 0;
    std::memcpy(&plain, data + size - sizeof plain, sizeof plain);
    if (inflated_.size() < plain + simdjson::SIMDJSON_PADDING)
      inflated_.resize(plain + simdjson::SIMDJSON_PADDING);
    if (libdeflate_gzip_decompress(inflater_, data, size, inflated_.data(), plain, nullptr) !=
        LIBDEFLATE_SUCCESS)
      fail("bookmaker: bad gzip");
    return plain;
  }

  // ---- JSON: {"ID": [market, ..], ..}, live {"markets": [{"eventId": ID, "markets": [..]}, ..]}

  void read_answer(const char* data, std::size_t size, std::size_t capacity,
                   std::vector<Event>& events) {
    simdjson::ondemand::document answer = parser_.iterate(data, size, capacity);
    std::size_t events_left = events.size();
    if (live_) {
      for (simdjson::ondemand::object one : answer["markets"].get_array()) {
        const std::int64_t id = one["eventId"];
        read_markets(event_of(events, std::to_string(id)), one["markets"].get_array());
        if (--events_left == 0) break;
      }
      return;
    }
    for (auto field : answer.get_object()) {
      Event& event = event_of(events, field.unescaped_key());
      read_markets(event, field.value().get_array());
      if (--events_left == 0) break;
    }
  }

  static Event& event_of(std::vector<Event>& events, std::string_view id) {
    Event* event = &events.front();
    while (event->id != id) ++event;
    return *event;
  }

  void read_markets(Event& event, simdjson::ondemand::array markets) {
    std::size_t left = event.entries.size();
    for (simdjson::ondemand::object market : markets) {
      const std::int64_t market_id = market["id"];
      for (auto& [stream, entry] : event.entries) {
        if (streams_[stream].market != market_id) continue;
        write_record(streams_[stream], event, market);
        streams_[stream].done.push_back(std::move(entry));
        --left;
      }
      if (left == 0) break;
    }
  }

  void write_record(const Stream& stream, const Event& event, simdjson::ondemand::object& market) {
    record_.assign("{\"eventID\":").append(event.id);
    record_.append(",\"betType\":\"").append(stream.bet.name).append("\",\"market\":\"");
    record_.append(std::string_view(market["name"])).append("\",\"outcomes\":{");
    const char* between = "\"";
    std::size_t at = 0;
    for (simdjson::ondemand::object selection : market["selections"].get_array()) {
      const std::string_view odds = selection["odds"];
      record_.append(between)
          .append(live_ ? stream.bet.outcomes[at++] : std::string_view(selection["shortName"]))
          .append("\":")
          .append(odds);
      between = ",\"";
    }
    record_ += "}}";
    lookup_.assign(stream.lookup).append(event.id);
    document_.assign(stream.document).append(event.id);
    append(writer_, {"EVALSHA", sha_, "2", lookup_, stream.announcements, document_, record_});
    ++gathered_;
  }

  // ---- Redis: documents out. The replies of one pipeline are read when the next one is sent.

  void store() {
    std::size_t commands = gathered_;
    for (Stream& stream : streams_) {
      if (stream.done.empty()) continue;
      std::vector<std::string_view> words = {"XACK", stream.name, stream.group};
      words.insert(words.end(), stream.done.begin(), stream.done.end());
      append(writer_, words);
      stream.done.clear();
      ++commands;
    }
    gathered_ = 0;
    send_all(writer_);
    for (; unread_ > 0; --unread_) {
      void* any = nullptr;
      if (redisGetReply(writer_, &any) != REDIS_OK) fail("redis: no reply");
      auto* const reply = static_cast<redisReply*>(any);
      if (reply->type == REDIS_REPLY_ERROR) fail(reply->str);
      freeReplyObject(reply);
    }
    unread_ = commands;
  }

  const std::size_t ids_per_request_;
  const bool live_;
  redisContext* const reader_;
  redisContext* const writer_;
  std::vector<Stream> streams_;
  std::string markets_, sha_;
  sockaddr_in address_{};
  int epoll_ = epoll_create1(0);
  std::array<Connection, kConnections> connections_;
  std::vector<std::size_t> idle_;
  std::size_t in_flight_ = 0;

  std::deque<Event> waiting_;
  bool reading_ = false;
  std::vector<redisReply*> replies_;  // of the present read, by stream

  simdjson::ondemand::parser parser_;
  libdeflate_decompressor* const inflater_ = libdeflate_alloc_decompressor();
  std::vector<char> inflated_;
  std::string request_, record_, lookup_, document_;  // kept for their memory
  std::size_t gathered_ = 0;                          // documents in the writer's buffer
  std::size_t unread_ = 0;                            // replies to the last pipeline
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(
        stderr,
        "usage: limit REDIS_PORT BOOKMAKER_PORT BET[,BET..] upcoming|live IDS_PER_REQUEST\n");
    return 2;
  }
  try {
    Limit(std::atoi(argv[1]), std::atoi(argv[2]), argv[3], argv[4], std::stoul(argv[5])).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit: %s\n", error.what());
    return 1;
  }
}
