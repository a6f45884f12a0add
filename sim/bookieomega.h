// The site of BookieOmega: events, markets and outcomes are members of objects, named by their ids;
// the line is part of a market's id ("OU@2.5"), prices are numbers, blocked is said by a flag.
// Shapes as platforms have them that push such trees. Between the world and the server. Pure; any
// thread.
//
//   /api/{prematch|live}?sport=1
//   /api/{prematch|live}/odds?events=409200001,..&markets=P1XP2,OU     at most 40 events
#pragma once

#include "sim/house.h"
#include "sim/http.h"

namespace oddsloom::sim {

class BookieOmega {
 public:
  explicit BookieOmega(const World& world) : world_(world) {}
  // The path as the site has it, without its prefix.
  Response answer(const Target& target, UtcMillis now) const;

 private:
  Response list(const Target& target, Source source, UtcMillis now) const;
  Response odds(const Target& target, Source source, UtcMillis now) const;

  const World& world_;
};

}  // namespace oddsloom::sim
