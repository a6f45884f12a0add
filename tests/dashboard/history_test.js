import assert from 'node:assert/strict';
import test from 'node:test';

import {chart_rows, follow, line_in_words, read_history} from '../../web/history.js';

const kAt = (/** @type {number} */ seconds) => new Date(1_000_000 + seconds * 1000).toISOString();
const kMs = (/** @type {number} */ seconds) => 1_000_000 + seconds * 1000;

const point =
    (/** @type {number} */ seconds, /** @type {number | null} */ price, usable = price !== null) =>
        ({at: kAt(seconds), offered: true, outcomes: {1: {price, status: 'open', usable}}});

const kTold = {
  listings: [
    {
      bookmaker: 'a',
      source: 'live',
      event_id: '1',
      whole: true,
      points: [point(0, 2), point(10, 2.2), point(20, 2.1, false), point(30, 2.3)]
    },
    {
      bookmaker: 'b',
      source: 'live',
      event_id: '2',
      whole: false,
      points: [point(5, 1.9), point(10, 1.95)]
    }
  ]
};

test('lines share their times, hold until they change, and end now', () => {
  const tracks = read_history(kTold);
  const lines = tracks.map((track) => ({name: track.bookmaker, track, outcome: '1'}));
  assert.deepEqual(chart_rows(lines, kMs(40)), [
    [kMs(0), 2, null], [kMs(5), 2, 1.9], [kMs(10), 2.2, 1.95], [kMs(20), null, 1.95],
    [kMs(30), 2.3, 1.95], [kMs(40), 2.3, 1.95]
  ]);
  assert.deepEqual(chart_rows([], kMs(40)), []);
});

test('a market that changed goes on from the history, one that did not does not', () => {
  const [track] = read_history(kTold);
  const market = (/** @type {number} */ seconds, /** @type {boolean} */ usable) => ({
    changed_at: kMs(seconds),
    offered: true,
    outcomes: [{key: '1', price: 2500, usable, status: 'open'}]
  });
  assert.equal(follow(track, /** @type {any} */ (market(30, true))), false);
  assert.equal(follow(track, /** @type {any} */ (market(31, true))), true);
  assert.equal(follow(track, /** @type {any} */ (market(32, false))), true);
  assert.deepEqual(
      track.points.slice(-2), [{at: kMs(31), prices: {1: 2500}}, {at: kMs(32), prices: {1: null}}]);
});

test('a line in words', () => {
  const [track] = read_history(kTold);
  assert.equal(line_in_words('1', track, '1'), '1: from 2.00, between 2.00 and 2.30, now 2.30');
  assert.equal(line_in_words('X', track, 'X'), 'X: no price');
});
