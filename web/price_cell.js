// One price as it is drawn everywhere: the number, an arrow where it has just moved, struck out
// where one could not bet at it, and the same in words.

import {element, set_attribute, set_text} from './dom.js';
import {price_text} from './format.js';

/** @import { Quote } from './market.js' */

const kArrowFor = 10_000;  // milliseconds a move stays marked
const kFlash = 1_400;

const kWhy = {
  open: '',
  suspended: 'suspended',
  stale: 'too old to rely on',
  none: 'no price',
  closed: 'closed',
};

/** Fills of a cell's parts. @param {HTMLElement} cell */
export function make_price_cell(cell) {
  cell.classList.add('price-cell');
  cell.append(
      element('span.move', {'aria-hidden': 'true'}), element('span.price'), element('span.by'),
      element('span.sr'));
  return cell;
}

/** @param {Quote | null} quote */
function shown_price(quote) {
  return !quote || quote.standing === 'closed' ? '–' : price_text(quote.outcome.price || null);
}

/** @param {HTMLElement} cell @param {1 | -1} move */
function flash(cell, move) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const colour = getComputedStyle(cell).getPropertyValue(move > 0 ? '--flash-up' : '--flash-down');
  cell.animate(
      [{backgroundColor: colour}, {backgroundColor: 'transparent'}],
      {duration: kFlash, easing: 'ease-out'});
}

/**
 * @param {HTMLElement} cell as make_price_cell() left it
 * @param {Quote | null} quote
 * @param {number} now
 * @param {{ by?: string, best?: boolean }} [more] whose price it is, where that is to be said
 */
export function show_price(cell, quote, now, more = {}) {
  const [arrow, price, by, words] = /** @type {any} */ (cell.children);
  const outcome = quote?.outcome;
  const holds = quote?.standing === 'open';
  const moved = holds && outcome && outcome.move !== 0 && now - outcome.moved_at < kArrowFor;
  const move = moved ? outcome.move : 0;
  set_attribute(cell, 'data-move', move > 0 ? 'up' : move < 0 ? 'down' : null);
  set_attribute(cell, 'data-standing', quote?.standing ?? 'none');
  set_attribute(cell, 'data-best', more.best ? '' : null);
  set_text(arrow, move > 0 ? '▲' : move < 0 ? '▼' : '');
  const text = shown_price(quote);
  set_text(price, text);
  set_text(by, holds ? more.by ?? '' : '');
  const why = text === '–' && (!quote || quote.standing === 'open') ?
      'no price' :
      kWhy[quote?.standing ?? 'none'];
  const said = [
    why,
    move > 0     ? 'up' :
        move < 0 ? 'down' :
                   '',
    more.best ? 'best' : ''
  ].filter(Boolean).join(', ');
  set_text(words, said && ` ${said}`);
  set_attribute(cell, 'title', why || null);
  // The same cell may show another match or another bookmaker by now: that is no move.
  const what = outcome ? `${quote.listing.event_id} ${outcome.key}` : '';
  const stamp = String(move ? outcome?.moved_at : 0);
  const same = cell.dataset.what === what;
  if (same && move && cell.dataset.moved !== stamp) flash(cell, move);
  cell.dataset.what = what;
  if (move || !same) cell.dataset.moved = stamp;
}
