#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <optional>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/ingest.h"
#include "app/ingest_server.h"
#include "app/signals.h"
#include "base/log.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostLine = std::size_t{64} << 20U;
constexpr std::size_t kMostHar = std::size_t{1} << 30U;
constexpr std::size_t kMostPost = std::size_t{64} << 20U;

void print_problems(const IngestReport& report, const std::string& name) {
  for (const auto& problem : report.problems)
    print_problem(problem.line > 0 ? fmt::format("{}:{}: {}", name, problem.line, problem.message)
                                   : fmt::format("{}: {}", name, problem.message));
}

Result<void> read_lines(Ingest& ingest, IngestReport& report) {
  std::ios::sync_with_stdio(false);
  std::string line;
  for (std::uint64_t number = 1;; ++number) {
    // What was said is stored before the next word is waited for, however long that takes.
    if (std::cin.rdbuf()->in_avail() <= 0)
      if (auto kept = ingest.finish(); !kept && !kept.error().retryable()) return kept;
    const LineRead read = read_line(std::cin, line, kMostLine);
    if (read == LineRead::End) return {};
    // What is told is told at once: whoever pipes for hours wants to see it.
    IngestReport one;
    if (read == LineRead::TooLong) {
      ++one.bad;
      one.add(number, fmt::format("is longer than {} MB", kMostLine >> 20U));
    } else if (auto done = ingest.line(line, number, one); !done) {
      return done;
    }
    print_problems(one, "standard input");
    report.add(one);
  }
}

Result<void> read_files(const std::vector<std::string>& files, Ingest& ingest,
                        IngestReport& report) {
  for (const std::string& name : files) {
    std::ifstream file(name, std::ios::binary);
    if (!file) throw BadStart(name + ": cannot be read");
    const auto text = read_all(file, name, kMostHar);
    if (!text) throw BadStart(text.error().text());
    IngestReport one;
    if (auto done = ingest.har(*text, one); !done) return fail_in(name, done.error());
    print_problems(one, name);
    report.add(one);
  }
  return {};
}

Result<void> serve(const std::string& address, const std::stop_token& stop, Ingest& ingest,
                   IngestReport& report) {
  std::optional<Error> broken;
  const auto server =
      or_stop(IngestServer::start(address, kMostPost, [&](const std::string& body) -> IngestAnswer {
        auto one = ingest.text(body);
        // What was answered with 200 is kept: the answer waits for the commit.
        if (auto kept = ingest.finish(); one && !kept) one = tl::unexpected(kept.error());
        if (!one) {
          if (!one.error().retryable()) broken = one.error();
          return {503, R"({"error":"the store cannot be used now"})"};
        }
        report.add(*one);
        const bool nothing = one->answers == one->bad && one->bad > 0;
        return {nothing ? 400 : 200, to_json(*one)};
      }));
  print_out(fmt::format("taking captured traffic at {}\n", server->url()));
  return server->run(stop, [&]() -> Result<void> {
    if (broken) return tl::unexpected(*broken);
    return ingest.turn();
  });
}

}  // namespace

int execute(const IngestOptions& options, const GlobalOptions& global) {
  std::vector<GivenSetting> more;
  if (options.base_url)
    more.push_back(given_option("--base-url", "bookmaker." + options.bookmaker, "base_url",
                                *options.base_url));
  const Start start = start_up(global, std::move(more));
  const BetTypes bet_types = load_bet_types_or_stop(start);
  const Bookmaker bookmaker = bookmaker_named(start, bet_types, options.bookmaker);
  TrafficConfig config;
  config.base_url = base_url(start.settings(), bookmaker);
  config.bet_types = chosen_bet_types(bookmaker, bet_types, options.bet_types);
  if (!options.source.empty()) config.only = chosen_source(options.source);
  // Before the store makes a thread. Whoever pipes lines is ended by a signal as usual.
  std::optional<StopSignals> signals;
  if (options.listen) signals.emplace();
  const auto store = open_store_or_stop(start, bet_types);
  Ingest ingest(bookmaker, bet_types, *store, std::move(config));

  IngestReport report;
  Result<void> done = options.listen ? serve(*options.listen, signals->token(), ingest, report)
                      : !options.har.empty() ? read_files(options.har, ingest, report)
                                             : read_lines(ingest, report);
  if (auto kept = ingest.finish(); done && !kept) done = kept;
  const int code = printed((options.json ? to_json(report) : to_text(report)) + "\n");
  if (!done) print_problem("oddsloom ingest: " + done.error().text());
  return done && report.bad == 0 ? code : kFailedWork;
}

}  // namespace oddsloom
