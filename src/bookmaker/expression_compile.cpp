#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "bookmaker/expression.h"

namespace oddsloom {
namespace {

struct OpWord {
  std::string_view word;
  OpKind kind;
  std::size_t arguments;
};

constexpr std::array<OpWord, 12> kOps{{
    {"trim", OpKind::Trim, 0},
    {"lower", OpKind::Lower, 0},
    {"upper", OpKind::Upper, 0},
    {"map", OpKind::Map, 1},
    {"nonzero", OpKind::Nonzero, 0},
    {"digits", OpKind::Digits, 0},
    {"before", OpKind::Before, 1},
    {"after", OpKind::After, 1},
    {"strip_prefix", OpKind::StripPrefix, 1},
    {"strip_suffix", OpKind::StripSuffix, 1},
    {"replace", OpKind::Replace, 2},
    {"shift", OpKind::Shift, 1},
}};

constexpr std::array<std::pair<std::string_view, Anchor>, 6> kAnchors{{
    {"@root", Anchor::Root},
    {"@event", Anchor::Event},
    {"@market", Anchor::Market},
    {"@key", Anchor::Key},
    {"@market_key", Anchor::MarketKey},
    {"@selection_key", Anchor::SelectionKey},
}};

tl::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::Invalid, "", std::move(message));
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const auto near = nearest(word, known);
  return near ? fmt::format("; did you mean '{}'?", *near) : std::string();
}

// Splits where `separator` stands outside of quotes.
std::vector<std::string_view> split_unquoted(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> pieces;
  bool quoted = false;
  std::size_t first = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'') quoted = !quoted;
    if (!quoted && text.substr(at).starts_with(separator)) {
      pieces.push_back(trim(text.substr(first, at - first)));
      at += separator.size() - 1;
      first = at + 1;
    }
  }
  pieces.push_back(trim(text.substr(first)));
  return pieces;
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '$';
}

class PathCompiler {
 public:
  PathCompiler(std::string_view text, const std::vector<Anchor>& reachable)
      : whole_(text), rest_(text), reachable_(reachable) {}

  Result<Path> run() {
    if (rest_.starts_with('@')) {
      if (auto anchored = read_anchor(); !anchored) return tl::unexpected(anchored.error());
    } else if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      if (rest_.empty()) return path_;
    }
    bool first = path_.anchor == Anchor::Here && whole_ == rest_;
    while (!rest_.empty()) {
      if (auto step = read_step(first); !step) return tl::unexpected(step.error());
      first = false;
    }
    if (is_key(path_.anchor) && !path_.steps.empty())
      return invalid(fmt::format("'{}': a key is a text, nothing lies in it", whole_));
    path_.text = fmt::format("{}", text_of_steps());
    return path_;
  }

 private:
  Result<void> read_anchor() {
    const std::size_t end = std::min(rest_.find_first_of(".["), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    for (const auto& [name, anchor] : kAnchors)
      if (name == word) {
        if (std::find(reachable_.begin(), reachable_.end(), anchor) == reachable_.end())
          return invalid(fmt::format("'{}' cannot be reached from here", word));
        path_.anchor = anchor;
        rest_.remove_prefix(end);
        return {};
      }
    std::vector<std::string> names;
    for (const auto& [name, anchor] : kAnchors) names.emplace_back(name);
    return invalid(fmt::format("unknown '{}'{}", word, did_you_mean(word, names)));
  }

  Result<void> read_step(bool first) {
    if (rest_.front() == '[') return read_bracket();
    if (rest_.front() == '.')
      rest_.remove_prefix(1);
    else if (!first)
      return malformed();
    Step step;
    if (rest_.starts_with('\'')) {
      const std::size_t end = rest_.find('\'', 1);
      if (end == std::string_view::npos) return invalid(fmt::format("'{}': open quote", whole_));
      step.name = rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
    } else {
      std::size_t end = 0;
      while (end < rest_.size() && is_name_char(rest_[end])) ++end;
      if (end == 0) return malformed();
      step.name = rest_.substr(0, end);
      rest_.remove_prefix(end);
    }
    path_.steps.push_back(std::move(step));
    return {};
  }

  Result<void> read_bracket() {
    const std::size_t end = rest_.find(']');
    if (end == std::string_view::npos) return invalid(fmt::format("'{}': ']' is missing", whole_));
    const std::string_view inner = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    Step step;
    if (const std::size_t equals = inner.find('='); equals != std::string_view::npos) {
      step.kind = Step::Kind::Where;
      step.name = trim(inner.substr(0, equals));
      step.value = trim(inner.substr(equals + 1));
      if (step.name.empty()) return malformed();
    } else {
      const auto index = parse_int(inner);
      if (!index || *index < 0 || *index > 100'000) return malformed();
      step.kind = Step::Kind::Index;
      step.index = static_cast<std::size_t>(*index);
    }
    path_.steps.push_back(std::move(step));
    return {};
  }

  tl::unexpected<Error> malformed() const {
    return invalid(fmt::format("'{}' is no path such as a.b[0].c or list[key=value].d", whole_));
  }

  std::string text_of_steps() const {
    std::string out;
    for (const Step& step : path_.steps) {
      if (step.kind == Step::Kind::Index)
        out += fmt::format("[{}]", step.index);
      else if (step.kind == Step::Kind::Where)
        out += fmt::format("[{}={}]", step.name, step.value);
      else
        out += (out.empty() ? "" : ".") + step.name;
    }
    return out;
  }

  std::string_view whole_, rest_;
  const std::vector<Anchor>& reachable_;
  Path path_;
};

// "map status", "replace 'a' 'b'"
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view piece : split_unquoted(text, " ")) {
    if (piece.size() >= 2 && piece.front() == '\'' && piece.back() == '\'')
      words.emplace_back(piece.substr(1, piece.size() - 2));
    else if (!piece.empty())
      words.emplace_back(piece);
  }
  return words;
}

Result<Op> compile_op(std::string_view text, const Maps& maps) {
  const std::vector<std::string> words = words_of(text);
  if (words.empty()) return invalid("nothing stands behind a '|'");
  const auto known = std::find_if(kOps.begin(), kOps.end(),
                                  [&](const OpWord& op) { return op.word == words.front(); });
  if (known == kOps.end()) {
    std::vector<std::string> names;
    for (const OpWord& op : kOps) names.emplace_back(op.word);
    return invalid(
        fmt::format("unknown built-in '{}'{}", words.front(), did_you_mean(words.front(), names)));
  }
  if (words.size() != known->arguments + 1)
    return invalid(fmt::format("'{}' takes {} argument(s), found {}", known->word, known->arguments,
                               words.size() - 1));
  Op op;
  op.kind = known->kind;
  if (words.size() > 1) op.first = words[1];
  if (words.size() > 2) op.second = words[2];
  if (known->arguments > 0 && op.first.empty())
    return invalid(fmt::format("'{}' needs a text that is not empty", known->word));
  if (op.kind == OpKind::Shift) {
    const auto places = parse_int(op.first);
    if (!places || *places < 1 || *places > 6)
      return invalid(fmt::format("'shift' takes 1 to 6 decimal places, found '{}'", op.first));
    op.places = static_cast<int>(*places);
  }
  if (op.kind == OpKind::Map) {
    std::vector<std::string> names;
    for (const auto& [name, map] : maps) {
      names.push_back(name);
      if (name == op.first) op.map = map;
    }
    if (!op.map)
      return invalid(
          fmt::format("there is no [maps.{}]{}", op.first, did_you_mean(op.first, names)));
  }
  return op;
}

}  // namespace

Result<Expression> compile_expression(std::string_view text, const Maps& maps,
                                      const std::vector<Anchor>& reachable) {
  Expression out;
  if (text.size() > 1000) return invalid("longer than 1000 characters");
  for (std::string_view alternative_text : split_unquoted(text, "??")) {
    const std::vector<std::string_view> pieces = split_unquoted(alternative_text, "|");
    if (pieces.front().empty()) return invalid(fmt::format("'{}': a path is missing", text));
    auto path = PathCompiler(pieces.front(), reachable).run();
    if (!path) return tl::unexpected(path.error());
    Alternative alternative{*std::move(path), {}};
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      auto op = compile_op(pieces[i], maps);
      if (!op) return tl::unexpected(op.error());
      alternative.ops.push_back(*std::move(op));
    }
    out.alternatives.push_back(std::move(alternative));
  }
  return out;
}

std::vector<std::string> place_members(std::initializer_list<Expression*> expressions) {
  std::vector<std::string> names;
  for (Expression* expression : expressions) {
    for (Alternative& alternative : expression->alternatives) {
      Path& path = alternative.path;
      if (path.anchor != Anchor::Here || path.steps.empty()) continue;
      const Step& first = path.steps.front();
      if (first.kind != Step::Kind::Member || first.name.empty()) continue;
      auto at = std::find(names.begin(), names.end(), first.name);
      if (at == names.end()) {
        if (names.size() == Members::kMost) continue;
        at = names.insert(names.end(), first.name);
      }
      path.place = static_cast<int>(at - names.begin());
      if (expression->alternatives.size() == 1 && path.steps.size() == 1 && alternative.ops.empty())
        expression->member = path.place;
    }
  }
  return names;
}

Result<EachPath> compile_each(std::string_view text, const std::vector<Anchor>& reachable) {
  EachPath out;
  std::string_view path_text = trim(text);
  if (path_text.ends_with("[*]"))
    out.spread = Spread::Elements;
  else if (path_text.ends_with("{*}"))
    out.spread = Spread::Members;
  if (out.spread != Spread::One) path_text.remove_suffix(3);
  if (path_text.empty()) path_text = ".";
  auto path = PathCompiler(path_text, reachable).run();
  if (!path) return tl::unexpected(path.error());
  out.path = *std::move(path);
  return out;
}

}  // namespace oddsloom
