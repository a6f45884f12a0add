#include "discover/look_worth.h"

#include <cmath>

namespace oddsloom {

double worth_of_look(double age, double rate) {
  const double changes = age * rate;  // expected since the last look
  // For few expected changes the exact form is a difference of nearly equal numbers.
  if (changes < 0.01) return age * age * changes * (1.0 / 3 - changes / 8);
  const double unchanged = std::exp(-changes);
  return age * age * (0.5 + unchanged / changes - (1 - unchanged) / (changes * changes));
}

double worth_of_look_after_hint(double since, double rate) {
  return since * since / 2 + since / rate;
}

}  // namespace oddsloom
