#include "store/redis_sentinels.h"

#include <utility>

namespace oddsloom {
namespace {

constexpr Millis kPause{200};
constexpr Millis kPauseAfterRound{500};
constexpr Millis kOneSentinel{2'000};

}  // namespace

RedisSentinels::RedisSentinels(const RedisTarget& target, const RedisTls* tls)
    : addresses_(target.addresses), master_(target.master) {
  introduction_.tls = tls;
  introduction_.user = target.sentinel_user;
  introduction_.password = target.sentinel_password;
}

void RedisSentinels::look(Steady::time_point now) {
  if (looking_) return;
  looking_ = true;
  tried_ = 0;
  tend(now);
}

void RedisSentinels::tend(Steady::time_point now) {
  if (!looking_ || now < earliest_) return;
  if (!link_) {
    round_failed_ = false;
    asked_ = false;
    link_ = std::make_unique<RedisLink>(addresses_[at_], introduction_);
    link_->want();
    limit_ = now + kOneSentinel;
  }
  link_->tend(now);
  if (auto loss = link_->lost()) return next(std::move(loss->error), now);
  if (now >= limit_)
    return next(Error{ErrorKind::Unavailable, link_->name(), "the sentinel does not answer"}, now);
  if (link_->is_ready() && !asked_) ask(now);
}

void RedisSentinels::ask(Steady::time_point now) {
  asked_ = true;
  link_->ask_topology(RedisCommand("SENTINEL").add("GET-MASTER-ADDR-BY-NAME").add(master_));
  link_->flush();
  if (auto loss = link_->lost()) next(std::move(loss->error), now);
}

std::optional<RedisAddress> RedisSentinels::take(const RedisLink::Answer& answer,
                                                 Steady::time_point now) {
  auto address = parse_sentinel_answer(answer.reply.view());
  if (address) {
    trouble_.reset();
    stop(kPause, now);
    return address;
  }
  Error why{ErrorKind::Invalid, link_->name(), "this sentinel knows no master '" + master_ + "'"};
  if (answer.reply.view().is_error())
    why = Error{ErrorKind::Unavailable, link_->name(), std::string(answer.reply.text())};
  next(std::move(why), now);
  return std::nullopt;
}

void RedisSentinels::next(Error why, Steady::time_point now) {
  trouble_ = std::move(why);
  link_.reset();
  at_ = (at_ + 1) % addresses_.size();
  if (++tried_ < addresses_.size()) return tend(now);
  round_failed_ = true;
  stop(kPauseAfterRound, now);
}

void RedisSentinels::stop(Millis pause, Steady::time_point now) {
  link_.reset();
  looking_ = false;
  earliest_ = now + pause;
}

std::optional<RedisSentinels::Steady::time_point> RedisSentinels::next_time() const {
  if (!looking_) return std::nullopt;
  if (!link_) return earliest_;
  const auto link = link_->next_time();
  return link ? std::min(*link, limit_) : limit_;
}

}  // namespace oddsloom
