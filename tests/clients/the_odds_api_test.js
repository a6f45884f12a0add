// npm the-odds-api 2.1.0 speaks version 3. It is told where to ask by its property baseUrl.

import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';

import {Program, until} from '../dashboard/program.js';

import {Contract} from './contract.js';
import {package_file} from './packages.js';

let program, client, contract;

before(async () => {
  const {default: {default: TheOddsAPI}} =
      await import(package_file('the-odds-api', 'dist/index.js'));
  program = new Program();
  await program.simulate(10, 20);
  await program.work();
  await program.serve();
  client = new TheOddsAPI('any');
  client.baseUrl = program.url.replace(/\/$/, '');
  contract = new Contract(await (await fetch(`${client.baseUrl}/openapi.json`)).json());
}, {timeout: 120_000});
after(() => program?.stop());

const of_soccer = {
  sport: 'soccer',
  region: 'ke',
  mkt: 'h2h'
};

test('getSports tells sports', {timeout: 60_000}, async () => {
  const {data, api} = await until(async () => {
    const answer = await client.getSports({all: true}, true);
    return answer.data?.length > 0 && answer;
  }, 'there are sports');
  assert.ok(data.some((sport) => sport.key === 'soccer' && sport.active === true));
  assert.ok(Number.isInteger(api.requestsRemaining) && Number.isInteger(api.requestsUsed));
  contract.holds('/v3/sports', {success: true, data});
});

test('getOdds tells a price for each outcome', {timeout: 60_000}, async () => {
  const {data, api} = await until(async () => {
    const answer = await client.getOdds({...of_soccer}, true);
    return answer.data?.some((event) => event.sites_count > 0) && answer;
  }, 'there are prices');
  contract.holds('/v3/odds', {success: true, data});
  assert.ok(api.requestsUsed > 0);
  for (const event of data) {
    assert.equal(event.sites_count, event.sites.length);
    for (const site of event.sites) {
      assert.equal(site.odds.h2h.length, 3);
      assert.ok(site.odds.h2h.every((price) => price === null || price > 1));
    }
  }
});

test('a refusal is read as one', {timeout: 60_000}, async () => {
  const answer = await client.getOdds({sport: 'soccer', region: 'nowhere', mkt: 'h2h'});
  assert.equal(answer.data, undefined);
});
