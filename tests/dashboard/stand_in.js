// A server that tells a made-up feed to the page, in the forms of docs/feed.md: many matches of
// several bookmakers, which the simulated bookmaker cannot give, and what seldom happens, on
// demand. For tests of the page and for working on it: node tests/dashboard/stand_in.js PORT
// [MATCHES]

import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {fileURLToPath} from 'node:url';

const kWeb = fileURLToPath(new URL('../../web/', import.meta.url));
const kDygraphs = '/usr/share/javascript/dygraphs/';
const kTypes = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml'
};
export const kPolicy =
    'default-src \'none\'; script-src \'self\'; style-src \'self\'; img-src \'self\' data:; ' +
    'connect-src \'self\'; base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\'';

const kBookmakers = [
  ['bookiedelta', 'BookieDelta'], ['northbet', 'Northbet'], ['quayside', 'Quayside'],
  ['tallyhouse', 'Tally House']
];
const kBetTypes = [
  ['three_way', ['1', 'X', '2']], ['btts', ['yes', 'no']], ['double_chance', ['1X', '12', 'X2']],
  ['totals', ['over', 'under']]
];
const kTowns = [
  'Quortiova', 'Varnarfjörd', 'Renstanev', 'Zelcasham', 'Weslodale', 'Harholo', 'Jorvoo',
  'Torstanova', 'Salgano', 'Moncaso', 'Belnarham', 'Łuk Rostown', 'Bodø Vale', 'Port Kestrel',
  'Skövde Harbour'
];
const kKinds = ['Rovers', 'United', 'SC', 'FC', 'U20', '04', 'Athletic'];
const kCompetitions = [
  'Lakes Trophy', 'Serie Cordillera', 'Nordlys Eliteserien', 'Liga del Valle', 'Harbour League',
  'Northern League'
];

/** Numbers that are the same every time. @param {number} seed */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

export class StandIn {
  /** @param {number} matches */
  constructor(matches) {
    this.random = dice(7);
    this.clients = new Set();
    this.sequence = 1;
    this.epoch = 'stand1';
    this.markets = [];
    this.log = [];
    this.begin = Date.now();
    for (let i = 0; i < matches; i += 1) this.#make_match(i);
  }

  #make_match(/** @type {number} */ i) {
    const pick = (/** @type {any[]} */ from) => from[Math.floor(this.random() * from.length)];
    const id = (i + 1).toString(16).padStart(32, '0');
    const live = i < Math.min(40, this.many ?? 40);
    const start = live ? this.begin - i * 120_000 : this.begin + (i - 39) * 240_000;
    const names = {
      sport_key: i % 9 === 8 ? 'handball' : 'soccer',
      commence_time: new Date(Math.round(start / 300_000) * 300_000).toISOString(),
      home_team: `${pick(kTowns)} ${pick(kKinds)}`,
      away_team: `${pick(kTowns)} ${pick(kKinds)}`,
      competition: pick(kCompetitions),
    };
    const books = kBookmakers.slice(0, 1 + Math.floor(this.random() * kBookmakers.length));
    const chances = new Map(kBetTypes.map(([bet_type, outcomes]) => {
      const parts = outcomes.map(() => 0.2 + this.random());
      const sum = parts.reduce((a, one) => a + one, 0) / (bet_type === 'double_chance' ? 2 : 1);
      return [bet_type, parts.map((one) => Math.min(0.95, one / sum))];
    }));
    for (const [b, [bookmaker]] of books.entries())
      for (const [bet_type, outcomes] of kBetTypes) {
        const line = bet_type === 'totals' ? 2.5 : null;
        this.markets.push({
          match_id: id,
          bookmaker,
          source: live ? 'live' : 'upcoming',
          event_id: `${4410000 + i * 10 + b}`,
          market: bet_type === 'three_way' ? 'h2h' : bet_type,
          bet_type,
          segment: 'full_time',
          line,
          ...names,
          status: i % 17 === 5 && b === 0 ? 'suspended' : 'open',
          stale: i % 23 === 7 && b === 0,
          outcomes: outcomes.map(
              (key, k) => ({
                key,
                name: key,
                price: Math.max(
                    1.01,
                    Math.round((0.92 + this.random() * 0.05) * 100 / chances.get(bet_type)[k]) /
                        100),
                status: i % 17 === 5 && b === 0 ? 'suspended' : 'open'
              })),
          observed_at: new Date(this.begin - 2000).toISOString(),
          changed_at: new Date(this.begin - 60_000).toISOString(),
          fresh_for_ms: live ? 15_000 : 180_000,
          full: true,
        });
      }
  }

  #told(/** @type {any} */ market) {
    return {
      ...market,
      outcomes: market.outcomes.map((/** @type {any} */ one) => {
        const usable = !market.stale && one.status === 'open';
        return usable ? one : {...one, price: null, last_price: one.price};
      })
    };
  }

  #send(/** @type {any} */ to, /** @type {string} */ event, /** @type {any} */ data, id = '') {
    to.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  tell(/** @type {string} */ event, /** @type {any} */ data) {
    this.sequence += 1;
    const id = `${this.epoch}-${this.sequence}`;
    this.log.push({id, event, data});
    for (const client of this.clients) this.#send(client, event, data, id);
  }

  // One market's prices move.
  move(/** @type {any} */ market) {
    const outcome = market.outcomes[Math.floor(this.random() * market.outcomes.length)];
    this.set_price(
        market, outcome.key,
        Math.round(Math.max(1.02, outcome.price * (0.94 + this.random() * 0.12)) * 100) / 100);
  }

  set_price(/** @type {any} */ market, /** @type {string} */ key, /** @type {number} */ price) {
    const outcome = market.outcomes.find((/** @type {any} */ one) => one.key === key);
    outcome.price = price;
    market.changed_at = market.observed_at = new Date().toISOString();
    const told = this.#told(market);
    this.tell(market.status === 'open' ? 'odds' : 'suspended', {
      ...told,
      outcomes: told.outcomes.filter((/** @type {any} */ one) => one.key === key),
      full: false
    });
  }

  remove(/** @type {any} */ market, reason = 'withdrawn') {
    this.markets = this.markets.filter((one) => one !== market);
    this.tell('removed', {...this.#told(market), outcomes: undefined, reason});
  }

  beat() {
    const at = new Date();
    const sources = kBookmakers.flatMap(
        ([bookmaker]) => ['live', 'upcoming'].map(
            (source) => ({
              bookmaker,
              source,
              markets: 1,
              stale: 0,
              oldest_age_ms: source === 'live' ? 4_000 : 70_000,
              newest_age_ms: 100
            })));
    for (const client of this.clients)
      this.#send(
          client, 'heartbeat', {at: at.toISOString(), sources}, `${this.epoch}-${this.sequence}`);
  }

  #feed(/** @type {any} */ request, /** @type {any} */ response) {
    response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
    response.write('retry: 500\n\n');
    const last = request.headers['last-event-id'];
    const from = this.log.findIndex((one) => one.id === last);
    if (last === `${this.epoch}-${this.sequence}` || from >= 0) {
      for (const one of from >= 0 ? this.log.slice(from + 1) : [])
        this.#send(response, one.event, one.data, one.id);
    } else {
      if (last) this.#send(response, 'reset', {reason: 'unknown_id'});
      for (let i = 0; i < this.markets.length; i += 100)
        this.#send(
            response, 'snapshot',
            {markets: this.markets.slice(i, i + 100).map((one) => this.#told(one))});
      this.#send(
          response, 'snapshot-complete',
          {markets: this.markets.length, at: new Date().toISOString()},
          `${this.epoch}-${this.sequence}`);
    }
    this.clients.add(response);
    request.on('close', () => this.clients.delete(response));
    this.beat();
  }

  #history(/** @type {URLSearchParams} */ query) {
    const listings =
        this.markets
            .filter(
                (one) =>
                    one.match_id === query.get('match') && one.bet_type === query.get('bet_type'))
            .map((market) => {
              const random = dice(market.event_id % 1000 + 3);
              const prices = market.outcomes.map((/** @type {any} */ one) => one.price);
              const points = [];
              for (let i = 40; i > 0; i -= 1) {
                const suspended = i > 18 && i < 22;
                points.push({
                  at: new Date(this.begin - i * 90_000).toISOString(),
                  offered: true,
                  outcomes: Object.fromEntries(market.outcomes.map(
                      (/** @type {any} */ one, /** @type {number} */ k) => [one.key, {
                        price: i === 1 ?
                            prices[k] :
                            Math.round(prices[k] * (0.94 + random() * 0.12) * 100) / 100,
                        status: suspended ? 'suspended' : 'open',
                        usable: !suspended
                      }]))
                });
              }
              return {
                bookmaker: market.bookmaker,
                source: market.source,
                event_id: market.event_id,
                whole: true,
                points
              };
            });
    return {listings};
  }

  #json(/** @type {URL} */ url) {
    const markets = this.markets.filter((one) => one.match_id === url.searchParams.get('id'));
    switch (url.pathname) {
      case '/dashboard/catalog':
        return {
          bookmakers: kBookmakers.map(
              ([key, title]) => ({key, title, live_limit_ms: 15000, upcoming_limit_ms: 180000})),
          bet_types:
              kBetTypes.map(([name, outcomes]) => ({name, outcomes, has_line: name === 'totals'}))
        };
      case '/dashboard/match':
        return {
          id: url.searchParams.get('id'),
          events: markets.filter((one) => one.bet_type === 'three_way')
                      .map((one, i) => ({
                             bookmaker: one.bookmaker,
                             source: one.source,
                             event_id: one.event_id,
                             home: one.home_team,
                             away: one.away_team,
                             competition: one.competition,
                             start_time: one.commence_time,
                             link: markets.length > 4 ? {
                               method: 'betradar',
                               score: i ? 1 : 0.97,
                               evidence: 'betradar 61239123, kick-off 0 s apart',
                               linked_at: new Date(this.begin).toISOString()
                             } :
                                                        null
                           }))
        };
      case '/dashboard/health':
        return {
          at: new Date().toISOString(),
          trouble: '',
          matches: 40,
          freshness: kBookmakers.flatMap(
              ([key, title],
               i) => ['live', 'upcoming'].map((source) => ({
                                                bookmaker: key,
                                                title,
                                                source,
                                                limit_ms: source === 'live' ? 15000 : 180000,
                                                markets: 120 + i,
                                                within_limit: 120 + (i ? i : -3),
                                                p50_ms: 2300 * (i + 1),
                                                p95_ms: 5200 * (i + 1),
                                                p99_ms: 9100 * (i + 1)
                                              }))),
          activity: kBookmakers.map(([key, title], i) => ({
                                      bookmaker: key,
                                      title,
                                      requests: 12_345 * (i + 1),
                                      in_flight: i,
                                      failures: i === 1 ? {timeout: 12, blocked: 2} : {},
                                      held_back: 17 * i,
                                      waits: i === 1 ? ['retry-after 4s'] : []
                                    })),
          streams: [
            {
              stream: 'bookiedelta_three_way-live-0_event',
              length: 12,
              pending: 8,
              delayed: 1,
              dead: 3,
              oldest: new Date(Date.now() - 4000).toISOString(),
              consumers: 2
            },
            {
              stream: 'bookiedelta_btts-upcoming-3_event',
              length: 0,
              pending: 0,
              delayed: 0,
              dead: 0,
              oldest: null,
              consumers: 1
            }
          ]
        };
      default:
        return null;
    }
  }

  async #answer(/** @type {any} */ request, /** @type {any} */ response) {
    const url = new URL(request.url, 'http://stand.in');
    if (url.pathname === '/feed') return this.#feed(request, response);
    if (url.pathname === '/dashboard/history') {
      response.writeHead(200, {'content-type': 'text/event-stream'});
      this.#send(response, 'answer', this.#history(url.searchParams));
      return response.end();
    }
    const json = this.#json(url);
    if (json)
      return response.writeHead(200, {'content-type': 'application/json'})
          .end(JSON.stringify(json));
    const name = url.pathname === '/' ? 'index.html' : url.pathname.replace(/^\/web\//, '');
    if (!/^[a-z_.]+$/.test(name)) return response.writeHead(404).end();
    const body =
        await readFile((name.startsWith('dygraph') ? kDygraphs : kWeb) + name).catch(() => null);
    if (!body) return response.writeHead(404).end();
    response
        .writeHead(200, {
          'content-type': kTypes[name.split('.').at(-1) ?? ''],
          'content-security-policy': kPolicy,
          'cache-control': 'no-cache'
        })
        .end(body);
  }

  /** @param {number} port 0: any @returns {Promise<string>} where it listens */
  listen(port) {
    this.server = createServer((request, response) => this.#answer(request, response));
    this.beats = setInterval(() => this.beat(), 3_000);
    return new Promise(
        (resolve) => this.server.listen(
            port, '127.0.0.1', () => resolve(`http://127.0.0.1:${this.server.address().port}`)));
  }

  /** Gone as a killed process is. */
  async stop() {
    clearInterval(this.beats);
    for (const client of this.clients) client.destroy();
    this.server.closeAllConnections?.();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stand_in = new StandIn(Number(process.argv[3] ?? 300));
  console.log(await stand_in.listen(Number(process.argv[2] ?? 0)));
  setInterval(() => {
    for (let i = 0; i < 6; i += 1)
      stand_in.move(
          stand_in.markets[Math.floor(Math.random() * Math.min(600, stand_in.markets.length))]);
  }, 700);
}
