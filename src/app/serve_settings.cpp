#include "app/serve_settings.h"

namespace oddsloom {

HttpServerConfig http_server_settings(const Settings& settings) {
  const auto number = [&](const char* key) {
    return static_cast<std::size_t>(settings.integer("serve", key));
  };
  const auto span = [&](const char* key) { return settings.duration("serve", key); };
  HttpServerConfig out;
  out.listen = settings.list("serve", "listen");
  out.tls_certificate = settings.text("serve", "tls_certificate");
  out.tls_key = settings.text("serve", "tls_key");
  out.cors.origins = settings.list("serve", "cors");
  out.access_log = settings.boolean("serve", "access_log");
  out.client_rate = static_cast<double>(settings.integer("serve", "client_rate"));
  out.most_connections = number("most_connections");
  out.most_connections_per_client = number("most_connections_per_client");
  out.most_subscribers = number("most_subscribers");
  out.most_head = number("most_head");
  out.most_target = number("most_target");
  out.most_body = number("most_body");
  out.most_message = number("most_message");
  out.head_time = span("head_time");
  out.idle_time = span("idle_time");
  out.slow_after = span("slow_after");
  out.ping_every = span("ping_every");
  out.stop_grace = span("stop_grace");
  return out;
}

OddsApiConfig odds_api_settings(const Settings& settings) {
  OddsApiConfig out;
  out.answer_age = settings.duration("serve", "answer_age");
  return out;
}

std::string keys_file(const Settings& settings, const Environment& environment) {
  const std::string& file = settings.text("serve", "keys_file");
  return file.empty() ? (state_folder(environment) / "keys").string() : file;
}

}  // namespace oddsloom
