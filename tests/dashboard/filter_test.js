import assert from 'node:assert/strict';
import test from 'node:test';

import {choices, comparer, kEverything, matcher} from '../../web/filter.js';
import {folded} from '../../web/state.js';

const kNow = Date.parse('2026-08-09T12:00:00Z');

/** @param {string} id @param {any} [more] @returns {any} */
function match_of(id, more = {}) {
  const out = {
    id,
    home: id,
    away: 'Łuk Rostown',
    competition: 'Liga',
    sport: 'soccer',
    live: false,
    start: kNow + 30 * 60_000,
    bookmakers: ['a'],
    ...more
  };
  return {
    ...out,
    search: folded(`${out.home} ${out.away} ${out.competition}`),
    listings: out.bookmakers.map(
        (bookmaker) => ({bookmaker, markets: new Map([['k', {offered: out.offered ?? true}]])}))
  };
}

const kMatches = [
  match_of('m1'), match_of('m2', {live: true, start: kNow - 60_000, competition: 'Cup'}),
  match_of('m3', {sport: 'handball', start: kNow + 5 * 3_600_000, bookmakers: ['a', 'b']}),
  match_of('m4', {start: null}), match_of('m5', {offered: false})
];

const found = (/** @type {any} */ filter) =>
    kMatches.filter(matcher({...kEverything, ...filter}, kNow)).map((one) => one.id);

test('filters', () => {
  assert.deepEqual(found({}), ['m1', 'm2', 'm3', 'm4']);
  assert.deepEqual(found({text: 'LUK  m3'}), ['m3']);
  assert.deepEqual(found({text: 'cup'}), ['m2']);
  assert.deepEqual(found({sport: 'handball'}), ['m3']);
  assert.deepEqual(found({competition: 'Liga'}), ['m1', 'm3', 'm4']);
  assert.deepEqual(found({bookmaker: 'b'}), ['m3']);
  assert.deepEqual(found({time: 'live'}), ['m2']);
  assert.deepEqual(found({time: 'upcoming'}), ['m1', 'm3', 'm4']);
  assert.deepEqual(found({time: '1h'}), ['m1']);
  assert.deepEqual(found({time: '24h'}), ['m1', 'm3']);
});

const ordered =
    (/** @type {any} */ order,
     value = () =>
         null) => [...kMatches].reverse().sort(comparer(order, value)).map((one) => one.id);

test('orders', () => {
  assert.deepEqual(ordered({by: 'start', down: false}), ['m2', 'm1', 'm5', 'm3', 'm4']);
  assert.deepEqual(ordered({by: 'start', down: true}), ['m2', 'm3', 'm5', 'm1', 'm4']);
  assert.deepEqual(ordered({by: 'match', down: true}), ['m5', 'm4', 'm3', 'm2', 'm1']);
  assert.equal(ordered({by: 'competition', down: false})[0], 'm2');
});

test('what is not known comes last, whichever way', () => {
  const value = (/** @type {any} */ match) => ({m1: 3, m3: 1})[match.id] ?? null;
  assert.deepEqual(ordered({by: 'margin', down: false}, value).slice(0, 2), ['m3', 'm1']);
  assert.deepEqual(ordered({by: 'margin', down: true}, value).slice(0, 2), ['m1', 'm3']);
});

test('choices are counted as the rest of the filter leaves them', () => {
  const out = choices(kMatches, {...kEverything, time: 'upcoming'}, kNow);
  assert.deepEqual([...out.sport], [['soccer', 2], ['handball', 1]]);
  assert.deepEqual([...out.competition], [['Liga', 3]]);
  assert.deepEqual([...out.bookmaker], [['a', 3], ['b', 1]]);
});
