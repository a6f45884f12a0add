// In which ways a bookmaker can be listened to, and which of them its folder chooses ([listen]).
// Read from the file by spec_listen.cpp, asked by the commands that start listeners. Immutable
// after loading; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookmaker/spec.h"

namespace oddsloom {

// How step 1 learns what changes; several may work side by side.
enum class ListenWay {
  Poll,     // lists are read, events are looked at again
  Socket,   // what the bookmaker pushes
  Browser,  // what its pages are shown in a Chromium
};
const std::vector<std::string>& listen_way_names();  // "poll", "socket", "browser": in that order
std::optional<ListenWay> parse_listen_way(std::string_view text);
std::string_view to_string(ListenWay way);

// What the folder chooses for the source; where it says nothing: its feed, if it has one, and polls
// for what that does not say. Never a browser by itself, which takes memory and another program.
std::vector<ListenWay> listen_ways(const Bookmaker& bookmaker, Source source);

// Why it cannot be listened to in this way, naming what its folder lacks; nothing = it can.
std::optional<std::string> cannot_listen(const Bookmaker& bookmaker, Source source, ListenWay way);

}  // namespace oddsloom
