#include "store/links.h"

#include "base/hash.h"

namespace oddsloom {

std::string match_id_of(const EventId& event) {
  std::string text(event.bookmaker);
  text.append("\n").append(to_string(event.source)).append("\n").append(event.event_id);
  return content_hash(std::string_view(text)).hex();
}

}  // namespace oddsloom
