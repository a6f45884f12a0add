#include "store/redis_nodes.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace oddsloom {
namespace {

constexpr Millis kLookPause{200};  // between two looks at a cluster's slots
constexpr Millis kLongestPoll{60'000};

bool contains(const std::vector<RedisAddress>& addresses, const RedisAddress& address) {
  return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

}  // namespace

Result<std::unique_ptr<RedisNodes>> RedisNodes::create(const RedisTarget& target,
                                                       std::vector<const RedisScript*> scripts) {
  std::unique_ptr<RedisTls> tls;
  if (target.tls) {
    auto made = RedisTls::create(target);
    if (!made) return tl::unexpected(std::move(made.error()));
    tls = std::move(*made);
  }
  return std::unique_ptr<RedisNodes>(new RedisNodes(target, std::move(tls), std::move(scripts)));
}

RedisNodes::RedisNodes(const RedisTarget& target, std::unique_ptr<RedisTls> tls,
                       std::vector<const RedisScript*> scripts)
    : target_(target), tls_(std::move(tls)) {
  introduction_.tls = tls_.get();
  introduction_.user = target.user;
  introduction_.password = target.password;
  introduction_.database = target.database;
  introduction_.must_be_primary = !target.master.empty();
  introduction_.scripts = std::move(scripts);
  if (target.master.empty())
    primary_ = &at(target.addresses.front());
  else
    sentinels_.emplace(target_, tls_.get());
}

void RedisNodes::turn_to_cluster() {
  cluster_ = true;
  primary_ = nullptr;
  look_wanted_ = true;
}

std::vector<int> RedisNodes::slot_of_each_primary() const {
  std::vector<int> slots;
  if (!cluster_ || !table_) return {kAnySlot};
  for (std::size_t i = 0; i < table_->primaries.size(); ++i)
    if (const auto slot = table_->a_slot_of(i)) slots.push_back(*slot);
  return slots;
}

RedisLink& RedisNodes::at(const RedisAddress& address) {
  for (const auto& link : links_)
    if (link->address() == address) return *link;
  return *links_.emplace_back(std::make_unique<RedisLink>(address, introduction_));
}

RedisLink* RedisNodes::route(int slot) {
  RedisLink* link = primary_;
  if (cluster_) {
    if (!table_) return nullptr;
    if (slot == kAnySlot) {
      if (any_ && any_->is_ready()) return any_;
      any_ = nullptr;
      for (std::size_t i = 0; i < link_of_.size() && !any_; ++i)
        if (link_of_[i] && link_of_[i]->is_ready()) any_ = link_of_[i];
      // Nobody is connected: all are tried, the first one that answers gets it.
      for (std::size_t i = 0; i < link_of_.size() && !any_; ++i) {
        if (!link_of_[i]) link_of_[i] = &at(table_->primaries[i]);
        link_of_[i]->want();
      }
      return any_;
    }
    const std::uint16_t index = table_->of_slot[static_cast<std::size_t>(slot)];
    if (index == SlotTable::kNobody) {
      trouble_ = "no node of the cluster serves slot " + std::to_string(slot);
      look_again();
      return nullptr;
    }
    if (!link_of_[index]) link_of_[index] = &at(table_->primaries[index]);
    link = link_of_[index];
  }
  if (link && !link->is_ready()) link->want();
  return link;
}

void RedisNodes::moved(const Redirect& redirect) {
  turn_to_cluster();
  if (!table_) table_.emplace();
  table_->assign(redirect.slot, redirect.address);
  link_of_.resize(table_->primaries.size(), nullptr);
}

void RedisNodes::suspect(RedisLink& link, std::string_view why, Steady::time_point now) {
  if (cluster_) look_again();
  if (link.is_ready()) link.fail(Error{ErrorKind::Unavailable, "", std::string(why)}, now);
  collect(now);
}

void RedisNodes::tend(Steady::time_point now) {
  if (prune_wanted_) prune();
  if (cluster_)
    tend_slots(now);
  else if (sentinels_)
    tend_sentinels(now);
  for (const auto& link : links_) link->tend(now);
  collect(now);
}

void RedisNodes::tend_sentinels(Steady::time_point now) {
  if (!primary_) sentinels_->look(now);
  sentinels_->tend(now);
  if (primary_ || !sentinels_->trouble()) return;
  trouble_ = sentinels_->trouble()->text();
  // Also a refused password is not final while another sentinel may accept it.
  if (sentinels_->round_failed() &&
      (!patient_ || sentinels_->trouble()->kind == ErrorKind::Invalid))
    final_ = *sentinels_->trouble();
}

void RedisNodes::tend_slots(Steady::time_point now) {
  if (!look_wanted_ || asked_ || now < look_at_) return;
  // Whoever is connected, in turns; otherwise everybody is tried.
  for (std::size_t i = 0; i < links_.size() && !asked_; ++i) {
    RedisLink& link = *links_[(candidate_ + i) % links_.size()];
    if (!link.is_ready()) continue;
    candidate_ = (candidate_ + i + 1) % links_.size();
    asked_ = &link;
  }
  if (asked_) {
    look_wanted_ = false;
    look_at_ = now + kLookPause;
    asked_->ask_topology(RedisCommand("CLUSTER").add("SLOTS"));
    return;
  }
  at(target_.addresses.front()).want();
  if (!table_) return;
  for (const auto* addresses : {&table_->primaries, &table_->replicas})
    for (const RedisAddress& address : *addresses) at(address).want();
}

void RedisNodes::take_topology(const RedisLink::Answer& answer, Steady::time_point now) {
  if (sentinels_ && answer.link == sentinels_->link()) {
    if (const auto address = sentinels_->take(answer, now)) follow(*address);
    return;
  }
  asked_ = nullptr;
  auto table = parse_slots(answer.reply.view(), answer.link->address());
  if (!table || table->primaries.empty()) {
    trouble_ = answer.link->name() + ": " +
               (answer.reply.view().is_error() ? std::string(answer.reply.text())
                : table                        ? "the cluster has no slots assigned"
                                               : table.error().text());
    look_wanted_ = true;
    return;
  }
  adopt(std::move(*table));
}

void RedisNodes::follow(const RedisAddress& primary) {
  if (known_primary_ && *known_primary_ != primary) {
    if (auto seen = failover_.pass())
      log::warn("redis_failover",
                {log::kv("seen", *seen), log::kv("master", target_.master),
                 log::kv("from", known_primary_->text()), log::kv("to", primary.text())});
  }
  known_primary_ = primary;
  primary_ = &at(primary);
  primary_->want();
  prune_wanted_ = true;
}

void RedisNodes::adopt(SlotTable table) {
  if (table_ && !table_->primaries.empty()) {
    for (const RedisAddress& address : table.primaries) {
      if (contains(table_->primaries, address)) continue;
      if (auto seen = failover_.pass())
        log::warn("redis_failover", {log::kv("seen", *seen), log::kv("to", address.text())});
    }
  }
  any_ = nullptr;
  table_ = std::move(table);
  link_of_.assign(table_->primaries.size(), nullptr);
  for (std::size_t i = 0; i < link_of_.size(); ++i)
    for (const auto& link : links_)
      if (link->address() == table_->primaries[i]) link_of_[i] = link.get();
  prune_wanted_ = true;
}

// Links to servers that are no longer part of it; those that owe an answer stay until the next
// time.
void RedisNodes::prune() {
  prune_wanted_ = false;
  std::erase_if(links_, [&](const std::unique_ptr<RedisLink>& link) {
    const bool needed =
        cluster_ ? std::find(link_of_.begin(), link_of_.end(), link.get()) != link_of_.end() ||
                       link.get() == asked_ || contains(table_->replicas, link->address())
                 : link.get() == primary_;
    if (needed || !link->is_idle()) return false;
    std::erase(down_, link.get());
    return true;
  });
}

void RedisNodes::flush() {
  for (const auto& link : links_) link->flush();
  if (sentinels_ && sentinels_->link()) sentinels_->link()->flush();
}

void RedisNodes::poll(Millis most, std::vector<RedisLink::Answer>& answers) {
  polled_.clear();
  polled_links_.clear();
  bool has_more = false;
  const auto add = [&](RedisLink* link) {
    if (!link || link->fd() < 0) return;
    polled_.push_back({link->fd(), link->events(), 0});
    polled_links_.push_back(link);
    has_more = has_more || link->has_more();
  };
  for (const auto& link : links_) add(link.get());
  if (sentinels_) add(sentinels_->link());
  most = has_more ? Millis(0) : std::clamp(most, Millis(0), kLongestPoll);
  // An error (EINTR, no memory) is a turn in which nothing was ready.
  const int count = ::poll(polled_.data(), polled_.size(), static_cast<int>(most.count()));
  const auto now = Steady::now();
  for (std::size_t i = 0; i < polled_.size(); ++i) {
    RedisLink& link = *polled_links_[i];
    const bool was_ready = link.is_ready();
    if ((count > 0 && polled_[i].revents != 0) || link.has_more()) link.ready(now, answers);
    link.check_silence(now);
    if (!was_ready && link.is_ready()) note_ready(link);
  }
}

std::optional<RedisNodes::Steady::time_point> RedisNodes::next_time() const {
  std::optional<Steady::time_point> first;
  const auto consider = [&first](std::optional<Steady::time_point> time) {
    if (time && (!first || *time < *first)) first = time;
  };
  for (const auto& link : links_) consider(link->next_time());
  if (sentinels_) consider(sentinels_->next_time());
  if (cluster_ && look_wanted_ && !asked_ && look_at_ > Steady::now()) consider(look_at_);
  return first;
}

void RedisNodes::collect(Steady::time_point now) {
  for (const auto& link : links_)
    if (auto loss = link->lost()) note_loss(*link, std::move(*loss), now);
}

void RedisNodes::note_loss(RedisLink& link, RedisLink::Loss loss, Steady::time_point now) {
  unanswered_.insert(unanswered_.end(), loss.unanswered.begin(), loss.unanswered.end());
  trouble_ = loss.error.text();
  if (loss.was_ready) {
    if (std::find(down_.begin(), down_.end(), &link) == down_.end()) down_.push_back(&link);
    if (auto seen = disconnected_.pass())
      log::warn("redis_disconnected", {log::kv("seen", *seen), log::kv("address", link.name()),
                                       log::kv("why", loss.error.message),
                                       log::kv("unanswered", loss.unanswered.size())});
  }
  if (loss.error.kind == ErrorKind::Invalid || loss.error.kind == ErrorKind::Internal ||
      (!patient_ && !sentinels_ && !cluster_ && !link.has_been_ready()))
    final_ = loss.error;
  if (cluster_) {
    look_wanted_ = true;
    if (asked_ == &link) asked_ = nullptr;
    if (any_ == &link) any_ = nullptr;
  }
  if (sentinels_ && !cluster_ && primary_ == &link) {
    primary_ = nullptr;
    sentinels_->look(now);
  }
}

void RedisNodes::note_ready(RedisLink& link) {
  if (std::erase(down_, &link) == 0) return;
  if (auto seen = reconnected_.pass())
    log::warn("redis_reconnected", {log::kv("seen", *seen), log::kv("address", link.name())});
}

std::string RedisNodes::unreached() const {
  std::string names;
  for (const auto& link : links_)
    if (link->fd() >= 0 && !link->is_ready()) names += (names.empty() ? "" : ", ") + link->name();
  return names;
}

void RedisNodes::abandon_commands(Steady::time_point now) {
  collect(now);
  unanswered_.clear();
  for (const auto& link : links_) {
    if (!link->owes_answers()) continue;
    if (asked_ == link.get()) {
      asked_ = nullptr;
      look_wanted_ = true;
    }
    link->abandon();
  }
}

}  // namespace oddsloom
