#include "app/watch_health.h"

#include <fmt/format.h>

#include "app/local_time.h"

namespace oddsloom {

std::string activity_text(const WatchHealth& health) {
  std::string out;
  if (health.parts)
    out += fmt::format("{:.0f} events/s, {} requests ({} in flight), ",
                       health.parts->events_per_second, health.parts->requests,
                       health.parts->in_flight);
  out += fmt::format("{:.0f} changes/s, queue {}", health.changes_per_second, health.queue);
  if (health.queue > 0) {
    out += fmt::format(" ({} pending", health.pending);
    if (health.delayed > 0) out += fmt::format(", {} delayed", health.delayed);
    if (health.oldest) out += fmt::format(", oldest {}", age_text(*health.oldest));
    out += ")";
  }
  return out + fmt::format(", {} documents", health.documents);
}

std::string trouble_text(const WatchHealth& health) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  if (!health.trouble.empty()) add("store: " + health.trouble);
  if (health.parts)
    for (const std::string& wait : health.parts->waits) add("waiting: " + wait);
  if (health.parts)
    for (const std::string& late : health.parts->late) add("budget too small: " + late);
  if (health.dead > 0) add(fmt::format("{} dead letters", health.dead));
  if (health.parts && !health.parts->failures.empty()) {
    std::string kinds;
    for (const auto& [kind, count] : health.parts->failures)
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, kind);
    add("failures: " + kinds);
  }
  return out;
}

}  // namespace oddsloom
