// Answers as a Redis server with JSON values and search would, as far as opening a store,
// committing and reading need it, without being one: what scripts, searches and documents answer is
// the test's to say. Its state may be set while no command is under way. One thread.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/resp_double.h"

namespace oddsloom::test {

class StackDouble {
 public:
  using Command = RespDouble::Command;
  struct Index {
    std::vector<std::string> prefixes, fields;
    int building = 0;  // so many further FT.INFOs say that it is not yet built
  };

  StackDouble();

  std::string url() const { return server_.url(); }
  // Commands with this first word, in order; without the greetings of each connection.
  std::vector<Command> sent(const std::string& name) const;
  // What one run of the commit script was to do for one record: see lua/commit.lua.
  struct Commit {
    std::string lookup, document;
    std::vector<std::string> words;
    const std::string& what() const { return words.at(5); }
  };
  std::vector<Commit> commits() const;
  void forget_commands() { from_ = server_.commands().size(); }

  std::set<std::string> lacks;  // commands it does not know
  std::string merged = R"([{"a":1,"match_team_objects":{"x":{"c":3}}}])";  // by the self-test
  std::map<std::string, std::string> layout;  // what the store has noted
  std::map<std::string, Index> indexes;
  std::string no_index = "Unknown index name";
  std::function<std::string(const Command&)> create_index;  // instead of making it
  // The test's parts; each gives RESP. commit() is asked for each record of a script's run.
  std::function<std::string(const Commit&)> commit;
  std::function<std::string(const Command&)> search, document, lookup;

 private:
  std::string answer(const Command& command);
  std::string info(Index& index) const;
  std::string make_index(const Command& command);

  std::size_t from_ = 0;
  RespDouble server_;  // last: its threads use the rest
};

}  // namespace oddsloom::test
