// A Chromium for the tests, which listens for everything that a page may not do: complain in its
// console, fail to load something, or shut somebody out.

import assert from 'node:assert/strict';
import {mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

// npm keeps to the build folder; see ./run.
const kModules = process.env.ODDSLOOM_NODE_MODULES ??
    fileURLToPath(new URL('../../build/dashboard/', import.meta.url));
const require = createRequire(`${kModules}/`);
const {chromium} = require('playwright-core');
const axe = require('axe-core');

export const kDesktop = {
  width: 1440,
  height: 900
};
export const kPhone = {
  width: 390,
  height: 844
};
export const kArtefacts = kModules;
const kPictures = `${kModules}/screenshots`;
mkdirSync(kPictures, {recursive: true});

export async function start_browser() {
  const executablePath = process.env.ODDSLOOM_CHROMIUM ?? '/usr/bin/chromium';
  // The sandbox wants privileges that a container does not give; what is loaded is ours.
  return chromium.launch({executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage']});
}

/**
 * @param {import('playwright-core').Browser} browser @param {string} url
 * @param {any} [options] as newContext() takes them
 */
export async function open_page(browser, url, options = {}) {
  const context = await browser.newContext({viewport: kDesktop, ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  await page.goto(url);
  return {page, complaints};
}

/** Rows that exist, from the top. @param {import('playwright-core').Page} page */
export async function shown_rows(page) {
  return page.$$eval(
      '#matches .rows > [role=row]',
      (rows) => rows.map(
          (row) => ({
            id: row.dataset.id,
            index: Number(row.getAttribute('aria-rowindex')),
            names: row.querySelector('.names').textContent,
            top: row.getBoundingClientRect().top,
            prices: [...row.querySelectorAll('.odds .price')].map((price) => price.textContent),
          })));
}

/** @param {import('playwright-core').Page} page */
export async function wait_for_rows(page) {
  await page.waitForSelector('#connection[data-state=live]');
  await page.waitForSelector('#matches .rows > [role=row]');
}

/**
 * Serious faults are none; what is found is named with its
 * place. @param {import('playwright-core').Page} page @param {string} where
 */
export async function check_access(page, where) {
  // Through the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  const result =
      await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ['violations']}));
  const serious = result.violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  assert.deepEqual(
      serious.map(
          (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`),
      [], where);
  return result.violations.length;
}

/** @param {import('playwright-core').Page} page @param {string} name */
export async function picture(page, name) {
  await page.screenshot({path: `${kPictures}/${name}.png`});
}
