// Everything the feed has said, as the page knows it: matches, bookmakers' listings of them, and
// their markets. Changed only by apply(); read by the views. Pure: no document, no clock of its
// own.

/**
 * @typedef {'open' | 'suspended' | 'closed'} Status
 * @typedef {{ key: string, price: number | null, usable: boolean, status: Status, move: -1 | 0 | 1,
 *   moved_at: number }} Outcome `price`: the last that was read, in thousandths; `usable`: one
 *   could have bet at it when it was seen
 * @typedef {{ bet_type: string, segment: string, line: string | null, status: Status,
 *   stale: boolean, offered: boolean, outcomes: Outcome[], observed_at: number,
 *   changed_at: number, limit: number }} Market `limit`: a price seen longer ago, in
 *   milliseconds, is not one
 * @typedef {{ bookmaker: string, source: 'live' | 'upcoming', event_id: string,
 *   markets: Map<string, Market> }} Listing
 * @typedef {{ home: string, away: string, competition: string, sport: string,
 *   start: number | null }} Names
 * @typedef {Names & { id: string, live: boolean, listings: Listing[], search: string }} Match
 * @typedef {{ match_id: string, bookmaker: string, source: 'live' | 'upcoming', event_id: string }}
 *   Place
 */

/**
 * What feed_events.js makes of the server's events. `names` and all outcomes come with a whole
 * market only; `changed` has the outcomes that differ.
 * @typedef {{ kind: 'market', place: Place, names: Names, market: Market }
 *   | { kind: 'changed', place: Place, market: Market }
 *   | { kind: 'stale', place: Place, key: string, observed_at: number }
 *   | { kind: 'removed', place: Place, key: string, expired: boolean }
 *   | { kind: 'matched', place: Place }
 *   | { kind: 'listed', places: Place[], first: boolean, last: boolean }
 *   | { kind: 'ages', sources: { bookmaker: string, source: string, oldest: number }[] }
 *   | { kind: 'reset' } | { kind: 'complete' }} FeedEvent
 */

/** @param {{ bet_type: string, segment: string, line: string | null }} market */
export function market_key(market) {
  return `${market.bet_type}|${market.segment}|${market.line ?? ''}`;
}

/** @param {{ bookmaker: string, source: string, event_id: string }} listing */
export function listing_key(listing) {
  return `${listing.bookmaker}|${listing.source}|${listing.event_id}`;
}

/** What a search looks in: lower case, without accents. @param {string} text */
export function folded(text) {
  return text.normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll('ø', 'o')
      .replaceAll('ł', 'l')
      .replaceAll('ß', 'ss');
}

/** @param {Match} match whether a bookmaker offers anything of it */
export function is_offered(match) {
  return match.listings.some((one) => [...one.markets.values()].some((market) => market.offered));
}

/** An outcome keeps its last move until it moves again. */
function note_move(
    /** @type {Outcome} */ outcome, /** @type {Outcome | undefined} */ before,
    /** @type {number} */ now) {
  if (!before) return;
  outcome.move = before.move;
  outcome.moved_at = before.moved_at;
  if (outcome.price === null || before.price === null || !outcome.usable) return;
  if (outcome.price === before.price) return;
  outcome.move = outcome.price > before.price ? 1 : -1;
  outcome.moved_at = now;
}

export class State {
  /** @type {Map<string, Match>} */ matches = new Map();
  /** Whether a whole snapshot has arrived. */ complete = false;
  /**
   * When the longest unseen market of a source that is not stale was seen. @type {Map<string,
   * number>}
   */
  #oldest = new Map();
  /** Of which match a listing is. @type {Map<string, string>} */ #match_of = new Map();
  /** @type {Set<string>} */ #changed = new Set();
  #reordered = false;
  /** While a new snapshot arrives: what it has said. @type {Set<string> | null} */ #said = null;
  /** While a list of all that is listed arrives. @type {Set<string>} */ #listed = new Set();

  /**
   * @param {FeedEvent} event @param {number} now
   * @returns {boolean} false: it cannot be understood from here; a new snapshot is needed
   */
  apply(event, now) {
    switch (event.kind) {
      case 'market':
        this.#take(event.place, event.names, event.market, now);
        return true;
      case 'changed':
        return this.#change(event.place, event.market, now);
      case 'stale':
        return this.#stale(event);
      case 'removed':
        this.#remove(event.place, event.key, event.expired);
        return true;
      case 'matched':
        this.#move(event.place);
        return true;
      case 'listed':
        this.#list(event);
        return true;
      case 'ages':
        for (const one of event.sources)
          this.#oldest.set(`${one.bookmaker}|${one.source}`, one.oldest);
        return true;
      case 'reset':
        this.#said = new Set();
        return true;
      case 'complete':
        this.#finish();
        return true;
    }
  }

  /** What happened since the last call. */
  changes() {
    const out = {changed: this.#changed, reordered: this.#reordered};
    this.#changed = new Set();
    this.#reordered = false;
    return out;
  }

  /**
   * When a market was surely so for the last time. That it was seen again unchanged is not told of
   * each market, but of all that are not stale: since when all of them have been seen.
   * @param {Listing} listing @param {Market} market
   */
  seen_at(listing, market) {
    if (market.stale) return market.observed_at;
    return Math.max(
        market.observed_at, this.#oldest.get(`${listing.bookmaker}|${listing.source}`) ?? 0);
  }

  #listing(/** @type {Place} */ place) {
    const id = this.#match_of.get(listing_key(place));
    const match = id === undefined ? undefined : this.matches.get(id);
    return match?.listings.find((one) => listing_key(one) === listing_key(place));
  }

  #take(
      /** @type {Place} */ place, /** @type {Names} */ names, /** @type {Market} */ market,
      /** @type {number} */ now) {
    this.#move(place);
    const match = this.#match(place, names);
    let listing = match.listings.find((one) => listing_key(one) === listing_key(place));
    if (!listing) {
      listing = {
        bookmaker: place.bookmaker,
        source: place.source,
        event_id: place.event_id,
        markets: new Map()
      };
      match.listings.push(listing);
      match.listings.sort((a, b) => listing_key(a) < listing_key(b) ? -1 : 1);
      this.#match_of.set(listing_key(place), match.id);
      this.#reordered = true;
    }
    const key = market_key(market);
    const before = listing.markets.get(key);
    for (const outcome of market.outcomes)
      note_move(outcome, before?.outcomes.find((one) => one.key === outcome.key), now);
    if (!before?.offered) this.#reordered = true;
    listing.markets.set(key, market);
    this.#said?.add(`${listing_key(place)}|${key}`);
    this.#judge(match);
  }

  #match(/** @type {Place} */ place, /** @type {Names} */ names) {
    let match = this.matches.get(place.match_id);
    if (!match) {
      match = {...names, id: place.match_id, live: false, listings: [], search: ''};
      this.matches.set(match.id, match);
    }
    const search = folded(`${names.home} ${names.away} ${names.competition}`);
    if (search !== match.search || names.start !== match.start || names.sport !== match.sport) {
      Object.assign(match, names, {search});
      this.#reordered = true;
    }
    return match;
  }

  #change(/** @type {Place} */ place, /** @type {Market} */ market, /** @type {number} */ now) {
    const known = this.#listing(place)?.markets.get(market_key(market));
    const match = this.matches.get(this.#match_of.get(listing_key(place)) ?? '');
    if (!known || !match) return false;
    const differ = new Map(market.outcomes.map((outcome) => [outcome.key, outcome]));
    const outcomes = known.outcomes.map((before) => {
      const outcome = differ.get(before.key);
      differ.delete(before.key);
      if (outcome) note_move(outcome, before, now);
      return outcome ?? before;
    });
    Object.assign(known, market, {outcomes: [...outcomes, ...differ.values()]});
    this.#judge(match);
    return true;
  }

  #stale(/** @type {Extract<FeedEvent, { kind: 'stale' }>} */ event) {
    const market = this.#listing(event.place)?.markets.get(event.key);
    if (!market) return false;
    market.stale = true;
    market.observed_at = event.observed_at;
    this.#changed.add(this.#match_of.get(listing_key(event.place)) ?? '');
    return true;
  }

  // Withdrawn: the bookmaker may offer it again, and its last prices stay as what they are.
  // Expired: nobody will hear of it again.
  #remove(/** @type {Place} */ place, /** @type {string} */ key, /** @type {boolean} */ expired) {
    const listing = this.#listing(place);
    const market = listing?.markets.get(key);
    const match = this.matches.get(this.#match_of.get(listing_key(place)) ?? '');
    if (!listing || !market || !match) return;
    if (expired)
      listing.markets.delete(key);
    else
      market.offered = false;
    if (!listing.markets.size) this.#unlist(match, listing);
    this.#reordered = true;
    this.#judge(match);
  }

  #unlist(/** @type {Match} */ match, /** @type {Listing} */ listing) {
    match.listings.splice(match.listings.indexOf(listing), 1);
    this.#match_of.delete(listing_key(listing));
    if (!match.listings.length) this.matches.delete(match.id);
    this.#reordered = true;
  }

  // A listing turned out to be of another match.
  #move(/** @type {Place} */ place) {
    const listing = this.#listing(place);
    const was = this.matches.get(this.#match_of.get(listing_key(place)) ?? '');
    if (!listing || !was || was.id === place.match_id) return;
    this.#unlist(was, listing);
    const {home, away, competition, sport, start} = was;
    const match = this.#match(
        place, this.matches.get(place.match_id) ?? {home, away, competition, sport, start});
    match.listings.push(listing);
    this.#match_of.set(listing_key(place), match.id);
    this.#judge(was);
    this.#judge(match);
  }

  // All listings there are, in parts: those that are not among them are no more.
  #list(/** @type {Extract<FeedEvent, { kind: 'listed' }>} */ event) {
    if (event.first) this.#listed = new Set();
    for (const place of event.places) {
      this.#listed.add(listing_key(place));
      this.#move(place);
    }
    if (!event.last) return;
    for (const match of [...this.matches.values()])
      for (const listing of [...match.listings])
        if (!this.#listed.has(listing_key(listing))) this.#unlist(match, listing);
  }

  #judge(/** @type {Match} */ match) {
    const live = match.listings.some(
        (one) =>
            one.source === 'live' && [...one.markets.values()].some((market) => market.offered));
    if (live !== match.live) this.#reordered = true;
    match.live = live;
    this.#changed.add(match.id);
  }

  // What a new snapshot did not say is there no more. Until then it stays, ageing.
  #finish() {
    for (const match of this.#said ? [...this.matches.values()] : [])
      for (const listing of [...match.listings])
        for (const key of [...listing.markets.keys()])
          if (!this.#said?.has(`${listing_key(listing)}|${key}`))
            this.#remove({...listing, match_id: match.id}, key, true);
    this.#said = null;
    this.complete = true;
    this.#reordered = true;
  }
}
