#include "store/redis_engine.h"

#include <algorithm>
#include <utility>

namespace oddsloom {
namespace {

constexpr Millis kLaterPause{100};
constexpr Millis kOomPause{200};
constexpr Millis kTryAgainPause{20};  // a slot is moving
constexpr Millis kRedirectPause{50};  // once the nodes send a command round in circles
constexpr unsigned kQuickRedirects = 4;

Millis pause_for(std::string_view error) {
  if (error.starts_with("OOM") || error.find("-OOM ") != std::string_view::npos) return kOomPause;
  return error.starts_with("TRYAGAIN") ? kTryAgainPause : kLaterPause;
}

}  // namespace

Result<void> RedisClient::Engine::connect(Millis deadline) {
  const auto until = Steady::now() + deadline;
  const auto left = [until] {
    return std::max(std::chrono::duration_cast<Millis>(until - Steady::now()), Millis(0));
  };
  const auto run = [&](std::vector<RedisCommand> commands) {
    start(std::move(commands), left());
    while (!advance(left() + Millis(1))) {
    }
    return take();
  };
  nodes_->set_patient(false);
  // INFO answers while the server loads its data, PING only afterwards.
  auto replies = run({RedisCommand("INFO").add("cluster"), RedisCommand("PING")});
  if (!replies) return tl::unexpected(std::move(replies.error()));
  nodes_->set_patient(true);
  if ((*replies)[0].text().find("cluster_enabled:1") == std::string_view::npos) return {};
  nodes_->turn_to_cluster();
  replies = run({RedisCommand("PING")});  // waits until the slots are known
  if (!replies) return tl::unexpected(std::move(replies.error()));
  return {};
}

void RedisClient::Engine::start(std::vector<RedisCommand> commands, Millis deadline) {
  begin(deadline);
  pipeline_.start(std::move(commands));
}

void RedisClient::Engine::start_everywhere(const RedisCommand& command, Millis deadline) {
  begin(deadline);
  pipeline_.start(command, nodes_->slot_of_each_primary());
}

void RedisClient::Engine::begin(Millis deadline) {
  if (under_way_) nodes_->abandon_commands(Steady::now());
  allowed_ = deadline;
  deadline_ = Steady::now() + deadline;
  under_way_ = true;
  failed_.reset();
  refused_.reset();
  trouble_.clear();
  answers_.clear();
  nodes_->take_final();
  nodes_->forget_trouble();
}

bool RedisClient::Engine::advance(Millis wait) {
  if (!under_way_) return true;
  auto now = Steady::now();
  const auto until = now + std::clamp(wait, Millis(0), Millis(std::chrono::hours(1)));
  for (;;) {
    nodes_->tend(now);
    send(now);
    if (settled(now)) return true;
    nodes_->poll(patience(std::min(until, deadline_), now), answers_);
    now = Steady::now();
    for (RedisLink::Answer& answer : answers_) judge(std::move(answer), now);
    answers_.clear();
    if (settled(now)) return true;
    if (now >= deadline_) {
      expire(now);
      return true;
    }
    if (now < until) continue;
    send(now);  // what the answers made necessary goes out before the caller does something else
    return settled(now);
  }
}

void RedisClient::Engine::send(Steady::time_point now) {
  for (const std::uint32_t index : nodes_->unanswered()) pipeline_.wait(index, now);
  nodes_->unanswered().clear();
  pipeline_.send_waiting(now, [this](std::uint32_t index, RedisPipeline::Entry& entry) {
    if (entry.slot == RedisPipeline::kUnknownSlot && nodes_->is_cluster())
      entry.slot = entry.command.routing_key().empty() ? RedisNodes::kAnySlot
                                                       : hash_slot(entry.command.routing_key());
    RedisLink* link = entry.ask ? &nodes_->at(*entry.ask) : nodes_->route(entry.slot);
    if (!link) return false;
    if (!link->is_ready()) {
      link->want();
      return false;
    }
    if (std::exchange(entry.ask, std::nullopt)) link->send_asking();
    link->send(entry.command, index);
    return true;
  });
  nodes_->flush();
}

Millis RedisClient::Engine::patience(Steady::time_point until, Steady::time_point now) const {
  if (const auto time = nodes_->next_time()) until = std::min(until, *time);
  if (const auto time = pipeline_.next_time(now)) until = std::min(until, *time);
  return std::max(std::chrono::ceil<Millis>(until - now), Millis(0));
}

void RedisClient::Engine::judge(RedisLink::Answer answer, Steady::time_point now) {
  switch (answer.use) {
    case RedisLink::Use::Topology:
      nodes_->take_topology(answer, now);
      return;
    case RedisLink::Use::Script:
      judge_script(answer);
      return;
    case RedisLink::Use::Command:
      if (answer.reply.view().is_error())
        judge_error(std::move(answer), now);
      else
        pipeline_.finish(answer.token, std::move(answer.reply));
  }
}

void RedisClient::Engine::judge_error(RedisLink::Answer answer, Steady::time_point now) {
  const ErrorClass kind = classify_error(answer.reply.text());
  const RedisScript* script = pipeline_[answer.token].command.script();
  switch (kind) {
    case ErrorClass::LoadScript:
      if (!script) break;
      if (answer.link->is_ready()) answer.link->load(*script);
      pipeline_.wait(answer.token, now);
      return;
    case ErrorClass::ClusterDown:
      nodes_->look_again();
      later(answer, pause_for(answer.reply.text()), now);
      return;
    case ErrorClass::Later:
      later(answer, pause_for(answer.reply.text()), now);
      return;
    case ErrorClass::FindPrimary:
      later(answer, Millis(0), now);
      nodes_->suspect(*answer.link, answer.reply.text(), now);
      return;
    case ErrorClass::Moved:
    case ErrorClass::Ask:
      return redirect(std::move(answer), kind, now);
    case ErrorClass::Refused:
      refused_ = Error{ErrorKind::Invalid, answer.link->name(), std::string(answer.reply.text())};
      break;
    case ErrorClass::Own:
      break;
  }
  pipeline_.finish(answer.token, std::move(answer.reply));
}

void RedisClient::Engine::redirect(RedisLink::Answer answer, ErrorClass kind,
                                   Steady::time_point now) {
  const auto to = parse_redirect(answer.reply.text(), answer.link->address());
  if (!to) return pipeline_.finish(answer.token, std::move(answer.reply));
  RedisPipeline::Entry& entry = pipeline_[answer.token];
  if (kind == ErrorClass::Ask)
    entry.ask = to->address;
  else
    nodes_->moved(*to);
  later(answer, ++entry.redirects > kQuickRedirects ? kRedirectPause : Millis(0), now);
}

void RedisClient::Engine::later(const RedisLink::Answer& answer, Millis pause,
                                Steady::time_point now) {
  trouble_ = answer.link->name() + ": ";
  trouble_ += explain_error(answer.reply.text());
  pipeline_.wait(answer.token, now + pause);
}

void RedisClient::Engine::judge_script(const RedisLink::Answer& answer) {
  const std::string_view text = answer.reply.text();
  const std::string where = answer.link->name() + ": script " + answer.script->name;
  if (!answer.reply.view().is_error()) {
    if (text != answer.script->sha)
      refused_ = Error{ErrorKind::Internal, where, "the server computes another SHA-1 of it"};
    return;
  }
  if (classify_error(text) != ErrorClass::Own) return;  // its commands will hear the same
  refused_ = Error{text.starts_with("NOPERM") ? ErrorKind::Invalid : ErrorKind::Internal, where,
                   std::string(text)};
}

bool RedisClient::Engine::settled(Steady::time_point now) {
  if (!under_way_) return true;
  if (pipeline_.open() == 0 && !refused_) {
    end(std::nullopt, now);
    return true;
  }
  auto error = refused_ ? std::move(refused_) : nodes_->take_final();
  if (!error) return false;
  end(std::move(error), now);
  return true;
}

void RedisClient::Engine::expire(Steady::time_point now) {
  const auto& command = pipeline_.first_open().command;
  std::string what(command.name());
  if (command.script()) what += " " + command.script()->name;
  const std::string open = std::to_string(pipeline_.open()) + " of " +
                           std::to_string(pipeline_.size()) + " commands (" + what +
                           " first) got no answer within " + to_text(allowed_);
  // An answer says more than a connection that is lost while it is waited for.
  const std::string& trouble = trouble_.empty() ? nodes_->trouble() : trouble_;
  const std::string unreached = nodes_->unreached();
  if (!trouble.empty())
    end(Error{ErrorKind::Unavailable, nodes_->text(), open + "; last trouble: " + trouble}, now);
  else if (!unreached.empty())
    end(Error{ErrorKind::Timeout, nodes_->text(), open + "; still connecting to " + unreached},
        now);
  else
    end(Error{ErrorKind::Timeout, nodes_->text(), open}, now);
}

void RedisClient::Engine::end(std::optional<Error> error, Steady::time_point now) {
  under_way_ = false;
  failed_ = std::move(error);
  refused_.reset();
  answers_.clear();
  nodes_->abandon_commands(now);
}

Result<std::vector<Reply>> RedisClient::Engine::take() {
  std::vector<Reply> replies = pipeline_.take();
  if (failed_) return tl::unexpected(*std::exchange(failed_, std::nullopt));
  return replies;
}

}  // namespace oddsloom
