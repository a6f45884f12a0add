import assert from 'node:assert/strict';
import test from 'node:test';

import {row_after_key, rows_to_have, scroll_to_show, visible_window} from '../../web/virtual_window.js';

const kView = {
  count: 5000,
  row_height: 36,
  scroll_top: 0,
  height: 720,
  margin: 8
};

test('the window holds what can be seen and a margin', () => {
  assert.deepEqual(visible_window(kView), {first: 0, end: 28});
  assert.deepEqual(visible_window({...kView, scroll_top: 36 * 1000}), {first: 992, end: 1028});
  assert.deepEqual(visible_window({...kView, scroll_top: 36 * 5000}), {first: 4992, end: 5000});
});

test('the window never leaves the list, however it is scrolled', () => {
  for (const count of [0, 1, 5, 5000])
    for (const scroll_top of [-500, 0, 17, 36 * count, 1e9]) {
      const {first, end} = visible_window({...kView, count, scroll_top});
      assert.ok(
          first >= 0 && first <= end && end <= count, `${count} ${scroll_top}: ${first} ${end}`);
    }
});

test('every row can be seen from somewhere', () => {
  const seen = new Set();
  for (let top = 0; top <= 36 * 5000; top += 700) {
    const {first, end} = visible_window({...kView, scroll_top: top});
    assert.ok(first * 36 <= top && (end === 5000 || end * 36 >= top + 720));
    for (let row = first; row < end; row += 1) seen.add(row);
  }
  assert.equal(seen.size, 5000);
});

test('the focused row exists wherever it is, in its place', () => {
  assert.deepEqual(rows_to_have({first: 10, end: 13}, 4), [4, 10, 11, 12]);
  assert.deepEqual(rows_to_have({first: 10, end: 13}, 11), [10, 11, 12]);
  assert.deepEqual(rows_to_have({first: 10, end: 13}, 99), [10, 11, 12, 99]);
  assert.deepEqual(rows_to_have({first: 0, end: 1}, -1), [0]);
});

test('keys move within the list', () => {
  assert.equal(row_after_key('ArrowDown', 4999, 5000, 20), 4999);
  assert.equal(row_after_key('ArrowUp', 0, 5000, 20), 0);
  assert.equal(row_after_key('PageDown', 10, 5000, 20), 30);
  assert.equal(row_after_key('PageUp', 10, 5000, 20), 0);
  assert.equal(row_after_key('End', 10, 5000, 20), 4999);
  assert.equal(row_after_key('Home', 10, 5000, 20), 0);
  assert.equal(row_after_key('j', 10, 5000, 20), 11);
  assert.equal(row_after_key('a', 10, 5000, 20), -1);
  assert.equal(row_after_key('End', 0, 0, 20), -1);
});

test('scrolling shows the row and no more than is needed', () => {
  assert.equal(scroll_to_show(5, 36, 0, 720), 0);
  assert.equal(scroll_to_show(20, 36, 0, 720), 36);
  assert.equal(scroll_to_show(2, 36, 720, 720), 72);
});
