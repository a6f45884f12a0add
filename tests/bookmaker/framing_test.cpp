// How messages are wrapped: each layer, layers in layers, and a recorded session.
#include "bookmaker/framing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oddsloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Framing kSocketIo{FrameLayer::SocketIo};

Unframed read(const Framing& framing, std::string_view text) {
  auto unframed = unframe(framing, text);
  EXPECT_TRUE(unframed) << text << ": " << unframed.error().text();
  return unframed ? *std::move(unframed) : Unframed{};
}

std::vector<std::string> said(const Unframed& unframed) {
  std::vector<std::string> out;
  for (const FeedMessage& message : unframed.messages)
    out.push_back(message.name + "=" + message.payload);
  return out;
}

TEST(Framing, SocketIoTwoGreetsThenConnects) {
  EXPECT_FALSE(begin_frames(kSocketIo).ready);
  const Unframed greeting =
      read(kSocketIo, R"(0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000})");
  EXPECT_EQ(greeting.ping_every, Millis(25'000));
  EXPECT_FALSE(greeting.ready);
  EXPECT_THAT(greeting.answers, IsEmpty());
  EXPECT_TRUE(read(kSocketIo, "40").ready);
  EXPECT_EQ(frame_ping(kSocketIo), "2");
  EXPECT_TRUE(read(kSocketIo, "3").pong);
  EXPECT_THAT(read(kSocketIo, "2").answers, ElementsAre("3"));
  EXPECT_THAT(read(kSocketIo, "2probe").answers, ElementsAre("3probe"));
  EXPECT_EQ(frame(kSocketIo, R"(["subscribe","sport-1"])"), R"(42["subscribe","sport-1"])");
}

TEST(Framing, SocketIoFourConnectsByItself) {
  const Framing framing{FrameLayer::SocketIo4};
  const Unframed greeting = read(framing, R"(0{"sid":"x","pingInterval":25000})");
  EXPECT_THAT(greeting.answers, ElementsAre("40"));
  EXPECT_FALSE(greeting.ping_every);  // the server pings
  EXPECT_TRUE(read(framing, R"(40{"sid":"y"})").ready);
  EXPECT_EQ(frame_ping(framing), "");
}

TEST(Framing, SocketIoEventsKeepTheirJsonAsItCame) {
  EXPECT_THAT(said(read(kSocketIo, R"(42["MARKET_UPDATE", {"odds":"1.10","n":1.10} ])")),
              ElementsAre(R"(MARKET_UPDATE={"odds":"1.10","n":1.10})"));
  EXPECT_THAT(said(read(kSocketIo, R"(42["a",[1,"],\"[",{"b":[2]}],"more"])")),
              ElementsAre(R"(a=[1,"],\"[",{"b":[2]}])"));
  EXPECT_THAT(said(read(kSocketIo, R"(42["alone"])")), ElementsAre("alone=null"));
  EXPECT_THAT(said(read(kSocketIo, R"(42/odds,17["x",5])")), ElementsAre("x=5"));
  EXPECT_THAT(said(read(kSocketIo, R"(42["A\u0042",1])")), ElementsAre("AB=1"));
}

TEST(Framing, SocketIoRefusalsAndGoodbyesSayWhy) {
  EXPECT_THAT(read(kSocketIo, R"(44"not authorized")").refused.value_or(""),
              HasSubstr("not authorized"));
  EXPECT_TRUE(read(kSocketIo, "41").refused);
  EXPECT_TRUE(read(kSocketIo, "1").refused);
}

TEST(Framing, WhatIsNoFrameIsMalformed) {
  for (const char* text : {"", "9", "hello", "0", "0[]", "4", "49", "42", "42{}", "42[", "42[]",
                           "42[5]", R"(42["a",{"b":)", R"(42["a",1]#)", "<html>"}) {
    const auto unframed = unframe(kSocketIo, text);
    ASSERT_FALSE(unframed) << text;
    EXPECT_EQ(unframed.error().kind, ErrorKind::Malformed) << text;
  }
}

TEST(Framing, SockJsCarriesSeveralMessages) {
  const Framing framing{FrameLayer::SockJs};
  EXPECT_FALSE(begin_frames(framing).ready);
  EXPECT_TRUE(read(framing, "o").ready);
  EXPECT_THAT(said(read(framing, "h")), IsEmpty());
  EXPECT_THAT(said(read(framing, R"(a["{\"a\":1}","[2]"])")), ElementsAre(R"(={"a":1})", "=[2]"));
  EXPECT_THAT(read(framing, R"(c[3000,"Go away!"])").refused.value_or(""), HasSubstr("Go away"));
  EXPECT_EQ(frame(framing, R"({"a":1})"), R"(["{\"a\":1}"])");
  EXPECT_FALSE(unframe(framing, "a[1]"));
  EXPECT_FALSE(unframe(framing, "x"));
}

TEST(Framing, StompInSockJs) {
  const Framing framing{FrameLayer::SockJs, FrameLayer::Stomp};
  const Unframed opened = read(framing, "o");
  EXPECT_FALSE(opened.ready);
  ASSERT_EQ(opened.answers.size(), 1U);
  EXPECT_THAT(opened.answers[0], HasSubstr(R"(["CONNECT\naccept-version)"));
  EXPECT_THAT(opened.answers[0], HasSubstr(R"(\u0000"])"));
  EXPECT_TRUE(read(framing, R"(a["CONNECTED\nversion:1.2\n\n\u0000"])").ready);
  EXPECT_THAT(
      said(read(framing, R"(a["MESSAGE\ndestination:/topic/odds\nid:7\n\n{\"p\":1.5}\u0000"])")),
      ElementsAre(R"(/topic/odds={"p":1.5})"));
  EXPECT_THAT(read(framing, R"(a["ERROR\nmessage:no\\csuch\n\n\u0000"])").refused.value_or(""),
              HasSubstr("no:such"));
  EXPECT_FALSE(unframe(framing, R"(a["MESSAGE"])"));
}

TEST(Framing, PlainStringsAndLines) {
  EXPECT_TRUE(begin_frames({}).ready);
  EXPECT_THAT(said(read({}, R"({"a":1})")), ElementsAre(R"(={"a":1})"));
  EXPECT_THAT(said(read({FrameLayer::JsonString}, R"("{\"a\":\"\\u00e9\"}")")),
              ElementsAre(R"(={"a":"\u00e9"})"));
  EXPECT_FALSE(unframe({FrameLayer::JsonString}, R"({"a":1})"));
  EXPECT_THAT(said(read({FrameLayer::Lines}, "{\"a\":1}\r\n\n{\"b\":2}\n")),
              ElementsAre(R"(={"a":1})", R"(={"b":2})"));
}

// Frames in the shape of a recorded Engine.IO 3 session of another bookmaker, with other values.
TEST(Framing, FramesOfARealSession) {
  EXPECT_THAT(
      said(read(kSocketIo, R"(42["livesports",[{"id":1,"matches":58,"name":"Football"}]])")),
      ElementsAre(R"(livesports=[{"id":1,"matches":58,"name":"Football"}])"));
  EXPECT_THAT(said(read(kSocketIo, R"(42["destroyed","73500001"])")),
              ElementsAre(R"(destroyed="73500001")"));
  EXPECT_THAT(
      said(read(
          kSocketIo,
          R"(42["l_73500001",{"grouped":{"73500001":[{"id":1,"eventIds":{"5":{"1":1.85}}}]}}])")),
      ElementsAre(R"(l_73500001={"grouped":{"73500001":[{"id":1,"eventIds":{"5":{"1":1.85}}}]}})"));
}

}  // namespace
}  // namespace oddsloom
