// What discover/ reads from outside: captured traffic, and what a browser says.
#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "base/text.h"
#include "discover/captured_reader.h"
#include "discover/devtools_pipe.h"
#include "discover/page_watch.h"
#include "fuzz/check.h"
#include "store/store.h"
#include "targets.h"

namespace oddsloom::fuzz {
namespace {

constexpr UtcMillis kNow{1'786'300'000'000};
const std::vector<std::string> kBetTypes{"three_way", "btts", "double_chance"};

TrafficReader traffic_reader() { return {bookmaker(), bet_types(), {"", kBetTypes, {}, 100}}; }

void check_captured(const Captured& seen, TrafficReader& traffic) {
  must(seen.observed_at <= kNow, "nothing was seen in the future");
  must(seen.kind == TrafficKind::Frame || (seen.status >= 100 && seen.status <= 599),
       "a status is one");
  const TrafficReading reading = traffic.read(seen);
  if (reading.kind == TrafficReading::Kind::NotOurs) return;
  must(reading.kind == TrafficReading::Kind::Read || !reading.message.empty(),
       "what is not read says why");
  for (const Record& record : reading.records) {
    if (!record.offered) continue;
    check_record(record);
    must(!record.home.empty() && !record.away.empty() && record.start_time,
         "a record that is kept says who plays, and when");
    must(record.observed_at == seen.observed_at, "a record is as old as its answer");
  }
  must(traffic.known_events() <= 200, "few events are remembered");
}

void fuzz_captured_line(std::string_view input) {
  TrafficReader traffic = traffic_reader();
  for (const std::string_view line : split(input, '\n')) {
    const auto seen = parse_captured(line, kNow);
    if (seen)
      check_captured(*seen, traffic);
    else
      must(!seen.error().message.empty(), "a line that is refused says why");
  }
}

void fuzz_har(std::string_view input) {
  TrafficReader traffic = traffic_reader();
  (void)looks_like_har(input);
  std::uint64_t answers = 0;
  const auto report = read_har(input, kNow, [&](const Captured& seen) {
    if (seen.kind == TrafficKind::Response) ++answers;
    check_captured(seen, traffic);
    return Result<void>{};
  });
  if (!report) return must(!report.error().message.empty(), "a file that is refused says why");
  must(answers + report->without_body <= report->entries, "an entry is counted once");
}

void must_be_json(std::string_view text) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::object object;
  must(parser.parse(text.data(), text.size()).get(object) == simdjson::SUCCESS,
       "what is sent is a JSON object");
}

// Messages of the browser, one a line. Its answers have to name our commands by number, which
// count from 1.
void fuzz_devtools_page(std::string_view input) {
  std::uint64_t next_id = 0;
  constexpr std::size_t kMostBody = 10'000;
  DevToolsPage page(
      {bookmaker().base_url + "/live",
       [](TrafficKind, std::string_view url) { return !url.ends_with(".png"); }, kMostBody},
      must_be_json, next_id);
  page.open();
  simdjson::dom::parser parser;
  UtcMillis now = kNow;
  for (const std::string_view line : split(input, '\n')) {
    simdjson::dom::object object;
    if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) continue;
    now = now + Millis(100);
    page.handle(object, now);
    for (const Captured& seen : page.take())
      must(seen.observed_at <= now, "nothing was seen in the future");
    (void)page.take_document();
    constexpr std::size_t kMostWaiting = 1'000 + 256 + 256;
    must(page.waiting() <= kMostWaiting, "what waits is bounded");
  }
  page.close();
}

// The stream is what a browser writes; the same in any pieces.
void fuzz_devtools_pipe(std::string_view input) {
  constexpr std::size_t kPipeHolds = 60'000;
  input = input.substr(0, kPipeHolds);
  std::array<int, 2> answers{-1, -1}, commands{-1, -1};
  must(::pipe2(answers.data(), O_CLOEXEC) == 0 && ::pipe2(commands.data(), O_CLOEXEC) == 0,
       "there are pipes");
  std::string heard;
  {
    DevToolsPipe link(answers[0], commands[1]);
    const auto receive = [&] {
      auto messages = link.receive(Millis(0));
      if (!messages) return false;
      for (const std::string& message : *messages) {
        must(message.find('\0') == std::string::npos, "a message ends where it ends");
        heard.append(message).push_back('\0');
      }
      return true;
    };
    const std::size_t half = input.size() / 2;
    for (const std::string_view piece : {input.substr(0, half), input.substr(half)}) {
      must(::write(answers[1], piece.data(), piece.size()) == static_cast<ssize_t>(piece.size()),
           "the pipe takes it");
      must(receive(), "the browser is there");
    }
    ::close(answers[1]);
    while (receive()) {
    }
  }
  ::close(commands[0]);
  const std::size_t end = input.rfind('\0');
  must(heard == input.substr(0, end == std::string_view::npos ? 0 : end + 1),
       "every whole message is heard, and nothing else");
}

// A store that is really there; a page watch only fills the intake before it.
Store& store() {
  static const std::string folder = [] {
    std::string name = (std::filesystem::temp_directory_path() / "oddsloom-fuzz-XXXXXX").string();
    must(::mkdtemp(name.data()) != nullptr, "there is a folder for the store");
    return name;
  }();
  static struct Opened {
    std::unique_ptr<Store> store;
    ~Opened() {
      store.reset();
      std::filesystem::remove_all(folder);
    }
  } opened{[] {
    StoreOptions options;
    options.bet_types = bet_types();
    auto made = open_store(fmt::format("sqlite:{}/odds.db", folder), options);
    must(made.has_value(), "the store can be opened");
    return *std::move(made);
  }()};
  return *opened.store;
}

// As for devtools_page; a number lets so many milliseconds pass.
void fuzz_page_watch(std::string_view input) {
  UtcMillis now = kNow;
  BrowserMetrics metrics;
  BrowserListenerConfig config;
  config.bet_types = kBetTypes;
  config.address = "127.0.0.1:9222";
  static auto streams = store().work_streams();
  static auto book = store().match_book();
  must(streams && book, "the store has its parts");
  const BrowserListenerParts parts{bookmaker(), bet_types(), nullptr,
                                   nullptr,     metrics,     [&] { return now; }};
  TrafficReader traffic(bookmaker(), bet_types(), {"", kBetTypes, Source::Live, 100});
  Intake intake(bookmaker(), **streams, **book, metrics.intake, config.intake, parts.clock);
  PageWatch watch(parts, config, traffic, intake, bookmaker().base_url + "/live");
  std::uint64_t next_id = 0;
  simdjson::dom::parser parser;
  for (const std::string_view line : split(input, '\n')) {
    watch.turn(must_be_json, next_id);
    simdjson::dom::object object;
    constexpr std::int64_t kMostPassed = 10'000'000;
    if (const auto passed = parse_int(line); passed && *passed > 0 && *passed < kMostPassed)
      now = now + Millis(*passed);
    else if (parser.parse(line.data(), line.size()).get(object) == simdjson::SUCCESS)
      watch.handle(object);
    watch.take_in();
  }
  must(metrics.records.value() == 0 || watch.has_shown_something() || metrics.pages.value() > 1 ||
           metrics.blocked.value() > 0,
       "records come from a page that has shown something");
  watch.close();
}

constexpr std::array kDiscoverTargets{
    Target{"captured_line", fuzz_captured_line}, Target{"har", fuzz_har},
    Target{"devtools_page", fuzz_devtools_page}, Target{"devtools_pipe", fuzz_devtools_pipe},
    Target{"page_watch", fuzz_page_watch},
};

}  // namespace

std::span<const Target> discover_targets() { return kDiscoverTargets; }

}  // namespace oddsloom::fuzz
