// Times as people at this machine read them: in its time zone (TZ), as short as they are clear.
// Any thread.
#pragma once

#include <string>

#include "base/time.h"

namespace oddsloom {

std::string clock_text(UtcMillis time);  // "19:30:05"
// "19:30" today, "Sat 19:30" within the week ahead, else "28 Nov 19:30".
std::string moment_text(UtcMillis time, UtcMillis now);
// "3s", "2m", "5h", "4d": rounded down, "0s" when not yet.
std::string age_text(Millis age);

}  // namespace oddsloom
