// A bookmaker's folder as its own test: every file of payloads/ is read as the program would read
// it and compared with the file of the same name in expected/. Used by tests and by `check`. Reads
// files; any thread.
#pragma once

#include <string>
#include <vector>

#include "bookmaker/mapping.h"
#include "bookmaker/spec.h"

namespace oddsloom {

// "upcoming_markets.two_games.json" is an answer of the endpoint or list `upcoming_markets`.
// "upcoming_markets.two_games.entries.jsonl" beside it, if there is one, holds the events asked
// for, as on a work stream; without it every event of the answer is taken.
struct Payload {
  std::string file;      // with path
  std::string expected;  // the file of what is to come out
  std::string entries;   // "" = none
  std::string endpoint;
};

std::vector<Payload> payloads_of(const std::string& folder);

// What comes out, as JSON lines: records (or events of a list), then what is not offered, missing,
// and problems. Errors: NotFound, Malformed, Invalid (no such endpoint).
Result<std::string> read_payload(const Bookmaker& bookmaker, const BetTypes& bet_types,
                                 const Payload& payload);

// Differences, each with file and line; none = as expected. A payload without an expected file is a
// problem.
std::vector<Problem> check_payloads(const std::string& folder, const Bookmaker& bookmaker,
                                    const BetTypes& bet_types);

}  // namespace oddsloom
