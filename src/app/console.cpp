#include "app/console.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>

#include "app/options.h"

namespace oddsloom {

bool print_out(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

void print_problem(std::string_view text) {
  fmt::print(stderr, "{}\n", text);
  std::fflush(stderr);
}

int printed(std::string_view text) {
  if (print_out(text)) return kDone;
  print_problem("oddsloom: standard output cannot be written");
  return kFailedWork;
}

LineRead read_line(std::istream& in, std::string& line, std::size_t most_bytes) {
  line.clear();
  bool too_long = false, any = false;
  auto* buffer = in.rdbuf();
  for (int next = buffer->sbumpc(); next != std::char_traits<char>::eof();
       next = buffer->sbumpc()) {
    any = true;
    if (next == '\n') break;
    if (line.size() < most_bytes)
      line.push_back(static_cast<char>(next));
    else
      too_long = true;
  }
  if (!any) return LineRead::End;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return too_long ? LineRead::TooLong : LineRead::Line;
}

Result<std::string> read_all(std::istream& in, const std::string& name, std::size_t most_bytes) {
  std::string out;
  std::array<char, 65536> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
    out.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (out.size() > most_bytes)
      return fail(ErrorKind::OutOfRange, name, fmt::format("is longer than {} bytes", most_bytes));
  }
  return out;
}

}  // namespace oddsloom
