// A market's price history as lines of a chart and rows of a table. Pure.

/** @import { Market } from './state.js' */
import {price_text} from './format.js';

/**
 * @typedef {{ at: number, prices: Record<string, number | null> }} Point prices in thousandths by
 *   outcome; null: from then on there was none that one could bet at
 * @typedef {{ bookmaker: string, source: string, event_id: string, points: Point[],
 *   whole: boolean }} Track `whole` false: the log no longer reaches back to the beginning
 */

/** @param {any} answer what /dashboard/history said @returns {Track[]} */
export function read_history(answer) {
  return answer.listings.map(
      (/** @type {any} */ listing) => ({
        bookmaker: listing.bookmaker,
        source: listing.source,
        event_id: listing.event_id,
        whole: listing.whole,
        points: listing.points.map(
            (/** @type {any} */ point) => ({
              at: Date.parse(point.at),
              prices: Object.fromEntries(
                  Object.entries(point.outcomes)
                      .map(([
                             key, outcome
                           ]) => [key, outcome.usable ? Math.round(outcome.price * 1000) : null])),
            })),
      }));
}

/** @param {Market} market @returns {Point} */
export function point_of(market) {
  return {
    at: market.changed_at,
    prices: Object.fromEntries(market.outcomes.map(
        (outcome) => [outcome.key, market.offered && outcome.usable ? outcome.price : null])),
  };
}

/** Follows what happens after the history was read. @param {Track} track @param {Market} market */
export function follow(track, market) {
  const last = track.points.at(-1);
  if (last && market.changed_at <= last.at) return false;
  track.points.push(point_of(market));
  return true;
}

/**
 * Lines over a common time axis: at every time where one changes, what each of them was. The last
 * row is now, so that lines reach the edge.
 * @param {{ name: string, track: Track, outcome: string }[]} lines
 * @param {number} now
 * @returns {(number | null)[][]} rows of [time, price per line], by time; prices as decimals
 */
export function chart_rows(lines, now) {
  const times = [...new Set(lines.flatMap((line) => line.track.points.map((point) => point.at)))];
  times.sort((a, b) => a - b);
  if (times.length && times[times.length - 1] < now) times.push(now);
  const next = lines.map(() => 0);
  const value = lines.map(() => /** @type {number | null} */ (null));
  return times.map((time) => {
    lines.forEach((line, i) => {
      const {points} = line.track;
      for (; next[i] < points.length && points[next[i]].at <= time; next[i] += 1)
        value[i] = points[next[i]].prices[line.outcome] ?? null;
    });
    return [time, ...value.map((price) => price === null ? null : price / 1000)];
  });
}

/**
 * What a line did, in words. @param {string} name @param {Track} track @param {string} outcome
 */
export function line_in_words(name, track, outcome) {
  const prices = track.points.map((point) => point.prices[outcome] ?? null);
  const held = prices.filter((price) => price !== null);
  if (!held.length) return `${name}: no price`;
  const [first, last] = [held[0], held[held.length - 1]];
  const range = `between ${price_text(Math.min(...held))} and ${price_text(Math.max(...held))}`;
  const end = prices.at(-1) === null ? 'no price now' : `now ${price_text(last)}`;
  return held.length === 1 && end.startsWith('now') ?
      `${name}: ${price_text(first)}` :
      `${name}: from ${price_text(first)}, ${range}, ${end}`;
}
