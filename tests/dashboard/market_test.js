import assert from 'node:assert/strict';
import test from 'node:test';

import {feed_events} from '../../web/feed_events.js';
import {best, held_price, main_market, margin, oldest, standing} from '../../web/market.js';
import {State} from '../../web/state.js';

import {suspended, told_market, told_outcome} from './samples.js';

const kKey = 'three_way|full_time|';
const kSeen = Date.parse('2026-08-09T19:41:03.118Z');

/** @param {any[]} markets */
function match_of(...markets) {
  const state = new State();
  for (const market of markets)
    for (const event of feed_events('odds', market)) state.apply(event, 0);
  return {state, match: [...state.matches.values()][0]};
}

const judge_of = (/** @type {State} */ state, now = kSeen + 1_000, connected = true) =>
    ({now, connected, seen_at: (listing, market) => state.seen_at(listing, market)});

function standing_of(/** @type {any} */ told, now = kSeen, connected = true) {
  const {state, match} = match_of(told);
  const [listing] = match.listings;
  const [market] = listing.markets.values();
  return standing(market.outcomes[0], market, listing, judge_of(state, now, connected));
}

test('why a price is none', () => {
  assert.equal(standing_of(told_market()), 'open');
  assert.equal(standing_of(told_market({stale: true})), 'stale');
  assert.equal(
      standing_of(told_market({status: 'suspended', outcomes: [suspended('1', 2.06)]})),
      'suspended');
  assert.equal(
      standing_of(
          told_market({outcomes: [{key: '1', price: null, last_price: null, status: 'open'}]})),
      'none');
  assert.equal(
      standing_of(
          told_market({outcomes: [{key: '1', price: null, last_price: 1, status: 'open'}]})),
      'none');
  assert.equal(
      standing_of(
          told_market({outcomes: [{key: '1', price: null, last_price: 2, status: 'closed'}]})),
      'closed');
});

test('the page judges age itself only where the server cannot', () => {
  assert.equal(standing_of(told_market(), kSeen + 15_001, true), 'open');
  assert.equal(standing_of(told_market(), kSeen + 15_000, false), 'open');
  assert.equal(standing_of(told_market(), kSeen + 15_001, false), 'stale');
});

test('the best price is the highest that holds', () => {
  const {state, match} = match_of(
      told_market(), told_market({
        bookmaker: 'northbet',
        event_id: '7',
        outcomes: [told_outcome('1', 2.1), told_outcome('X', 3.4)]
      }),
      told_market(
          {bookmaker: 'quayside', event_id: '8', stale: true, outcomes: [told_outcome('1', 9)]}));
  const judge = judge_of(state);
  const one = best(match, kKey, '1', judge);
  assert.deepEqual([one.listing.bookmaker, held_price(one), one.shared], ['northbet', 2100, 1]);
  assert.equal(best(match, kKey, 'X', judge).shared, 2);
  assert.equal(best(match, kKey, '1', judge, 'bookiedelta').outcome.price, 2060);
  const only_stale = best(match, kKey, '1', judge, 'quayside');
  assert.deepEqual([only_stale.standing, held_price(only_stale)], ['stale', null]);
  assert.equal(best(match, kKey, '1X', judge), null);
  assert.equal(best(match, 'btts|full_time|', 'yes', judge), null);
});

test('margin', () => {
  const quotes = (/** @type {(number | null)[]} */ prices, bet_type = 'three_way') =>
      /** @type {any} */ (prices.map((price) => ({
                                       outcome: {price},
                                       market: {bet_type},
                                       standing: price === null ? 'suspended' : 'open'
                                     })));
  assert.equal(margin(quotes([2000, 2000])), 0);
  assert.ok(Math.abs(margin(quotes([2060, 3400, 3700])) - 0.04983) < 1e-4);
  assert.ok(margin(quotes([2100, 2100])) < 0);
  assert.equal(margin(quotes([2000, null])), null);
  assert.equal(margin([null, null]), null);
  assert.equal(margin(quotes([2000])), null);
});

test('of a double chance two outcomes win', () => {
  const quotes = [1250, 1250, 2500].map(
      (price) => ({outcome: {price}, market: {bet_type: 'double_chance'}, standing: 'open'}));
  assert.ok(Math.abs(margin(/** @type {any} */ (quotes))) < 1e-9);
});

test('of several lines the one most offer, then the most even', () => {
  const totals =
      (/** @type {string} */ bookmaker, /** @type {number} */ line,
       /** @type {number[]} */ prices) => told_market({
        bookmaker,
        event_id: bookmaker,
        bet_type: 'totals',
        line,
        outcomes: [told_outcome('over', prices[0]), told_outcome('under', prices[1])]
      });
  const {match} = match_of(
      totals('a', 1.5, [1.2, 4]), totals('a', 2.5, [1.9, 1.9]), totals('a', 3.5, [3, 1.3]));
  assert.equal(main_market(match, 'totals'), 'totals|full_time|2.5');
  const more = match_of(
      totals('a', 2.5, [1.9, 1.9]), totals('a', 3.5, [3, 1.3]), totals('b', 3.5, [3, 1.3]));
  assert.equal(main_market(more.match, 'totals'), 'totals|full_time|3.5');
  assert.equal(main_market(more.match, 'three_way'), null);
  assert.equal(
      main_market(match_of(told_market({segment: 'first_half'})).match, 'three_way'), null);
});

test('the age of a row is that of its oldest price', () => {
  assert.equal(oldest([]), null);
  assert.equal(oldest([null, {seen: 7}, {seen: 3}]), 3);
});
