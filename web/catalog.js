// What does not change while the server runs: how bookmakers are called, which bet types there are.

import {ask} from './server.js';

/**
 * @typedef {{ titles: Map<string, string>, outcomes: Map<string, string[]> }} Catalog `titles` by
 *   the bookmaker's key; outcome keys by bet type, in the order they are shown
 */

/** @type {Catalog} */
export const kNothingKnown = {
  titles: new Map(),
  outcomes: new Map()
};

/** @param {any} told @returns {Catalog} */
export function read_catalog(told) {
  return {
    titles: new Map(told.bookmakers.map((/** @type {any} */ one) => [one.key, one.title])),
    outcomes: new Map(told.bet_types.map((/** @type {any} */ one) => [one.name, one.outcomes])),
  };
}

export async function load_catalog() {
  return read_catalog(await ask('/dashboard/catalog'));
}
