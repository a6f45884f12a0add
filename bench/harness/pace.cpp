// The clock of bench/compare's paced runs: appends new events to the work streams at a fixed rate,
// reads the announcements, and prints how long each event took from just before its append until
// its document was announced here. One thread that sleeps until something is due, so that its own
// share of the time is small, and the same for all.
//
// usage: pace redis SOCKET RATE FIRST_EVENT EVENTS STREAM:ANNOUNCEMENTS..
//        pace sqlite FILE RATE FIRST_EVENT EVENTS STREAM:ANNOUNCEMENTS..
// prints: {"p50":MS,"p90":MS,"p99":MS,"seconds":S}
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kStall = 20s;
constexpr auto kLook = 200us;  // SQLite tells nobody of a commit: so often is looked for one

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

struct Stream {
  std::string work, announcements;
};

using Seen = std::function<void(std::string_view data_key)>;

// Sleeps until one of them is readable or the time has come.
void sleep_until(Clock::time_point due, std::vector<pollfd>& files) {
  const auto left = std::max<Clock::duration>(due - Clock::now(), 0ns);
  const timespec wait{left / 1s, (left % 1s) / 1ns};
  ppoll(files.data(), files.size(), &wait, nullptr);
}

class Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  virtual ~Place() = default;
  virtual void append(const std::string& event) = 0;  // to all streams at once
  virtual void wait(Clock::time_point due, bool outstanding, const Seen& seen) = 0;
};

class Redis : public Place {
 public:
  Redis(const char* socket, std::vector<Stream> streams)
      : streams_(std::move(streams)), writer_(connect(socket)) {
    for (const Stream& stream : streams_) {
      readers_.push_back(connect(socket));
      last_.push_back(newest(stream.announcements));
      ask(readers_.size() - 1);
      files_.push_back({readers_.back()->fd, POLLIN, 0});
    }
  }

  void append(const std::string& event) override {
    redisAppendCommand(writer_.get(), "MULTI");
    for (const Stream& stream : streams_)
      redisAppendCommand(writer_.get(), "XADD %s * event_id %s", stream.work.c_str(),
                         event.c_str());
    redisAppendCommand(writer_.get(), "EXEC");
    for (std::size_t i = 0; i < streams_.size() + 2; ++i) reply(writer_.get());
  }

  void wait(Clock::time_point due, bool /*outstanding*/, const Seen& seen) override {
    sleep_until(due, files_);
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (files_[i].revents == 0) continue;
      const Reply all = reply(readers_[i].get());
      const redisReply& entries = *all->element[0]->element[1];
      for (std::size_t at = 0; at < entries.elements; ++at) {
        const redisReply& fields = *entries.element[at]->element[1];
        seen({fields.element[1]->str, fields.element[1]->len});
        last_[i] = entries.element[at]->element[0]->str;
      }
      ask(i);
    }
  }

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
  };
  using Context = std::unique_ptr<redisContext, Free>;
  using Reply = std::unique_ptr<redisReply, Free>;

  static Context connect(const char* socket) {
    Context context(redisConnectUnix(socket));
    if (!context || context->err != 0) fail("redis: cannot connect");
    return context;
  }

  static Reply reply(redisContext* context) {
    void* any = nullptr;
    if (redisGetReply(context, &any) != REDIS_OK) fail("redis: no reply");
    Reply reply(static_cast<redisReply*>(any));
    if (reply->type == REDIS_REPLY_ERROR) fail(reply->str);
    return reply;
  }

  std::string newest(const std::string& stream) {
    redisAppendCommand(writer_.get(), "XREVRANGE %s + - COUNT 1", stream.c_str());
    const Reply all = reply(writer_.get());
    return all->elements == 0 ? "0" : all->element[0]->element[0]->str;
  }

  void ask(std::size_t i) {
    redisAppendCommand(readers_[i].get(), "XREAD BLOCK 0 STREAMS %s %s",
                       streams_[i].announcements.c_str(), last_[i].c_str());
    for (int done = 0; done == 0;)
      if (redisBufferWrite(readers_[i].get(), &done) != REDIS_OK) fail("redis: cannot write");
  }

  std::vector<Stream> streams_;
  Context writer_;
  std::vector<Context> readers_;
  std::vector<std::string> last_;  // announcement seen, by stream
  std::vector<pollfd> files_;
};

class Sqlite : public Place {
 public:
  Sqlite(const char* file, const std::vector<Stream>& streams) {
    if (sqlite3_open(file, &database_) != SQLITE_OK) fail("sqlite: cannot open");
    // What holds the file is waited for in small steps; the append's own flush is not the
    // contender's.
    sqlite3_busy_handler(
        database_, [](void*, int times) { return usleep(100) == 0 && times < 100'000 ? 1 : 0; },
        nullptr);
    execute("PRAGMA synchronous = NORMAL");
    insert_ = prepare(
        "INSERT INTO entries (stream, appended_at, event_id, entry) "
        "SELECT id, ?1, ?2, ?3 FROM streams WHERE name = ?4");
    newer_ = prepare("SELECT sequence, data_key FROM announcements WHERE sequence > ?");
    for (const Stream& stream : streams) streams_.push_back(stream.work);
    look([](std::string_view) {});  // what is there already
  }

  void append(const std::string& event) override {
    const std::string entry = "{\"event_id\":\"" + event + "\"}";
    const auto now = std::chrono::system_clock::now().time_since_epoch() / 1ms;
    execute("BEGIN IMMEDIATE");
    for (const std::string& stream : streams_) {
      sqlite3_bind_int64(insert_, 1, now);
      sqlite3_bind_text(insert_, 2, event.c_str(), -1, SQLITE_STATIC);
      sqlite3_bind_text(insert_, 3, entry.c_str(), -1, SQLITE_STATIC);
      sqlite3_bind_text(insert_, 4, stream.c_str(), -1, SQLITE_STATIC);
      if (sqlite3_step(insert_) != SQLITE_DONE) fail(sqlite3_errmsg(database_));
      sqlite3_reset(insert_);
    }
    execute("COMMIT");
  }

  void wait(Clock::time_point due, bool outstanding, const Seen& seen) override {
    std::vector<pollfd> none;
    sleep_until(outstanding ? std::min(due, Clock::now() + kLook) : due, none);
    look(seen);
  }

 private:
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK)
      fail(sqlite3_errmsg(database_));
    return statement;  // as long as the program
  }

  void execute(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      fail(sqlite3_errmsg(database_));
  }

  void look(const Seen& seen) {
    sqlite3_bind_int64(newer_, 1, last_);
    while (sqlite3_step(newer_) == SQLITE_ROW) {
      last_ = sqlite3_column_int64(newer_, 0);
      seen(reinterpret_cast<const char*>(sqlite3_column_text(newer_, 1)));
    }
    sqlite3_reset(newer_);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* newer_ = nullptr;
  std::vector<std::string> streams_;
  std::int64_t last_ = 0;
};

void run(Place& place, std::size_t streams, double rate, std::size_t first, std::size_t events) {
  std::vector<Clock::time_point> appended;
  std::vector<double> took;  // ms
  const auto seen = [&](std::string_view data_key) {
    const auto now = Clock::now();
    const auto event = std::strtoul(data_key.data() + data_key.rfind('-') + 1, nullptr, 10);
    if (event < first || event - first >= appended.size()) fail("announced, but not appended");
    const auto time = now - appended[event - first];
    took.push_back(std::chrono::duration<double, std::milli>(time).count());
  };
  const auto begin = Clock::now();
  const auto due = [&](std::size_t at) {
    return begin + std::chrono::duration_cast<Clock::duration>(
                       std::chrono::duration<double>(static_cast<double>(at) / rate));
  };
  while (took.size() < events * streams) {
    const bool more = appended.size() < events;
    const auto next = due(appended.size());
    if (more && Clock::now() >= next) {
      appended.push_back(Clock::now());
      place.append(std::to_string(first + appended.size() - 1));
      continue;
    }
    if (!more && Clock::now() > due(events) + kStall)
      fail(std::to_string(took.size()) + " of " + std::to_string(events * streams) + " announced");
    place.wait(more ? next : Clock::now() + 1s, took.size() < appended.size() * streams, seen);
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::sort(took.begin(), took.end());
  const auto part = [&](std::size_t percent) { return took[(took.size() - 1) * percent / 100]; };
  std::printf("{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"seconds\":%.3f}\n", part(50), part(90),
              part(99), seconds);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) {
    std::fprintf(stderr,
                 "usage: pace redis|sqlite PLACE RATE FIRST_EVENT EVENTS STREAM:ANNOUNCEMENTS..\n");
    return 2;
  }
  prctl(PR_SET_TIMERSLACK, 1UL);  // else the kernel may sleep 50 us longer than asked
  try {
    std::vector<Stream> streams;
    for (int i = 6; i < argc; ++i) {
      const std::string_view both = argv[i];
      const std::size_t colon = both.find(':');
      streams.push_back({std::string(both.substr(0, colon)), std::string(both.substr(colon + 1))});
    }
    const std::size_t count = streams.size();
    std::unique_ptr<Place> place;
    if (argv[1] == std::string_view("sqlite"))
      place = std::make_unique<Sqlite>(argv[2], streams);
    else
      place = std::make_unique<Redis>(argv[2], std::move(streams));
    run(*place, count, std::atof(argv[3]), std::stoul(argv[4]), std::stoul(argv[5]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pace: %s\n", error.what());
    return 1;
  }
}
