// The terminal that standard output may be: its size, and a screen that is redrawn in place. One
// thread; leave_screen() any.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/paths.h"

namespace oddsloom {

struct TerminalSize {
  std::size_t width = 80, height = 24;
};

// Standard output is a terminal that can be drawn on (TERM is not "dumb").
bool output_is_screen(const Environment& environment);
bool colour_wanted(const Environment& environment);  // NO_COLOR is not set
TerminalSize terminal_size();

// Takes the alternate screen and hides the cursor; the destructor gives both back.
class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // Only lines that are not what they were are written.
  void show(const std::vector<std::string>& lines, TerminalSize size);

 private:
  std::vector<std::string> shown_;
  TerminalSize size_{0, 0};
};

// What ~Screen writes; for a process that is about to end without destructors.
void leave_screen();

}  // namespace oddsloom
