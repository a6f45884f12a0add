// A real Chromium, without a window, shows the simulated bookmaker's page; the program watches it.
// Nothing else runs: no poller, no worker. What is in the store came through the browser.
#include <gtest/gtest.h>
#include <signal.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <thread>

#include "base/text.h"
#include "support/pipeline.h"
#include "support/program.h"
#include "support/tied_process.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

bool on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path ? path : "", ':'))
    if (::access((std::filesystem::path(folder) / program).c_str(), X_OK) == 0) return true;
  return false;
}

// The browser that a program started, found as its child.
pid_t browser_of(pid_t program) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto pid = parse_int(entry.path().filename().string());
    if (!pid) continue;
    std::ifstream in(entry.path() / "stat");
    std::string stat;
    std::getline(in, stat);
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) continue;
    const auto fields = split(std::string_view(stat).substr(name_end + 2), ' ');
    if (fields.size() > 1 && fields[0] != "Z" && parse_int(fields[1]) == program)
      return static_cast<pid_t>(*pid);
  }
  return -1;
}

std::uint64_t resident_kb(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmRSS:"))
      return static_cast<std::uint64_t>(
          parse_int(trim(split(line.substr(6), 'k').front())).value_or(0));
  return 0;
}

class Browser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!on_path("chromium")) GTEST_SKIP() << "because there is no chromium; ./test installs it";
  }

  // More variables: "BROWSER_ADDRESS" and the like are the test's own to give.
  Program listen(const std::string& source = "live", std::vector<std::string> more = {},
                 std::map<std::string, std::string> environment = {}) {
    if (::geteuid() == 0) environment["ODDSLOOM_BROWSER_ARGUMENTS"] = "--no-sandbox";
    if (more.empty()) more = {"--browser"};
    std::vector<std::string> arguments{
        "listen", "BookieDelta", source, "--base-url", site_url(), "--store", pipeline_.store_url};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Program(std::move(arguments), {environment, ""});
  }

  virtual std::string site_url() { return pipeline_.simulator->base_url(); }

  std::size_t documents(Source source = Source::Live) {
    DocumentFilter filter;
    filter.source = source;
    return pipeline_.documents(filter).size();
  }

  UtcMillis last_observed() {
    UtcMillis last;
    for (const MatchDocument& document : pipeline_.documents())
      for (const auto& [name, record] : document.records) last = std::max(last, record.observed_at);
    return last;
  }

  // Settings of [browser] with which it is renewed within some ten seconds.
  void expect_renewal(const std::map<std::string, std::string>& settings,
                      const std::string& why = "") {
    std::map<std::string, std::string> environment;
    for (const auto& [key, value] : settings) environment["ODDSLOOM_BROWSER_" + key] = value;
    Program program = listen("live", {"--browser"}, environment);
    ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
    const pid_t first = browser_of(program.pid());
    ASSERT_TRUE(wait_until([&] {
      const pid_t now = browser_of(program.pid());
      return now > 0 && now != first;
    })) << program.err();
    const UtcMillis renewed_at = now_utc();
    EXPECT_TRUE(wait_until([&] { return last_observed() > renewed_at; })) << program.err();
    std::string renewed;
    for (const std::string& line : lines_of(program.err()))
      if (line.find("browser_renewed") != std::string::npos) renewed = line;
    EXPECT_NE(renewed.find(why), std::string::npos) << renewed;
    std::cout << renewed << "\n";
    EXPECT_EQ(program.err().find("browser_lost"), std::string::npos) << program.err();
    EXPECT_NE(::kill(first, 0), 0);
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
  }

  void expect_run_through_a_browser(std::map<std::string, std::string> environment) {
    if (::geteuid() == 0) environment["ODDSLOOM_BROWSER_ARGUMENTS"] = "--no-sandbox";
    Program program({"run", "--bookmaker", "BookieDelta", "--plain", "--base-url", site_url(),
                     "--store", pipeline_.store_url},
                    {environment, ""});
    ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
    EXPECT_GT(browser_of(program.pid()), 0);
    EXPECT_NE(program.err().find("browser_there"), std::string::npos) << program.err();
    EXPECT_EQ(program.err().find("feed_open"), std::string::npos) << program.err();
    // Upcoming events are polled as ever.
    EXPECT_TRUE(wait_until([&] { return documents(Source::Upcoming) > 20; })) << program.err();
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0) << program.err();
  }

  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = 40;
    config.world.live = 12;
    return config;
  }

  Pipeline pipeline_{world()};
};

TEST_F(Browser, WhatThePageIsShownIsInTheStore) {
  Program program = listen();
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  // The world stands still, so that the store can come to equal it.
  pipeline_.simulator->freeze();
  std::vector<std::string> wrong;
  const bool equal = wait_until([&] {
    std::vector<TrueMarket> live;
    for (TrueMarket& market : read_truth(pipeline_.simulator->truth_json()))
      if (market.id.source == Source::Live) live.push_back(std::move(market));
    wrong = differences(live, *pipeline_.reader);
    return wrong.empty();
  });
  EXPECT_TRUE(equal) << wrong.front() << "\n" << program.err();
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
}

TEST_F(Browser, UpcomingEventsAreOnTheirDays) {
  Program program = listen("upcoming");
  ASSERT_TRUE(wait_until([&] { return documents(Source::Upcoming) > 20; })) << program.err();
  std::set<int> days;
  for (const MatchDocument& document : pipeline_.documents())
    for (const auto& [name, record] : document.records) days.insert(record.period);
  EXPECT_GT(days.size(), 1U);
}

TEST_F(Browser, AKilledBrowserIsBackSoon) {
  Program program = listen();
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  const pid_t browser = browser_of(program.pid());
  ASSERT_GT(browser, 0);
  ::kill(browser, SIGKILL);
  const UtcMillis killed_at = now_utc();
  ASSERT_TRUE(wait_until([&] {
    const pid_t now = browser_of(program.pid());
    return now > 0 && now != browser && last_observed() > killed_at + Millis(300);
  })) << program.err();
  RecordProperty("back_after_ms", static_cast<int>((now_utc() - killed_at).count()));
  std::cout << "back after " << (now_utc() - killed_at).count() << " ms\n";
  EXPECT_NE(program.err().find("browser_lost"), std::string::npos);
  // Nothing of the first one is left.
  EXPECT_TRUE(wait_until([&] { return ::kill(-browser, 0) != 0; }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  const std::string folder = "oddsloom-browser-" + std::to_string(program.pid()) + "-";
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::temp_directory_path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(folder)) << entry.path();
}

TEST_F(Browser, AChallengePageIsBlockedAndNothingIsInvented) {
  pipeline_.simulator->set_faults(*sim::parse_faults("challenge=1"));
  Program program = listen();
  ASSERT_TRUE(wait_until([&] {
    return program.err().find(" blocked bookmaker=BookieDelta") != std::string::npos;
  })) << program.err();
  EXPECT_NE(program.err().find("challenge"), std::string::npos);
  EXPECT_EQ(documents(), 0U);
  EXPECT_EQ(pipeline_.left(), 0U);
  // The site is left alone: the page is not there any more to go on asking.
  const auto asked = pipeline_.simulator->stats().total_requests();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_EQ(pipeline_.simulator->stats().total_requests(), asked);
}

TEST_F(Browser, ASiteThatBeginsToRefuseIsLeftAlone) {
  Program program = listen();
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  pipeline_.simulator->set_faults(*sim::parse_faults("403=1"));
  ASSERT_TRUE(wait_until([&] {
    return program.err().find(" blocked bookmaker=BookieDelta") != std::string::npos;
  })) << program.err();
  const auto asked = pipeline_.simulator->stats().total_requests();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_LE(pipeline_.simulator->stats().total_requests(), asked + 1);
}

TEST_F(Browser, WithoutABrowserTheStartSaysWhatToInstall) {
  Program program =
      listen("live", {"--browser"}, {{"ODDSLOOM_BROWSER_PROGRAM", "no-such-chromium"}});
  EXPECT_EQ(program.wait(), 2);
  EXPECT_NE(program.err().find("apt-get install chromium"), std::string::npos) << program.err();
}

TEST_F(Browser, ABrowserThatKeepsEndingIsGivenUp) {
  Program program = listen("live", {"--browser"}, {{"ODDSLOOM_BROWSER_PROGRAM", "/bin/true"}});
  EXPECT_EQ(program.wait(), 1);
  EXPECT_NE(program.err().find("gone 5 times without having shown anything"), std::string::npos)
      << program.err();
}

// The folder of this repository with something else in it; gives what names it.
std::string folder_with(const TempDir& dir,
                        const std::vector<std::pair<std::string, std::string>>& changes) {
  const std::filesystem::path from = ODDSLOOM_SOURCE_DIR "/bookmakers", to = dir.path() / "b";
  std::filesystem::create_directories(to / "BookieDelta");
  std::filesystem::copy_file(from / "bet_types.toml", to / "bet_types.toml");
  std::ifstream in(from / "BookieDelta" / "bookmaker.toml");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const auto& [what, with] : changes) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), with);
  }
  std::ofstream(to / "BookieDelta" / "bookmaker.toml") << text;
  return to.string();
}

TEST_F(Browser, ASilentPageIsLoadedAnew) {
  const TempDir dir;
  const std::string folder =
      folder_with(dir, {{"silent_after = \"30s\"", "silent_after = \"3s\""},
                        {"live = [\"/live\"]", "live = [\"/live?feed=off\"]"}});
  Program program = listen("live", {"--browser"}, {{"ODDSLOOM_BOOKMAKERS", folder}});
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  pipeline_.simulator->set_faults(*sim::parse_faults("hang=1,hang_time=10m"));
  ASSERT_TRUE(wait_until([&] { return program.err().find("page_silent") != std::string::npos; }))
      << program.err();
  pipeline_.simulator->set_faults({});
  const UtcMillis healed_at = now_utc();
  EXPECT_TRUE(wait_until([&] { return last_observed() > healed_at; })) << program.err();
}

// Somebody's browser, whose DevTools are at an address.
class SomebodysBrowser {
 public:
  void start(const std::string& port = "0") {
    const std::string profile = dir_.file("profile");
    std::vector<std::string> command{"chromium",
                                     "--headless=new",
                                     "--remote-debugging-port=" + port,
                                     "--user-data-dir=" + profile,
                                     "--no-first-run",
                                     "data:text/html,<title>mine</title>"};
    if (::geteuid() == 0) command.emplace_back("--no-sandbox");
    process_ = std::make_unique<TiedProcess>(command, "chromium", dir_.file("log"));
    // It says where it is only if it was free to choose.
    if (port == "0") {
      ASSERT_TRUE(wait_until([&] {
        std::ifstream in(profile + "/DevToolsActivePort");
        return static_cast<bool>(std::getline(in, port_));
      }));
    }
    ASSERT_TRUE(wait_until([&] { return tabs().find("mine") != std::string::npos; }));
  }
  void kill() { process_.reset(); }
  bool running() { return process_->running(); }

  const std::string& port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + port_; }
  // What its DevTools say of them, as JSON.
  std::string tabs() const {
    auto http = Pipeline::must(HttpClient::create({}));
    HttpRequest request;
    request.url = "http://" + address() + "/json/list";
    http->start(std::move(request));
    std::string body;
    while (http->in_flight() > 0)
      for (const HttpResponse& answer : http->poll(Millis(50))) body = answer.body;
    return body;
  }
  // The id of the tab that shows the site, "" = there is none.
  std::string tab_of_site() const {
    simdjson::dom::parser parser;
    simdjson::dom::array all;
    const std::string text = tabs();
    if (parser.parse(text).get(all) != simdjson::SUCCESS) return "";
    for (const simdjson::dom::element tab : all) {
      std::string_view url, id;
      if (tab["url"].get(url) == simdjson::SUCCESS && tab["id"].get(id) == simdjson::SUCCESS &&
          url.find("/live") != std::string_view::npos)
        return std::string(id);
    }
    return "";
  }

 private:
  TempDir dir_;
  std::unique_ptr<TiedProcess> process_;
  std::string port_;
};

TEST_F(Browser, AnAttachedBrowserKeepsItsOwnTabs) {
  SomebodysBrowser browser;
  browser.start();
  Program program = listen("live", {"--browser=" + browser.address()});
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  EXPECT_NE(browser.tab_of_site(), "");
  EXPECT_NE(browser.tabs().find("mine"), std::string::npos);
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_TRUE(wait_until([&] { return browser.tab_of_site().empty(); })) << browser.tabs();
  EXPECT_NE(browser.tabs().find("mine"), std::string::npos);
  EXPECT_TRUE(browser.running());
}

TEST_F(Browser, AnAttachedBrowserThatDiesIsAttachedToAgainWhenItIsBack) {
  SomebodysBrowser browser;
  browser.start();
  Program program = listen("live", {"--browser=" + browser.address()});
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  // Away for longer and longer: the second time until pauses have stopped growing.
  for (const std::size_t losses : {1U, 7U}) {
    const auto lost = [&] {
      std::size_t count = 0;
      for (const std::string& line : lines_of(program.err()))
        if (line.find("browser_lost") != std::string::npos) ++count;
      return count;
    };
    const std::size_t before = lost();
    browser.kill();
    ASSERT_TRUE(wait_until([&] { return lost() >= before + losses; })) << program.err();
    browser.start(browser.port());
    const UtcMillis back_at = now_utc();
    EXPECT_TRUE(wait_until([&] { return last_observed() > back_at; }, std::chrono::seconds(10)))
        << program.err();
    std::cout << "after " << losses << " attempts: data " << (now_utc() - back_at).count()
              << " ms after the browser was back\n";
  }
  EXPECT_TRUE(program.running());
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_TRUE(wait_until([&] { return browser.tab_of_site().empty(); })) << browser.tabs();
}

TEST_F(Browser, ATabInAnAttachedBrowserIsRenewed) {
  SomebodysBrowser browser;
  browser.start();
  Program program = listen("live", {"--browser=" + browser.address()},
                           {{"ODDSLOOM_BROWSER_RELOAD_EVERY", "10s"}});
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  const std::string first = browser.tab_of_site();
  ASSERT_NE(first, "");
  ASSERT_TRUE(wait_until([&] {
    const std::string now = browser.tab_of_site();
    return !now.empty() && now != first;
  })) << program.err();
  const UtcMillis renewed_at = now_utc();
  EXPECT_TRUE(wait_until([&] { return last_observed() > renewed_at; })) << program.err();
  EXPECT_NE(browser.tabs().find("mine"), std::string::npos);
  EXPECT_EQ(program.err().find("browser_lost"), std::string::npos) << program.err();
}

TEST_F(Browser, ABrowserIsRenewedAfterReloadEvery) { expect_renewal({{"RELOAD_EVERY", "10s"}}); }

TEST_F(Browser, ABrowserThatTakesTooMuchMemoryIsRenewed) {
  // Every Chromium takes more than the least that can be set.
  expect_renewal({{"MOST_MEMORY", "200"}}, " MB");
}

// Of what the folder or the settings choose, without an option.
TEST_F(Browser, RunStartsTheBrowserThatTheFolderChooses) {
  const TempDir dir;
  const std::string folder =
      folder_with(dir, {{"live = [\"socket\", \"poll\"]", "live = [\"browser\"]"}});
  expect_run_through_a_browser({{"ODDSLOOM_BOOKMAKERS", folder}});
}

TEST_F(Browser, RunStartsTheBrowserThatTheSettingsChoose) {
  expect_run_through_a_browser({{"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_LISTEN_LIVE", "browser"}});
}

TEST_F(Browser, ManyAnswersGrowNeitherProcessBeyondItsBounds) {
  // As fast as the page can: more answers than a page that asks every second sees in an hour.
  const TempDir dir;
  const std::string folder =
      folder_with(dir, {{"live = [\"/live\"]", "live = [\"/live?every=1\"]"}});
  Program program = listen("live", {"--browser"},
                           {{"ODDSLOOM_BOOKMAKERS", folder},
                            // What is freed counts as freed.
                            {"ASAN_OPTIONS", "quarantine_size_mb=4"}});
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  const auto asked = [&] { return pipeline_.simulator->stats().total_requests(); };
  const auto more = [&](std::uint64_t count) {
    const auto until = asked() + count;
    return wait_until([&] { return asked() > until; }, std::chrono::minutes(4));
  };
  ASSERT_TRUE(more(300)) << program.err();
  const pid_t browser = browser_of(program.pid());
  const std::uint64_t before = resident_kb(program.pid()), shown = resident_kb(browser);
  ASSERT_TRUE(more(5'000)) << program.err();
  const std::uint64_t after = resident_kb(program.pid()), shown_after = resident_kb(browser);
  std::cout << "program " << before << " -> " << after << " kB, browser " << shown << " -> "
            << shown_after << " kB, over 5000 answers\n";
  EXPECT_LT(after, before + 60'000);
  EXPECT_LT(shown_after, shown + 100'000);
}

// A step in time, and how long each price that moved in it takes into the store.
TEST_F(Browser, ChangesArrive) {
  Program program = listen();
  ASSERT_TRUE(wait_until([&] { return documents() > 0; })) << program.err();
  pipeline_.simulator->freeze();
  std::vector<std::int64_t> took;
  for (int round = 0; round < 5; ++round) {
    const auto equal = [&] {
      std::vector<TrueMarket> live;
      for (TrueMarket& market : read_truth(pipeline_.simulator->truth_json()))
        if (market.id.source == Source::Live) live.push_back(std::move(market));
      return differences(live, *pipeline_.reader, 1).empty();
    };
    ASSERT_TRUE(wait_until(equal)) << program.err();
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
    std::uint64_t cursor = Pipeline::must(pipeline_.reader->change_log()).end;
    pipeline_.simulator->thaw();
    pipeline_.simulator->freeze();
    const UtcMillis moved_at = now_utc();
    std::set<std::string> seen;
    while (now_utc() - moved_at < Millis(3'000)) {
      for (const Change& change : Pipeline::must(pipeline_.reader->changes(cursor, 1'000))) {
        cursor = change.sequence;
        if (seen.insert(change.record.id().text()).second)
          took.push_back((now_utc() - moved_at).count());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  ASSERT_GT(took.size(), 10U);
  std::sort(took.begin(), took.end());
  const std::int64_t p95 = took[took.size() * 95 / 100];
  std::cout << took.size() << " changes through the browser: p50 " << took[took.size() / 2]
            << " ms, p95 " << p95 << " ms, most " << took.back() << " ms\n";
  EXPECT_LT(p95, 2'900);
}

}  // namespace
}  // namespace oddsloom::test
