// npm sportsdataverse 3.0.0 speaks version 4 with one host over TLS only: that name is led here, and a
// certificate made for it now is trusted by the client's process alone.

import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import test, {after, before} from 'node:test';
import {fileURLToPath} from 'node:url';

import {Program, until} from '../dashboard/program.js';

import {Contract} from './contract.js';
import {package_file} from './packages.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const kMatchesAtSports = {
  sport_key: 'soccer',
  regions: 'ke'
};
let program, contract, client, answers, event_id;

/** Times of the change log ten minutes back, so that five minutes need not be waited for a past. */
function move_log_back() {
  execFileSync('sqlite3', [
    `${program.folder}/odds.db`, '.timeout 20000',
    'update changes set observed_at = observed_at - 600000, changed_at = changed_at - 600000'
  ]);
}

before(async () => {
  const {FLAT_HOSTS} = await import(package_file('sportsdataverse', 'dist/index.js'));
  const host = new URL(FLAT_HOSTS.odds_api).hostname;
  program = new Program();
  const certificate = `${program.folder}/certificate.pem`, key = `${program.folder}/key.pem`;
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days',
    '2', '-keyout', key, '-out', certificate, '-subj', `/CN=${host}`, '-addext',
    `subjectAltName=DNS:${host}`
  ], {stdio: 'ignore'});
  Object.assign(program.environment,
                {ODDSLOOM_SERVE_TLS_CERTIFICATE: certificate, ODDSLOOM_SERVE_TLS_KEY: key});
  await program.simulate(10, 20);
  await program.work();
  await until(() => execFileSync('sqlite3', [
                      '-readonly', `${program.folder}/odds.db`,
                      "select count(distinct bet_type || source) >= 6 from records"
                    ], {encoding: 'utf8'}).trim() === '1', 'the store has odds');
  move_log_back();
  const {line} = await program.start(['serve', '--listen', '127.0.0.1:0'], /https:\/\/\S+/);
  client = spawn(process.execPath,
                 ['-r', here('redirect.cjs'), here('sportsdataverse_process.js')], {
                   env: {
                     ...process.env,
                     NODE_EXTRA_CA_CERTS: certificate,
                     REDIRECT_FROM: host,
                     REDIRECT_TO_PORT: new URL(line).port
                   },
                   stdio: ['pipe', 'pipe', 'inherit']
                 });
  answers = createInterface({input: client.stdout})[Symbol.asyncIterator]();
  contract = new Contract(JSON.parse(execFileSync(
      'curl', ['-sS', '--noproxy', '*', '--cacert', certificate, '--connect-to', `${host}:443:127.0.0.1:${new URL(line).port}`,
               `https://${host}/openapi.json`], {encoding: 'utf8'})));
}, {timeout: 120_000});
after(async () => {
  client?.kill('SIGKILL');
  await program?.stop();
});

/** @param {string} name @param {any} parameters @returns {Promise<any>} */
async function call(name, parameters) {
  client.stdin.write(`${JSON.stringify({function: `odds_api_${name}`, parameters: {api_key: 'any', ...parameters}})}\n`);
  return JSON.parse((await answers.next()).value);
}

/** The answer as it came, once it holds something, and the rows the client makes of it. */
async function ask(name, path, parameters) {
  const {raw, rows} = await until(async () => {
    const {rows: raw} = await call(name, parameters);
    const {rows} = await call(name, {...parameters, parsed: true});
    return rows?.length > 0 && raw && {raw, rows};
  }, `${name} tells rows; the last answer: ${JSON.stringify(await call(name, parameters)).slice(0, 300)}`);
  contract.holds(path, raw);
  return {raw, rows};
}

/** One row an outcome, each with a price. */
function rows_of_outcomes(rows, market) {
  for (const row of rows) {
    assert.equal(row.market_key, market);
    assert.ok(row.outcomes_price > 1 && row.outcomes_name && row.bookmaker_key === 'bookiedelta');
  }
}

const kTime = {timeout: 90_000};

test('sports', kTime, async () => {
  const {rows} = await ask('sports', '/v4/sports', {all: true});
  assert.ok(rows.some((row) => row.key === 'soccer' && row.active === true));
});
test('odds of a sport', kTime, async () => {
  const {rows} =
      await ask('sports_odds', '/v4/sports/{sport}/odds', {...kMatchesAtSports, markets: 'h2h'});
  rows_of_outcomes(rows, 'h2h');
  event_id = rows[0].id;
});
test('scores of a sport', kTime, async () => {
  const {rows} = await ask('sports_scores', '/v4/sports/{sport}/scores', {sport_key: 'soccer'});
  assert.ok(rows.every((row) => row.completed === false || row.completed === true));
});
test('events of a sport', kTime, async () => {
  const {rows} = await ask('sports_events', '/v4/sports/{sport}/events', {sport_key: 'soccer'});
  assert.ok(rows.some((row) => row.id === event_id));
});
test('participants of a sport', kTime, async () => {
  const {rows} =
      await ask('sports_participants', '/v4/sports/{sport}/participants', {sport_key: 'soccer'});
  assert.ok(rows.every((row) => row.id && row.full_name));
});
test('odds of an event', kTime, async () => {
  const {rows} = await ask('event_odds', '/v4/sports/{sport}/events/{eventId}/odds',
                           {...kMatchesAtSports, event_id, markets: 'h2h'});
  rows_of_outcomes(rows, 'h2h');
});
test('markets of an event', kTime, async () => {
  const {rows} = await ask('event_markets', '/v4/sports/{sport}/events/{eventId}/markets',
                           {...kMatchesAtSports, event_id});
  assert.ok(rows.some((row) => row.market_key === 'h2h'));
});

const date = () => new Date().toISOString().replace(/\.\d+/, '');

test('odds of a sport in the past', kTime, async () => {
  const {rows, raw} =
      await ask('sports_odds_history', '/v4/historical/sports/{sport}/odds',
                {...kMatchesAtSports, markets: 'h2h', date: date()});
  rows_of_outcomes(rows, 'h2h');
  assert.ok(rows.every((row) => row.timestamp === raw.timestamp));
  event_id = rows[0].id;
});
test('events of a sport in the past', kTime, async () => {
  const {rows} = await ask('sports_events_history', '/v4/historical/sports/{sport}/events',
                           {sport_key: 'soccer', date: date()});
  assert.ok(rows.some((row) => row.id === event_id));
});
test('odds of an event in the past', kTime, async () => {
  const {rows} =
      await ask('event_odds_history', '/v4/historical/sports/{sport}/events/{eventId}/odds',
                {...kMatchesAtSports, event_id, markets: 'h2h', date: date()});
  rows_of_outcomes(rows, 'h2h');
});
test('a refusal comes with its code', kTime, async () => {
  const {status, body} = await call('sports_odds', {sport_key: 'soccer', regions: 'nowhere'});
  assert.equal(status, 422);
  assert.equal(body.error_code, 'INVALID_REGION');
  contract.holds('/v4/sports/{sport}/odds', body, 422);
});
