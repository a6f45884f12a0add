// Rows of text under headings, in columns as wide as their content: what commands print for people.
// Pure; one thread.
#pragma once

#include <string>
#include <vector>

#include "app/text_width.h"

namespace oddsloom {

struct TableColumn {
  std::string heading;
  Align align = Align::Left;
  std::size_t most = 60;  // columns on the terminal; longer cells are cut
};

using TableRow = std::vector<std::string>;

// Lines with '\n', heading first. Rows have one cell per column.
std::string to_text(const std::vector<TableColumn>& columns, const std::vector<TableRow>& rows);

}  // namespace oddsloom
