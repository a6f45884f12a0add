// A site that gives recorded answers again: the same bytes where the same is asked, and the asked
// part of them where a client asks otherwise than the recorded one did. Several answers to one
// question come in turn, the last one then stays. Any thread; answers on its server's own thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace oddsloom::sim {

struct ReplayIds {  // each ascending, without repeats
  std::vector<std::int64_t> listed_games;
  std::vector<std::int64_t> games_with_markets;
  std::vector<std::int64_t> listed_live;
  std::vector<std::int64_t> live_with_markets;
  std::vector<std::int64_t> live_with_details;
};

class Replay {
 public:
  // The folder holds INDEX.tsv and the files it names. Errors: NotFound, Malformed, Unavailable.
  static Result<std::unique_ptr<Replay>> start(const std::filesystem::path& folder);
  ~Replay();  // stops and joins
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  std::uint16_t port() const;
  std::string base_url() const;
  const ReplayIds& ids() const;  // for choosing what to ask

 private:
  struct Impl;
  explicit Replay(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oddsloom::sim
