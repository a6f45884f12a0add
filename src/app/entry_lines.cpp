#include "app/entry_lines.h"

#include <fmt/format.h>

#include "app/console.h"
#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostLineBytes = 1U << 20U;

}  // namespace

Result<EntryLines> read_entry_lines(std::istream& in, const std::string& name, std::size_t chunk,
                                    const std::function<Result<void>(std::vector<WorkEntry>)>& take,
                                    const std::function<void(const std::string&)>& report) {
  EntryLines seen;
  std::vector<WorkEntry> good;
  const auto hand_over = [&]() -> Result<void> {
    if (good.empty()) return {};
    seen.entries += good.size();
    return take(std::exchange(good, {}));
  };
  const auto bad = [&](std::size_t number, const std::string& what) {
    ++seen.bad;
    report(fmt::format("{}:{}: {}", name, number, what));
  };
  std::string line;
  for (std::size_t number = 1;; ++number) {
    const LineRead read = read_line(in, line, kMostLineBytes);
    if (read == LineRead::End) break;
    if (read == LineRead::TooLong) {
      bad(number, fmt::format("longer than {} bytes", kMostLineBytes));
      continue;
    }
    if (trim(line).empty()) continue;
    auto entry = parse_work_entry(line);
    if (!entry) {
      bad(number, entry.error().text());
      continue;
    }
    good.push_back(*std::move(entry));
    if (good.size() < chunk) continue;
    if (auto taken = hand_over(); !taken) return tl::unexpected(taken.error());
  }
  if (auto taken = hand_over(); !taken) return tl::unexpected(taken.error());
  return seen;
}

}  // namespace oddsloom
