// Repeatable randomness: a number that depends on what is asked, not on how often one has asked.
// Below everything else in the simulator. Pure; any thread.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

namespace oddsloom::sim {

inline std::uint64_t mix(std::uint64_t x) {  // splitmix64's finalizer
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

inline std::uint64_t hash_of(std::initializer_list<std::uint64_t> parts) {
  std::uint64_t hash = 0;
  for (const std::uint64_t part : parts) hash = mix(hash ^ part);
  return hash;
}

inline double unit(std::uint64_t hash) {  // [0, 1)
  return static_cast<double>(hash >> 11U) * 0x1.0p-53;
}

// Smooth noise in -1..1: random values at whole numbers of `x`, eased between them. Any point of a
// walk costs the same, so nobody has to step there from the beginning.
inline double value_noise(std::uint64_t seed, double x) {
  const double floor = std::floor(x);
  const auto knot = static_cast<std::uint64_t>(static_cast<std::int64_t>(floor));
  const double a = unit(hash_of({seed, knot})) * 2 - 1;
  const double b = unit(hash_of({seed, knot + 1})) * 2 - 1;
  const double f = x - floor;
  return a + (b - a) * (f * f * (3 - 2 * f));
}

}  // namespace oddsloom::sim
