// The page of one match where three bookmakers list it: which of their events are linked, and why,
// as the store keeps it, also when that changes while the page is open.

import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';

import {check_access, open_page, picture, start_browser} from './browser.js';
import {Program, until} from './program.js';

const kTall = {
  viewport: {width: 1440, height: 1400}
};
let browser, program, page, complaints, links;

before(async () => {
  browser = await start_browser();
  program = new Program();
  await program.run_simulated(10, 20);
  links = await until(async () => {
    const found = linked_by_all(await program.links());
    return found.length > 2 && found;
  }, 'all bookmakers list a match', 60_000);
  ({page, complaints} =
       await open_page(browser, `${program.url}/#/match/${links[0].match_id}`, kTall));
}, {timeout: 180_000});
after(async () => {
  await browser?.close();
  await program?.stop();
});

/** Those of the first match that every bookmaker lists. @param {any[]} all */
function linked_by_all(all) {
  for (const {match_id} of all) {
    const some = all.filter((one) => one.match_id === match_id && !one.undone_at);
    if (new Set(some.map((one) => one.bookmaker)).size === 3) return some;
  }
  return [];
}

const listings = () => page.locator('#match .links li').allTextContents();
const of_event = (/** @type {string[]} */ told, /** @type {any} */ link) => told.filter(
    (one) =>
        one.startsWith(link.bookmaker) && one.includes(`${link.source}, event ${link.event_id}`));

test('every listing is told, with how it was found', {timeout: 60_000}, async () => {
  const told = await until(async () => {
    links = (await program.links()).filter((one) => one.match_id === links[0].match_id);
    const now = await listings();
    return now.length === links.length && now;
  }, 'as many listings as links');
  let eldest = 0;
  for (const link of links) {
    const [text, ...more] = of_event(told, link);
    assert.ok(text && more.length === 0, `${link.bookmaker} ${link.event_id} in ${told}`);
    if (/named after this listing/.test(text)) {
      eldest += 1;
      continue;
    }
    assert.ok(text.includes(link.evidence), `${link.evidence} in ${text}`);
    assert.match(text, /Same Betradar id · score (1\.00|0\.90) · linked .*betradar \d+/);
  }
  assert.equal(eldest, 1);
  const times = await page.locator('#match .links time')
                    .evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
  assert.equal(times.length, links.length - 1);
  await page.locator('#match .links').scrollIntoViewIfNeeded();
  await picture(page, 'match-links');
  await check_access(page, 'links');
});

test('a link that is undone leaves the page', {timeout: 60_000}, async () => {
  const told = await listings();
  const link = links.find((one) => !/named after/.test(of_event(told, one)[0]));
  await program.output(['links', 'undo', link.bookmaker, link.source, link.event_id]);
  await until(async () => {
    const now = await listings();
    return now.length === told.length - 1 && of_event(now, link).length === 0;
  }, 'its listing is gone');
  assert.deepEqual(complaints, []);
});
