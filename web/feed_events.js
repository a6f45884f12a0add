// The server's feed (docs/feed.md) in the words of state.js. Pure.

/** @import { FeedEvent, Market, Names, Outcome, Place } from './state.js' */

import {market_key} from './state.js';

/** @param {number | null | undefined} price 2.06 @returns {number | null} 2060 */
function thousandths(price) {
  return typeof price === 'number' ? Math.round(price * 1000) : null;
}

/** @param {any} told @returns {Place} */
function place_of(told) {
  return {
    match_id: told.match_id,
    bookmaker: told.bookmaker,
    source: told.source,
    event_id: told.event_id
  };
}

/** A line as the model writes it: shortest. @param {any} told */
function line_of(told) {
  return told.line === null || told.line === undefined ? null : String(told.line);
}

/** @param {any} told @returns {Names} */
function names_of(told) {
  return {
    home: told.home_team ?? '',
    away: told.away_team ?? '',
    competition: told.competition ?? '',
    sport: told.sport_key ?? '',
    start: told.commence_time ? Date.parse(told.commence_time) : null,
  };
}

/** @param {any} told @returns {Outcome} */
function outcome_of(told) {
  return {
    key: told.key,
    price: thousandths(told.price ?? told.last_price),
    usable: typeof told.price === 'number',
    status: told.status,
    move: 0,
    moved_at: 0,
  };
}

/** @param {any} told @returns {Market} */
function market_of(told) {
  return {
    bet_type: told.bet_type,
    segment: told.segment,
    line: line_of(told),
    status: told.status,
    stale: told.stale === true,
    offered: true,
    outcomes: told.outcomes.map(outcome_of),
    observed_at: Date.parse(told.observed_at),
    changed_at: Date.parse(told.changed_at),
    limit: told.fresh_for_ms,
  };
}

/** @param {any} told @returns {FeedEvent} */
function market_event(told) {
  if (told.full === false) return {kind: 'changed', place: place_of(told), market: market_of(told)};
  return {kind: 'market', place: place_of(told), names: names_of(told), market: market_of(told)};
}

/** @param {any} told @returns {FeedEvent} */
function ages_event(told) {
  const at = Date.parse(told.at);
  return {
    kind: 'ages',
    sources: told.sources.filter((/** @type {any} */ one) => one.oldest_age_ms !== null)
                 .map((/** @type {any} */ one) => ({
                        bookmaker: one.bookmaker,
                        source: one.source,
                        oldest: at - one.oldest_age_ms
                      })),
  };
}

/**
 * @param {string} name of the event @param {any} told its data
 * @returns {FeedEvent[]} none: nothing that the page shows
 */
export function feed_events(name, told) {
  switch (name) {
    case 'odds':
    case 'suspended':
      return [market_event(told)];
    case 'snapshot':
      return told.markets.map(market_event);
    case 'stale':
    case 'removed': {
      const key = market_key({...told, line: line_of(told)});
      return [
        name === 'stale' ?
            {kind: 'stale', place: place_of(told), key, observed_at: Date.parse(told.observed_at)} :
            {kind: 'removed', place: place_of(told), key, expired: told.reason === 'expired'}
      ];
    }
    case 'heartbeat':
      return [ages_event(told)];
    case 'resumed':
      return [{
        kind: 'listed',
        first: told.first,
        last: told.last,
        places: told.events.map(
            (/** @type {any} */[bookmaker, source, event_id, match_id]) =>
                ({bookmaker, source, event_id, match_id})),
      }];
    case 'matched':
      return [{kind: 'matched', place: place_of(told)}];
    case 'reset':
      return [{kind: 'reset'}];
    case 'snapshot-complete':
      return [{kind: 'complete'}];
    default:
      return [];
  }
}
