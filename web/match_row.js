// A row of the list of matches: kick-off, teams, the best price per outcome, margin, age.

import {element, set_attribute, set_text, unseen} from './dom.js';
import {age, age_in_words, kick_off, percent} from './format.js';
import {best, main_market, margin, oldest} from './market.js';
import {make_price_cell, show_price} from './price_cell.js';

/** @import { Judge, Quote } from './market.js' */
/** @import { Match } from './state.js' */

/**
 * @typedef {{ bet_type: string, outcomes: string[], bookmaker: string,
 *   judge: Judge, titles: Map<string, string> }} RowView what every row is shown by
 */

/** Prices of a match for the list. @param {Match} match @param {RowView} view */
export function row_quotes(match, view) {
  const key = main_market(match, view.bet_type, view.bookmaker);
  const quotes = view.outcomes.map(
      (outcome) => key === null ? null : best(match, key, outcome, view.judge, view.bookmaker));
  return {key, quotes, margin: margin(quotes), oldest: oldest(quotes)};
}

/** @param {number} outcomes how many price cells it has */
export function make_match_row(outcomes) {
  const row = element(
      'div.match-row', {role: 'row'},
      element('div.start', {role: 'gridcell'}, element('span.live-mark'), element('span')),
      element(
          'div.names', {role: 'rowheader'}, element('span.home'), unseen(' against '),
          element('span.away')),
      element('div.competition', {role: 'gridcell'}));
  for (let i = 0; i < outcomes; i += 1)
    row.append(make_price_cell(element('div.odds', {role: 'gridcell'})));
  row.append(
      element('div.line', {role: 'gridcell'}), element('div.margin', {role: 'gridcell'}),
      element('div.books', {role: 'gridcell'}),
      element('div.age', {role: 'gridcell'}, element('span', {'aria-hidden': 'true'}), unseen('')));
  return row;
}

/** @param {Match} match */
export function match_name(match) {
  if (match.home || match.away) return `${match.home || '?'} – ${match.away || '?'}`;
  return `Event ${match.listings[0]?.event_id ?? match.id}`;
}

/** @param {HTMLElement} row @param {Match} match @param {RowView} view */
export function fill_match_row(row, match, view) {
  const cells = /** @type {HTMLElement[]} */ ([...row.children]);
  const [start, names, competition] = cells;
  const [line, margin_cell, books, age_cell] = cells.slice(-4);
  const prices = cells.slice(3, -4);
  const {key, quotes, margin: kept, oldest: seen} = row_quotes(match, view);

  set_attribute(row, 'data-live', match.live ? '' : null);
  set_text(start.children[0], match.live ? 'Live' : '');
  set_text(start.children[1], match.start === null ? '' : kick_off(match.start, view.judge.now));
  const known = match.home || match.away;
  set_text(names.children[0], known ? match.home || '?' : match_name(match));
  set_text(names.children[1], known ? ' against ' : '');
  set_text(names.children[2], known ? match.away || '?' : '');
  set_attribute(names, 'title', match_name(match));
  set_text(competition, match.competition);
  set_attribute(competition, 'title', match.competition || null);
  prices.forEach((cell, i) => {
    const quote = quotes[i] ?? null;
    set_attribute(cell, 'data-outcome', view.outcomes[i]);
    show_price(cell, quote, view.judge.now, {by: by_text(quote, view)});
  });
  set_text(line, key?.split('|')[2] ?? '');
  set_text(margin_cell, percent(kept));
  set_text(books, String(new Set(match.listings.map((one) => one.bookmaker)).size));
  show_age(age_cell, seen, view.judge.now);
}

/** @param {Quote | null} quote @param {RowView} view */
function by_text(quote, view) {
  if (!quote || view.bookmaker || view.titles.size < 2) return '';
  const title = view.titles.get(quote.listing.bookmaker) ?? quote.listing.bookmaker;
  return quote.shared > 1 ? `${title} +${quote.shared - 1}` : title;
}

/** @param {HTMLElement} cell @param {number | null} seen @param {number} now */
export function show_age(cell, seen, now) {
  set_text(cell.children[0], seen === null ? '' : age(now - seen));
  set_text(cell.children[1], seen === null ? 'not seen' : `seen ${age_in_words(now - seen)} ago`);
}
