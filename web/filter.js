// Which matches a list shows, and in which order. Pure.

/** @import { Match } from './state.js' */
import {folded, is_offered} from './state.js';

/**
 * @typedef {{ text: string, sport: string, competition: string, bookmaker: string, time: string }}
 *   Filter "" = any; time: 'live', 'upcoming', '1h', '3h', '24h'
 * @typedef {{ by: string, down: boolean }} Order by: 'start', 'match', 'competition', 'age',
 *   'margin', 'books'
 */

/** @type {Filter} */
export const kEverything = {
  text: '',
  sport: '',
  competition: '',
  bookmaker: '',
  time: ''
};

/** @param {Match} match @param {string} time @param {number} now */
function is_in_time(match, time, now) {
  if (time === 'live') return match.live;
  if (time === 'upcoming') return !match.live;
  const hours = Number(/^(\d+)h$/.exec(time)?.[1] ?? 0);
  if (!hours) return true;
  return !match.live && match.start !== null && match.start - now <= hours * 3_600_000;
}

/** @param {Filter} filter @param {number} now @returns {(match: Match) => boolean} */
export function matcher(filter, now) {
  const texts = folded(filter.text).split(/\s+/).filter(Boolean);
  return (match) => is_offered(match) && (!filter.sport || match.sport === filter.sport) &&
      (!filter.competition || match.competition === filter.competition) &&
      (!filter.bookmaker || match.listings.some((one) => one.bookmaker === filter.bookmaker)) &&
      is_in_time(match, filter.time, now) && texts.every((text) => match.search.includes(text));
}

const kCollator = new Intl.Collator('en');

/** @param {Match} a @param {Match} b */
function by_start(a, b) {
  if (a.live !== b.live) return a.live ? -1 : 1;
  return (a.start ?? Infinity) - (b.start ?? Infinity) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * What is not known comes last, whichever way the order runs.
 * @param {Order} order @param {(match: Match) => number | null} value for orders by a number
 * @returns {(a: Match, b: Match) => number}
 */
export function comparer(order, value) {
  const sign = order.down ? -1 : 1;
  if (order.by === 'start')
    return (a, b) => a.live === b.live && (a.start === null) === (b.start === null) ?
        sign * by_start(a, b) :
        by_start(a, b);
  if (order.by === 'match')
    return (a, b) => sign * kCollator.compare(a.home, b.home) || by_start(a, b);
  if (order.by === 'competition')
    return (a, b) => sign * kCollator.compare(a.competition, b.competition) || by_start(a, b);
  const known = new Map();
  const of = (/** @type {Match} */ match) => {
    if (!known.has(match.id)) known.set(match.id, value(match));
    return known.get(match.id);
  };
  return (a, b) => {
    const [one, other] = [of(a), of(b)];
    if (one === null || other === null)
      return one === other ? by_start(a, b) : one === null ? 1 : -1;
    return sign * (one - other) || by_start(a, b);
  };
}

/**
 * Values to choose from, with how many matches have each, as the other parts of the filter leave
 * them.
 * @param {Iterable<Match>} matches @param {Filter} filter @param {number} now
 */
export function choices(matches, filter, now) {
  const out = {sport: new Map(), competition: new Map(), bookmaker: new Map()};
  const add = (/** @type {Map<string, number>} */ to, /** @type {string} */ name) =>
      name && to.set(name, (to.get(name) ?? 0) + 1);
  const without = {
    sport: matcher({...filter, sport: '', competition: ''}, now),
    competition: matcher({...filter, competition: ''}, now),
    bookmaker: matcher({...filter, bookmaker: ''}, now),
  };
  for (const match of matches) {
    if (without.sport(match)) add(out.sport, match.sport);
    if (without.competition(match)) add(out.competition, match.competition);
    if (without.bookmaker(match))
      for (const name of new Set(match.listings.map((one) => one.bookmaker)))
        add(out.bookmaker, name);
  }
  return out;
}
