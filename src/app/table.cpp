#include "app/table.h"

#include <algorithm>

namespace oddsloom {

std::string to_text(const std::vector<TableColumn>& columns, const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t width = text_width(columns[i].heading);
    for (const TableRow& row : rows) width = std::max(width, text_width(printable(row[i])));
    widths.push_back(std::min(width, columns[i].most));
  }
  std::string out;
  const auto line = [&](const auto& cell) {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i)
      text += (i == 0 ? "" : "  ") + fit(cell(i), widths[i], columns[i].align);
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  };
  line([&](std::size_t i) { return columns[i].heading; });
  for (const TableRow& row : rows) line([&](std::size_t i) { return row[i]; });
  return out;
}

}  // namespace oddsloom
