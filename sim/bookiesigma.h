// The site of BookieSigma: prices as integers (185 is 1.85), lines inside labels ("Over/Under
// 2.5"), match ids of the provider as "sr:match:74000123", lists in pages. Shapes as European
// platforms have them. Between the world and the server. Pure; any thread.
//
//   /feed/{prematch|live}/list?sport=soccer&page=1&size=50
//   /feed/{prematch|live}/odds?ids=27600019,..&types=1,18     at most 30 ids
#pragma once

#include "sim/house.h"
#include "sim/http.h"

namespace oddsloom::sim {

class BookieSigma {
 public:
  explicit BookieSigma(const World& world) : world_(world) {}
  // The path as the site has it, without its prefix.
  Response answer(const Target& target, UtcMillis now) const;

 private:
  Response list(const Target& target, Source source, UtcMillis now) const;
  Response odds(const Target& target, Source source, UtcMillis now) const;

  const World& world_;
};

}  // namespace oddsloom::sim
