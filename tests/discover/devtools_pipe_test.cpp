#include "discover/devtools_pipe.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace oddsloom {
namespace {

// The browser's two ends, and ours.
class Pipes : public ::testing::Test {
 protected:
  Pipes() {
    std::array<int, 2> answers{}, commands{};
    if (::pipe2(answers.data(), O_CLOEXEC) != 0 || ::pipe2(commands.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    browser_writes_ = answers[1];
    browser_reads_ = commands[0];
    pipe_ = std::make_unique<DevToolsPipe>(answers[0], commands[1]);
  }
  ~Pipes() override {
    if (browser_writes_ >= 0) ::close(browser_writes_);
    if (browser_reads_ >= 0) ::close(browser_reads_);
  }
  void say(std::string_view bytes) {
    ASSERT_EQ(::write(browser_writes_, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }
  std::vector<std::string> hear() {
    auto heard = pipe_->receive(Millis(100));
    EXPECT_TRUE(heard);
    return heard ? *heard : std::vector<std::string>{};
  }

  int browser_writes_ = -1, browser_reads_ = -1;
  std::unique_ptr<DevToolsPipe> pipe_;
};

TEST_F(Pipes, MessagesEndWithANulAndMayComeInPieces) {
  using namespace std::string_view_literals;
  say("{\"a\":1}\0{\"b\""sv);
  EXPECT_EQ(hear(), std::vector<std::string>{"{\"a\":1}"});
  EXPECT_TRUE(hear().empty());
  say(":2}\0\0"sv);
  EXPECT_EQ(hear(), (std::vector<std::string>{"{\"b\":2}", ""}));
}

TEST_F(Pipes, WhatWasSaidBeforeTheEndIsHeard) {
  using namespace std::string_view_literals;
  say("last\0"sv);
  ::close(browser_writes_);
  browser_writes_ = -1;
  EXPECT_EQ(hear(), std::vector<std::string>{"last"});
  const auto heard = pipe_->receive(Millis(100));
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().kind, ErrorKind::Unavailable);
}

TEST_F(Pipes, CommandsWaitUntilTheyCanBeSent) {
  const std::string large(300'000, 'x');  // more than a pipe holds
  pipe_->send(large);
  std::string got;
  for (int turn = 0; turn < 1'000 && got.size() < large.size() + 1; ++turn) {
    EXPECT_TRUE(pipe_->receive(Millis(0)));
    std::array<char, 65'536> chunk{};
    const ssize_t count = ::read(browser_reads_, chunk.data(), chunk.size());
    ASSERT_GT(count, 0);
    got.append(chunk.data(), static_cast<std::size_t>(count));
  }
  EXPECT_EQ(got, large + '\0');
}

}  // namespace
}  // namespace oddsloom
