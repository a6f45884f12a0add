#include "app/watch_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/console.h"
#include "app/crew.h"
#include "app/local_time.h"
#include "app/terminal.h"

namespace oddsloom {
namespace {

constexpr Millis kTurn{250};
constexpr Millis kSummaryEvery{5000};
constexpr std::size_t kMostMoveLines = 200;  // a turn

std::vector<std::string> keys_of(const std::vector<const WatchRow*>& rows, std::size_t most) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < rows.size() && i < most; ++i)
    for (const auto& [bet_type, market] : rows[i]->markets) keys.push_back(market.document_key);
  return keys;
}

std::string move_lines(const std::vector<PriceMove>& moves, const WatchLoop& loop, UtcMillis now) {
  std::string text;
  const std::size_t shown = std::min(moves.size(), kMostMoveLines);
  for (std::size_t i = 0; i < shown; ++i)
    if (loop.bookmaker.empty() || moves[i].event.bookmaker == loop.bookmaker)
      text += move_line(moves[i], now) + "\n";
  if (moves.size() > shown)
    text += fmt::format("{} ... and {} more\n", clock_text(now), moves.size() - shown);
  return text;
}

}  // namespace

Result<void> run_watch(const WatchLoop& loop, std::stop_token stop) {
  auto reader = loop.store.reader();
  if (!reader) return tl::unexpected(reader.error());
  auto streams = loop.store.work_streams();
  if (!streams) return tl::unexpected(streams.error());
  WatchModel model(loop.freshness);
  WatchFeed feed(*std::move(reader), *std::move(streams), model);
  const UtcMillis began = now_utc();
  UtcMillis summary_due = began + kTurn;
  std::vector<std::string> on_screen;
  std::unique_ptr<Screen> screen;
  if (loop.screen) screen = std::make_unique<Screen>();

  do {
    const UtcMillis now = now_utc();
    if (loop.lasting && now - began >= *loop.lasting) return {};
    const std::vector<PriceMove> moves = feed.turn(now, on_screen);
    const TerminalSize size = screen ? terminal_size() : TerminalSize{};
    WatchFrame frame{model.visible(now, loop.bookmaker, loop.text), feed.health(), loop.store_name,
                     now};
    on_screen = keys_of(frame.rows, size.height);
    if (loop.add_health) loop.add_health(frame.health, now);
    if (screen) {
      screen->show(draw(frame, loop.bet_types.all(), {size.width, size.height, loop.colour}), size);
      continue;
    }
    std::string text = move_lines(moves, loop, now);
    if (now >= summary_due) {
      text += summary_line(frame) + "\n";
      summary_due = now + kSummaryEvery;
    }
    if (!text.empty() && !print_out(text))
      return fail(ErrorKind::Unavailable, "standard output", "cannot be written");
  } while (!pause_for(stop, kTurn));
  return {};
}

}  // namespace oddsloom
