// How the connection to the server stands: in the bar, in a line above the page when it is lost,
// and once, aloud, when that changes.

import {by_id, set_text} from './dom.js';
import {age_in_words} from './format.js';

/** @import { Connection } from './feed.js' */

/** @type {Record<Connection, string>} */
const kTexts = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Server lost'
};
/** @type {Record<string, string>} */
const kSpoken = {
  'live lost': 'The connection to the server is lost.',
  'connecting lost': 'The server cannot be reached.',
  'lost live': 'The server is back.',
};

export class ConnectionView {
  /** @type {Connection} */ state = 'connecting';
  #lost_at = 0;

  /** @param {() => number} now */
  constructor(now) {
    this.now = now;
  }

  /** @param {Connection} state @returns {boolean} whether it is another one */
  change(state) {
    if (state === this.state) return false;
    if (state === 'lost') this.#lost_at = this.now();
    set_text(by_id('announcement'), kSpoken[`${this.state} ${state}`] ?? '');
    this.state = state;
    this.draw();
    return true;
  }

  draw() {
    by_id('connection').dataset.state = this.state;
    set_text(by_id('connection-text'), kTexts[this.state]);
    by_id('alert').hidden = this.state !== 'lost';
    if (this.state === 'lost')
      set_text(
          by_id('alert'),
          'The server has not been heard for ' +
              `${
                  age_in_words(
                      this.now() - this.#lost_at)}. Prices are those of before; they grow old ` +
              'and are struck out when they can no longer be relied on. Trying again.');
  }
}
