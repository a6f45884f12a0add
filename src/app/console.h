// Standard input and output as commands use them: bounded lines in, whole texts out, failures
// noticed. One thread.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>

#include "base/result.h"

namespace oddsloom {

// Writes to standard output. False when that was not possible (a full disk, a closed pipe).
bool print_out(std::string_view text);
// A line to standard error.
void print_problem(std::string_view text);
// The exit code of a command whose last act is to print this.
int printed(std::string_view text);

enum class LineRead { Line, TooLong, End };
// The next line without its end. Of a line longer than `most_bytes` the rest is skipped.
LineRead read_line(std::istream& in, std::string& line, std::size_t most_bytes);

// All of a stream. Errors: OutOfRange beyond `most_bytes`.
Result<std::string> read_all(std::istream& in, const std::string& name, std::size_t most_bytes);

}  // namespace oddsloom
