#include "serve/dashboard_assets.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "serve/gzip_cache.h"
#include "serve/web_files.h"

namespace oddsloom {
namespace {

struct Kind {
  std::string_view ending, content_type;
};

constexpr Kind kKinds[] = {{".html", "text/html; charset=utf-8"},
                           {".js", "text/javascript; charset=utf-8"},
                           {".css", "text/css; charset=utf-8"},
                           {".svg", "image/svg+xml"}};

// Nothing but our own files, no markup of anybody's, in nobody's frame.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view content_type(std::string_view name) {
  for (const Kind& kind : kKinds)
    if (name.ends_with(kind.ending)) return kind.content_type;
  return "text/plain; charset=utf-8";
}

WebResponse response_of(std::string_view name, std::string_view content) {
  WebResponse out;
  out.content_type = content_type(name);
  out.body = std::make_shared<const std::string>(content);
  out.gzip = gzip(*out.body);
  out.etag = fmt::format("\"{}\"", content_hash(content).hex());
  // Asked again each time, and then answered by "not modified": a new version is whole at once.
  out.headers = {{"Cache-Control", "no-cache"},
                 {"Content-Security-Policy", std::string(kPolicy)},
                 {"X-Content-Type-Options", "nosniff"},
                 {"Referrer-Policy", "no-referrer"},
                 {"Cross-Origin-Opener-Policy", "same-origin"}};
  return out;
}

}  // namespace

DashboardAssets::DashboardAssets() {
  for (const auto& [name, content] : web_files::kFiles) {
    const bool is_page = name == "index.html";
    by_path_[is_page ? "/" : fmt::format("/web/{}", name)] = response_of(name, content);
  }
}

const WebResponse* DashboardAssets::find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &found->second;
}

bool DashboardAssets::is_asset(std::string_view path) {
  return path == "/" || path.starts_with("/web/");
}

}  // namespace oddsloom
