// Puts the page together: the feed fills the state, the state is drawn at most once a frame, the
// address says what is shown.

import {has_key, set_key} from './access.js';
import {kNothingKnown, load_catalog} from './catalog.js';
import {hear_time, now} from './clock.js';
import {ConnectionView} from './connection_view.js';
import {by_id, set_text} from './dom.js';
import {Feed} from './feed.js';
import {FilterForm} from './filter_form.js';
import {HealthView} from './health_view.js';
import {MatchView} from './match_view.js';
import {count_text, MatchesView} from './matches_view.js';
import {read_route, write_route} from './route.js';
import {ask, KeyWanted} from './server.js';
import {install_shortcuts, list_shortcuts} from './shortcuts.js';
import {State} from './state.js';


/** @import { Connection } from './feed.js' */
/** @import { Judge } from './market.js' */

const kReorderEvery = 500;  // milliseconds; a list that jumps cannot be read

const state = new State();
let catalog = kNothingKnown;
const connection = new ConnectionView(now);
let route = read_route(location.hash);
/** @type {import('./filter.js').Order} */ let order = {by: 'start', down: false};
let list_is_old = true, listed_at = 0, drawing = false;

const form = new FilterForm(by_id('filters'), () => {
  if (form.order() !== order.by) order = {by: form.order(), down: false};
  form.write(route.options);
  history.replaceState(null, '', write_route(route));
  list_is_old = true;
  listed_at = 0;
  draw_soon();
});
const matches = new MatchesView(by_id('matches'), state, {
  open: (id) => go({match: id}),
  order: (wanted) => {
    order = wanted;
    form.show_order(order);
    list_is_old = true;
    listed_at = 0;
    draw_soon();
  },
});
const match = new MatchView(by_id('match'), state, surroundings, close_match);
const health = new HealthView(by_id('health-body'), now);

/** @returns {Judge} */
function judge() {
  return {
    now: now(),
    connected: connection.state === 'live',
    seen_at: (listing, market) => state.seen_at(listing, market)
  };
}

/** Bet types that somebody offers, in the catalog's order. */
function offered_bet_types() {
  const found = new Set();
  for (const one of state.matches.values())
    for (const listing of one.listings)
      for (const market of listing.markets.values()) found.add(market.bet_type);
  const known = [...catalog.outcomes.keys()];
  return [
    ...known.filter((name) => found.has(name)),
    ...[...found].filter((name) => !known.includes(name)).sort()
  ];
}

/** @param {string} bet_type */
function outcomes_of(bet_type) {
  return catalog.outcomes.get(bet_type) ?? [];
}

function draw_list() {
  form.offer(state, catalog.titles, offered_bet_types(), now());
  const filter = form.filter();
  const bet_type = form.bet_type();
  const shown = matches.show(filter, order, {
    bet_type,
    outcomes: outcomes_of(bet_type),
    bookmaker: filter.bookmaker,
    judge: judge(),
    titles: catalog.titles,
  });
  list_is_old = false;
  listed_at = performance.now();
  set_text(
      by_id('count'),
      state.complete || state.matches.size ? count_text(shown, state) :
                                             'Waiting for the first prices');
  by_id('empty').hidden = shown > 0 || !state.complete;
  set_text(
      by_id('empty'),
      state.matches.size ? 'No match fits the filter.' : 'No bookmaker lists a match now.');
}

function draw() {
  drawing = false;
  const {changed, reordered} = state.changes();
  if (reordered) list_is_old = true;
  if (route.page !== 'odds') return;
  if (list_is_old && performance.now() - listed_at >= kReorderEvery)
    draw_list();
  else if (changed.size && matches.view)
    matches.refresh(judge(), changed);
  if (changed.size || reordered) match.refresh(changed.has(route.match));
}

function draw_soon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(draw);
}

/** Ages grow, arrows fade, orders by age change. */
function tick() {
  connection.draw();
  if (route.page !== 'odds') return;
  if (list_is_old || !['start', 'match', 'competition'].includes(order.by))
    draw_list();
  else if (matches.view)
    matches.refresh(judge());
  match.refresh(false);
}

/** @param {Connection} to */
function set_connection(to) {
  const was = connection.state;
  if (!connection.change(to)) return;
  if (to === 'live' && was === 'lost') match.reconnected();
  if (to === 'live') read_catalog();
  list_is_old = true;
  draw_soon();
}

async function read_catalog() {
  try {
    catalog = await load_catalog();
    list_is_old = true;
    listed_at = 0;
    draw_soon();
  } catch (error) {
    if (error instanceof KeyWanted)
      ask_for_key(error.message);
    else if (catalog === kNothingKnown)
      setTimeout(read_catalog, 2_000);
  }
}

async function ask_whether_for_key() {
  try {
    await ask('/dashboard/catalog');
  } catch (error) {
    if (error instanceof KeyWanted) ask_for_key(error.message);
  }
}

/** @param {string} why the key that was shown is not good */
function ask_for_key(why) {
  set_text(by_id('key-trouble'), has_key() ? why : '');
  if (!by_id('key-wanted').open) by_id('key-wanted').showModal();
}

function surroundings() {
  return {judge, titles: catalog.titles, bet_types: [...catalog.outcomes.keys()]};
}

/** @param {Partial<import('./route.js').Route>} to */
function go(to) {
  location.hash = write_route({...route, ...to});
}

function close_match() {
  if (!route.match) return;
  go({match: ''});
}

function show_route() {
  const before = route;
  route = read_route(location.hash);
  for (const link of document.querySelectorAll('nav a'))
    if (link.getAttribute('data-page') === route.page)
      link.setAttribute('aria-current', 'page');
    else
      link.removeAttribute('aria-current');
  by_id('odds').hidden = route.page !== 'odds';
  by_id('health').hidden = route.page !== 'health';
  if (route.page === 'health') {
    match.close();
    health.open();
    document.title = 'Health - oddsloom';
    return;
  }
  health.close();
  document.title = 'oddsloom';
  if (before.page !== 'odds' || before.options.toString() !== route.options.toString())
    form.read(route.options);
  by_id('odds').dataset.layout = route.match ? 'detail' : 'list';
  by_id('match').hidden = !route.match;
  list_is_old = true;
  listed_at = 0;
  draw_list();
  matches.grid.mark_opened(route.match);
  if (route.match)
    match.open(route.match);
  else {
    match.close();
    if (before.match) matches.grid.focus();
  }
}

const kShortcuts = [
  {
    key: '/',
    does: 'Search',
    run: () => {
      if (route.page !== 'odds') go({page: 'odds'});
      form.focus();
    }
  },
  {
    key: 'g',
    does: 'Go to the list of matches',
    run: () => {
      go({page: 'odds'});
      matches.grid.focus();
    }
  },
  {key: 'h', does: 'Health', run: () => go({page: 'health', match: ''})},
  {key: 't', does: 'Theme: as the system, light, dark', run: () => by_id('theme').click()},
  {key: '?', does: 'This list', run: () => by_id('help').showModal()},
  {key: 'Escape', does: 'Close the match', run: close_match},
];
install_shortcuts(kShortcuts);
list_shortcuts(by_id('shortcuts'), [
  ...kShortcuts, {shown: '↑ ↓ or k j', does: 'Move through the matches'},
  {shown: 'Page Up, Page Down, Home, End', does: 'Move further'},
  {shown: 'Enter', does: 'Open a match'}
]);
by_id('open-help').addEventListener('click', () => by_id('help').showModal());

addEventListener('hashchange', show_route);
document.addEventListener('themechange', () => match.repaint());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => match.repaint());

form.read(route.options);
show_route();
by_id('key-form').addEventListener('submit', () => {
  set_key(by_id('key').value);
  by_id('key').value = '';
  read_catalog();
  feed.reconnect();
});
const feed = new Feed('/feed', {
  hear: (event) => {
    const understood = state.apply(event, now());
    if (event.kind === 'complete') listed_at = 0;  // what is first there is shown at once
    draw_soon();
    return understood;
  },
  time: hear_time,
  tell: set_connection,
  refused: ask_whether_for_key,
});
read_catalog();
setInterval(tick, 1_000);
