#include "app/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string_view>

namespace oddsloom {
namespace {

// Alternate screen, no cursor, no wrapping of long lines; and back.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
constexpr std::string_view kLeave = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

// A terminal that went away is noticed elsewhere, by the hang-up it sends.
void put(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

bool output_is_screen(const Environment& environment) {
  if (::isatty(STDOUT_FILENO) != 1) return false;
  const auto term = environment.find("TERM");
  return term != environment.end() && !term->second.empty() && term->second != "dumb";
}

bool colour_wanted(const Environment& environment) {
  const auto no_colour = environment.find("NO_COLOR");
  return no_colour == environment.end() || no_colour->second.empty();
}

TerminalSize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

Screen::Screen() { put(kEnter); }

Screen::~Screen() { leave_screen(); }

void leave_screen() { put(kLeave); }

void Screen::show(const std::vector<std::string>& lines, TerminalSize size) {
  std::string out;
  if (size.width != size_.width || size.height != size_.height) {
    out += "\x1b[2J";
    shown_.clear();
    size_ = size;
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (i >= shown_.size() || shown_[i] != lines[i])
      out += fmt::format("\x1b[{};1H\x1b[2K{}\x1b[0m", i + 1, lines[i]);
  put(out);
  shown_ = lines;
}

}  // namespace oddsloom
