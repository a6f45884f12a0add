// What prices are worth: which still hold, which is the best, what a bookmaker keeps. Pure.

/** @import { Listing, Market, Match, Outcome } from './state.js' */

/**
 * By what prices are judged. `connected`: the server says itself when a market becomes too old;
 * where it cannot, the page judges by what was last heard.
 * @typedef {{ now: number, connected: boolean,
 *   seen_at: (listing: Listing, market: Market) => number }} Judge
 * @typedef {'open' | 'suspended' | 'closed' | 'stale' | 'none'} Standing
 */

/**
 * Why an outcome's price is one, or is none. Past its limit nothing is believed any more, be it
 * open or suspended.
 * @param {Outcome} outcome @param {Market} market @param {Listing} listing @param {Judge} judge
 * @returns {Standing}
 */
export function standing(outcome, market, listing, judge) {
  if (!market.offered || outcome.status === 'closed') return 'closed';
  if (!outcome.price) return 'none';
  if (market.stale) return 'stale';
  if (!judge.connected && judge.now - judge.seen_at(listing, market) > market.limit) return 'stale';
  if (outcome.status === 'suspended') return 'suspended';
  return outcome.usable ? 'open' : 'none';
}

/**
 * @typedef {{ outcome: Outcome, market: Market, listing: Listing, standing: Standing, seen: number,
 *   shared: number }} Quote `shared`: how many bookmakers give the same price
 */

const kRank = {
  open: 0,
  suspended: 1,
  stale: 2,
  none: 3,
  closed: 4
};

/**
 * @param {Listing} listing @param {Market} market @param {string} outcome_key @param {Judge} judge
 * @returns {Quote | null}
 */
export function quote_of(listing, market, outcome_key, judge) {
  const outcome = market.outcomes.find((one) => one.key === outcome_key);
  if (!outcome) return null;
  return {
    outcome,
    market,
    listing,
    standing: standing(outcome, market, listing, judge),
    seen: judge.seen_at(listing, market),
    shared: 1,
  };
}

/**
 * The price to show for an outcome: the highest that holds; where none does, the best of what is
 * known, with the reason why it is none.
 * @param {Match} match @param {string} key as market_key() @param {string} outcome_key
 * @param {Judge} judge @param {string} [bookmaker] only this one's
 * @returns {Quote | null}
 */
export function best(match, key, outcome_key, judge, bookmaker) {
  /** @type {Quote | null} */
  let out = null;
  for (const listing of match.listings) {
    const market = listing.markets.get(key);
    if (!market || (bookmaker && listing.bookmaker !== bookmaker)) continue;
    const quote = quote_of(listing, market, outcome_key, judge);
    if (!quote) continue;
    const better = out === null ? -1 :
                                  kRank[quote.standing] - kRank[out.standing] ||
            (out.outcome.price ?? 0) - (quote.outcome.price ?? 0);
    if (out && better === 0) out.shared += 1;
    if (better < 0) out = quote;
  }
  return out;
}

/** Thousandths where the price holds. @param {Quote | null} quote */
export function held_price(quote) {
  return quote?.standing === 'open' ? quote.outcome.price : null;
}

// Of how many outcomes each wins, where it is not one of them.
const kWinners = new Map([['double_chance', 2]]);

/**
 * What prices of all outcomes together keep back: 0.05 = five per cent; below zero the outcomes
 * could be bought for less than they pay. null: an outcome has no price that holds.
 * @param {(Quote | null)[]} quotes of all outcomes of a market
 */
export function margin(quotes) {
  if (quotes.length < 2) return null;
  let sum = 0;
  for (const quote of quotes) {
    const price = held_price(quote);
    if (!price) return null;
    sum += 1000 / price;
  }
  return sum / (kWinners.get(quotes[0]?.market.bet_type ?? '') ?? 1) - 1;
}

/**
 * The market of a bet type that a list shows: full time, and of several lines the one most
 * bookmakers offer, then the most even one. The key, null: there is none.
 * @param {Match} match @param {string} bet_type @param {string} [bookmaker]
 */
export function main_market(match, bet_type, bookmaker) {
  /** @type {Map<string, { count: number, gap: number }>} */
  const found = new Map();
  for (const listing of match.listings) {
    if (bookmaker && listing.bookmaker !== bookmaker) continue;
    for (const [key, market] of listing.markets) {
      if (market.bet_type !== bet_type || market.segment !== 'full_time' || !market.offered)
        continue;
      const prices = market.outcomes.map((outcome) => outcome.price ?? 0);
      const gap = Math.max(...prices) - Math.min(...prices);
      const known = found.get(key);
      found.set(key, {count: (known?.count ?? 0) + 1, gap: Math.min(known?.gap ?? gap, gap)});
    }
  }
  let out = null;
  for (const [key, one] of found) {
    const other = out === null ? null : found.get(out);
    if (!other || one.count > other.count || (one.count === other.count && one.gap < other.gap))
      out = key;
  }
  return out;
}

/** When the longest unseen of these prices was seen. @param {(Quote | null)[]} quotes */
export function oldest(quotes) {
  let out = null;
  for (const quote of quotes)
    if (quote && (out === null || quote.seen < out)) out = quote.seen;
  return out;
}
