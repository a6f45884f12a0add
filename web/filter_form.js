// The form above the list: what it says, and what there is to choose from.

import {element} from './dom.js';
import {choices} from './filter.js';
import {whole, words} from './format.js';

/** @import { Filter, Order } from './filter.js' */
/** @import { State } from './state.js' */

const kFields = ['text', 'time', 'sport', 'competition', 'bookmaker'];

export class FilterForm {
  /** @param {HTMLFormElement} form @param {() => void} changed */
  constructor(form, changed) {
    this.form = form;
    // '' = the first that there is, also when one comes that stands before it
    this.chosen_bet_type = '';
    form.addEventListener('input', changed);
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('reset', () => setTimeout(changed));
    // On a narrow screen the choices are folded away.
    const more = /** @type {HTMLElement} */ (form.querySelector('#more'));
    more.addEventListener('click', () => {
      more.setAttribute('aria-expanded', String(more.getAttribute('aria-expanded') !== 'true'));
    });
  }

  /** @returns {any} */
  #field(/** @type {string} */ name) {
    return this.form.elements.namedItem(name);
  }

  /** @returns {Filter} */
  filter() {
    return /** @type {any} */ (
        Object.fromEntries(kFields.map((name) => [name, this.#field(name).value])));
  }

  bet_type() {
    return this.#field('bet_type').value;
  }

  order() {
    return this.#field('order').value;
  }

  /** @param {Order} order */
  show_order(order) {
    this.#field('order').value = order.by;
  }

  focus() {
    this.#field('text').focus();
    this.#field('text').select();
  }

  /** What the address says. @param {URLSearchParams} options */
  read(options) {
    this.chosen_bet_type = options.get('bet_type') ?? '';
    for (const name of [...kFields, 'bet_type']) {
      const value = options.get(name) ?? '';
      const field = this.#field(name);
      if (field.tagName === 'SELECT' && value &&
          ![...field.options].some((/** @type {any} */ one) => one.value === value))
        field.append(element('option', {value}, words(value)));
      field.value = name === 'bet_type' && !value ? field.options[0]?.value ?? '' : value;
    }
  }

  /** What the address is to say. @param {URLSearchParams} options */
  write(options) {
    for (const name of kFields) {
      if (this.#field(name).value)
        options.set(name, this.#field(name).value);
      else
        options.delete(name);
    }
    if (this.bet_type() !== this.chosen_bet_type)
      this.chosen_bet_type = this.#field('bet_type').selectedIndex > 0 ? this.bet_type() : '';
    if (this.chosen_bet_type)
      options.set('bet_type', this.chosen_bet_type);
    else
      options.delete('bet_type');
  }

  /**
   * @param {State} state @param {Map<string, string>} titles @param {string[]} bet_types
   * @param {number} now
   */
  offer(state, titles, bet_types, now) {
    const found = choices(state.matches.values(), this.filter(), now);
    const by_name = (/** @type {[string, number]} */[a], /** @type {[string, number]} */[b]) =>
        a.localeCompare(b, 'en');
    this.#options('sport', [...found.sport].sort(by_name), words);
    this.#options('competition', [...found.competition].sort(by_name), (name) => name);
    this.#options(
        'bookmaker', [...found.bookmaker].sort(by_name), (name) => titles.get(name) ?? name);
    this.#set('bet_type', bet_types.map((name) => [name, words(name)]), this.chosen_bet_type);
  }

  #options(
      /** @type {string} */ name, /** @type {[string, number][]} */ counts,
      /** @type {(name: string) => string} */ shown) {
    const field = this.#field(name);
    const first = [...field.options][0];
    const chosen = field.value;
    if (chosen && !counts.some(([value]) => value === chosen)) counts.push([chosen, 0]);
    this.#set(
        name,
        [
          ['', first.textContent ?? ''],
          ...counts.map(
              ([value, count]) =>
                  /** @type {[string, string]} */ ([value, `${shown(value)} (${whole(count)})`]))
        ],
        chosen);
  }

  // An open list of choices must not be changed under the reader's hand.
  #set(
      /** @type {string} */ name, /** @type {[string, string][]} */ options,
      /** @type {string} */ chosen) {
    const field = this.#field(name);
    const shape = JSON.stringify(options);
    if (field.dataset.shape === shape || document.activeElement === field) return;
    field.dataset.shape = shape;
    field.replaceChildren(...options.map(([value, text]) => element('option', {value}, text)));
    field.value = options.some(([value]) => value === chosen) ? chosen : options[0]?.[0] ?? '';
  }
}
