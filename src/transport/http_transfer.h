// One transfer of an HttpClient: the libcurl handle, the request it carries and what has come so
// far. Private to transport/; reused for many requests, one after the other. Belongs to the
// client's thread.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "transport/curl_loop.h"
#include "transport/decode.h"
#include "transport/http_client.h"

namespace oddsloom {

class HttpTransfer {
 public:
  // Both must outlive the transfer.
  HttpTransfer(const HttpClientConfig& config, CurlLoop& loop);
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  CURL* handle() const { return easy_.get(); }

  // Makes the handle ready to be added to the loop. Errors: Invalid (no http or https URL, a line
  // break in a header or method); finish() may not be called then, refuse() may.
  Result<void> prepare(HttpRequest request, UtcMillis now);
  // What came, decoded. After the handle has been taken out of the loop.
  HttpResponse finish(CURLcode code, UtcMillis now, BodyDecoder& decoder);
  // The response of a transfer that could not begin.
  HttpResponse refuse(std::string_view why, UtcMillis now);

  std::size_t place = 0;  // the client's: where it stands among the running ones

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* transfer);

  Result<void> set_all();
  void set_constant_options();
  void set_method();
  void set_headers();
  const std::string* proxy_of(const HttpRequest& request) const;  // null: none
  bool may_go_on(CURLcode code);
  void read_header(std::string_view line);
  bool take_body(std::string_view piece);
  void take_body_into(HttpResponse& response, BodyDecoder& decoder);

  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  const HttpClientConfig& config_;
  CurlLoop& loop_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;

  HttpRequest request_;
  UtcMillis sent_at_;
  bool proxied_ = false;

  std::string wire_;  // body as received; kept between requests when the body was encoded
  std::string content_type_, content_range_, content_encoding_, retry_after_;
  std::size_t announced_ = 0;  // Content-Length, 0 if none
  bool body_began_ = false;    // what follows as header lines are trailers
  bool too_large_ = false;
  bool may_go_on_ = false;  // the handle may take a like request as it is
  unsigned uses_ = 0;       // since the handle was reset
};

}  // namespace oddsloom
