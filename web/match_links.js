// The listings of a match, and why they are taken for the same one: asked for anew when listings
// come or go.

import {element} from './dom.js';
import {kick_off, words} from './format.js';
import {ask} from './server.js';
import {listing_key} from './state.js';

/** @import { Match } from './state.js' */

const kFoundBy = {
  betradar: 'Same Betradar id'
};

/** @param {any} link @param {boolean} alone @param {number} now */
function reason(link, alone, now) {
  if (!link)
    return [
      alone ? 'Not linked with another listing.' :
              'The match is named after this listing, with which the others are linked.'
    ];
  return [
    element('strong', null, /** @type {any} */ (kFoundBy)[link.method] ?? words(link.method)),
    ` · score ${link.score.toFixed(2)} · linked `,
    element('time', {datetime: link.linked_at}, kick_off(Date.parse(link.linked_at), now)),
    `: ${link.evidence}`
  ];
}

/** @param {any} event as /dashboard/match tells it @param {boolean} alone @param {number} now */
function listing(event, alone, now) {
  const about = [
    event.home && `${event.home} – ${event.away}`, event.competition,
    event.start_time && kick_off(Date.parse(event.start_time), now)
  ];
  return element(
      'li', null,
      element(
          'p', null, element('strong', null, event.title),
          ` ${event.source}, event ${event.event_id}`),
      element('p.weak', null, about.filter(Boolean).join(' · ')),
      element('p.weak', null, ...reason(event.link, alone, now)));
}

export class MatchLinks {
  /** @param {() => number} now */
  constructor(now) {
    this.now = now;
    this.asked = new AbortController();
    this.listings = '';  // that were asked about
    this.root = element('section.links', {'aria-labelledby': 'links-title'});
  }

  /** @param {Match} match as it is now */
  follow(match) {
    const listings = match.listings.map(listing_key).sort().join(' ');
    if (listings === this.listings) return;
    this.#ask(match.id);
    this.listings = listings;
  }

  /** Of this match no more; or, what was told is to be asked for again. */
  close() {
    this.asked.abort();
    this.asked = new AbortController();
    this.listings = '';
  }

  async #ask(/** @type {string} */ id) {
    this.close();
    const {signal} = this.asked;
    try {
      const {events} = await ask(`/dashboard/match?id=${id}`, signal);
      const alone = events.length === 1;
      const told = events.map((/** @type {any} */ one) => listing(one, alone, this.now()));
      // Without its marks a list is none to some screen readers, unless it says so.
      this.#show(element('ul', {role: 'list'}, ...told));
    } catch (/** @type {any} */ error) {
      if (!signal.aborted)
        this.#show(element('p.note', null, `They could not be read: ${error.message}`));
    }
  }

  #show(/** @type {HTMLElement} */ what) {
    const title = 'Listings, and why they are one match';
    this.root.replaceChildren(element('h3', {id: 'links-title'}, title), what);
  }
}
