// The listings of a match, and why they are taken for the same one.

import {element} from './dom.js';
import {kick_off} from './format.js';
import {ask} from './server.js';

/** @param {any} link */
function reason(link) {
  if (!link) return 'Not linked with another listing.';
  return `Linked by ${link.method}, score ${link.score.toFixed(2)}: ${link.evidence}`;
}

/** @param {any} event as /dashboard/match tells it @param {number} now */
function listing(event, now) {
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
      element('p.weak', null, reason(event.link)));
}

export class MatchLinks {
  /** @param {() => number} now */
  constructor(now) {
    this.now = now;
    this.asked = new AbortController();
    this.root = element('section.links', {'aria-labelledby': 'links-title'});
  }

  /** @param {string} id of a match */
  async open(id) {
    this.close();
    const {signal} = this.asked;
    try {
      const answer = await ask(`/dashboard/match?id=${id}`, signal);
      const events = answer.events.map((/** @type {any} */ one) => listing(one, this.now()));
      this.#show(element('ul', null, ...events));
    } catch (/** @type {any} */ error) {
      if (!signal.aborted)
        this.#show(element('p.note', null, `They could not be read: ${error.message}`));
    }
  }

  close() {
    this.asked.abort();
    this.asked = new AbortController();
  }

  #show(/** @type {HTMLElement} */ what) {
    const title = 'Listings, and why they are one match';
    this.root.replaceChildren(element('h3', {id: 'links-title'}, title), what);
  }
}
