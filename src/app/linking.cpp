#include "app/linking.h"

#include <map>
#include <tuple>

#include "app/crew.h"
#include "base/log.h"
#include "bookmaker/compiled_spec.h"

namespace oddsloom {
namespace {

constexpr Millis kPause{500};
constexpr Millis kAfterTrouble{5'000};

}  // namespace

SportOf sports_of(const std::vector<Bookmaker>& bookmakers) {
  std::map<std::tuple<std::string, Source, std::string>, std::string> sports;
  for (const Bookmaker& bookmaker : bookmakers)
    for (const Sport& sport : bookmaker.compiled->sports)
      for (const Source source : {Source::Live, Source::Upcoming})
        if (const auto& side = sport.side(source))
          sports[{bookmaker.name, source, side->id}] = sport.name;
  return [sports = std::move(sports)](const std::string& bookmaker, Source source,
                                      const std::string& sport_id) {
    const auto found = sports.find({bookmaker, source, sport_id});
    return found == sports.end() ? std::string() : found->second;
  };
}

Result<void> keep_linking(Store& store, SportOf sport_of, bool once, std::stop_token stop) {
  LinkerLoop loop({store, std::move(sport_of)});
  while (!stop.stop_requested()) {
    const auto more = loop.step();
    if (!more && once) return tl::unexpected(more.error());
    if (!more) log::warn("linking_failed", {log::kv("why", more.error().text())});
    if (more && !*more && once) return {};
    if (more && *more) continue;
    if (pause_for(stop, more ? kPause : kAfterTrouble)) break;
  }
  return {};
}

}  // namespace oddsloom
