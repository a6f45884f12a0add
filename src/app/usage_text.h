// What `oddsloom --help` says before and after the list of commands. Constants; any thread.
#pragma once

namespace oddsloom {

inline constexpr const char* kPurpose =
    "oddsloom takes in bookmakers' odds as they move, weaves them into one record per match, and "
    "keeps\nthat record only as long as it is true.";

inline constexpr const char* kExamples = R"(Examples:
  oddsloom run --simulate                                everything at once, no network needed
  oddsloom listen BookieDelta upcoming                   step 1: which events want a look
  oddsloom extract BookieDelta three_way upcoming 0      step 2: fetch, map and keep today's odds
  oddsloom show --text rovers                            what is known now

Exit codes: 0 done, 1 work failed, 2 bad usage or configuration.)";

}  // namespace oddsloom
