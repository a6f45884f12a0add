#include "app/watch_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr Millis kLiveShown{120'000};  // since the last sighting
constexpr std::size_t kMostRows = 50'000;

bool is_current(const WatchRow& row, UtcMillis now) {
  if (row.id.source == Source::Upcoming) return !row.start_time || *row.start_time > now;
  return std::any_of(row.markets.begin(), row.markets.end(), [&](const auto& market) {
    return market.second.offered && now - market.second.observed_at <= kLiveShown;
  });
}

bool mentions(const WatchRow& row, const std::string& text) {
  return text.empty() || contains_ignore_case_ascii(row.home, text) ||
         contains_ignore_case_ascii(row.away, text) ||
         contains_ignore_case_ascii(row.competition, text);
}

}  // namespace

std::string match_name(const WatchRow& row) {
  if (row.home.empty() && row.away.empty()) return "event " + row.id.event_id;
  return row.home + " - " + row.away;
}

std::vector<PriceMove> WatchModel::see(const std::string& document_key, const Record& record,
                                       UtcMillis now) {
  std::vector<PriceMove> moves;
  if (record.segment != kFullTime) return moves;
  const WatchRow::Id id{record.bookmaker, record.source, record.event_id};
  if (rows_.size() >= kMostRows && !rows_.contains(id)) return moves;
  WatchRow& row = rows_[id];
  row.id = id;
  const auto learn = [](std::string& known, const std::string& seen) {
    if (!seen.empty()) known = seen;
  };
  learn(row.home, record.home);
  learn(row.away, record.away);
  learn(row.competition, record.competition);
  if (record.start_time) row.start_time = record.start_time;

  const std::string name =
      record.line ? fmt::format("{} {}", record.bet_type, to_text(*record.line)) : record.bet_type;
  const bool known = row.markets.contains(name);
  WatchMarket& market = row.markets[name];
  if (known && record.observed_at < market.observed_at) return moves;
  if (market.document_key != document_key) {
    by_key_.erase(market.document_key);
    market.document_key = document_key;
    by_key_.insert_or_assign(document_key, std::pair{id, name});
  }
  market.bet_type = record.bet_type;
  market.line = record.line;
  market.observed_at = record.observed_at;
  market.offered = record.offered;
  std::map<std::string, WatchPrice> prices;
  for (const Outcome& outcome : record.outcomes) {
    WatchPrice price{outcome.price, outcome.status, outcome.usable, 0, now};
    if (const auto before = market.prices.find(outcome.key); before != market.prices.end()) {
      const WatchPrice& old = before->second;
      price.move = old.move;
      price.moved_at = old.moved_at;
      const bool both =
          old.price && outcome.price && is_bettable(*old.price) && is_bettable(*outcome.price);
      if (both && *old.price != *outcome.price) {
        price.move = *outcome.price > *old.price ? 1 : -1;
        price.moved_at = now;
        moves.push_back({id, match_name(row), name, outcome.key, *old.price, *outcome.price});
      }
    }
    prices.emplace(outcome.key, price);
  }
  market.prices = std::move(prices);
  return moves;
}

void WatchModel::forget(const std::string& document_key) {
  const auto at = by_key_.find(document_key);
  if (at == by_key_.end()) return;
  const auto [id, market] = at->second;
  by_key_.erase(at);
  const auto row = rows_.find(id);
  if (row == rows_.end()) return;
  row->second.markets.erase(market);
  if (row->second.markets.empty()) rows_.erase(row);
}

void WatchModel::keep_only(const std::vector<std::string>& sorted_keys) {
  std::vector<std::string> gone;
  for (const auto& [key, place] : by_key_)
    if (!std::binary_search(sorted_keys.begin(), sorted_keys.end(), key)) gone.push_back(key);
  for (const std::string& key : gone) forget(key);
}

std::vector<const WatchRow*> WatchModel::visible(UtcMillis now, const std::string& bookmaker,
                                                 const std::string& text) {
  std::vector<const WatchRow*> out;
  for (auto& [id, row] : rows_) {
    if ((!bookmaker.empty() && id.bookmaker != bookmaker) || !mentions(row, text) ||
        !is_current(row, now))
      continue;
    for (auto& [name, market] : row.markets) {
      Record asked;
      asked.bookmaker = id.bookmaker;
      asked.source = id.source;
      asked.observed_at = market.observed_at;
      market.fresh = freshness_.is_fresh(asked, now);
    }
    out.push_back(&row);
  }
  std::sort(out.begin(), out.end(), [](const WatchRow* a, const WatchRow* b) {
    const auto key = [](const WatchRow& row) {
      constexpr UtcMillis kUnknown{INT64_MAX};
      return std::pair(row.id.source != Source::Live, row.start_time.value_or(kUnknown));
    };
    const auto first = key(*a), second = key(*b);
    return std::tie(first, a->competition, a->home, a->id) <
           std::tie(second, b->competition, b->home, b->id);
  });
  return out;
}

const WatchMarket* main_market(const WatchRow& row, const std::string& bet_type) {
  if (const auto at = row.markets.find(bet_type); at != row.markets.end()) return &at->second;
  // Lines that are no longer offered or show no price come last.
  const auto distance = [](const WatchMarket& market) {
    constexpr std::int64_t kNoPrices = INT32_MAX;
    std::int64_t lowest = INT32_MAX, highest = 0;
    for (const auto& [outcome, price] : market.prices) {
      if (!market.offered || !price.price || !is_bettable(*price.price)) return kNoPrices;
      lowest = std::min<std::int64_t>(lowest, price.price->thousandths);
      highest = std::max<std::int64_t>(highest, price.price->thousandths);
    }
    return market.prices.empty() ? kNoPrices : highest - lowest;
  };
  const WatchMarket* best = nullptr;
  for (auto at = row.markets.lower_bound(bet_type + " ");
       at != row.markets.end() && at->second.bet_type == bet_type; ++at)
    if (!best || distance(at->second) < distance(*best)) best = &at->second;
  return best;
}

WatchCounts count(const std::vector<const WatchRow*>& rows) {
  WatchCounts out;
  for (const WatchRow* row : rows) ++(row->id.source == Source::Live ? out.live : out.upcoming);
  return out;
}

}  // namespace oddsloom
