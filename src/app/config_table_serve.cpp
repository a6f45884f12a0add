#include "app/serve_settings.h"

namespace oddsloom {
namespace {

constexpr double kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute;

Setting limit(std::string key, std::string value, std::string doc, std::string unit, double least,
              double most) {
  return {.section = "serve",
          .key = std::move(key),
          .type = SettingType::Integer,
          .default_text = std::move(value),
          .doc = std::move(doc),
          .least = least,
          .most = most,
          .unit = std::move(unit)};
}

Setting span(std::string key, std::string value, std::string doc, double least, double most) {
  return {.section = "serve",
          .key = std::move(key),
          .type = SettingType::Duration,
          .default_text = std::move(value),
          .doc = std::move(doc),
          .least = least,
          .most = most};
}

}  // namespace

SettingTable serve_settings_table() {
  return {
      {.section = "serve",
       .key = "listen",
       .type = SettingType::TextList,
       .default_text = "127.0.0.1:8090",
       .doc = "Addresses to serve at, such as `0.0.0.0:8090` or `[::1]:8090`; port 0 is any free "
              "one. As it is, only this machine gets answers."},
      {.section = "serve",
       .key = "tls_certificate",
       .doc = "PEM file of a certificate, with what it is signed by behind it: serves https. Read "
              "again when it changes."},
      {.section = "serve", .key = "tls_key", .doc = "PEM file of its key, without a passphrase."},
      {.section = "serve",
       .key = "cors",
       .type = SettingType::TextList,
       .doc = "Origins whose web pages may read the answers, such as `https://odds.example`, or "
              "`*`; empty: only the server's own."},
      {.section = "serve",
       .key = "keys",
       .type = SettingType::Choice,
       .default_text = "off",
       .doc = "Whether clients must show an API key; `oddsloom key add` makes them.",
       .choices = {"off", "required"}},
      {.section = "serve",
       .key = "keys_file",
       .doc = "File of the API keys' hashes; how much they used lies beside it.",
       .default_note = "$XDG_STATE_HOME/oddsloom/keys"},
      limit("key_rate", "30", "Requests a second of a key that has no rate of its own.",
            "requests per second", 1, 1e6),
      limit("client_rate", "100", "Requests a second of one address without a key.",
            "requests per second", 1, 1e6),
      limit("most_connections", "4096", "Connections at once.", "connections", 1, 1e6),
      limit("most_connections_per_client", "256",
            "Connections of one address (IPv6: of one /64) at once; a proxy in front is one.",
            "connections", 1, 1e6),
      limit("most_subscribers", "2000", "Clients of the feed and the dashboard at once.", "clients",
            0, 1e6),
      limit("most_head", "16384", "Requests with longer headers are refused.", "bytes", 1024,
            1 << 20),
      limit("most_target", "8192", "Requests with a longer path and parameters are refused.",
            "bytes", 256, 1 << 20),
      limit("most_body", "8192", "Requests with a longer body are refused; bodies mean nothing.",
            "bytes", 0, 1 << 20),
      limit("most_message", "65536", "Longer messages of a websocket client end its connection.",
            "bytes", 125, 1 << 24),
      span("head_time", "10s", "How long a request may take to arrive, and a TLS handshake.", 100,
           10 * kMinute),
      span("idle_time", "60s", "Connections on which nothing is asked for so long are closed.", 100,
           kHour),
      span("slow_after", "10s",
           "A client that takes less than 16 KB of what waits for it in this time is let go.", 100,
           10 * kMinute),
      span("ping_every", "20s", "A subscriber to whom nothing was sent for so long gets a ping.",
           100, kHour),
      span(
          "answer_age", "500ms",
          "How long a made answer of The Odds API is told to others who ask the same; never longer "
          "than each price in it holds. 0 makes each anew.",
          0, kMinute),
      span("stop_grace", "1500ms", "After a stop: how long answers under way may still take.", 0,
           kMinute),
      {.section = "serve",
       .key = "access_log",
       .type = SettingType::Boolean,
       .default_text = "false",
       .doc = "Log each request: client, path, status, bytes, time and the key's name; never the "
              "key, nor parameters."},
  };
}

}  // namespace oddsloom
