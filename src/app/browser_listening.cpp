#include "app/browser_listening.h"

#include <fmt/format.h>

#include "base/log.h"

namespace oddsloom {

void add_browser_listener(Crew& crew, const House& house, const Bookmaker& bookmaker, Source source,
                          const std::vector<std::string>& bet_types, BrowserMetrics& metrics) {
  BrowserListenerConfig config = browser_settings(house.start.settings(), bookmaker);
  config.source = source;
  config.bet_types = bet_types;
  if (config.address.empty()) or_stop(find_browser(config.program.program));
  auto parts = std::make_shared<BrowserListenerParts>(
      BrowserListenerParts{bookmaker, house.bet_types, or_stop(house.store.work_streams()),
                           or_stop(house.store.match_book()), metrics, system_clock()});
  crew.add(fmt::format("browser {} {}", bookmaker.name, to_string(source)),
           [parts, config](std::stop_token stop) {
             return run_browser_listener(std::move(*parts), config, std::move(stop));
           });
}

void log_browser_listening(const BrowserMetrics& metrics) {
  log::info(
      "listen_ended",
      {log::kv("responses", metrics.responses.value()), log::kv("frames", metrics.frames.value()),
       log::kv("records", metrics.records.value()),
       log::kv("created", metrics.intake.created.value()),
       log::kv("merged", metrics.intake.merged.value()),
       log::kv("same", metrics.intake.same.value()), log::kv("looks", metrics.intake.looks.value()),
       log::kv("lost", metrics.lost.value()), log::kv("too_large", metrics.too_large.value()),
       log::kv("cached", metrics.cached.value()), log::kv("blocked", metrics.blocked.value()),
       log::kv("browsers", metrics.browsers.value())});
}

}  // namespace oddsloom
