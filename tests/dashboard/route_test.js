import assert from 'node:assert/strict';
import test from 'node:test';

import {read_route, write_route} from '../../web/route.js';

test('routes are read as they are written', () => {
  for (const hash
           of ['#/', '#/health', `#/match/${'0f'.repeat(16)}`, '#/?text=bod%C3%B8&time=live',
               `#/match/${'0f'.repeat(16)}?sport=soccer`])
    assert.equal(write_route(read_route(hash)), hash);
});

test('what is no route is the list', () => {
  for (const hash of ['', '#', '#/nowhere', '#/match/../../etc', '#/match/ABC'])
    assert.deepEqual([read_route(hash).page, read_route(hash).match], ['odds', '']);
});
