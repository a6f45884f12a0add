#include "serve/readiness.h"

#include <fmt/format.h>

#include "base/json_writer.h"

namespace oddsloom {
namespace {

constexpr Millis kUnreadable{10'000};

WebResponse status_response(int status, std::string_view word, std::string_view why) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("status", word);
  if (!why.empty()) json.member("why", why);
  json.end_object();
  WebResponse out;
  out.status = status;
  out.body = std::make_shared<const std::string>(std::move(text));
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace

void Readiness::heard(bool board_is_complete, const std::string& trouble, UtcMillis now) {
  complete_ = board_is_complete;
  trouble_ = trouble;
  if (trouble.empty()) read_at_ = now;
}

WebResponse Readiness::healthz() const { return status_response(200, "ok", ""); }

WebResponse Readiness::readyz(UtcMillis now) const {
  if (!complete_)
    return status_response(503, "starting",
                           trouble_.empty() ? "the store is being read" : trouble_);
  if (!read_at_ || now - *read_at_ > kUnreadable)
    return status_response(
        503, "stale",
        fmt::format("the store could not be read for {} s: {}",
                    read_at_ ? (now - *read_at_).count() / 1000 : 0,
                    trouble_.empty() ? std::string_view("no answer") : std::string_view(trouble_)));
  return status_response(200, "ready", "");
}

}  // namespace oddsloom
