#include "store/redis_list_doctor.h"

#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <unordered_set>

namespace oddsloom {
namespace {

constexpr std::int64_t kPage = 500;
constexpr Millis kPatience{10'000};
// So near its time a document may go while it is looked at, or wait for tidying.
constexpr Millis kGrace{300'000};

struct Place {
  std::string member;
  std::string document;  // what of the member is the document's key
  double score = 0;
};

// As redis-cli takes it, in quotes of its own kind where there is a line end.
std::string quoted(const std::string& member) {
  const auto at = member.find('\n');
  if (at == std::string::npos) return member;
  return fmt::format("\"{}\\n{}\"", member.substr(0, at), member.substr(at + 1));
}

using Judge = std::function<bool(const Place&)>;

// Entries of one set whose document is gone.
class ListLook {
 public:
  ListLook(RedisClient& client, const std::string& set) : client_(client), set_(set) {}

  // `matters`: whether it is worth telling of one, if its document is gone; asked of all. Errors:
  // the server's.
  Result<void> run(const Judge& matters) {
    std::string cursor = "0";
    do {
      RedisCommand scan("ZSCAN");
      scan.key(set_).add(cursor).add("COUNT").add(kPage);
      const auto reply = client_.ask(std::move(scan), kPatience);
      if (!reply) return tl::unexpected(reply.error());
      cursor = (*reply)[0].text();
      std::vector<Place> places;
      for (std::size_t i = 0; i + 1 < (*reply)[1].size(); i += 2) {
        Place place;
        place.member = (*reply)[1][i].text();
        place.document = place.member.substr(0, place.member.find('\n'));
        place.score = std::strtod(std::string((*reply)[1][i + 1].text()).c_str(), nullptr);
        if (matters(place)) places.push_back(std::move(place));
      }
      if (auto done = look_at(std::move(places)); !done) return done;
    } while (cursor != "0" && !cursor.empty());
    return {};
  }
  std::uint64_t gone() const { return gone_; }
  const std::string& first() const { return first_; }

 private:
  Result<void> look_at(std::vector<Place> places) {
    // Twice, and whether it is still listed: it may just have been removed.
    for (int look = 0; look < 2 && !places.empty(); ++look) {
      std::vector<RedisCommand> commands;
      for (const Place& place : places) {
        commands.emplace_back("EXISTS").key(place.document);
        commands.emplace_back("ZSCORE").key(set_).add(place.member);
      }
      const auto replies = client_.run(std::move(commands), kPatience);
      if (!replies) return tl::unexpected(replies.error());
      std::vector<Place> gone;
      for (std::size_t i = 0; i < places.size(); ++i)
        if ((*replies)[2 * i].view().integer() == 0 && !(*replies)[2 * i + 1].view().is_nil())
          gone.push_back(std::move(places[i]));
      places = std::move(gone);
    }
    for (Place& place : places)
      if (gone_++ == 0) first_ = std::move(place.member);
    return {};
  }

  RedisClient& client_;
  const std::string& set_;
  std::uint64_t gone_ = 0;
  std::string first_;
};

}  // namespace

Result<void> examine_lists(const RedisHouse& house, RedisClient& client,
                           const std::vector<RedisMarket>& markets, Findings& findings,
                           const ExaminationProgress& progress) {
  const auto tell = [&](const std::string& set, const ListLook& look) {
    if (look.gone() == 0) return;
    findings.warning(
        "stale-listing", set,
        fmt::format(
            "has {} {} gone: tidying, which every run, listen and extract does, removes them when "
            "their time is over; if they stay, ZREM {} {}",
            look.gone(),
            look.gone() == 1 ? "entry whose document is" : "entries whose documents are", set,
            quoted(look.first())));
  };
  for (std::size_t i = 0; i < markets.size(); ++i) {
    progress("lists of documents", i, markets.size());
    const MarketKeys& keys = markets[i].keys;
    const auto now = static_cast<double>(house.options.clock().value);
    const auto grace = static_cast<double>(kGrace.count());
    std::unordered_set<std::string> leaving;  // in these minutes
    ListLook expiry(client, keys.expiry);
    auto done = expiry.run([&](const Place& place) {
      const bool near = place.score >= now - grace && place.score <= now + grace;
      if (near) leaving.insert(place.document);
      return !near;
    });
    if (!done) return done;
    tell(keys.expiry, expiry);
    ListLook documents(client, keys.documents);
    done = documents.run([&](const Place& place) { return !leaving.contains(place.document); });
    if (!done) return done;
    tell(keys.documents, documents);
  }
  return {};
}

}  // namespace oddsloom
