import assert from 'node:assert/strict';
import test from 'node:test';

import {age, age_in_words, kick_off, percent, price_text, words} from '../../web/format.js';

test('a price has two decimals, a third where it says something', () => {
  assert.equal(price_text(2060), '2.06');
  assert.equal(price_text(1925), '1.925');
  assert.equal(price_text(16500), '16.50');
  assert.equal(price_text(100000), '100.00');
  assert.equal(price_text(null), '–');
});

test('ages stay short and never negative', () => {
  assert.equal(age(-5), '0s');
  assert.equal(age(99_999), '99s');
  assert.equal(age(100_000), '1m');
  assert.equal(age(99 * 60_000), '99m');
  assert.equal(age(100 * 60_000), '1h');
  assert.equal(age(72 * 3_600_000), '3d');
  assert.equal(age_in_words(1_000), '1 second');
  assert.equal(age_in_words(120_000), '2 minutes');
});

test('a kick-off says its day unless it is today', () => {
  const now = Date.parse('2026-08-09T21:30:00Z');
  assert.equal(kick_off(Date.parse('2026-08-09T19:30:00Z'), now, 'UTC'), '19:30');
  assert.equal(kick_off(Date.parse('2026-08-10T00:15:00Z'), now, 'UTC'), 'Mon 00:15');
  assert.equal(kick_off(Date.parse('2026-08-10T00:15:00Z'), now, 'Africa/Nairobi'), '03:15');
  assert.equal(kick_off(Date.parse('2026-08-20T19:30:00Z'), now, 'UTC'), '20 Aug 19:30');
  assert.equal(kick_off(Date.parse('2026-08-08T19:30:00Z'), now, 'UTC'), '8 Aug 19:30');
});

test('words for names and shares', () => {
  assert.equal(words('draw_no_bet'), 'Draw no bet');
  assert.equal(words('three_way'), 'Match result');
  assert.equal(percent(0.0456), '4.6%');
  assert.equal(percent(null), '');
});
