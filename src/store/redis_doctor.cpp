#include "store/redis_doctor.h"

#include <fmt/format.h>

#include "store/redis_document_doctor.h"
#include "store/redis_link_book.h"
#include "store/redis_list_doctor.h"
#include "store/redis_server_doctor.h"
#include "store/redis_stream_doctor.h"

namespace oddsloom {
namespace {

// Whether a store was ever made here: a wrong address or prefix would look like one without fault.
Result<bool> examine_layout(const RedisHouse& house, RedisClient& client, Findings& findings) {
  const std::string key = house.layout_key();
  RedisCommand command("EXISTS");
  command.key(key);
  const auto reply = client.ask(std::move(command), kRedisAnswer);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->view().integer() == 0)
    findings.warning(
        "no-store", key,
        fmt::format("this program has kept nothing here yet under the prefix '{}': is it "
                    "the right server, and the right store.prefix?",
                    house.options.naming.prefix));
  return reply->view().integer() != 0;
}

// What cannot be read of the links stops whoever follows them.
Result<void> examine_links(const RedisHouse& house, Findings& findings) {
  const auto book = RedisLinkBook::open(house);
  if (!book) return tl::unexpected(book.error());
  const auto page = (*book)->read(0);
  if (page) return {};
  if (page.error().kind != ErrorKind::Corrupt) return tl::unexpected(page.error());
  findings.problem("unreadable-link", page.error().where,
                   fmt::format("cannot be read ({}), so no link is: another program has written to "
                               "it; HDEL it from {}, and the link is made anew",
                               page.error().message, house.link_keys().links));
  return {};
}

}  // namespace

Result<Examination> examine_redis(const RedisHouse& house, const ExaminationProgress& progress) {
  const auto client = house.connect();
  if (!client) return tl::unexpected(client.error());
  Findings findings;
  const auto whole = examine_cluster(**client, findings);
  if (!whole) return tl::unexpected(whole.error());
  if (!*whole) return findings.take(0);
  const auto primaries = find_primaries(house, **client);
  if (!primaries) return tl::unexpected(primaries.error());
  const RedisKeyNames names(house);
  RedisDocumentDoctor documents(house, **client, names, findings, progress);
  const auto made = examine_layout(house, **client, findings);
  if (!made) return tl::unexpected(made.error());
  Result<void> done = examine_servers(house, **client, *primaries, findings);
  if (done && *made) done = examine_indexes(house, **client, findings);
  if (done) done = examine_streams(house, **client, findings, progress);
  if (done) done = documents.run(*primaries);
  if (done) done = examine_links(house, findings);
  if (done) done = examine_lists(house, **client, names.markets(), findings, progress);
  if (!done) return tl::unexpected(done.error());
  return findings.take(documents.documents());
}

}  // namespace oddsloom
