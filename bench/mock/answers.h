// What the mock bookmaker of bench/compare says: BookieDelta's answers to requests for upcoming
// markets, {"ID": [market, ..], ..}, and for live ones,
// {"markets": [{"eventId": ID, "markets": [market, ..]}, ..]}, with prices that follow from the
// event and the pass, so that what a contender stored can be checked without asking. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace oddsloom::bench {

// In hundredths, always 101..999, and another one in the next pass. Outcomes count through: 0-2 are
// 1, X, 2, then Yes, No, then 1X, X2, 12. bench/harness/job.py has the same.
constexpr std::uint64_t price(std::uint64_t event, std::uint64_t pass, std::uint64_t outcome) {
  return 101 + (event * 7919 + pass * 104729 + outcome * 1299709) % 899;
}

class Answers {
 public:
  // size: bytes that an answer about one event has, the three markets and others around them,
  // whatever was asked for; 0: only the markets asked for. Answers about several events hold those
  // only, in any case.
  Answers(std::size_t size, bool gzip);

  // Prices are those of this pass from now on. Where answers are compressed, those of single events
  // are made here.
  void begin_pass(std::uint64_t pass, std::uint64_t first_event, std::uint64_t events);

  struct Body {
    std::string_view bytes;  // until the next call
    bool compressed = false;
  };
  // markets: as in the query, ids with commas between, or "all".
  Body body(const std::vector<std::uint64_t>& events, std::string_view markets, bool accept_gzip);
  // types: as in the query, "194%230%230" with commas between. Holds those markets only.
  Body live_body(const std::vector<std::uint64_t>& events, std::string_view types,
                 bool accept_gzip);

 private:
  struct Filling {
    std::string first, second;  // markets nobody wants: ",{..},{..}"
  };
  static Filling make_filling(std::size_t bytes, unsigned seed);

  void write_padded(std::uint64_t event);
  void write_wanted(const std::vector<std::uint64_t>& events, std::string_view markets);
  Body finished(bool compress);

  std::size_t size_;
  bool gzip_;
  std::uint64_t pass_ = 1;
  std::vector<Filling> fillings_;
  std::unordered_map<std::uint64_t, std::string> ready_;  // compressed, by event
  std::string text_, packed_;
};

}  // namespace oddsloom::bench
