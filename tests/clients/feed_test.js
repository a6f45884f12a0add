// /feed as npm eventsource and npm ws read it.

import assert from 'node:assert/strict';
import net from 'node:net';
import test, {after, before} from 'node:test';

import {Program, until} from '../dashboard/program.js';

import {package_file} from './packages.js';

const kKinds =
    ['snapshot', 'snapshot-complete', 'odds', 'suspended', 'removed', 'resumed', 'reset'];
const kChanges = ['odds', 'suspended', 'removed'];
const {EventSource} = await import(package_file('eventsource', 'dist/index.js'));
const {default: WebSocket} = await import(package_file('ws', 'wrapper.mjs'));
let program;

before(async () => {
  program = new Program();
  await program.simulate(20, 20);
  await program.work();
  await program.serve();
}, {timeout: 120_000});
after(() => program?.stop());

/** @param {string} url */
function listen(url) {
  const source = new EventSource(url), frames = [];
  for (const event of kKinds)
    source.addEventListener(event, ({data, lastEventId}) => {
      frames.push({event, id: lastEventId, data: JSON.parse(data)});
    });
  return {frames, close: () => source.close()};
}

/** @param {string} url */
function listen_by_websocket(url) {
  const socket = new WebSocket(url), frames = [];
  socket.on('message', (text) => {
    const frame = JSON.parse(text);
    if (kKinds.includes(frame.event)) frames.push(frame);
  });
  return {frames, socket, close: () => socket.terminate()};
}

const changes = ({frames}) => frames.filter(({event, id}) => kChanges.includes(event) && id);
const ids = (client) => changes(client).map(({id}) => id);
const complete = ({frames}) => frames.some(({event}) => event === 'snapshot-complete');

/** The frames of both clients, from the first that both have to the last that both have. */
function in_common(one, other) {
  const cut = (client, begin, end) =>
      changes(client).slice(ids(client).indexOf(begin), ids(client).lastIndexOf(end) + 1);
  const theirs = new Set(ids(other)), both = ids(one).filter((id) => theirs.has(id));
  return [one, other].map((client) => cut(client, both[0], both.at(-1)));
}

/** Passes bytes on to the server; every connection can be broken. */
async function breakable(/** @type {string} */ url) {
  const requests = [], sockets = new Set();
  const server = net.createServer((client) => {
    const onward = net.connect(Number(new URL(url).port), '127.0.0.1');
    for (const [from, to] of [[client, onward], [onward, client]]) {
      sockets.add(from);
      from.on('error', () => {}).on('close', () => to.destroy());
      from.pipe(to);
    }
    client.once('data', (bytes) => requests.push(String(bytes)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return {
    requests,
    url: `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`,
    break_all: () => sockets.forEach((socket) => socket.destroy()),
    close: () => server.close()
  };
}

test('an EventSource whose connection breaks misses nothing and is told nothing twice',
     {timeout: 120_000}, async () => {
       const way = await breakable(program.url), feed = '/feed?markets=h2h,btts';
       const steady = listen(new URL(feed, program.url).href);
       await until(() => complete(steady), 'the snapshot is complete');
       const broken = listen(way.url + feed);
       try {
         await until(() => complete(broken) && ids(broken).length >= 10, 'changes are told');
         const first = broken.frames[0];
         assert.equal(first.event, 'snapshot');
         assert.ok(first.data.markets[0].outcomes.length > 1);

         for (let times = 1; times <= 2; ++times) {
           const known = ids(broken).length, elsewhere = ids(steady).length;
           way.break_all();
           await until(() => ids(steady).length > elsewhere + 5, 'there are changes meanwhile');
           await until(() => ids(broken).length > known + 15, 'the client goes on');
           assert.equal(way.requests.length, times + 1);
           assert.match(way.requests[times], /^last-event-id: \S+/im);
         }
         const last = ids(broken).at(-1);
         await until(() => ids(steady).includes(last), 'the other client is as far');

         assert.equal(broken.frames.filter(({event}) => event === 'reset').length, 0);
         assert.equal(broken.frames.filter(({event}) => event === 'snapshot-complete').length, 1);
         assert.equal(new Set(ids(broken)).size, ids(broken).length);
         const begin = ids(steady).indexOf(ids(broken)[0]);
         assert.ok(begin >= 0);
         assert.deepEqual(ids(broken).slice(0, ids(broken).indexOf(last) + 1),
                          ids(steady).slice(begin, ids(steady).indexOf(last) + 1));
       } finally {
         broken.close();
         steady.close();
         way.break_all();
         way.close();
       }
     });

test('a websocket is told the same', {timeout: 60_000}, async () => {
  const source = listen(new URL('/feed', program.url).href);
  const by_websocket =
      listen_by_websocket(new URL('/feed', program.url).href.replace('http', 'ws'));
  try {
    await until(() => complete(source) && complete(by_websocket), 'both snapshots are complete');
    const [begin, other] = [ids(source).length, ids(by_websocket).length];
    await until(() => ids(source).length > begin + 30 && ids(by_websocket).length > other + 30,
                'both are told changes');
    const [one, two] = in_common(source, by_websocket);
    assert.ok(one.length >= 20);
    assert.deepEqual(two, one);
  } finally {
    source.close();
    by_websocket.close();
  }
});

test('a websocket subscribes to one market', {timeout: 60_000}, async () => {
  const client = listen_by_websocket(new URL('/feed', program.url).href.replace('http', 'ws'));
  try {
    await until(() => complete(client), 'the snapshot is complete');
    const markets = (frames) => new Set(
        frames.flatMap(({data}) => data.markets ?? [data]).map(({market}) => market));
    assert.ok(markets(client.frames.filter(({event}) => event === 'snapshot')).size > 1);
    client.frames.length = 0;
    client.socket.send(JSON.stringify({op: 'subscribe', markets: ['btts']}));
    await until(() => complete(client), 'a new snapshot is complete');
    const begin = client.frames.findIndex(({event}) => event === 'snapshot');
    const end = client.frames.findIndex(({event}) => event === 'snapshot-complete');
    await until(() => client.frames.length > end + 5, 'changes are told');
    const told = client.frames.slice(begin).filter(({event}) => /snapshot$|odds|susp|rem/.test(event));
    assert.deepEqual([...markets(told)], ['btts']);
  } finally {
    client.close();
  }
});
