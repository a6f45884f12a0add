// The server over TLS, with certificates made for the test and a client that checks them.
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// As in src/serve/http_session.cpp: Asio's fences, on one thread.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>

#include "serve/room.h"
#include "support/wait_until.h"
#include "transport/tls_server.h"

namespace oddsloom {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using test::Room;
using test::ServerUnderTest;
using test::wait_until;
using testing::HasSubstr;

// Blocking; throws where the handshake fails.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, const std::string& authority, int newest = 0) {
    context_.load_verify_file(authority);
    context_.set_verify_mode(asio::ssl::verify_peer);
    if (newest != 0) SSL_CTX_set_max_proto_version(context_.native_handle(), newest);
    stream_.emplace(io_, context_);
    stream_->next_layer().connect({asio::ip::address_v4::loopback(), port});
    const timeval patience{20, 0};
    setsockopt(stream_->next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof patience);
    stream_->handshake(asio::ssl::stream_base::client);
  }
  void send(const std::string& text) { asio::write(*stream_, asio::buffer(text)); }
  std::string read_until(const std::string& text) {
    std::string out;
    std::array<char, 4096> piece{};
    while (out.find(text) == std::string::npos) {
      boost::system::error_code error;
      const std::size_t n = stream_->read_some(asio::buffer(piece), error);
      if (error) return out + "<" + error.message() + ">";
      out.append(piece.data(), n);
    }
    return out;
  }

 private:
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
  std::optional<asio::ssl::stream<asio::ip::tcp::socket>> stream_;
};

const std::string kAsk = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

struct Files {
  Certificates certificates;
  TempDir dir;
  HttpServerConfig config;
  Files() {
    config.tls_certificate = dir.file("cert.pem");
    config.tls_key = dir.file("key.pem");
    put(certificates.issue("trusted"));
  }
  void put(const Certificates::Pair& pair) const {
    put_file(pair.certificate, config.tls_certificate);
    put_file(pair.key, config.tls_key);
  }
  static void put_file(const std::string& from, const std::string& to) {
    fs::copy_file(from, to + ".new", fs::copy_options::overwrite_existing);
    fs::rename(to + ".new", to);
  }
};

TEST(Tls, AnswersOverIt) {
  Files files;
  const std::string large(300'000, 'x');
  ServerUnderTest server(
      [&](const WebRequest&, Transport, const std::function<void()>&) {
        return test::text_answer(large + "end");
      },
      files.config);
  EXPECT_THAT(server.server->urls()[0], testing::StartsWith("https://127.0.0.1:"));
  TlsClient client(server.port(), files.certificates.authority("trusted"));
  for (int i = 0; i < 3; ++i) {
    client.send(kAsk);
    const std::string answer = client.read_until("end");
    EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(answer, testing::EndsWith(large.substr(0, 100) + "end"));
  }
}

TEST(Tls, OldVersionsAndPlainHttpAreRefused) {
  Files files;
  ServerUnderTest server(test::echo_handler(), files.config);
  const std::string authority = files.certificates.authority("trusted");
  EXPECT_THROW(TlsClient(server.port(), authority, TLS1_1_VERSION), boost::system::system_error);
  EXPECT_NO_THROW(TlsClient(server.port(), authority, TLS1_2_VERSION));
  asio::io_context io;
  asio::ip::tcp::socket plain(io);
  plain.connect({asio::ip::address_v4::loopback(), server.port()});
  asio::write(plain, asio::buffer(kAsk));
  EXPECT_TRUE(wait_until([&] { return server.rejected(Rejection::Handshake) == 2; }));
}

TEST(Tls, AClientThatDoesNotShakeHandsIsLetGo) {
  Files files;
  files.config.head_time = Millis(200);
  ServerUnderTest server(test::echo_handler(), files.config);
  asio::io_context io;
  asio::ip::tcp::socket silent(io);
  silent.connect({asio::ip::address_v4::loopback(), server.port()});
  char one = 0;
  boost::system::error_code error;
  silent.read_some(asio::buffer(&one, 1), error);
  EXPECT_TRUE(error);
}

TEST(Tls, SubscribersAreServedAndToldTheEnd) {
  Files files;
  Room room;
  ServerUnderTest server(room.handler(), files.config);
  TlsClient client(server.port(), files.certificates.authority("trusted"));
  client.send("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_until("\r\n\r\n");
  server.server->post([&] { room.say("hello"); });
  EXPECT_EQ(client.read_until("\n\n"), "data: hello\n\n");
  server.ask_to_stop();
  // The end is said, not just there: a cut would be "stream truncated".
  EXPECT_EQ(client.read_until("never"), "<End of file>");
}

TEST(Tls, NewFilesAreTakenUpAndConnectionsThatStandGoOn) {
  Files files;
  ServerUnderTest server(test::echo_handler(), files.config);
  const std::string trusted = files.certificates.authority("trusted");
  const std::string other = files.certificates.authority("unknown");
  TlsClient standing(server.port(), trusted);
  EXPECT_THROW(TlsClient(server.port(), other), boost::system::system_error);
  files.put(files.certificates.issue("unknown"));
  EXPECT_TRUE(wait_until([&] { return server.metrics.tls_reloads.value() >= 1; }));
  EXPECT_NO_THROW(TlsClient(server.port(), other));
  EXPECT_THROW(TlsClient(server.port(), trusted), boost::system::system_error);
  standing.send(kAsk);
  EXPECT_THAT(standing.read_until("/x\n"), testing::StartsWith("HTTP/1.1 200 OK"));
}

TEST(Tls, BadNewFilesLeaveTheOldInForceUntilTheyAreGood) {
  Files files;
  ServerUnderTest server(test::echo_handler(), files.config);
  const std::string trusted = files.certificates.authority("trusted");
  const auto other = files.certificates.issue("unknown");
  Files::put_file(other.certificate, files.config.tls_certificate);  // the key is another's
  EXPECT_TRUE(wait_until([&] { return server.metrics.tls_reload_failures.value() >= 1; }));
  EXPECT_NO_THROW(TlsClient(server.port(), trusted));
  std::ofstream(files.config.tls_certificate) << "nonsense";
  const auto failures = server.metrics.tls_reload_failures.value();
  EXPECT_TRUE(wait_until([&] { return server.metrics.tls_reload_failures.value() > failures; }));
  EXPECT_NO_THROW(TlsClient(server.port(), trusted));
  files.put(other);
  EXPECT_TRUE(wait_until([&] { return server.metrics.tls_reloads.value() >= 1; }));
  EXPECT_NO_THROW(TlsClient(server.port(), files.certificates.authority("unknown")));
}

TEST(Tls, FilesThatCannotBeUsedEndTheStart) {
  Files files;
  ServeMetrics metrics;
  const auto start = [&](const std::string& certificate, const std::string& key) {
    HttpServerConfig config;
    config.listen = {"127.0.0.1:0"};
    config.tls_certificate = certificate;
    config.tls_key = key;
    const auto started = HttpServer::start(config, test::echo_handler(), metrics);
    return started ? std::string("started") : started.error().text();
  };
  const HttpServerConfig& good = files.config;
  EXPECT_THAT(start(files.dir.file("none"), good.tls_key), HasSubstr("none"));
  EXPECT_THAT(start(good.tls_certificate, good.tls_certificate), HasSubstr("cert.pem"));
  EXPECT_THAT(start(good.tls_certificate, files.certificates.issue("unknown").key),
              HasSubstr("leaf-unknown.key"));
  EXPECT_THAT(start(good.tls_certificate, ""), HasSubstr("belong together"));
}

}  // namespace
}  // namespace oddsloom
