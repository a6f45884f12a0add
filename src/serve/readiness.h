// Whether a server has something true to tell: the answers to /healthz (the process lives) and
// /readyz (send it clients). I/O thread.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "serve/http.h"

namespace oddsloom {

class Readiness {
 public:
  // The store was read, or could not be.
  void heard(bool board_is_complete, const std::string& trouble, UtcMillis now);

  WebResponse healthz() const;
  // 200; 503 while the board is not complete, and when the store could not be read for ten seconds.
  WebResponse readyz(UtcMillis now) const;

 private:
  bool complete_ = false;
  std::optional<UtcMillis> read_at_;  // when the store could last be read
  std::string trouble_;               // why it cannot be read now; "" = it can
};

}  // namespace oddsloom
