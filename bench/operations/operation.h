// Single functions of the hot path on inputs such as a busy day gives them. micro_bench says how
// long they take, instructions how many instructions; both run this list. One thread.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace oddsloom::bench {

struct Operation {
  std::string
      name;  // "map/50-events": unique, no blanks; bench/instructions.baseline keeps numbers by it
  std::string item;           // what `items` counts: "event", "record", ..
  unsigned items = 1;         // how many of those one run is about
  std::function<void()> run;  // throws when its result is not what it should be
};

// A wrong result is no measurement.
inline void expect(bool right, const char* what) {
  if (!right) throw std::runtime_error(what);
}

// Keeps the compiler from leaving out what nobody looks at.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

std::vector<Operation> mapping_operations();
std::vector<Operation> model_operations();
std::vector<Operation> wire_operations();
// Step 1: which events want a look. A schedule's operations belong here.
std::vector<Operation> schedule_operations();
std::vector<Operation> redis_operations();
// `folder` keeps the database, and is best on a RAM disk.
std::vector<Operation> sqlite_operations(const std::string& folder);

std::vector<Operation> all_operations(const std::string& folder);

}  // namespace oddsloom::bench
