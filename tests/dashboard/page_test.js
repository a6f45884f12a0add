// The page in a real browser, against a feed of more matches and bookmakers than the simulated
// bookmaker gives, and of things that seldom happen.

import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';

import {check_access, kDesktop, kPhone, open_page, picture, shown_rows, start_browser, wait_for_rows} from './browser.js';
import {StandIn} from './stand_in.js';

const kMatches = 5_000;
let browser, many, few;

before(async () => {
  browser = await start_browser();
  many = await started(kMatches);
  few = await started(300);  // where their number does not matter
});
after(async () => {
  await browser?.close();
  await many?.server.stop();
  await few?.server.stop();
});

async function started(/** @type {number} */ matches) {
  const server = new StandIn(matches);
  return {server, url: await server.listen(0)};
}

async function opened(/** @type {any} */ of, path = '/', options = {}) {
  const out = await open_page(browser, of.url + path, options);
  await wait_for_rows(out.page);
  return out;
}

// Whatever was to be drawn has been.
const drawn = (/** @type {any} */ page) => page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const focused = (/** @type {any} */ page) =>
    page.evaluate(() => document.activeElement.dataset?.id ?? document.activeElement.id);

test('of 5,000 matches only rows in sight exist, each in its place', async () => {
  const {page, complaints} = await opened(many);
  await page.waitForFunction(
      () => document.querySelector('#count').textContent.startsWith('5,000 matches'));
  assert.equal(await page.getAttribute('#matches', 'aria-rowcount'), '5001');
  const seen = new Map();
  for (const share of [0, 0.1, 0.5, 0.93, 1]) {
    await page.$eval('#matches', (grid, to) => {
      grid.scrollTop = to * (grid.scrollHeight - grid.clientHeight);
    }, share);
    await drawn(page);
    const rows = await shown_rows(page);
    assert.ok(rows.length < 70, `${rows.length} rows`);
    const box = await page.$eval(
        '#matches', (grid) => ({
                      top: grid.querySelector('.head').getBoundingClientRect().bottom,
                      bottom: grid.getBoundingClientRect().bottom
                    }));
    const in_sight = rows.filter((row) => row.top + 36 > box.top && row.top < box.bottom);
    // No hole: from the first line under the head to the last.
    for (let i = 1; i < in_sight.length; i += 1) {
      assert.equal(in_sight[i].index, in_sight[i - 1].index + 1);
      assert.ok(Math.abs(in_sight[i].top - in_sight[i - 1].top - 36) < 1);
    }
    assert.ok(in_sight[0].top <= box.top + 1 && in_sight.at(-1).top + 36 >= box.bottom - 3);
    for (const row of rows) {
      assert.equal(seen.get(row.index) ?? row.id, row.id, 'a row is the same match each time');
      seen.set(row.index, row.id);
    }
  }
  assert.equal((await shown_rows(page)).at(-1).index, kMatches + 1);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the keyboard moves through the list, and focus stays with its match', async () => {
  const {page, complaints} = await opened(many);
  await page.focus('#matches .rows > [tabindex="0"]');
  const [first, second] = await shown_rows(page);
  assert.equal(await focused(page), first.id);
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), second.id);
  await page.keyboard.press('End');
  const last = (await shown_rows(page)).at(-1);
  assert.equal(last.index, kMatches + 1);
  assert.equal(await focused(page), last.id);
  await page.keyboard.press('PageUp');
  const above = await focused(page);
  // Scrolled out of sight it is still there, in its place of the document.
  await page.$eval('#matches', (grid) => {
    grid.scrollTop = 0;
  });
  await drawn(page);
  assert.equal(await focused(page), above);
  const rows = await shown_rows(page);
  assert.deepEqual(
      rows.map((row) => row.index), rows.map((row) => row.index).sort((a, b) => a - b));
  await page.keyboard.press('Home');
  assert.equal(await focused(page), first.id);
  // Another order: the same match.
  await page.click('.head [data-by=match] button');
  await page.waitForFunction(
      () => document.querySelector('[data-by=match]').getAttribute('aria-sort') === 'ascending');
  await page.focus('#matches .rows > [tabindex="0"]');
  assert.equal(await focused(page), first.id);
  assert.equal(await page.$$eval('#matches .rows > [tabindex="0"]', (all) => all.length), 1);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('search, filter and order', async () => {
  const {page, complaints} = await opened(many);
  await page.keyboard.press('/');
  await page.keyboard.type('bodo vale');
  await page.waitForFunction(
      () => document.querySelector('#count').textContent.includes(' of 5,000'));
  for (const row of await shown_rows(page)) assert.match(row.names, /Bodø Vale/);
  await page.selectOption('[name=sport]', 'handball');
  await page.waitForFunction(() => location.hash.includes('sport=handball'));
  const narrow = await shown_rows(page);
  assert.ok(narrow.length > 0);
  // The address alone brings the same view back.
  const hash = await page.evaluate(() => location.hash);
  const again = await opened(many, `/${hash}`);
  assert.deepEqual(
      (await shown_rows(again.page)).map((row) => row.id), narrow.map((row) => row.id));
  await again.page.context().close();
  await page.click('#filters [type=reset]');
  await page.waitForFunction(
      () => document.querySelector('#count').textContent.startsWith('5,000 matches'));
  assert.equal(await page.evaluate(() => location.hash), '#/');
  await page.click('.head [data-by=match] button');
  await page.click('.head [data-by=match] button');
  await page.waitForFunction(
      () => document.querySelector('[data-by=match]').getAttribute('aria-sort') === 'descending');
  const names = (await shown_rows(page)).map((row) => row.names.split(' against ')[0]);
  assert.deepEqual(names, [...names].sort((a, b) => new Intl.Collator('en').compare(b, a)));
  await page.selectOption('[name=bet_type]', 'totals');
  await page.waitForFunction(() => document.querySelectorAll('.head .odds').length === 2);
  assert.equal((await shown_rows(page))[0].prices.length, 2);
  await page.fill('[name=text]', 'nothing is called so');
  await page.waitForSelector('#empty:not([hidden])');
  assert.equal(await page.textContent('#empty'), 'No match fits the filter.');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the best price of all bookmakers is shown, marked, and moves', async () => {
  const {page, complaints} = await opened(few);
  const shown = (await shown_rows(page)).slice(0, 15).map((row) => row.id);
  const offers = (/** @type {string} */ id) => few.server.markets.filter(
      (one) => one.match_id === id && one.bet_type === 'three_way' && one.status === 'open' &&
          !one.stale);
  const match = shown.find((id) => offers(id).length === 4);
  const markets = offers(match);
  const cell = page.locator(`#matches [data-id="${match}"] .odds`).first();
  few.server.set_price(markets[1], '1', 50.5);
  await page.waitForFunction(
      (id) =>
          document.querySelector(`#matches [data-id="${id}"] .odds .price`).textContent === '50.50',
      match);
  assert.equal(await cell.getAttribute('data-move'), 'up');
  assert.equal(await cell.locator('.move').textContent(), '▲');
  assert.match(await cell.locator('.sr').textContent(), /up/);
  assert.equal(await cell.locator('.by').textContent(), 'Northbet');
  await page.click(`#matches [data-id="${match}"]`);
  await page.waitForSelector('#match .chart-canvas canvas');
  const row = page.locator('#match .market').first().locator('tbody tr').nth(1);
  assert.equal(await row.locator('th').textContent(), 'Northbet');
  assert.notEqual(await row.locator('.price-cell').first().getAttribute('data-best'), null);
  few.server.set_price(markets[1], '1', 40.25);
  await page.waitForFunction(() => document.querySelectorAll('#match tbody tr')[0] && [
    ...document.querySelectorAll('#match .market .price')
  ].some((one) => one.textContent === '40.25'));
  assert.equal(await row.locator('.price-cell').first().getAttribute('data-move'), 'down');
  // The chart has followed: its words end with the new price.
  await page.waitForFunction(
      () =>
          document.querySelector('.chart-canvas').getAttribute('aria-label').includes('now 40.25'));
  assert.match(await page.textContent('#match .links'), /betradar 61239123/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('who chose no bet type is shown the first one, also when it comes late', async () => {
  const late = await started(30);
  const all = late.server.markets;
  const of_type = (/** @type {string} */ name) => all.filter((one) => one.bet_type === name);
  late.server.markets = of_type('btts');
  const {page, complaints} = await opened(late);
  const shows = (/** @type {string} */ bet_type, /** @type {number} */ outcomes) =>
      page.waitForFunction(
          ([name, count]) => document.querySelector('[name=bet_type]').value === name &&
              document.querySelectorAll('#matches .head .odds').length === count,
          [bet_type, outcomes]);
  await shows('btts', 2);
  for (const market of of_type('three_way')) late.server.tell('odds', market);
  await shows('three_way', 3);
  assert.ok(!page.url().includes('bet_type'));

  await page.selectOption('[name=bet_type]', 'btts');
  await page.locator('[name=text]').focus();  // an open list of choices is left alone
  for (const market of of_type('double_chance')) late.server.tell('odds', market);
  await page.waitForSelector('[name=bet_type] option[value=double_chance]', {state: 'attached'});
  await shows('btts', 2);
  await page.reload();
  await shows('btts', 2);
  assert.deepEqual(complaints, []);
  await page.context().close();
  await late.server.stop();
});

test('a suspended price is struck out and said to be, and one that was not seen too', async () => {
  const suspended = few.server.markets.find(
      (one) => one.status === 'suspended' && one.bet_type === 'three_way' &&
          few.server.markets.filter((other) => other.match_id === one.match_id).length === 4);
  const stale = few.server.markets.find(
      (one) => one.stale && one.status === 'open' && one.bet_type === 'three_way' &&
          few.server.markets.filter((other) => other.match_id === one.match_id).length === 4);
  for (const [market, standing, words] of [
           [suspended, 'suspended', /suspended/], [stale, 'stale', /too old/]]) {
    const {page} = await opened(few, `/#/match/${market.match_id}`);
    const cell = page.locator('#match .market').first().locator('.price-cell').first();
    await cell.waitFor();
    assert.equal(await cell.getAttribute('data-standing'), standing);
    assert.match(
        await cell.locator('.price').evaluate((one) => getComputedStyle(one).textDecorationLine),
        /line-through/);
    assert.match(await cell.locator('.sr').textContent(), words);
    await page.context().close();
  }
});

test('Escape closes the match and gives the focus back to its row', async () => {
  const {page} = await opened(few);
  await page.focus('#matches .rows > [tabindex="0"]');
  await page.keyboard.press('ArrowDown');
  const row = await focused(page);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'match-title');
  await page.keyboard.press('Escape');
  await page.waitForFunction((id) => document.activeElement.dataset.id === id, row);
  await page.keyboard.press('?');
  await page.waitForSelector('#help[open]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#help', {state: 'hidden'});
  await page.context().close();
});

test(
    'the server goes, prices grow old and are struck out; another one comes and is believed',
    async () => {
      const own = new StandIn(300);
      const place = await own.listen(0);
      const {page, complaints} = await open_page(browser, place);
      await wait_for_rows(page);
      const live = await page.$eval(
          '#matches .odds[data-standing=open]', (cell) => cell.closest('[role=row]').dataset.id);
      await own.stop();
      await page.waitForSelector('#alert:not([hidden])');
      assert.match(await page.textContent('#alert'), /has not been heard for/);
      assert.equal(
          await page.$$eval('#matches .rows > [role=row]', (rows) => rows.length > 0), true);
      // Live prices hold for 15 s.
      await page.waitForFunction(
          (id) => document.querySelector(`#matches [data-id="${id}"] .odds`).dataset.standing ===
              'stale',
          live, {timeout: 25_000});
      await picture(page, 'server-lost-desktop-light');
      const other = new StandIn(250);
      other.epoch = 'stand2';
      await other.listen(Number(new URL(place).port));
      await page.waitForSelector('#connection[data-state=live]', {timeout: 20_000});
      await page.waitForFunction(
          () => document.querySelector('#count').textContent.startsWith('250 matches'));
      await page.waitForFunction(
          (id) => document.querySelector(`#matches [data-id="${id}"] .odds`).dataset.standing ===
              'open',
          live);
      assert.equal(await page.isHidden('#alert'), true);
      // That a connection fails is the browser's own complaint, and rightly made.
      assert.deepEqual(
          complaints.filter((one) => !/Failed to load resource|net::ERR/.test(one)), []);
      await other.stop();
      await page.context().close();
    });

for (const [size, viewport] of Object.entries(
         {desktop: kDesktop, phone: kPhone, wide: {width: 2200, height: 1200}}))
  for (const colorScheme of ['light', 'dark'])
    test(
        `${size}, ${
            colorScheme}: pictures, no serious fault of accessibility, nothing beyond the edge`,
        async () => {
          const {page, complaints} = await opened(few, '/', {viewport, colorScheme});
          const name = `${size}-${colorScheme}`;
          await drawn(page);
          await picture(page, `matches-${name}`);
          await check_access(page, `matches ${name}`);
          await page.click('#matches .rows > [role=row]:nth-child(2)');
          await page.waitForSelector('#match .chart-canvas canvas');
          await drawn(page);
          await picture(page, `match-${name}`);
          await check_access(page, `match ${name}`);
          await page.goto(`${few.url}/#/health`);
          await page.waitForSelector('#health table');
          await picture(page, `health-${name}`);
          await check_access(page, `health ${name}`);
          await page.keyboard.press('?');
          await page.waitForSelector('#help[open]');
          await picture(page, `help-${name}`);
          await check_access(page, `help ${name}`);
          assert.equal(
              await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
          assert.deepEqual(complaints, []);
          await page.context().close();
        });
