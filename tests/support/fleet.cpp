#include "support/fleet.h"

#include <gtest/gtest.h>

#include <set>

namespace oddsloom::test {

Fleet::Fleet(Pipeline& pipeline, std::map<std::string, std::string> more)
    : pipeline_(pipeline), settings_(std::move(more)) {
  settings_.insert({{"ODDSLOOM_EXTRACT_VISIBILITY", "5s"},
                    {"ODDSLOOM_EXTRACT_RETRY_FIRST", "50ms"},
                    {"ODDSLOOM_EXTRACT_RETRY_LONGEST", "1s"},
                    {"ODDSLOOM_HTTP_TOTAL_TIMEOUT", "3s"},
                    {"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_LONGEST_PAUSE", "2s"},
                    {"ODDSLOOM_EXTRACT_MOST_DELIVERIES", "200"}});
}

Program Fleet::worker(const std::string& source, bool drain, const std::string& bet_types) {
  std::vector<std::string> arguments{
      "extract", "BookieDelta",       bet_types,    source,
      "--store", pipeline_.store_url, "--base-url", pipeline_.simulator->base_url()};
  if (drain) arguments.emplace_back("--drain");
  return Program(arguments, {settings_, ""});
}

Program Fleet::listener(const std::string& source, bool once,
                        const std::vector<std::string>& ways) {
  std::vector<std::string> arguments{"listen",
                                     "BookieDelta",
                                     source,
                                     "--store",
                                     pipeline_.store_url,
                                     "--base-url",
                                     pipeline_.simulator->base_url()};
  if (once) arguments.emplace_back("--once");
  arguments.insert(arguments.end(), ways.begin(), ways.end());
  return Program(arguments, {settings_, ""});
}

void Fleet::last_look(std::size_t workers) {
  pipeline_.simulator->freeze();
  const std::vector<std::string> sources{"upcoming", "live"};
  for (const std::string& source : sources) {
    Program once = listener(source, true);
    EXPECT_EQ(once.wait(), 0) << once.err();
  }
  std::vector<Program> drains;
  for (std::size_t i = 0; i < workers; ++i) drains.push_back(worker(sources[i % 2], true));
  for (Program& program : drains)
    EXPECT_EQ(program.wait(std::chrono::seconds(300)), 0) << program.err();
}

std::size_t Fleet::announced_once() {
  std::multiset<std::string> announced;
  const auto read = [&](const std::string& stream) {
    for (std::uint64_t after = 0;;) {
      const auto page = Pipeline::must(pipeline_.reader->announcements(stream, after, 500));
      if (page.empty()) return;
      for (const Announcement& announcement : page) announced.insert(announcement.data_key);
      after = page.back().sequence;
    }
  };
  const Naming usual;
  Naming on_a_cluster;
  on_a_cluster.hash_tags = true;
  for (const BetType& type : pipeline_.bet_types.all())
    for (const Source source : {Source::Live, Source::Upcoming})
      for (const Naming& naming : {usual, on_a_cluster}) read(naming.announcements(type, source));
  DocumentFilter everything;
  everything.most = 1'000'000;
  std::size_t once = 0;
  for (const MatchDocument& document : pipeline_.documents(everything))
    once += announced.count(document.key) == 1 ? 1 : 0;
  return once;
}

}  // namespace oddsloom::test
