#include "extract/failure.h"

#include <gtest/gtest.h>

#include <set>

namespace oddsloom {
namespace {

HttpResponse answer(int status) {
  HttpResponse response;
  response.end = TransferEnd::Done;
  response.status = status;
  return response;
}

FailureKind kind_of(const HttpResponse& response, bool one_event_endpoint = false) {
  const auto failure =
      classify_response(response, one_event_endpoint, "BookieDelta upcoming_markets");
  return failure ? failure->kind : static_cast<FailureKind>(kFailureKinds);
}

TEST(Failure, EveryStatusHasItsOwnKind) {
  EXPECT_FALSE(classify_response(answer(200), false, "x"));
  EXPECT_FALSE(classify_response(answer(206), false, "x"));
  EXPECT_EQ(kind_of(answer(429)), FailureKind::RateLimited);
  EXPECT_EQ(kind_of(answer(403)), FailureKind::Blocked);
  EXPECT_EQ(kind_of(answer(401)), FailureKind::Blocked);
  EXPECT_EQ(kind_of(answer(404)), FailureKind::Gone);
  EXPECT_EQ(kind_of(answer(410)), FailureKind::Gone);
  EXPECT_EQ(kind_of(answer(422)), FailureKind::TooMany);
  EXPECT_EQ(kind_of(answer(414)), FailureKind::TooMany);
  EXPECT_EQ(kind_of(answer(500)), FailureKind::ServerError);
  EXPECT_EQ(kind_of(answer(503)), FailureKind::ServerError);
  EXPECT_EQ(kind_of(answer(418)), FailureKind::Unexpected);
}

TEST(Failure, WireTroubleIsToldApartFromSlowness) {
  HttpResponse response;
  response.end = TransferEnd::TimedOut;
  EXPECT_EQ(kind_of(response), FailureKind::Timeout);
  for (const TransferEnd end :
       {TransferEnd::ResolveFailed, TransferEnd::ConnectFailed, TransferEnd::TlsFailed,
        TransferEnd::Truncated, TransferEnd::TooManyRedirects}) {
    response.end = end;
    EXPECT_EQ(kind_of(response), FailureKind::Transport);
  }
}

TEST(Failure, ANotFoundMeansAnEventOnlyWhereOneEventIsAskedFor) {
  EXPECT_EQ(classify_response(answer(404), true, "x")->remedy, Remedy::Withdraw);
  EXPECT_EQ(classify_response(answer(404), false, "x")->remedy, Remedy::Retry);
}

TEST(Failure, RetryAfterIsHandedOn) {
  HttpResponse response = answer(429);
  response.retry_after = Millis(7000);
  EXPECT_EQ(classify_response(response, false, "x")->retry_after, Millis(7000));
}

TEST(Failure, BlockedChangedAndTruncatedAreDifferentMessagesThatNameThePlace) {
  std::set<std::string> messages;
  for (const AnswerKind kind : {AnswerKind::Blocked, AnswerKind::Page, AnswerKind::Truncated,
                                AnswerKind::NotJson, AnswerKind::OtherShape}) {
    Mapping mapping;
    mapping.kind = kind;
    mapping.message = "what was seen";
    const auto failure = classify_body(mapping, "BookieDelta upcoming_markets");
    ASSERT_TRUE(failure);
    EXPECT_NE(failure->message.find("BookieDelta upcoming_markets"), std::string::npos);
    EXPECT_NE(failure->message.find("what was seen"), std::string::npos);
    messages.insert(failure->message);
  }
  EXPECT_EQ(messages.size(), 5U);
  EXPECT_FALSE(classify_body(Mapping{}, "x"));
}

TEST(Failure, TheHostHearsWhetherItRefusedOrFailedOrWasFine) {
  EXPECT_EQ(host_answer(std::nullopt), HostAnswer::Good);
  EXPECT_EQ(host_answer(classify_response(answer(429), false, "x")), HostAnswer::Refused);
  EXPECT_EQ(host_answer(classify_response(answer(403), false, "x")), HostAnswer::Refused);
  EXPECT_EQ(host_answer(classify_response(answer(500), false, "x")), HostAnswer::Failing);
  EXPECT_EQ(host_answer(classify_response(answer(422), false, "x")), HostAnswer::Good);
}

TEST(Failure, EveryKindHasAName) {
  std::set<std::string_view> names;
  for (std::size_t kind = 0; kind < kFailureKinds; ++kind)
    names.insert(to_string(static_cast<FailureKind>(kind)));
  EXPECT_EQ(names.size(), kFailureKinds);
}

}  // namespace
}  // namespace oddsloom
