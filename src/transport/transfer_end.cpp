#include "transport/transfer_end.h"

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr long kProxyWantsPassword = 407;

bool proxy_refused(CURL* easy, CURLcode code) {
  long tunnel_status = 0;
  long connects = 0;
  long tls_result = 0;
  char* scheme = nullptr;
  curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
  curl_easy_getinfo(easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &tls_result);
  curl_easy_getinfo(easy, CURLINFO_SCHEME, &scheme);
  const bool tunnelled = scheme && equals_ignore_case_ascii(scheme, "https");
  switch (code) {
    case CURLE_OK: {
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      return status == kProxyWantsPassword;
    }
    case CURLE_COULDNT_CONNECT:
      return true;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
      // The tunnel was refused, or the proxy hung up before it said anything.
      return tunnelled && connects > 0 && tunnel_status / 100 != 2;
    default:
      return tls_result != 0;
  }
}

}  // namespace

TransferEnd classify_end(CURL* easy, CURLcode code, bool proxied) {
  if (proxied && proxy_refused(easy, code)) return TransferEnd::ProxyFailed;
  switch (code) {
    case CURLE_OK:
      return TransferEnd::Done;
    case CURLE_COULDNT_RESOLVE_HOST:
      return TransferEnd::ResolveFailed;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return TransferEnd::ConnectFailed;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_USE_SSL_FAILED:
      return TransferEnd::TlsFailed;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return TransferEnd::ProxyFailed;
    case CURLE_OPERATION_TIMEDOUT:
      return TransferEnd::TimedOut;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return TransferEnd::Truncated;
    case CURLE_TOO_MANY_REDIRECTS:
      return TransferEnd::TooManyRedirects;
    default:
      return TransferEnd::Failed;
  }
}

std::string_view to_string(TransferEnd end) {
  switch (end) {
    case TransferEnd::Done:
      return "done";
    case TransferEnd::ResolveFailed:
      return "resolve failed";
    case TransferEnd::ConnectFailed:
      return "connect failed";
    case TransferEnd::TlsFailed:
      return "tls failed";
    case TransferEnd::ProxyFailed:
      return "proxy failed";
    case TransferEnd::TimedOut:
      return "timed out";
    case TransferEnd::Truncated:
      return "truncated";
    case TransferEnd::TooLarge:
      return "too large";
    case TransferEnd::TooManyRedirects:
      return "too many redirects";
    case TransferEnd::BadEncoding:
      return "bad encoding";
    case TransferEnd::Failed:
      break;
  }
  return "failed";
}

}  // namespace oddsloom
