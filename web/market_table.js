// One market of a match: bookmakers by outcomes, the best price of each outcome marked, margins and
// ages. Made once per set of bookmakers and filled again as prices move.

import {element, set_attribute, set_text, unseen} from './dom.js';
import {percent, words} from './format.js';
import {best, margin, oldest, quote_of} from './market.js';
import {show_age} from './match_row.js';
import {make_price_cell, show_price} from './price_cell.js';

/** @import { Judge, Quote } from './market.js' */
/** @import { Listing, Market, Match } from './state.js' */

/** @param {Market} market */
export function market_name(market) {
  const part = market.segment === 'full_time' ? '' : `, ${words(market.segment).toLowerCase()}`;
  return `${words(market.bet_type)}${market.line === null ? '' : ` ${market.line}`}${part}`;
}

export class MarketTable {
  /**
   * @param {string} key as market_key() @param {Market} market any of the bookmakers'
   * @param {Listing[]} listings who offer it @param {(name: string) => string} title
   * @param {() => void} chart
   */
  constructor(key, market, listings, title, chart) {
    this.key = key;
    this.outcomes = market.outcomes.map((outcome) => outcome.key);
    this.listings = listings.map(
        (one) => ({bookmaker: one.bookmaker, source: one.source, event_id: one.event_id}));
    const several = (/** @type {Listing} */ one) =>
        listings.filter((other) => other.bookmaker === one.bookmaker).length > 1;
    this.rows = listings.map(
        (one) => this.#row(
            several(one) ? `${title(one.bookmaker)}, ${one.source}` : title(one.bookmaker)));
    this.best_row = listings.length > 1 ? this.#row('Best') : null;
    this.button = element(
        'button.quiet', {type: 'button', onclick: chart, 'aria-pressed': 'false'}, 'Chart',
        unseen(` of ${market_name(market)}`));
    this.root = element(
        'section.market', null,
        element('div.market-head', null, element('h3', null, market_name(market)), this.button),
        element(
            'table', null,
            element(
                'thead', null,
                element(
                    'tr', null, element('th', {scope: 'col'}, 'Bookmaker'),
                    ...this.outcomes.map((name) => element('th', {scope: 'col'}, name)),
                    element('th', {scope: 'col'}, 'Margin'), element('th', {scope: 'col'}, 'Age'))),
            element('tbody', null, ...this.rows, this.best_row)));
  }

  #row(/** @type {string} */ name) {
    return element(
        name === 'Best' ? 'tr.best-row' : 'tr', null, element('th', {scope: 'row'}, name),
        ...this.outcomes.map(() => make_price_cell(element('td'))), element('td.margin'),
        element('td.age', null, element('span', {'aria-hidden': 'true'}), unseen('')));
  }

  /** @param {Match} match @param {Judge} judge @param {boolean} charted */
  fill(match, judge, charted) {
    set_attribute(this.button, 'aria-pressed', String(charted));
    const quotes = this.outcomes.map((outcome) => best(match, this.key, outcome, judge));
    this.listings.forEach((where, i) => {
      const listing = match.listings.find(
          (one) => one.bookmaker === where.bookmaker && one.source === where.source &&
              one.event_id === where.event_id);
      const market = listing?.markets.get(this.key);
      if (listing && market)
        this.#fill_row(
            this.rows[i], this.outcomes.map((key) => quote_of(listing, market, key, judge)), quotes,
            judge.now);
    });
    if (this.best_row) this.#fill_row(this.best_row, quotes, [], judge.now);
  }

  #fill_row(
      /** @type {HTMLElement} */ row, /** @type {(Quote | null)[]} */ quotes,
      /** @type {(Quote | null)[]} */ bests, /** @type {number} */ now) {
    quotes.forEach((quote, i) => {
      const is_best = this.best_row !== null && quote?.standing === 'open' &&
          quote.outcome.price === bests[i]?.outcome.price;
      show_price(/** @type {HTMLElement} */ (row.children[i + 1]), quote, now, {best: is_best});
    });
    const [margin_cell, age_cell] = [...row.children].slice(-2);
    set_text(margin_cell, percent(margin(quotes)));
    show_age(/** @type {HTMLElement} */ (age_cell), oldest(quotes), now);
  }
}
