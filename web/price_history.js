// The price history of one market of the open match: a chart, a choice of lines, the same as a
// table. Read once from the server, then followed as prices move.

import {element, set_text} from './dom.js';
import {clock_with_seconds} from './format.js';
import {chart_rows, follow, line_in_words, read_history} from './history.js';
import {market_name} from './market_table.js';
import {PriceChart} from './price_chart.js';
import {look_up} from './server.js';

/** @import { Track } from './history.js' */
/** @import { Surroundings } from './match_view.js' */
/** @import { Market, Match, State } from './state.js' */

const kMostLines = 6;
const kMostTableRows = 50;
const kDrawEvery = 5_000;  // milliseconds; while nothing changes

export class PriceHistory {
  /** @param {State} state @param {() => Surroundings} around */
  constructor(state, around) {
    this.state = state;
    this.around = around;
    this.id = '';
    this.key = '';
    this.drawn_at = 0;
    /** @type {Track[]} */ this.tracks = [];
    this.asked = new AbortController();
    this.chart = new PriceChart();
    this.title = element('h3', {id: 'chart-title'});
    this.choice =
        element('select', {'aria-label': 'Prices in the chart', onchange: () => this.#draw()});
    this.note = element('p.note', {role: 'status'});
    this.table_head = element('tr');
    this.table_rows = element('tbody');
    this.root = element(
        'section.history', {'aria-labelledby': 'chart-title'},
        element('div.market-head', null, this.title, this.choice), this.chart.root, this.note,
        element(
            'details', null, element('summary', null, 'The same as a table'),
            element('table', null, element('thead', null, this.table_head), this.table_rows)));
  }

  /** @param {string} id of a match @param {string} key of its market; "" = none */
  open(id, key) {
    this.close();
    this.id = id;
    this.key = key;
    const market = this.#market();
    set_text(this.title, market ? `Price history: ${market_name(market)}` : 'Price history');
    this.#draw();
    set_text(this.note, market ? 'Reading the history' : '');
    if (market) this.#read(market);
  }

  close() {
    this.asked.abort();
    this.asked = new AbortController();
    this.id = this.key = '';
    this.tracks = [];
    this.choice.replaceChildren();
    this.choice.hidden = true;
  }

  /** What happened while the server was gone is in its log. */
  read_again() {
    const market = this.#market();
    if (market) this.#read(market);
  }

  /** The match has changed. @param {Match} match */
  follow(match) {
    let more = false;
    for (const track of this.tracks) {
      const listing = match.listings.find(
          (one) => one.bookmaker === track.bookmaker && one.source === track.source &&
              one.event_id === track.event_id);
      const market = listing?.markets.get(this.key);
      if (market && follow(track, market)) more = true;
    }
    if (more) this.#draw();
  }

  /** Lines reach up to now. */
  tick() {
    if (this.tracks.length && this.around().judge().now - this.drawn_at > kDrawEvery) this.#draw();
  }

  #market() {
    const match = this.state.matches.get(this.id);
    return match?.listings.find((one) => one.markets.has(this.key))?.markets.get(this.key);
  }

  async #read(/** @type {Market} */ market) {
    const {signal} = this.asked;
    const query =
        new URLSearchParams({match: this.id, bet_type: market.bet_type, segment: market.segment});
    if (market.line !== null) query.set('line', market.line);
    try {
      const answer = await look_up(`/dashboard/history?${query}`, signal);
      this.tracks = read_history(answer);
      this.#offer_choices(market);
      const match = this.state.matches.get(this.id);
      if (match) this.follow(match);
      this.#draw();
    } catch (/** @type {any} */ error) {
      if (!signal.aborted) set_text(this.note, `The history could not be read: ${error.message}`);
    }
  }

  #name(/** @type {Track} */ track) {
    const title = this.around().titles.get(track.bookmaker) ?? track.bookmaker;
    return `${title}, ${track.source}`;
  }

  #offer_choices(/** @type {Market} */ market) {
    const before = this.choice.value;
    const options = this.tracks.length < 2 ?
        [] :
        market.outcomes.map(
            ({key}) => element('option', {value: `outcome ${key}`}, `${key}: all bookmakers`));
    options.push(...this.tracks.map(
        (track, i) => element('option', {value: `track ${i}`}, this.#name(track))));
    this.choice.replaceChildren(...options);
    if (options.some((option) => option.value === before)) this.choice.value = before;
    this.choice.hidden = options.length < 2;
  }

  #lines() {
    const [kind, ...rest] = this.choice.value.split(' ');
    const which = rest.join(' ');
    if (kind === 'outcome')
      return this.tracks.slice(0, kMostLines)
          .map((track) => ({name: this.#name(track), track, outcome: which}));
    const track = this.tracks[Number(which)];
    const outcomes = track ? this.#market()?.outcomes ?? [] : [];
    return outcomes.slice(0, kMostLines).map(({key}) => ({name: key, track, outcome: key}));
  }

  #draw() {
    const lines = this.#lines();
    this.drawn_at = this.around().judge().now;
    const rows = chart_rows(lines, this.drawn_at);
    const is_known = rows.some((row) => row.slice(1).some((price) => price !== null));
    this.chart.root.hidden = !is_known;
    if (is_known)
      this.chart.show(
          lines.map((line) => line.name), rows,
          lines.map((line) => line_in_words(line.name, line.track, line.outcome)).join('. '));
    set_text(this.note, this.#note(lines, is_known));
    this.#draw_table(lines.map((line) => line.name), rows);
  }

  #note(/** @type {{ track: Track }[]} */ lines, /** @type {boolean} */ is_known) {
    if (!lines.length) return this.tracks.length ? '' : this.note.textContent;
    if (!is_known) return 'Nothing to draw: the log holds no price that one could bet at.';
    return lines.every((line) => line.track.whole) ?
        '' :
        'Earlier prices may no longer be in the change log.';
  }

  #draw_table(/** @type {string[]} */ names, /** @type {(number | null)[][]} */ rows) {
    const head = [
      element('th', {scope: 'col'}, 'From'),
      ...names.map((name) => element('th', {scope: 'col'}, name))
    ];
    this.table_head.replaceChildren(...head);
    // The last row is now, and says what the one before says.
    const newest = rows.slice(0, -1).reverse().slice(0, kMostTableRows);
    this.table_rows.replaceChildren(...newest.map(
        ([time, ...prices]) => element(
            'tr', null,
            element('th', {scope: 'row'}, clock_with_seconds(/** @type {number} */ (time))),
            ...prices.map(
                (price) => element('td', null, price === null ? '–' : price.toFixed(2))))));
  }
}
