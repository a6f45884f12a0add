// The page of the real program, over the simulated bookmaker: what it shows is what is on offer, it
// follows, and it outlives the server.

import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import test, {after, before} from 'node:test';

import {check_access, kArtefacts, open_page, picture, shown_rows, start_browser, wait_for_rows} from './browser.js';
import {Program, until} from './program.js';

const kLive = 30, kMeasureFor = Number(process.env.ODDSLOOM_MEASURE_SECONDS ?? 20);
// So high that all live matches are in sight.
const kTall = {
  viewport: {width: 1440, height: 1700}
};
let browser, program, page, complaints;

before(async () => {
  browser = await start_browser();
  program = new Program();
  await program.simulate(kLive, 30);
  await program.work();
  await program.serve();
  ({page, complaints} = await open_page(browser, program.url, kTall));
  await wait_for_rows(page);
  await page.evaluate(() => {
    window.not_reloaded = true;
  });
}, {timeout: 120_000});
after(async () => {
  await browser?.close();
  await program?.stop();
});

/** Live three-way prices that hold, by "home against away". @param {any} truth */
function offered(truth) {
  return new Map(
      truth.markets.filter((one) => one.source === 'live' && one.bet_type === 'three_way')
          .map((one) => [`${one.home} against ${one.away}`, [
                 '1', 'X', '2'
               ].map((key) => one.outcomes[key]?.usable ? one.outcomes[key].price : null)]));
}

/** Live rows: open prices alone. */
async function shown() {
  return new Map(await page.$$eval(
      '#matches [data-live]',
      (rows) => rows.map(
          (row) =>
              [row.querySelector('.names').textContent,
               [...row.querySelectorAll('.odds')].map(
                   (cell) => cell.dataset.standing === 'open' ?
                       cell.querySelector('.price').textContent :
                       null)])));
}

/** While time stands still the page comes to show just what is on offer. */
async function comes_true() {
  await program.control('freeze');
  let differing = [];
  try {
    await until(async () => {
      const [truth, page_says] = [offered(await program.truth()), await shown()];
      differing =
          [...truth]
              .filter(([name,
                        prices]) => JSON.stringify(page_says.get(name)) !== JSON.stringify(prices))
              .map(([name, prices]) => `${name}: ${prices} on offer, ${page_says.get(name)} shown`);
      return truth.size > 0 && differing.length === 0;
    }, 'the page shows what is on offer', 40_000);
  } catch (error) {
    throw new Error(`${error.message}\n${differing.join('\n')}`);
  } finally {
    await program.control('thaw');
  }
}

test('what the page shows is what is on offer', {timeout: 60_000}, comes_true);

test('a price that changes at the bookmaker is on screen soon', {timeout: 120_000}, async () => {
  await page.evaluate(() => {
    window.seen = [];
    const before = new Map();
    const look = () => {
      for (const row of document.querySelectorAll('#matches [data-live]')) {
        const name = row.querySelector('.names').textContent;
        [...row.querySelectorAll('.odds')].forEach((cell, i) => {
          const price =
              cell.dataset.standing === 'open' ? cell.querySelector('.price').textContent : null;
          if (before.get(`${name} ${i}`) !== price)
            window.seen.push({name, i, price, at: Date.now()});
          before.set(`${name} ${i}`, price);
        });
      }
      window.looking = requestAnimationFrame(look);
    };
    look();
  });
  /** @type {any[]} */ const changes = [];
  let known = offered(await program.truth()), looked_at = Date.now();
  const end = Date.now() + kMeasureFor * 1000;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    const asked_at = Date.now();
    const truth = offered(await program.truth());
    for (const [name, prices] of truth)
      prices.forEach((price, i) => {
        const was = known.get(name)?.[i];
        if (price !== null && was !== undefined && was !== price)
          changes.push({name, i, price, after: looked_at});
      });
    known = truth;
    looked_at = asked_at;
  }
  await page.waitForTimeout(3_000);
  const seen = await page.evaluate(() => {
    cancelAnimationFrame(window.looking);
    return window.seen;
  });
  // From the last moment when it was surely not so yet: too long rather than too short.
  const took = [], never = [];
  for (const change of changes) {
    const first = seen.find(
        (one) => one.name === change.name && one.i === change.i && one.price === change.price &&
            one.at >= change.after);
    const next = changes.find(
        (one) => one.name === change.name && one.i === change.i && one.after > change.after);
    if (first)
      took.push(first.at - change.after);
    else if (!next || next.after - change.after > 1_000)
      never.push(change);
  }
  took.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
      took[Math.min(took.length - 1, Math.ceil(share * took.length) - 1)];
  const measured = {
    changes: changes.length,
    on_screen: took.length,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    most_ms: took.at(-1)
  };
  writeFileSync(`${kArtefacts}/latency.json`, `${JSON.stringify(measured)}\n`);
  console.log(`from the bookmaker to the screen: ${JSON.stringify(measured)}`);
  assert.ok(took.length >= 10, `${took.length} changes are too few to say anything`);
  assert.deepEqual(never, []);
});

test('a match is opened, and its chart follows', {timeout: 60_000}, async () => {
  // One that moves.
  const name = await until(
      () => page.evaluate(() => {
        const cell =
            document.querySelector('#matches [data-live] .odds[data-move][data-standing=open]');
        return cell?.closest('[role=row]').dataset.id;
      }),
      'something moves');
  await page.click(`#matches [data-id="${name}"]`);
  await page.waitForSelector('#match .chart-canvas canvas').catch(async (error) => {
    throw new Error(`${error.message}\n${await page.textContent('#match')}`);
  });
  const words = () => page.getAttribute('.chart-canvas', 'aria-label');
  const before = await words();
  assert.match(before, /1: /);
  await until(async () => await words() !== before, 'the chart goes on', 45_000);
  const market = page.locator('#match .market').first();
  const cells = await market.locator('tbody tr').first().locator('.price').allTextContents();
  assert.equal(cells.length, 3);
  await page.waitForSelector('#match .links li');
  assert.match(await page.textContent('#match .links'), /event \d+/);
  await picture(page, 'program-match');
  await check_access(page, 'match');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#match', {state: 'hidden'});
});

test('search and order', async () => {
  const [first] = await shown_rows(page);
  const word = first.names.split(' ')[0];
  await page.fill('[name=text]', word);
  await page.waitForFunction(() => /\d of \d/.test(document.querySelector('#count').textContent));
  for (const row of await shown_rows(page))
    assert.ok(row.names.includes(word) || row.names.length > 0);
  await page.fill('[name=text]', '');
  await page.selectOption('[name=time]', 'upcoming');
  await until(
      async () => (await page.$$('#matches [data-live]')).length === 0, 'no live match is left');
  await page.click('.head [data-by=match] button');
  await page.click('#filters [type=reset]');
  await page.click('.head [data-by=start] button');
  await until(
      async () => (await page.$$('#matches [data-live]')).length > 0, 'live matches are back');
});

test('the health page tells how it goes', {timeout: 30_000}, async () => {
  await page.keyboard.press('h');
  await page.waitForSelector('#health table');
  const text = await page.textContent('#health');
  assert.match(text, /Age of open prices/);
  assert.match(text, /live/);
  await picture(page, 'program-health');
  await check_access(page, 'health');
  await page.keyboard.press('g');
  await wait_for_rows(page);
});

test(
    'the server is killed and comes back, and the page goes on without being loaded again',
    {timeout: 120_000}, async () => {
      await program.kill_server();
      await page.waitForSelector('#alert:not([hidden])');
      await picture(page, 'program-server-lost');
      // Live prices hold for 15 s; then they are struck out, and none is shown as one.
      await until(
          async () => [...(await shown()).values()].flat().every((price) => price === null),
          'live prices are given up');
      await program.serve(Number(new URL(program.url).port));
      await page.waitForSelector('#connection[data-state=live]', {timeout: 30_000});
      await comes_true();
      assert.equal(await page.evaluate(() => window.not_reloaded), true);
      assert.equal(await page.isHidden('#alert'), true);
    });

test('nothing was complained of', async () => {
  await picture(page, 'program-matches');
  await check_access(page, 'matches');
  // While the server was gone the browser said so; it is right.
  assert.deepEqual(complaints.filter((one) => !/Failed to load resource|net::ERR/.test(one)), []);
});
