#include "targets.h"

#include <array>
#include <string>
#include <vector>

#include "bookmaker/feed.h"
#include "bookmaker/mapping.h"
#include "bookmaker/request.h"
#include "fuzz/check.h"
#include "model/price.h"
#include "model/work_entry.h"
#include "serve/http_answer.h"
#include "serve/http_target.h"
#include "serve/websocket_frames.h"
#include "store/redis_change_log.h"
#include "store/redis_documents.h"
#include "store/redis_entry.h"
#include "store/redis_topology.h"
#include "store/redis_url.h"

namespace oddsloom::fuzz {
namespace {

void map_any(Source source, std::string_view input) {
  const MappingContext any{
      source, {1'767'225'600'000}, nullptr, true, {"three_way", "btts", "double_chance"}, ""};
  const Mapping mapping = map_answer(bookmaker(), bet_types(), any, input);
  if (mapping.kind != AnswerKind::Good)
    must(mapping.records.empty() && mapping.not_offered.empty() && !mapping.message.empty(),
         "a bad answer gives nothing but a message");
  for (const Record& record : mapping.records) check_record(record);

  std::vector<WantedEvent> wanted(2);
  wanted[0].work.event_id = "9300001";
  wanted[1].work.event_id = "1930001";
  for (WantedEvent& event : wanted) {
    event.work.home = "Anvil Town";
    event.work.away = "Bellows & Hove Forge";
    event.bet_types = {"three_way", "btts", "double_chance"};
  }
  const MappingContext asked{source, {1'767'225'600'000}, &wanted, false, {}, ""};
  for (const Record& record : map_answer(bookmaker(), bet_types(), asked, input).records)
    must(record.event_id == "9300001" || record.event_id == "1930001",
         "only what was asked for comes out");
}

void fuzz_map_answer(std::string_view input) {
  map_any(Source::Upcoming, input);
  map_any(Source::Live, input);
}

std::string said(const Mapping& mapping) {
  std::string out = mapping.form + "\n" + mapping.message + "\n";
  for (const Record& record : mapping.records) out += to_json(record) + "\n";
  for (const MarketNotOffered& market : mapping.not_offered)
    out += market.event_id + " " + market.bet_type + "\n";
  for (const std::string& problem : mapping.problems) out += problem + "\n";
  return out;
}

void fuzz_excerpt(std::string_view input) {
  for (const Source source : {Source::Upcoming, Source::Live}) {
    const MappingContext any{source, {1'767'225'600'000}, nullptr, true, {"btts"}, ""};
    const auto read_as = [&](ReadAnswer how) {
      return map_answer(bookmaker(), bet_types(), any, input, how);
    };
    const Mapping excerpt = read_as(ReadAnswer::AsExcerpt), whole = read_as(ReadAnswer::Whole);
    must(excerpt.kind == whole.kind && said(excerpt) == said(whole),
         "an excerpt says what the whole answer says");
  }
}

// The first line is the content-range.
void fuzz_read_list(std::string_view input) {
  const std::size_t end = input.find('\n');
  const std::string content_range(input.substr(0, end));
  const std::string_view body =
      end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  for (const Source source : {Source::Upcoming, Source::Live}) {
    ListPage page = first_pages(bookmaker(), source, "").front();
    for (const std::size_t position : {0U, 100U}) {
      page.position = position;
      const auto answer = read_list(bookmaker(), page, 206, content_range, body, "");
      if (answer && answer->next)
        must(answer->next->position > position, "a walk only goes forward");
    }
  }
}

void fuzz_load_bookmaker(std::string_view input) {
  const auto loaded = parse_bookmaker("Fuzz", "fuzz", input, bet_types());
  must(loaded || !loaded.error().empty(), "a file that does not load says why");
  if (!loaded) return;
  const MappingContext any{Source::Upcoming, {}, nullptr, true, {"three_way", "totals"}, ""};
  map_answer(*loaded, bet_types(), any, R"({"9300001":[{"id":10,"selections":[{"odds":"2"}]}]})");
  std::vector<WantedEvent> wanted(3);
  plan_fetches(*loaded, Source::Upcoming, wanted, 2, "");
}

void fuzz_parse_price(std::string_view input) {
  if (const auto price = parse_price(input)) {
    must(price->thousandths >= 0 && *price <= kHighestPrice, "a price is within its bounds");
    must(parse_price(to_text(*price)) == *price, "a price reads back");
  }
  if (const auto line = parse_line(input))
    must(parse_line(to_text(*line)) == *line, "a line reads back");
}

void fuzz_parse_work_entry(std::string_view input) {
  const auto entry = parse_work_entry(input);
  if (!entry) return;
  must(!entry->event_id.empty() || !entry->data_key.empty(), "an entry names something");
  must(parse_work_entry(to_json(*entry)).has_value(), "an entry reads back");
}

void fuzz_parse_record(std::string_view input) {
  const auto record = parse_record(input);
  if (record) must(parse_record(to_json(*record)).has_value(), "a record reads back");
}

void fuzz_redis_url(std::string_view input) {
  const auto target = parse_redis_url(input);
  if (!target) {
    must(!target.error().text().empty(), "a refused URL says why");
    return;
  }
  must(!target->addresses.empty(), "a URL names an address");
  if (!target->password.empty())
    must(target->text().find(target->user + ":" + target->password + "@") == std::string::npos,
         "no password in messages");
}

// A server's answers, as the reader gives them, through everything that looks at one.
void fuzz_redis_answer(std::string_view input) {
  ReplyReader reader;
  reader.feed(input);
  for (auto next = reader.next(); next && *next; next = reader.next()) {
    const Reply& reply = **next;
    (void)read_hash_document("key", reply.view());
    (void)read_json_document("key", reply.text());
    const auto entry = read_entry_fields(reply.view());
    if (entry)
      must(!entry->event_id.empty() || !entry->data_key.empty(), "an entry names something");
    (void)classify_error(reply.text());
    (void)pack_position(reply.text(), 3);
    (void)appended_at(reply.view(), reply.text());
  }
}

// One message of a feed, through every framing there is and on to what it says.
void fuzz_unframe(std::string_view input) {
  const FeedSettings* feed = feed_of(bookmaker(), Source::Live);
  must(feed != nullptr, "the bookmaker declares a feed");
  for (const Framing& framing :
       {Framing{}, Framing{FrameLayer::SocketIo}, Framing{FrameLayer::SocketIo4},
        Framing{FrameLayer::SockJs}, Framing{FrameLayer::SockJs, FrameLayer::Stomp},
        Framing{FrameLayer::JsonString}, Framing{FrameLayer::Lines}}) {
    const auto unframed = unframe(framing, input);
    if (!unframed) {
      must(unframed.error().kind == ErrorKind::Malformed, "what is refused is malformed");
      continue;
    }
    for (FeedMessage message : unframed->messages) {
      (void)read_news(bookmaker(), *feed, message);
      for (const char* name : {"MARKET_UPDATE", "EVENT_UPDATE"}) {
        message.name = name;
        const auto news = read_news(bookmaker(), *feed, message);
        if (news) must(news->kind != FeedNews::Kind::Other, "a declared name is of interest");
        if (news && news->kind == FeedNews::Kind::Market) map_any(Source::Live, news->payload);
      }
    }
  }
}

// A request target, and what of a client's headers we read ourselves.
void fuzz_http_target(std::string_view input) {
  (void)accepts_gzip(input);
  (void)is_known(std::string(input), "\"v1\"");
  const auto target = parse_target(input);
  if (!target) {
    must(target.error().kind == ErrorKind::Malformed && !target.error().message.empty(),
         "a refused target says why");
    return;
  }
  must(target->path.starts_with('/'), "a path begins with a slash");
  const std::string around = target->path + "/";
  for (const char* step : {"/./", "/../", "\\", "\n", "\r"})
    must(around.find(step) == std::string::npos, "a path leads nowhere but down");
  must(around.find('\0') == std::string::npos, "a path holds no NUL");
}

// What a websocket client sends, whole and byte by byte.
void fuzz_websocket_frames(std::string_view input) {
  constexpr std::size_t kMost = 100;
  const auto heard = [&](std::size_t piece) {
    FrameReader reader(kMost);
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += piece) {
      const auto read =
          reader.read(input.substr(at, piece), [&](FrameKind kind, std::string_view payload) {
            must(payload.size() <= 125 || kind == FrameKind::Text || kind == FrameKind::Binary,
                 "a control frame is short");
            must(payload.size() <= kMost || kind > FrameKind::Binary,
                 "a message is no longer than allowed");
            out += std::to_string(static_cast<int>(kind)) + " " + std::string(payload) + "\n";
            return true;
          });
      if (!read) return out + read.error().text();
    }
    return out;
  };
  must(heard(input.size() + 1) == heard(1), "how the bytes arrive makes no difference");
}

constexpr std::array kTargets{
    Target{"map_answer", fuzz_map_answer},     Target{"excerpt", fuzz_excerpt},
    Target{"read_list", fuzz_read_list},       Target{"load_bookmaker", fuzz_load_bookmaker},
    Target{"parse_price", fuzz_parse_price},   Target{"parse_work_entry", fuzz_parse_work_entry},
    Target{"parse_record", fuzz_parse_record}, Target{"redis_url", fuzz_redis_url},
    Target{"redis_answer", fuzz_redis_answer}, Target{"unframe", fuzz_unframe},
    Target{"http_target", fuzz_http_target},   Target{"websocket_frames", fuzz_websocket_frames},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

}  // namespace oddsloom::fuzz
