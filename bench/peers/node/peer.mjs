// The job as a good Node engineer would do it: undici's Pool (kept-alive connections) and ioredis with auto-pipelining
// (commands issued in one turn of the event loop leave in one write). Reading, fetching and storing overlap. An answer
// serves the entries of all streams about its event that were read together. No retry; anything unexpected ends it.
//
//   node peer.mjs REDIS_PORT BOOKMAKER_PORT BET[,BET..]
import { gunzipSync } from 'node:zlib';
import Redis from 'ioredis';
import { Pool } from 'undici';

const [redisPort, bookmakerPort, bets] = process.argv.slice(2);
const BATCH = 50;
const BETS = {
  three_way: { label: 'THREE_WAY', index: '3way', market: 10 },
  btts: { label: 'BTTS', index: 'btts', market: 43 },
  double_chance: { label: 'DOUBLE_CHANCE', index: 'double_chance', market: 46 },
};

const streams = bets.split(',').map((bet) => ({
  bet,
  market: BETS[bet].market,
  key: `bookiedelta_${bet}-upcoming-0_event`,
  group: `bookiedelta_${bet}-upcoming-0_consumer_group`,
  lookup: (id) => `idx:lst${BETS[bet].index}_upcoming:BookieDelta:${id}`,
  document: (id) => `BookieDelta_lst-${BETS[bet].label}_upcoming:${Math.floor(Date.now() / 1000)}-0-${id}`,
  announcements: `lst-${BETS[bet].label}_upcoming_stream`,
}));
const markets = streams.map((s) => s.market).join(',');

const reader = new Redis({ port: Number(redisPort) }); // its reads block
const store = new Redis({ port: Number(redisPort), enableAutoPipelining: true });
const pool = new Pool(`http://127.0.0.1:${bookmakerPort}`, { connections: BATCH, pipelining: 1 });
const headers = { 'accept-encoding': 'gzip' };

async function fetchMarkets(id) {
  const path = `/api/games/markets?games=${id}&markets=${markets}`;
  const { statusCode, headers: got, body } = await pool.request({ method: 'GET', path, headers });
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  const answer = got['content-encoding'] === 'gzip'
    ? JSON.parse(gunzipSync(await body.arrayBuffer()))
    : await body.json();
  return answer[id];
}

async function keep(stream, id, entry, market) {
  const outcomes = {};
  for (const s of market.selections) outcomes[s.shortName] = Number(s.odds);
  const record = JSON.stringify({ eventID: id, betType: stream.bet, market: market.name, outcomes });
  const lookup = stream.lookup(id);
  const known = await store.get(lookup);
  if (known) {
    await store.hset(known, 'bk:BookieDelta', record);
  } else {
    const key = stream.document(id);
    await Promise.all([
      store.set(lookup, key),
      store.hset(key, 'bk:BookieDelta', record),
      store.xadd(stream.announcements, '*', 'data_key', key),
    ]);
  }
  await store.xack(stream.key, stream.group, entry);
}

// entries: [stream, entry id] about this event.
async function handle(id, entries) {
  const found = await fetchMarkets(id);
  await Promise.all(entries.map(([s, entry]) => keep(s, id, entry, found.find((m) => m.id === s.market))));
}

for (const s of streams) await store.xgroup('CREATE', s.key, s.group, '0', 'MKSTREAM');

let inFlight = 0;
let room = null;
for (;;) {
  if (inFlight >= BATCH) await new Promise((resolve) => { room = resolve; });
  const reads = reader.pipeline(); // one round trip for all streams; the first one waits
  streams.forEach((s, i) => reads.xreadgroup(
    'GROUP', s.group, 'worker', 'COUNT', BATCH, ...(i === 0 ? ['BLOCK', 1000] : []), 'STREAMS', s.key, '>'));
  const events = new Map();
  (await reads.exec()).forEach(([error, reply], i) => {
    if (error) throw error;
    for (const [entry, fields] of reply?.[0][1] ?? []) {
      const id = fields[fields.indexOf('event_id') + 1];
      if (!events.has(id)) events.set(id, []);
      events.get(id).push([streams[i], entry]);
    }
  });
  for (const [id, entries] of events) {
    inFlight++;
    handle(id, entries).then(() => {
      inFlight--;
      if (room && inFlight < BATCH) {
        room();
        room = null;
      }
    });
  }
}
