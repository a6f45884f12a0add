#include "answers.h"

#include <libdeflate.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <random>

namespace oddsloom::bench {
namespace {

struct Market {
  std::string_view id, head;
  unsigned outcomes, first_outcome;
  std::string_view codes[3];
  std::string_view names[3];  // empty: a team's
};

constexpr Market kMarkets[] = {
    {"10",
     R"({"id":10,"specValue":0,"name":"3 Way","order":101,"columns":3,"columnsApp":3)",
     3,
     0,
     {"1", "X", "2"},
     {"", "Draw", ""}},
    {"43",
     R"({"id":43,"specValue":0,"name":"Both Teams To Score","order":108,"columns":2,"columnsApp":2)",
     2,
     3,
     {"Yes", "No", ""},
     {"YES (GG)", "NO (NG)", ""}},
    {"46",
     R"({"id":46,"specValue":0,"name":"Double Chance","order":103,"columns":3,"columnsApp":3)",
     3,
     5,
     {"1X", "X2", "12"},
     {"1 OR X", "X OR 2", "1 OR 2"}},
};

// Live selections have no short name; teams stand in their names.
struct LiveMarket {
  std::string_view id, head;
  unsigned outcomes, first_outcome;
  std::string_view names[3];  // {h} and {a}: the teams
};

constexpr LiveMarket kLiveMarkets[] = {
    {"194",
     R"({"id":194,"status":"Open","name":"1x2","shortName":"1x2","specialValue":"0.00","sequence":0,"template":3,"position":101)",
     3,
     0,
     {"{h}", "draw", "{a}"}},
    {"138",
     R"({"id":138,"status":"Open","name":"Both teams to score","shortName":"Both teams to score","specialValue":"0.00","sequence":0,"template":2,"position":103)",
     2,
     3,
     {"yes", "no", ""}},
    {"147",
     R"({"id":147,"status":"Open","name":"Double chance","shortName":"Double chance","specialValue":"0.00","sequence":0,"template":3,"position":102)",
     3,
     5,
     {"{h} or draw", "draw or {a}", "{h} or {a}"}},
};

// Among them a market with the short names of the three-way one, and one whose id comes once per
// line.
constexpr Market kOthers[] = {
    {"42",
     R"({"id":42,"specValue":0,"name":"3 Way - First Half","order":120,"columns":3,"columnsApp":3)",
     3,
     0,
     {"1", "X", "2"},
     {"", "Draw", ""}},
    {"52",
     R"({"id":52,"specValue":2.5,"name":"Total Goals Over\/Under","order":104,"columns":2,"columnsApp":2)",
     2,
     0,
     {"OV", "UN", ""},
     {"OVER 2.50", "UNDER 2.50", ""}},
    {"258",
     R"({"id":258,"specValue":1,"name":"Next Goal [incl. none] {\"90\u2019\"}","order":140,"columns":3,"columnsApp":1)",
     3,
     0,
     {"1", "N", "2"},
     {"", "None", ""}},
};
constexpr std::size_t kFillings = 16;

constexpr std::string_view kTowns[] = {"Anvil Town",       "Bellows FC",       "K\\u00f6hlerstadt",
                                       "Bod\xc3\xb8 Vale", "Quarry \\\"B\\\"", "Hove & Forge",
                                       "Lakes\\/Marsh",    "Nortia U20"};

void append_number(std::string& out, std::uint64_t value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_odds(std::string& out, std::uint64_t price) {
  const char odds[] = {static_cast<char>('0' + price / 100), '.',
                       static_cast<char>('0' + price / 10 % 10),
                       static_cast<char>('0' + price % 10)};
  out.append("\"odds\":\"").append(odds, sizeof odds).append("\"");
}

std::string_view team(std::uint64_t event, unsigned side) {
  return kTowns[(event + side * 3) % std::size(kTowns)];
}

template <typename PriceOf>
void append_market(std::string& out, const Market& market, std::uint64_t event, PriceOf price_of) {
  out.append(market.head).append(",\"selections\":[");
  for (unsigned at = 0; at < market.outcomes; ++at) {
    out += at == 0 ? "{\"id\":" : ",{\"id\":";
    append_number(out, event * 10 + market.first_outcome + at);
    out += ",\"name\":\"";
    out += !market.names[at].empty() ? market.names[at] : team(event, at);
    out += "\",";
    append_odds(out, price_of(market.first_outcome + at));
    out.append(",\"shortName\":\"").append(market.codes[at]);
    out += "\",\"specValue\":0}";
  }
  out += "]}";
}

void append_live_market(std::string& out, const LiveMarket& market, std::uint64_t event,
                        std::uint64_t pass) {
  out.append(market.head).append(",\"eventMarketId\":");
  append_number(out, event * 10 + market.first_outcome);
  out += ",\"selections\":[";
  for (unsigned at = 0; at < market.outcomes; ++at) {
    out += at == 0 ? "{\"id\":" : ",{\"id\":";
    append_number(out, event * 10 + market.first_outcome + at);
    out += ",\"status\":\"Open\",\"name\":\"";
    for (std::string_view name = market.names[at]; !name.empty();) {
      const bool is_team = name.front() == '{';
      out += is_team ? team(event, name[1] == 'h' ? 0 : 2) : name.substr(0, 1);
      name.remove_prefix(is_team ? 3 : 1);
    }
    out += "\",";
    append_odds(out, price(event, pass, market.first_outcome + at));
    out += '}';
  }
  out += "]}";
}

void gzip(int level, std::string_view text, std::string& out) {
  static libdeflate_compressor* const fast = libdeflate_alloc_compressor(1);
  static libdeflate_compressor* const good = libdeflate_alloc_compressor(6);
  libdeflate_compressor* const compressor = level == 1 ? fast : good;
  out.resize(libdeflate_gzip_compress_bound(compressor, text.size()));
  out.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
}

}  // namespace

Answers::Answers(std::size_t size, bool gzip) : size_(size), gzip_(gzip) {
  if (size_ == 0) return;
  write_wanted({9'500'000}, "all");
  const std::size_t padding = size_ - std::min(size_, text_.size());
  for (unsigned seed = 1; seed <= kFillings; ++seed)
    fillings_.push_back(make_filling(padding / 2, seed));
}

Answers::Filling Answers::make_filling(std::size_t bytes, unsigned seed) {
  std::minstd_rand random(seed);
  Filling filling;
  for (std::string* part : {&filling.first, &filling.second})
    while (part->size() < bytes) {
      *part += ',';
      append_market(*part, kOthers[random() % std::size(kOthers)],
                    100'000'000 + random() % 100'000'000,
                    [&](unsigned) { return 101 + random() % 899; });
    }
  return filling;
}

void Answers::begin_pass(std::uint64_t pass, std::uint64_t first_event, std::uint64_t events) {
  pass_ = pass;
  ready_.clear();
  if (!gzip_ || size_ == 0) return;
  for (std::uint64_t event = first_event; event < first_event + events; ++event) {
    write_padded(event);
    gzip(6, text_, ready_[event]);
  }
}

Answers::Body Answers::body(const std::vector<std::uint64_t>& events, std::string_view markets,
                            bool accept_gzip) {
  const bool compress = gzip_ && accept_gzip;
  const bool padded = size_ > 0 && events.size() == 1;
  if (compress && padded)
    if (const auto at = ready_.find(events.front()); at != ready_.end()) return {at->second, true};
  if (padded)
    write_padded(events.front());
  else
    write_wanted(events, markets);
  return finished(compress);
}

Answers::Body Answers::live_body(const std::vector<std::uint64_t>& events, std::string_view types,
                                 bool accept_gzip) {
  text_ = "{\"markets\":[";
  for (const std::uint64_t event : events) {
    text_ += text_.back() == '[' ? "{\"eventId\":" : ",{\"eventId\":";
    append_number(text_, event);
    text_ += ",\"markets\":[";
    for (const LiveMarket& market : kLiveMarkets) {
      if (types.find(market.id) == std::string_view::npos) continue;
      if (text_.back() == '}') text_ += ',';
      append_live_market(text_, market, event, pass_);
    }
    text_ += "]}";
  }
  text_ += "]}";
  return finished(gzip_ && accept_gzip);
}

Answers::Body Answers::finished(bool compress) {
  if (!compress) return {text_, false};
  gzip(1, text_, packed_);
  return {packed_, true};
}

// The wanted markets stand first, in the middle and last, in an order that turns with the event.
void Answers::write_padded(std::uint64_t event) {
  const Filling& filling = fillings_[event % kFillings];
  text_ = "{\"";
  append_number(text_, event);
  text_ += "\":[";
  for (unsigned at = 0; at < std::size(kMarkets); ++at) {
    if (at > 0) text_.append(at == 1 ? filling.first : filling.second) += ',';
    append_market(text_, kMarkets[(event + at) % std::size(kMarkets)], event,
                  [&](unsigned outcome) { return price(event, pass_, outcome); });
  }
  text_ += "]}";
}

void Answers::write_wanted(const std::vector<std::uint64_t>& events, std::string_view markets) {
  const std::string asked = "," + std::string(markets) + ",";
  text_ = "{";
  for (const std::uint64_t event : events) {
    text_ += text_.size() == 1 ? "\"" : ",\"";
    append_number(text_, event);
    text_ += "\":[";
    for (const Market& market : kMarkets) {
      if (markets != "all" && asked.find("," + std::string(market.id) + ",") == std::string::npos)
        continue;
      if (text_.back() == '}') text_ += ',';
      append_market(text_, market, event,
                    [&](unsigned outcome) { return price(event, pass_, outcome); });
    }
    text_ += ']';
  }
  text_ += '}';
}

}  // namespace oddsloom::bench
