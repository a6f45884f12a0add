// What one look at an event is worth, so that looks at different events can be compared: the price
// a look may have before it is better put off. Prices are taken to change as a Poisson process
// does; what is made small is the time that stored prices have been wrong (Cho and Garcia-Molina's
// "age"; the worth is its Whittle index). docs/decisions/0008-schedule.md has the reasoning. Pure.
//
// Seconds throughout; worths are in seconds squared and mean nothing but by comparison.
#pragma once

namespace oddsloom {

// Nothing is known since the last look, `age` ago; prices change `rate` times a second.
double worth_of_look(double age, double rate);

// It is known that something changed, `since` ago.
double worth_of_look_after_hint(double since, double rate);

}  // namespace oddsloom
