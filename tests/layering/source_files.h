// The project's own text, line by line, and the rules that can be read off it. A finding is
// "file:line: what": empty means the rule is kept.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace oddsloom::layering {

struct SourceFile {
  std::string path;  // from the project's folder: "src/model/price.h"
  std::vector<std::string> lines;
};

using Files = std::vector<SourceFile>;
using Findings = std::vector<std::string>;

// Every text file below these folders, and these files; binary ones are left out. Sorted by path.
Files read_files(const std::string& root, const std::vector<std::string>& places);
Files only(const Files& files, const std::function<bool(const SourceFile&)>& wanted);
bool is_header(const SourceFile& file);
bool is_cpp(const SourceFile& file);

// What a folder may include from: "model" -> {"base"}. Its own files it may always.
using Arrows = std::map<std::string, std::set<std::string>>;

Findings forbidden_arrows(const Files& files, const Arrows& may_use);
Findings too_long(const Files& files, std::size_t most_lines);
Findings headers_without_pragma_once(const Files& files);
// Lines that include something whose name begins with one of these.
Findings includes_of(const Files& files, const std::vector<std::string>& names);
// Lines that hold one of these words as a whole word, comments aside.
Findings words_in_code(const Files& files, const std::vector<std::string>& words);
// Lines that start a thread, or hold one as a member.
Findings threads_made(const Files& files);
// Types outside of functions and unnamed namespaces that share a name and a namespace: the linker
// takes one for both without a word.
Findings types_defined_twice(const Files& files);
// Lines that hold one of these texts anywhere, in any case.
Findings texts_in(const Files& files, const std::vector<std::string>& texts);

std::string listed(const Findings& findings);

}  // namespace oddsloom::layering
