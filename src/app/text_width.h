// How wide text is on a terminal, and text cut or padded to a width. For tables and the watch view.
// Names come from outside, so control characters are replaced here: nobody's team name may move the
// cursor. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oddsloom {

// UTF-8 with control characters and broken bytes replaced.
std::string printable(std::string_view text);

// Columns that printable text takes: wide East Asian letters two, combining marks none.
std::size_t text_width(std::string_view text);

enum class Align { Left, Right };

// Exactly `columns` wide: cut with an ellipsis where it is longer, padded where it is shorter.
std::string fit(std::string_view text, std::size_t columns, Align align = Align::Left);

}  // namespace oddsloom
