// One match: what it is, the price history of one of its markets, every bookmaker's markets, and
// its listings.

import {element, set_text} from './dom.js';
import {kick_off, words} from './format.js';
import {MarketTable} from './market_table.js';
import {MatchLinks} from './match_links.js';
import {match_name} from './match_row.js';
import {PriceHistory} from './price_history.js';

/** @import { Judge } from './market.js' */
/** @import { Market, Match, State } from './state.js' */

/**
 * What a match is shown by. `titles`: of bookmakers; `bet_types`: in the order they are shown.
 * @typedef {{ judge: () => Judge, titles: Map<string, string>, bet_types: string[] }} Surroundings
 */

const compare = (/** @type {string} */ a, /** @type {string} */ b) => a < b ? -1 : a > b ? 1 : 0;

/** By bet type, full time first, then by line. @param {string[]} bet_types */
function market_order(bet_types) {
  const place = (/** @type {Market} */ market) => {
    const at = bet_types.indexOf(market.bet_type);
    return at < 0 ? bet_types.length : at;
  };
  const later = (/** @type {Market} */ market) => market.segment === 'full_time' ? 0 : 1;
  return (/** @type {[string, Market]} */[, a], /** @type {[string, Market]} */[, b]) =>
             place(a) - place(b) || compare(a.bet_type, b.bet_type) || later(a) - later(b) ||
      compare(a.segment, b.segment) || Number(a.line) - Number(b.line);
}

export class MatchView {
  /**
   * @param {HTMLElement} root @param {State} state @param {() => Surroundings} around
   * @param {() => void} close
   */
  constructor(root, state, around, close) {
    this.root = root;
    this.state = state;
    this.around = around;
    this.id = '';
    this.shape = '';
    /** @type {MarketTable[]} */ this.tables = [];
    this.title = element('h2', {id: 'match-title', tabindex: -1});
    this.about = element('p.about');
    this.history = new PriceHistory(state, around);
    this.links = new MatchLinks(() => around().judge().now);
    this.markets = element('div.markets');
    root.append(
        element(
            'header.detail-head', null, element('div', null, this.title, this.about),
            element(
                'button.quiet.close', {type: 'button', onclick: close},
                element('span', {'aria-hidden': 'true'}, '×'),
                element('span.sr', null, 'Close the match'))),
        this.history.root, this.markets, this.links.root);
  }

  /** @param {string} id */
  open(id) {
    if (id === this.id) return;
    this.close();
    this.id = id;
    this.links.root.replaceChildren();
    this.refresh(true);
    this.title.focus({preventScroll: true});
    this.root.scrollTop = 0;
  }

  close() {
    this.history.close();
    this.links.close();
    this.id = '';
    this.shape = '';
    this.tables = [];
  }

  /** @param {boolean} changed whether the match changed, or time alone went on */
  refresh(changed) {
    if (!this.id) return;
    const match = this.state.matches.get(this.id);
    if (!match) return this.#gone();
    const judge = this.around().judge();
    this.#show_head(match, judge.now);
    this.#make_tables(match);
    this.links.follow(match);
    for (const table of this.tables) table.fill(match, judge, table.key === this.history.key);
    if (changed)
      this.history.follow(match);
    else
      this.history.tick();
  }

  /** For another theme. */
  repaint() {
    this.history.chart.repaint();
  }

  /** The server is back. */
  reconnected() {
    if (!this.id) return;
    this.history.read_again();
    this.links.close();
    this.refresh(false);
  }

  #gone() {
    const {complete} = this.state;
    set_text(this.title, complete ? 'This match is not listed any more' : 'Waiting for the match');
    set_text(this.about, complete ? 'No bookmaker offers it now.' : '');
    this.shape = '';
    this.tables = [];
    this.markets.replaceChildren();
  }

  #show_head(/** @type {Match} */ match, /** @type {number} */ now) {
    set_text(this.title, match_name(match));
    const start = match.start === null ?
        'Kick-off not known' :
        `${match.live ? 'Live, kick-off' : 'Kick-off'} ${kick_off(match.start, now)}`;
    const about = [start, match.competition, match.sport && words(match.sport)];
    set_text(this.about, about.filter(Boolean).join(' · '));
  }

  /** One of the bookmakers' for each market there is. @param {Match} match */
  #market_list(match) {
    /** @type {Map<string, Market>} */ const out = new Map();
    for (const listing of match.listings)
      for (const [key, market] of listing.markets)
        if (!out.get(key)?.offered) out.set(key, market);
    return [...out].sort(market_order(this.around().bet_types));
  }

  // Made anew only where bookmakers, markets or outcomes come and go: elements that stay can flash.
  #make_tables(/** @type {Match} */ match) {
    const {titles} = this.around();
    const markets = this.#market_list(match);
    const offering = (/** @type {string} */ key) =>
        match.listings.filter((one) => one.markets.has(key));
    const shape = JSON.stringify(markets.map(
        ([key, market]) =>
            [key, market.outcomes.map((one) => one.key),
             offering(key).map(
                 (one) => [one.bookmaker, titles.get(one.bookmaker), one.source, one.event_id])]));
    if (shape === this.shape) return;
    this.shape = shape;
    this.tables = markets.map(
        ([key, market]) => new MarketTable(
            key, market, offering(key), (name) => titles.get(name) ?? name,
            () => this.#choose(key)));
    this.markets.replaceChildren(...this.tables.map((table) => table.root));
    if (this.tables.some((table) => table.key === this.history.key)) return;
    this.history.open(this.id, this.tables[0]?.key ?? '');
  }

  #choose(/** @type {string} */ key) {
    this.history.open(this.id, key);
    this.refresh(false);
  }
}
