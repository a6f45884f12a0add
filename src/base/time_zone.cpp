#include "base/time_zone.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>

namespace oddsloom {

struct TimeZone::Rules {
  std::unique_ptr<icu::BasicTimeZone> zone;
};

TimeZone::TimeZone(std::string name, std::shared_ptr<const Rules> rules)
    : name_(std::move(name)), rules_(std::move(rules)) {}

Result<TimeZone> TimeZone::named(const std::string& name) {
  std::unique_ptr<icu::TimeZone> zone(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  icu::UnicodeString id;
  // Every zone ICU makes from a name is a basic one, which can tell an hour shown twice apart.
  auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (!basic || zone->getID(id) == UNICODE_STRING_SIMPLE(UCAL_UNKNOWN_ZONE_ID))
    return fail(ErrorKind::NotFound, "",
                "no time zone is called '" + name + "' (expected one like Africa/Nairobi)");
  auto rules = std::make_shared<Rules>();
  (void)zone.release();
  rules->zone.reset(basic);
  return TimeZone(name, std::move(rules));
}

Millis TimeZone::offset_at(UtcMillis time) const {
  std::int32_t raw = 0, dst = 0;
  UErrorCode status = U_ZERO_ERROR;
  rules_->zone->getOffset(static_cast<UDate>(time.value), false, raw, dst, status);
  return Millis(U_SUCCESS(status) ? raw + dst : 0);
}

std::int64_t TimeZone::local_day(UtcMillis time) const {
  const std::int64_t local = time.value + offset_at(time).count();
  constexpr std::int64_t kDay = 86'400'000;
  return local >= 0 ? local / kDay : -((-local + kDay - 1) / kDay);
}

UtcMillis TimeZone::from_local(std::int64_t local_millis) const {
  std::int32_t raw = 0, dst = 0;
  UErrorCode status = U_ZERO_ERROR;
  // In a skipped hour, too, the clock before the change counts.
  rules_->zone->getOffsetFromLocal(static_cast<UDate>(local_millis), UCAL_TZ_LOCAL_FORMER,
                                   UCAL_TZ_LOCAL_FORMER, raw, dst, status);
  return {local_millis - (U_SUCCESS(status) ? raw + dst : 0)};
}

}  // namespace oddsloom
