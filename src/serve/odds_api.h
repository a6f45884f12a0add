// The Odds API v4 (and the two v3 routes that its old client asks) over the newest board: answers
// requests, and keeps what it need not make again. A list of odds is put together from one text per
// match, which is made anew when the match changed or a price in it came to its limit; the whole is
// kept for `answer_age`, and never longer than every price in it holds. http_server -> odds_api.
// One thread, the server's; what reads the store is handed back as `later` (serve/http.h).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "serve/http.h"
#include "serve/odds_answers.h"
#include "serve/odds_history.h"
#include "serve/odds_route.h"

namespace oddsloom {

struct OddsApiConfig {
  Millis answer_age{500};                           // serve.answer_age
  std::size_t most_bytes = std::size_t{64} << 20U;  // of kept answers, and of kept texts
};

class OddsApi {
 public:
  // The catalog outlives the API. `history` may be nullptr: nothing of the past is told.
  explicit OddsApi(const Catalog& catalog, std::shared_ptr<OddsHistory> history = nullptr,
                   OddsApiConfig config = {});

  void publish(std::shared_ptr<const Board> board);
  // Whether answer() has anything to say about a path: /v4/.., /v3/.., /openapi.json,
  // /asyncapi.json (which describes the feed).
  static bool serves(std::string_view path);
  HttpAnswer answer(const WebRequest& request);

 private:
  struct Kept {
    WebResponse response;
    UtcMillis made_at, good_through, used_at;
  };
  struct Text {
    std::shared_ptr<const BoardMatch> match;
    OddsText text;
  };
  struct Texts {
    std::unordered_map<const BoardMatch*, Text> by_match;
    std::size_t bytes = 0;
    UtcMillis used_at;
  };

  WebResponse answer_now(const OddsRoute& route, const WebRequest& request);
  Asked<OddsMade> make(const OddsRoute& route, const WebRequest& request);
  const OddsText& text_of(Texts& texts, const std::shared_ptr<const BoardMatch>& match,
                          const OddsForm& form, UtcMillis now);
  Texts& texts_of(const OddsForm& form, UtcMillis now);
  void keep(const std::string& key, Kept kept);
  void let_go(UtcMillis now);

  const Catalog& catalog_;
  std::shared_ptr<OddsHistory> history_;
  OddsApiConfig config_;
  OddsSports sports_;
  std::shared_ptr<const Board> board_;
  std::unordered_map<std::string, Kept> kept_;
  std::size_t kept_bytes_ = 0;
  std::unordered_map<std::string, Texts> texts_;
};

}  // namespace oddsloom
