// The page of a real server that wants API keys: it asks for one, says what is wrong with it, keeps
// it as long as the tab, and asks again when it is no longer good.

import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';

import {check_access, open_page, picture, shown_rows, start_browser, wait_for_rows} from './browser.js';
import {Program, until} from './program.js';

const kWrong = 'wrong-key-that-nobody-has';
let browser, program, page, complaints, key, second;

before(async () => {
  browser = await start_browser();
  program = new Program();
  Object.assign(program.environment, {
    ODDSLOOM_SERVE_KEYS: 'required',
    ODDSLOOM_SERVE_KEYS_FILE: `${program.folder}/keys`,
    ODDSLOOM_SERVE_ACCESS_LOG: 'true',
    ODDSLOOM_LOG_LEVEL: 'debug'
  });
  key = await program.output(['key', 'add', 'alice']);
  await program.simulate(5, 5);
  await program.work();
  await program.serve();
  ({page, complaints} = await open_page(browser, program.url));
}, {timeout: 120_000});
after(async () => {
  await browser?.close();
  await program?.stop();
});

async function show(/** @type {string} */ shown) {
  await page.fill('#key', shown);
  await page.keyboard.press('Enter');
}
const asked = () => page.waitForSelector('#key-wanted[open]');
const trouble = () => page.textContent('#key-trouble');

test('without a key the page asks for one and shows nothing', {timeout: 60_000}, async () => {
  await asked();
  assert.equal(await trouble(), '');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'key');
  assert.equal(await page.getAttribute('#key', 'type'), 'password');
  assert.deepEqual(await shown_rows(page), []);
  await check_access(page, 'key wanted');
  await picture(page, 'key-wanted');
});

test('a wrong key is said to be wrong, and asked for again', {timeout: 60_000}, async () => {
  await show(kWrong);
  await until(async () => /not valid/.test(await trouble()), 'the page says that it is wrong');
  await asked();
  assert.equal(await page.inputValue('#key'), '');
  assert.equal(await page.getAttribute('#key', 'aria-describedby'), 'key-trouble');
  assert.deepEqual(await shown_rows(page), []);
  await check_access(page, 'key refused');
  await picture(page, 'key-refused');
});

test('with the right key everything is there', {timeout: 60_000}, async () => {
  await show(` ${key} `);
  await wait_for_rows(page);
  assert.equal(await page.isVisible('#key-wanted'), false);
  await page.click('#matches .rows > [role=row]');
  await page.waitForSelector('#match .chart-canvas canvas');
  await page.waitForSelector('#match .links li');
  await page.keyboard.press('h');
  await page.waitForSelector('#health table');
  await page.keyboard.press('g');
});

test('it is kept as long as the tab, and by that tab alone', {timeout: 60_000}, async () => {
  await page.reload();
  await wait_for_rows(page);
  assert.equal(await page.isVisible('#key-wanted'), false);
  assert.ok(!(await page.evaluate(() => JSON.stringify({...localStorage}))).includes(key));
  assert.equal(await page.evaluate(() => document.cookie), '');
  assert.ok(!page.url().includes(key));
  const other = await page.context().newPage();
  await other.goto(program.url);
  await other.waitForSelector('#key-wanted[open]');
  await other.close();
});

test('a key that is revoked is asked for again', {timeout: 120_000}, async () => {
  await program.output(['key', 'revoke', 'alice']);
  second = await program.output(['key', 'add', 'bob']);
  await program.kill_server();
  await page.waitForSelector('#connection[data-state=lost]');
  await program.serve(Number(new URL(program.url).port));
  await asked();
  await until(async () => /deactivated/.test(await trouble()), 'the page says why');
  await show(second);
  await page.waitForSelector('#connection[data-state=live]');
  assert.equal(await page.isVisible('#key-wanted'), false);
});

test('no key is in the log, and nothing was complained of', async () => {
  assert.match(program.said, /\/feed/);
  assert.match(program.said, /alice/);
  for (const secret of [key, second, kWrong, 'apiKey'])
    assert.ok(!program.said.includes(secret), `the log says ${secret}`);
  // The browser says that requests were refused; it is right.
  assert.deepEqual(complaints.filter((one) => !/Failed to load resource|net::ERR/.test(one)), []);
});
