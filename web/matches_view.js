// The list of matches: columns, order, filter, and which rows are drawn again when something
// changes.

import {element, set_attribute, set_text} from './dom.js';
import {comparer, matcher} from './filter.js';
import {whole} from './format.js';
import {main_market} from './market.js';
import {fill_match_row, make_match_row, row_quotes} from './match_row.js';
import {VirtualGrid} from './virtual_grid.js';


/** @import { Filter, Order } from './filter.js' */
/** @import { Judge } from './market.js' */
/** @import { RowView } from './match_row.js' */
/** @import { State } from './state.js' */

const kColumns = [
  {by: 'start', name: 'Kick-off', css: 'start'},
  {by: 'match', name: 'Match', css: 'names'},
  {by: 'competition', name: 'Competition', css: 'competition'},
];
const kLastColumns = [
  {by: '', name: 'Line', css: 'line'},
  {by: 'margin', name: 'Margin', css: 'margin'},
  {by: 'books', name: 'Books', css: 'books'},
  {by: 'age', name: 'Age', css: 'age'},
];

export class MatchesView {
  /**
   * @param {HTMLElement} root @param {State} state
   * @param {{ open: (id: string) => void, order: (order: Order) => void }} wishes
   */
  constructor(root, state, wishes) {
    this.root = root;
    this.state = state;
    this.wishes = wishes;
    /** @type {any} */ this.view = null;
    /** @type {Order} */ this.order = {by: 'start', down: false};
    this.head = element('div.head', {role: 'rowgroup'});
    this.outcomes = -1;
    this.grid = new VirtualGrid(root, this.head, {
      make: () => make_match_row(this.view.outcomes.length),
      fill: (row, id) => this.#fill(row, id),
      open: wishes.open,
    });
  }

  /** @param {Filter} filter @param {Order} order @param {RowView} view */
  show(filter, order, view) {
    this.view = view;
    this.order = order;
    const columns = view.outcomes.join('|');
    if (columns !== this.columns) this.#make_columns(columns);
    this.#mark_order();
    const matches = [...this.state.matches.values()].filter(matcher(filter, view.judge.now));
    matches.sort(comparer(order, (match) => {
      const {margin, oldest} = row_quotes(match, view);
      if (order.by === 'margin') return margin;
      if (order.by === 'books') return new Set(match.listings.map((one) => one.bookmaker)).size;
      return oldest === null ? null : view.judge.now - oldest;
    }));
    const lines = matches.some((match) => main_market(match, view.bet_type)?.split('|')[2]);
    set_attribute(this.root, 'data-lines', lines ? '' : null);
    this.grid.show(matches.map((match) => match.id));
    return matches.length;
  }

  /** Draws again what is in sight. @param {Judge} judge @param {Iterable<string>} [ids] */
  refresh(judge, ids) {
    this.view = {...this.view, judge};
    this.grid.refresh(ids);
  }

  #fill(/** @type {HTMLElement} */ row, /** @type {string} */ id) {
    const match = this.state.matches.get(id);
    if (match) fill_match_row(row, match, this.view);
  }

  // Rows have a cell per outcome, so another bet type means other rows.
  #make_columns(/** @type {string} */ columns) {
    this.columns = columns;
    this.grid.forget_rows();
    // Before anything is known; no layout repeats a column zero times.
    this.root.style.setProperty('--outcomes', String(Math.max(1, this.view.outcomes.length)));
    const header = (/** @type {{ by: string, name: string, css: string }} */ column) => element(
        `div.${column.css}`, {role: 'columnheader', 'data-by': column.by || null},
        column.by ? element(
                        'button', {type: 'button', onclick: () => this.#order_by(column.by)},
                        element('span', null, column.name),
                        element('span.arrow', {'aria-hidden': 'true'})) :
                    column.name);
    const all = [
      ...kColumns,
      ...this.view.outcomes.map((/** @type {string} */ name) => ({by: '', name, css: 'odds'})),
      ...kLastColumns
    ];
    this.head.replaceChildren(
        element('div.match-row', {role: 'row', 'aria-rowindex': 1}, ...all.map(header)));
  }

  #mark_order() {
    for (const cell of this.head.querySelectorAll('[data-by]')) {
      const mine = cell.getAttribute('data-by') === this.order.by;
      set_attribute(cell, 'aria-sort', mine ? this.order.down ? 'descending' : 'ascending' : null);
      set_text(
          /** @type {Element} */ (cell.querySelector('.arrow')),
          mine ? this.order.down ? '↓' : '↑' : '');
    }
  }

  #order_by(/** @type {string} */ by) {
    this.wishes.order({by, down: this.order.by === by && !this.order.down});
  }
}

/** @param {number} shown @param {State} state */
export function count_text(shown, state) {
  const all = state.matches.size;
  let live = 0;
  for (const match of state.matches.values())
    if (match.live) live += 1;
  const of_all =
      shown === all ? `${whole(all)} matches` : `${whole(shown)} of ${whole(all)} matches`;
  return `${of_all}, ${whole(live)} live`;
}
