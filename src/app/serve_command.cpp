#include <fmt/format.h>
#include <sys/resource.h>

#include "app/assemble.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/crew.h"
#include "app/serve_settings.h"
#include "app/signals.h"
#include "base/log.h"
#include "serve/http_error.h"
#include "serve/http_server.h"
#include "serve/key_gate.h"

namespace oddsloom {
namespace {

HttpAnswer answer(const WebRequest& request) {
  HttpAnswer out;
  if (request.path == "/healthz") {
    static const auto healthy = std::make_shared<const std::string>(R"({"status":"ok"})");
    out.response.body = healthy;
  } else if (request.path == "/errors") {
    out.response = errors_page();
  } else {
    out.response = error_response(404, "NOT_FOUND", "There is nothing at this path");
  }
  return out;
}

// Every connection takes a descriptor, and shells give 1024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::unique_ptr<KeyGate> open_keys(const Start& start) {
  const Settings& settings = start.settings();
  if (settings.text("serve", "keys") == "off") return nullptr;
  const std::string file = keys_file(settings, start.environment);
  auto gate =
      or_stop(KeyGate::open(file, static_cast<double>(settings.integer("serve", "key_rate"))));
  if (gate->size() == 0)
    log::warn("no_keys", {log::kv("file", file), log::kv("help", "oddsloom key add NAME")});
  return gate;
}

}  // namespace

int execute(const ServeOptions& options, const GlobalOptions& global) {
  std::vector<GivenSetting> more;
  if (!options.listen.empty())
    more.push_back(given_option("--listen", "serve", "listen",
                                fmt::format("{}", fmt::join(options.listen, ","))));
  const Start start = start_up(global, std::move(more));
  StopSignals signals;
  raise_descriptor_limit();
  ServeMetrics metrics;
  const auto keys = open_keys(start);
  const auto server = or_stop(HttpServer::start(
      http_server_settings(start.settings()),
      [](const WebRequest& request, Transport, const std::function<void()>&) {
        return answer(request);
      },
      metrics, keys.get()));
  std::string addresses;
  for (const std::string& url : server->urls()) addresses += fmt::format("serving at {}\n", url);
  const int code = printed(addresses);
  Crew crew(signals.source());
  crew.add("http", [&](std::stop_token stop) { return server->run(stop); });
  if (const auto failure = crew.join()) {
    print_problem(fmt::format("oddsloom serve: {}", failure->text()));
    return kFailedWork;
  }
  return code;
}

}  // namespace oddsloom
