// What a monitoring system reads is as promtool wants it.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import test, {after, before} from 'node:test';

import {Program} from '../dashboard/program.js';

let program;

before(async () => {
  program = new Program();
  await program.simulate(10, 20);
  await program.work();
  await program.serve();
}, {timeout: 120_000});
after(() => program?.stop());

const promtool = (text) => spawnSync('promtool', ['check', 'metrics'], {input: text, encoding: 'utf8'});

test('promtool has nothing to say about /metrics', {timeout: 60_000}, async () => {
  const text = await (await fetch(new URL('/metrics', program.url))).text();
  assert.match(text, /^oddsloom_build_info\{/m);
  const {status, stdout, stderr} = promtool(text);
  assert.deepEqual({status, stdout, stderr}, {status: 0, stdout: '', stderr: ''});
});

test('promtool would say so', () => {
  assert.notEqual(promtool('# TYPE a counter\na 1\n# TYPE a counter\n').status, 0);
  assert.match(promtool('# HELP a_count x\n# TYPE a_count counter\na_count 1\n').stderr, /_total/);
});
