// /metrics of the real program: Prometheus' own reader takes it, and docs/metrics.md tells of every
// name on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "app/program.h"
#include "support/http_wire.h"
#include "support/wait_until.h"

namespace oddsloom {
namespace {

using test::get;

// Told only where there is something to tell.
const std::set<std::string> kNotAlways = {"oddsloom_stream_oldest_timestamp_seconds"};

std::set<std::string> found(const std::string& text, const char* pattern) {
  std::set<std::string> out;
  const std::regex name(pattern);
  for (auto at = std::sregex_iterator(text.begin(), text.end(), name); at != std::sregex_iterator();
       ++at)
    out.insert((*at)[1]);
  return out;
}

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Metrics, AreWhatTheDocumentationSaysAndPrometheusReads) {
  Program program;
  program.start({"run", "--simulate", "--plain", "--live", "5", "--upcoming", "10"});
  ASSERT_TRUE(program.says("serving at http://127.0.0.1:"));
  const std::string said = program.out_so_far();
  const auto port = static_cast<std::uint16_t>(std::strtoul(
      said.c_str() + said.find("127.0.0.1:") + std::string("127.0.0.1:").size(), nullptr, 10));
  ASSERT_TRUE(test::wait_until([&] {
    return get(port, "/readyz").status == 200 &&
           get(port, "/metrics").body.find("oddsloom_stream_entries") != std::string::npos &&
           get(port, "/metrics").body.find("oddsloom_last_observed") != std::string::npos;
  }));
  const std::string page = get(port, "/metrics").body;
  program.interrupt_until_ended();

  const std::set<std::string> told = found(page, "# TYPE (\\w+) ");
  const std::set<std::string> documented =
      found(text_of(ODDSLOOM_SOURCE_DIR "/docs/metrics.md"), "`((?:oddsloom|process)_\\w+)`");
  for (const std::string& name : told)
    EXPECT_TRUE(documented.contains(name)) << name << " is not in docs/metrics.md";
  for (const std::string& name : documented)
    EXPECT_TRUE(told.contains(name) || kNotAlways.contains(name)) << name << " is not told";

  if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool is not here";
  const std::string file = program.folder().file("metrics");
  std::ofstream(file) << page;
  EXPECT_EQ(std::system(("promtool check metrics <" + file).c_str()), 0);
}

}  // namespace
}  // namespace oddsloom
