// How the pipeline is doing: how old each bookmaker's prices are against what is allowed, what was
// asked and failed, what waits, and the work streams.

import {element} from './dom.js';
import {age, clock_with_seconds, whole, words} from './format.js';
import {ask} from './server.js';

const kEvery = 2_000;

/** @param {number | null} millis */
function span(millis) {
  if (millis === null) return '–';
  return millis < 10_000 ? `${(millis / 1000).toFixed(1)}s` : age(millis);
}

/**
 * A bar from nothing to twice the limit, with the limit in its middle. @param {number | null}
 * value @param {number} limit
 */
function bar(value, limit) {
  const out = element('span.bar', {'aria-hidden': 'true'}, element('span.fill'));
  const share = value === null || !limit ? 0 : Math.min(1, value / (2 * limit));
  out.firstElementChild.style.width = `${(share * 100).toFixed(1)}%`;
  if (value !== null && value > limit) out.classList.add('over');
  return out;
}

/**
 * @param {string[]} names "<Failures": a column of text @param {HTMLElement[]}
 *     rows @param {string} caption
 */
function table(names, rows, caption) {
  return element(
      'div.scroll', {tabindex: 0, role: 'region', 'aria-label': caption},
      element(
          'table', null, element('caption', null, caption),
          element(
              'thead', null,
              element(
                  'tr', null,
                  ...names.map(
                      (name) => name.startsWith('<') ?
                          element('th.text', {scope: 'col'}, name.slice(1)) :
                          element('th', {scope: 'col'}, name)))),
          element('tbody', null, ...rows)));
}

/** @param {any} one */
function freshness_row(one) {
  const percentile = (/** @type {number | null} */ value) =>
      element('td', null, bar(value, one.limit_ms), element('span', null, span(value)));
  const late = one.markets - one.within_limit;
  return element(
      'tr', null,
      element('th', {scope: 'row'}, one.title, element('span.weak', null, ` ${one.source}`)),
      element('td', null, span(one.limit_ms)), percentile(one.p50_ms), percentile(one.p95_ms),
      percentile(one.p99_ms), element('td', null, whole(one.markets)),
      element('td', {'data-bad': late > 0}, late ? `${whole(late)} too old` : 'all fresh'));
}

/** @param {any} one */
function activity_row(one) {
  const failures =
      Object.entries(one.failures).map(([kind,
                                         count]) => `${words(kind).toLowerCase()} ${whole(count)}`);
  return element(
      'tr', null, element('th', {scope: 'row'}, one.title),
      element('td', null, whole(one.requests)), element('td', null, whole(one.in_flight)),
      element('td.text', {'data-bad': failures.length > 0}, failures.join(', ') || 'none'),
      element('td.text', {'data-bad': one.waits.length > 0}, one.waits.join(', ') || 'nothing'));
}

/** @param {any} one @param {number} now */
function stream_row(one, now) {
  return element(
      'tr', null, element('th', {scope: 'row'}, one.stream), element('td', null, whole(one.length)),
      element('td', null, whole(one.pending)), element('td', null, whole(one.delayed)),
      element('td', {'data-bad': one.dead > 0}, whole(one.dead)),
      element('td', null, one.oldest ? age(now - Date.parse(one.oldest)) : '–'),
      element('td', null, whole(one.consumers)));
}

/** @param {any} health @param {number} now */
function page(health, now) {
  const dead = health.streams.reduce(
      (/** @type {number} */ sum, /** @type {any} */ one) => sum + one.dead, 0);
  const parts = [
    health.trouble ? element('p.trouble', null, `The store could not be read: ${health.trouble}`) :
                     null,
    element(
        'p.weak', null,
        `As of ${clock_with_seconds(Date.parse(health.at))}: ${whole(health.matches)} matches, ` +
            `${whole(dead)} dead ${dead === 1 ? 'letter' : 'letters'}.`),
    table(
        ['Bookmaker', 'Limit', 'p50', 'p95', 'p99', 'Markets', ''],
        health.freshness.map(freshness_row), 'Age of open prices'),
    health.activity ?
        table(
            ['Bookmaker', 'Requests', 'In flight', '<Failures', '<Held back by'],
            health.activity.map(activity_row), 'Requests') :
        element(
            'section', null, element('h2', null, 'Requests'),
            element(
                'p.weak', null,
                'The workers are other processes; their requests are counted there.')),
  ];
  const busy = health.streams.filter((/** @type {any} */ one) => one.length || one.dead);
  const idle = health.streams.length - busy.length;
  parts.push(
      busy.length ?
          table(
              ['Stream', 'Length', 'Pending', 'Delayed', 'Dead', 'Oldest', 'Consumers'],
              busy.map((/** @type {any} */ one) => stream_row(one, now)), 'Work streams') :
          element('section', null, element('h2', null, 'Work streams')));
  parts.push(element(
      'p.weak', null,
      idle ? `${whole(idle)} ${busy.length ? 'other ' : ''}${
                 idle === 1 ? 'stream is' : 'streams are'} empty.` :
          busy.length ? '' :
                        'There are none yet.'));
  return parts.filter((part) => part !== null);
}

export class HealthView {
  /** @param {HTMLElement} root @param {() => number} now */
  constructor(root, now) {
    this.root = root;
    this.now = now;
    /** @type {any} */ this.health = null;
    /** @type {AbortController | null} */ this.asked = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
  }

  open() {
    if (this.asked) return;
    this.asked = new AbortController();
    if (!this.health) this.root.replaceChildren(element('p.weak', null, 'Reading'));
    this.#read(this.asked.signal);
  }

  close() {
    this.asked?.abort();
    this.asked = null;
    clearTimeout(this.timer);
  }

  async #read(/** @type {AbortSignal} */ signal) {
    try {
      this.health = await ask('/dashboard/health', signal);
      if (!signal.aborted) this.#draw(null);
    } catch (/** @type {any} */ error) {
      if (!signal.aborted) this.#draw(error.message);
    }
    if (!signal.aborted) this.timer = setTimeout(() => this.#read(signal), kEvery);
  }

  // Made anew as a whole; whoever scrolls or reads a table with the keyboard keeps the place.
  #draw(/** @type {string | null} */ trouble) {
    const focused = document.activeElement?.getAttribute('aria-label');
    const places = new Map([...this.root.querySelectorAll('.scroll')].map(
        (one) => [one.getAttribute('aria-label'), one.scrollLeft]));
    this.root.replaceChildren(
        trouble ? element('p.trouble', null, `${trouble}. What follows is from before.`) : '',
        ...(this.health ? page(this.health, this.now()) : []));
    for (const one of this.root.querySelectorAll('.scroll')) {
      one.scrollLeft = places.get(one.getAttribute('aria-label')) ?? 0;
      if (focused && one.getAttribute('aria-label') === focused)
        /** @type {HTMLElement} */ (one).focus({preventScroll: true});
    }
  }
}
