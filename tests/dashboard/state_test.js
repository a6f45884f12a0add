import assert from 'node:assert/strict';
import test from 'node:test';

import {feed_events} from '../../web/feed_events.js';
import {State} from '../../web/state.js';

import {suspended, told_market, told_outcome} from './samples.js';

const kA = 'a'.repeat(32), kB = 'b'.repeat(32);

/** @param {State} state @param {string} name @param {any} told @param {number} [now] */
function hear(state, name, told, now = 1_000) {
  return feed_events(name, told).map((event) => state.apply(event, now)).every(Boolean);
}

function begun(/** @type {any[]} */...markets) {
  const state = new State();
  hear(state, 'reset', {});
  hear(state, 'snapshot', {markets});
  hear(state, 'snapshot-complete', {markets: markets.length});
  return state;
}

const outcomes_of =
    (/** @type {State} */ state,
     id = kA) => [...state.matches.get(id).listings[0].markets.values()][0].outcomes;

test('a snapshot makes matches', () => {
  const state = begun(
      told_market(),
      told_market(
          {bet_type: 'btts', outcomes: [told_outcome('yes', 1.85), told_outcome('no', 1.925)]}));
  const match = state.matches.get(kA);
  assert.equal(state.matches.size, 1);
  assert.equal(match.home, 'Bodø Vale');
  assert.equal(match.live, true);
  assert.equal(match.search, 'bodo vale luk rostown northern league');
  assert.deepEqual(
      [...match.listings[0].markets.keys()], ['three_way|full_time|', 'btts|full_time|']);
  assert.deepEqual(
      [...match.listings[0].markets.values()][1].outcomes.map((one) => one.price), [1850, 1925]);
  assert.equal(state.complete, true);
  assert.equal(state.changes().reordered, true);
  assert.equal(state.changes().changed.size, 0);
});

test('a change touches the outcomes it names and says which way they went', () => {
  const state = begun(told_market());
  state.changes();
  assert.equal(
      hear(
          state, 'odds', told_market({
            full: false,
            outcomes: [told_outcome('1', 2.1), told_outcome('2', 3.5)],
            changed_at: '2026-08-09T19:41:10.000Z'
          }),
          5_000),
      true);
  assert.deepEqual(
      outcomes_of(state).map((one) => [one.key, one.price, one.move, one.moved_at]),
      [['1', 2100, 1, 5_000], ['X', 3400, 0, 0], ['2', 3500, -1, 5_000]]);
  assert.deepEqual([...state.changes().changed], [kA]);
});

test('a change of what is not known asks for a new snapshot', () => {
  assert.equal(hear(new State(), 'odds', told_market({full: false})), false);
});

test('a suspension keeps the price as what it was, and a return at another price is a move', () => {
  const state = begun(told_market());
  hear(state, 'suspended', told_market({
         full: false,
         status: 'suspended',
         outcomes: [suspended('1', 2.06), suspended('X', 3.4), suspended('2', 3.7)]
       }));
  assert.deepEqual(outcomes_of(state).map((one) => [one.price, one.usable, one.status, one.move]), [
    [2060, false, 'suspended', 0], [3400, false, 'suspended', 0], [3700, false, 'suspended', 0]
  ]);
  hear(state, 'odds', told_market({full: false, outcomes: [told_outcome('1', 1.2)]}), 9_000);
  assert.deepEqual([outcomes_of(state)[0].move, outcomes_of(state)[0].usable], [-1, true]);
});

test('withdrawn stays with its last prices, expired goes', () => {
  const state = begun(told_market());
  hear(state, 'removed', {...told_market(), outcomes: undefined, reason: 'withdrawn'});
  assert.equal([...state.matches.get(kA).listings[0].markets.values()][0].offered, false);
  assert.equal(state.matches.get(kA).live, false);
  hear(state, 'removed', {...told_market(), outcomes: undefined, reason: 'expired'});
  assert.equal(state.matches.size, 0);
});

test('a stale market says so and is so no more when it is told whole again', () => {
  const state = begun(told_market());
  assert.equal(
      hear(state, 'stale', {...told_market(), outcomes: undefined, reason: 'not_seen'}), true);
  const market = () => [...state.matches.get(kA).listings[0].markets.values()][0];
  assert.equal(market().stale, true);
  hear(state, 'odds', told_market({observed_at: '2026-08-09T19:42:00.000Z'}));
  assert.equal(market().stale, false);
});

test('two bookmakers of one match, then found to be two matches, then one again', () => {
  const other = told_market({bookmaker: 'northbet', event_id: '7', source: 'upcoming'});
  const state = begun(told_market(), other);
  assert.deepEqual(
      state.matches.get(kA).listings.map((one) => one.bookmaker), ['bookiedelta', 'northbet']);
  hear(
      state, 'matched',
      {match_id: kB, was_match_id: kA, bookmaker: 'northbet', source: 'upcoming', event_id: '7'});
  assert.equal(state.matches.get(kA).listings.length, 1);
  assert.equal(state.matches.get(kB).home, 'Bodø Vale');
  assert.equal(state.matches.get(kB).live, false);
  hear(
      state, 'matched',
      {match_id: kA, was_match_id: kB, bookmaker: 'northbet', source: 'upcoming', event_id: '7'});
  assert.equal(state.matches.size, 1);
  assert.equal(state.matches.get(kA).listings.length, 2);
});

test('what a second snapshot does not say is gone when it is complete, not before', () => {
  const state = begun(told_market(), told_market({match_id: kB, event_id: '9'}));
  hear(state, 'reset', {reason: 'log_trimmed'});
  assert.equal(state.matches.size, 2);
  hear(state, 'snapshot', {markets: [told_market({match_id: kB, event_id: '9'})]});
  assert.equal(state.matches.size, 2);
  hear(state, 'snapshot-complete', {});
  assert.deepEqual([...state.matches.keys()], [kB]);
});

test('who comes back is told what is still listed', () => {
  const state = begun(told_market(), told_market({match_id: kB, event_id: '9'}));
  hear(state, 'resumed', {first: true, last: false, events: [['bookiedelta', 'live', '9', kA]]});
  assert.equal(state.matches.size, 1);
  assert.equal(state.matches.get(kA).listings.length, 2);
  hear(state, 'resumed', {first: false, last: true, events: []});
  assert.deepEqual(state.matches.get(kA).listings.map((one) => one.event_id), ['9']);
});

test('a heartbeat says since when everything that is not stale was seen', () => {
  const state = begun(told_market());
  const listing = state.matches.get(kA).listings[0];
  const market = [...listing.markets.values()][0];
  hear(state, 'heartbeat', {
    at: '2026-08-09T19:45:00.000Z',
    sources: [
      {
        bookmaker: 'bookiedelta',
        source: 'live',
        markets: 1,
        stale: 0,
        oldest_age_ms: 3_000,
        newest_age_ms: 5
      },
      {
        bookmaker: 'bookiedelta',
        source: 'upcoming',
        markets: 0,
        stale: 0,
        oldest_age_ms: null,
        newest_age_ms: null
      }
    ]
  });
  assert.equal(state.seen_at(listing, market), Date.parse('2026-08-09T19:44:57.000Z'));
  market.stale = true;
  assert.equal(state.seen_at(listing, market), market.observed_at);
});
