// How often an event's prices change, learnt from looks of which each says only whether anything is
// different from the look before. A value; pure.
#pragma once

namespace oddsloom {

class ChangeRate {
 public:
  // Until looks say otherwise: so many changes a second.
  explicit ChangeRate(double expected_per_second) : expected_(expected_per_second) {}

  // The look came `seconds` after the one before, counted at the event's pace: a second in which
  // changes come four times as often as usual counts four.
  void looked(double seconds, bool changed);
  // Instead of looks, before any: by then prices had stayed as they were for so long, counted
  // likewise, since their last change.
  void lasted(double seconds);
  // At the usual pace. Above 0.
  double per_second() const;

 private:
  double expected_;
  double changes_ = 0;  // seen, the estimated unseen ones included; what is long ago counts less
  double seconds_ = 0;  // looked over, likewise
};

}  // namespace oddsloom
