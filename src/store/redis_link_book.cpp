#include "store/redis_link_book.h"

#include <cstdlib>

namespace oddsloom {
namespace {

constexpr std::int64_t kPage = 1'000;

}  // namespace

Result<std::unique_ptr<LinkBook>> RedisLinkBook::open(const RedisHouse& house) {
  auto client = house.connect();
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<LinkBook>(new RedisLinkBook(house, *std::move(client)));
}

Result<void> RedisLinkBook::put(const std::vector<Link>& links) {
  if (links.empty()) return {};
  RedisCommand command(RedisScripts::put_links(), 3);
  command.key(keys_.links).key(keys_.undone).key(keys_.revisions);
  for (const Link& link : links) command.add(to_text(link.event)).add(to_json(link));
  const auto reply = client_->ask(std::move(command), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->view().size() > 0)
    return fail(ErrorKind::Conflict, std::string((*reply)[0].text()), "its link was undone");
  return {};
}

Result<void> RedisLinkBook::change(std::string_view what, const EventId& event, UtcMillis at) {
  RedisCommand command(RedisScripts::change_link(), 3);
  command.key(keys_.links).key(keys_.undone).key(keys_.revisions);
  command.add(what).add(to_text(event)).add(at.value);
  const auto reply = client_->ask(std::move(command), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->view().integer() != 1) return fail(ErrorKind::NotFound, to_text(event), "has no link");
  return {};
}

Result<void> RedisLinkBook::undo(const EventId& event, UtcMillis at) {
  return change("undo", event, at);
}

Result<void> RedisLinkBook::forget(const EventId& event) { return change("forget", event, {0}); }

// Read after its number: what was changed in between has a higher number and comes again.
Result<void> RedisLinkBook::add(Page& page, const std::vector<std::string>& events) {
  std::vector<RedisCommand> commands;
  for (const std::string* key : {&keys_.links, &keys_.undone}) {
    RedisCommand& command = commands.emplace_back("HMGET");
    command.key(*key);
    for (const std::string& event : events) command.add(event);
  }
  const auto replies = client_->run(std::move(commands), kRedisAnswer);
  if (!replies) return tl::unexpected(replies.error());
  for (const Reply& reply : *replies)
    if (auto fine = no_error(reply.view(), keys_.links); !fine) return fine;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const ReplyView text = (*replies)[0][i];
    if (text.is_nil()) {
      auto event = parse_event_id(events[i]);
      if (!event) return fail(ErrorKind::Corrupt, keys_.revisions, event.error().text());
      page.forgotten.push_back(*std::move(event));
      continue;
    }
    auto link = parse_link(text.text());
    if (!link) return fail(ErrorKind::Corrupt, keys_.links + " " + events[i], link.error().text());
    link->undone_at = std::nullopt;
    if (const auto undone = (*replies)[1][i].integer()) link->undone_at = UtcMillis{*undone};
    page.links.push_back(*std::move(link));
  }
  return {};
}

Result<LinkBook::Page> RedisLinkBook::read(std::uint64_t after_revision) {
  Page out;
  out.revision = after_revision;
  // Up to what is there now: writers that go on would never let it end.
  RedisCommand newest("ZREVRANGE");
  newest.key(keys_.revisions).add("0").add("0").add("WITHSCORES");
  const auto last = client_->ask(std::move(newest), kRedisAnswer);
  if (!last) return tl::unexpected(last.error());
  if (last->view().size() < 2) return out;
  const std::string end((*last)[1].text());
  while (true) {
    RedisCommand command("ZRANGEBYSCORE");
    command.key(keys_.revisions).add("(" + std::to_string(out.revision)).add(end);
    command.add("WITHSCORES").add("LIMIT").add("0").add(kPage);
    const auto reply = client_->ask(std::move(command), kRedisAnswer);
    if (!reply) return tl::unexpected(reply.error());
    std::vector<std::string> events;
    for (std::size_t i = 0; i + 1 < reply->view().size(); i += 2) {
      events.emplace_back((*reply)[i].text());
      out.revision = static_cast<std::uint64_t>(
          std::strtod(std::string((*reply)[i + 1].text()).c_str(), nullptr));
    }
    if (events.empty()) return out;
    if (auto added = add(out, events); !added) return tl::unexpected(added.error());
  }
}

}  // namespace oddsloom
