// What the feed says of a market, as docs/feed.md has it; tests change what they are about.

/** @param {any} [more] */
export function told_market(more = {}) {
  return {
    match_id: 'a'.repeat(32),
    bookmaker: 'bookiedelta',
    source: 'live',
    event_id: '4410027',
    market: 'h2h',
    bet_type: 'three_way',
    segment: 'full_time',
    line: null,
    sport_key: 'soccer',
    commence_time: '2026-08-09T19:30:00.000Z',
    home_team: 'Bodø Vale',
    away_team: 'Łuk Rostown',
    competition: 'Northern League',
    status: 'open',
    stale: false,
    outcomes: [told_outcome('1', 2.06), told_outcome('X', 3.4), told_outcome('2', 3.7)],
    observed_at: '2026-08-09T19:41:03.118Z',
    changed_at: '2026-08-09T19:40:58.640Z',
    fresh_for_ms: 15_000,
    full: true,
    ...more,
  };
}

/** @param {string} key @param {number} price @param {any} [more] */
export function told_outcome(key, price, more = {}) {
  return {key, name: key, price, status: 'open', ...more};
}

/** @param {string} key @param {number} last_price */
export function suspended(key, last_price) {
  return {key, name: key, price: null, last_price, status: 'suspended'};
}
