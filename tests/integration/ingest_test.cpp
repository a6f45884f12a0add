// Captured traffic through the real program: what a simulated site answered, written down as an
// extension or a proxy would, on standard input, in a HAR file and by HTTP.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/json_writer.h"
#include "base/text.h"
#include "support/pipeline.h"
#include "support/program.h"
#include "support/tied_process.h"
#include "support/wait_until.h"
#include "transport/http_client.h"

namespace oddsloom::test {
namespace {

class IngestTest : public ::testing::Test {
 protected:
  IngestTest() { pipeline_.simulator->freeze(); }

  static sim::SimulatorConfig world() {
    sim::SimulatorConfig config;
    config.world.upcoming = 30;
    config.world.live = 8;
    return config;
  }

  HttpResponse ask(HttpRequest request) {
    auto http = Pipeline::must(HttpClient::create({}));
    http->start(std::move(request));
    while (http->in_flight() > 0)
      for (HttpResponse& answer : http->poll(Millis(50))) return std::move(answer);
    throw std::runtime_error("no answer");
  }

  // What a page of football events in play would have been sent: markets before the list, if asked.
  struct Exchange {
    std::string url, body;
  };
  std::vector<Exchange> football() {
    std::vector<Exchange> out;
    const auto get = [&](const std::string& path) {
      HttpRequest request;
      request.url = pipeline_.simulator->base_url() + path;
      out.push_back({request.url, ask(request).body});
    };
    get("/api/live/sports/1/events?limit=100&offset=0");
    for (const auto& [period, event] : events_of(truth(), Source::Live))
      if (event.sport_id == "1")
        get("/api/live/event/markets?eventId=" + event.event_id +
            "&type=194%230%230,147%230%230,138%230%230&sportId=1");
    get("/styles.css");
    return out;
  }

  std::vector<TrueMarket> truth() { return read_truth(pipeline_.simulator->truth_json()); }

  static std::string line(const Exchange& exchange, UtcMillis at) {
    std::string out;
    JsonWriter json(out);
    json.begin_object()
        .member("url", exchange.url)
        .member("received_at", at.value)
        .member("body", exchange.body)
        .end_object();
    return out + "\n";
  }

  static std::string har(const std::vector<Exchange>& exchanges, UtcMillis at) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().key("log").begin_object().key("entries").begin_array();
    for (const Exchange& exchange : exchanges) {
      json.begin_object().member("startedDateTime", to_iso8601(at)).member("time", 0);
      json.key("request").begin_object().member("url", exchange.url).end_object();
      json.key("response").begin_object().member("status", 200).key("content").begin_object();
      json.member("text", exchange.body).end_object().end_object().end_object();
    }
    json.end_array().end_object().end_object();
    return out;
  }

  Finished run(std::vector<std::string> more, const std::string& input = "") {
    return run_program(arguments(std::move(more)), {{}, input});
  }
  std::vector<std::string> arguments(std::vector<std::string> more) {
    std::vector<std::string> out{"ingest",     "BookieDelta",
                                 "--base-url", pipeline_.simulator->base_url(),
                                 "--store",    pipeline_.store_url};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }

  // The store holds what the football events offer.
  std::vector<std::string> wrong() {
    std::vector<TrueMarket> football;
    for (TrueMarket& market : truth())
      if (market.id.source == Source::Live && market.work.sport_id == "1")
        football.push_back(std::move(market));
    EXPECT_FALSE(football.empty());
    return differences(football, *pipeline_.reader);
  }

  UtcMillis observed() {
    const auto all = pipeline_.documents();
    return all.empty() ? UtcMillis{} : all.front().records.begin()->second.observed_at;
  }

  Pipeline pipeline_{world()};
};

TEST_F(IngestTest, LinesBecomeDocumentsThatKeepTheirTime) {
  const UtcMillis at = now_utc() - Millis(60'000);
  std::string input;
  for (const Exchange& exchange : football()) input += line(exchange, at);
  const Finished done = run({}, input);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.out.find("1 of no interest"), std::string::npos) << done.out;
  EXPECT_TRUE(wrong().empty()) << wrong().front();
  EXPECT_EQ(observed(), at);  // old traffic is old
  EXPECT_EQ(pipeline_.left(), 0U);
}

TEST_F(IngestTest, WhatWasSaidIsKeptBeforeTheNextWordComes) {
  const std::string pipe = (pipeline_.dir.path() / "lines").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR), 0);
  const int lines = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);  // both ends, so that nobody waits
  ASSERT_GE(lines, 0);
  TiedProcess program({"/bin/sh", "-c",
                       fmt::format("exec {}/oddsloom {} < {}", ODDSLOOM_BUILD_DIR,
                                   fmt::join(arguments({}), " "), pipe)},
                      "dash", (pipeline_.dir.path() / "log").string());
  for (const Exchange& exchange : football()) {
    const std::string text = line(exchange, now_utc());
    ASSERT_EQ(::write(lines, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  EXPECT_TRUE(wait_until([&] { return wrong().empty(); }));
  ::close(lines);
  EXPECT_TRUE(program.wait(std::chrono::seconds(30)));
}

TEST_F(IngestTest, AHarFileMayHoldMarketsBeforeTheirList) {
  std::vector<Exchange> exchanges = football();
  std::reverse(exchanges.begin(), exchanges.end());
  const std::string file = pipeline_.dir.write("session.har", har(exchanges, now_utc()));
  const Finished done = run({"--har", file});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(wrong().empty()) << wrong().front();
  EXPECT_EQ(pipeline_.left(), 0U);
}

TEST_F(IngestTest, EventsThatNoListToldOfAreLeftToTheWorkers) {
  std::vector<Exchange> exchanges = football();
  exchanges.erase(exchanges.begin());
  std::string input;
  for (const Exchange& exchange : exchanges) input += line(exchange, now_utc());
  const Finished done = run({}, input);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(pipeline_.documents().empty());
  EXPECT_GT(pipeline_.left(), 0U);
}

TEST_F(IngestTest, BadLinesAreToldByNumberAndTheRestIsKept) {
  const auto exchanges = football();
  std::string input = "nonsense\n\n" + line(exchanges[0], now_utc() + Millis(3'600'000));
  for (const Exchange& exchange : exchanges) input += line(exchange, now_utc());
  Exchange challenge = exchanges[0];
  challenge.body = "<html><title>Challenge Validation</title></html>";
  input += line(challenge, now_utc());
  const Finished done = run({}, input);
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_NE(done.err.find("standard input:1: no JSON"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("standard input:3: received_at:"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("live_list: blocked:"), std::string::npos) << done.err;
  EXPECT_NE(done.out.find("1 blocked; 2 bad"), std::string::npos) << done.out;
  EXPECT_TRUE(wrong().empty()) << wrong().front();
}

TEST_F(IngestTest, TheEndpointAnswersWhenTheOddsAreKept) {
  Program program(arguments({"--listen", "127.0.0.1:0"}));
  const auto address = [&] {
    const std::string out = program.out();
    const std::size_t at = out.find("http://");
    return at == std::string::npos || out.find('\n', at) == std::string::npos
               ? std::string()
               : out.substr(at, out.find('\n', at) - at);
  };
  ASSERT_TRUE(wait_until([&] { return !address().empty(); })) << program.err();
  const auto post = [&](const std::string& body, std::vector<std::string> headers = {}) {
    HttpRequest request;
    request.method = "POST";
    request.url = address();
    request.headers = std::move(headers);
    request.headers.emplace_back("Content-Type: text/plain");
    request.body = body;
    return ask(request);
  };
  std::string lines;
  for (const Exchange& exchange : football()) lines += line(exchange, now_utc());
  const HttpResponse kept = post(lines);
  EXPECT_EQ(kept.status, 200) << kept.body;
  EXPECT_NE(kept.body.find("\"bad\":0"), std::string::npos) << kept.body;
  EXPECT_TRUE(wrong().empty()) << wrong().front();
  EXPECT_EQ(post(har(football(), now_utc())).status, 200);
  EXPECT_EQ(post("nonsense").status, 400);
  // A web page must not be able to put odds there; an extension may.
  EXPECT_EQ(post(lines, {"Origin: https://evil.example"}).status, 403);
  EXPECT_EQ(post(lines, {"Host: evil.example"}).status, 403);
  EXPECT_EQ(post(lines, {"Origin: chrome-extension://abcdef"}).status, 200);
  HttpRequest get;
  get.url = address();
  EXPECT_EQ(ask(get).status, 405);
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 1);  // one body was of no use
}

TEST_F(IngestTest, AnEndpointThatCannotBeIsSaidToBeSo) {
  EXPECT_EQ(run({"--listen", "nowhere"}).exit_code, 2);
  EXPECT_EQ(run({"--listen", "127.0.0.1:99999"}).exit_code, 2);
}

}  // namespace
}  // namespace oddsloom::test
