// A grid of very many rows of which only those in sight exist. Rows are known by their ids, so that
// focus stays with a row however the order changes; the elements stand in the document in the order
// they are seen, and say their place by aria-rowindex.

import {element, set_attribute} from './dom.js';
import {row_after_key, rows_to_have, scroll_to_show, visible_window} from './virtual_window.js';

/**
 * @typedef {{
 *   make: () => HTMLElement, fill: (row: HTMLElement, id: string) => void,
 *   open: (id: string) => void }} Rows
 */

export class VirtualGrid {
  /** @type {string[]} */ #ids = [];
  /** @type {Map<string, number>} */ #index = new Map();
  /** @type {Map<string, HTMLElement>} */ #shown = new Map();
  /** @type {HTMLElement[]} */ #spare = [];
  #active = '';
  #opened = '';
  #row_height = 0;

  /** @param {HTMLElement} root role grid, scrolls @param {HTMLElement} head @param {Rows} rows */
  constructor(root, head, rows) {
    this.root = root;
    this.rows = rows;
    this.body = element('div.rows', {role: 'rowgroup'});
    this.head = head;
    root.append(head, this.body);
    root.addEventListener('scroll', () => this.#draw(false), {passive: true});
    this.body.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.body.addEventListener('click', (/** @type {MouseEvent} */ event) => this.#click(event));
    this.body.addEventListener('focusin', (/** @type {FocusEvent} */ event) => {
      const id = this.#id_of(event.target);
      if (id) this.#activate(id);
    });
    new ResizeObserver(() => this.#draw(true)).observe(root);
  }

  get count() {
    return this.#ids.length;
  }

  /** The rows there are, in order. @param {string[]} ids */
  show(ids) {
    const had_focus = this.body.contains(document.activeElement);
    const place = this.#index.get(this.#active) ?? 0;
    this.#ids = ids;
    this.#index = new Map(ids.map((id, row) => [id, row]));
    if (!this.#index.has(this.#active))
      this.#active = ids[Math.min(had_focus ? place : 0, ids.length - 1)] ?? '';
    this.#draw(true);
    if (had_focus && !this.body.contains(document.activeElement)) this.focus();
  }

  /** Fills again those of these rows that exist. @param {Iterable<string>} [ids] all of them */
  refresh(ids = this.#shown.keys()) {
    for (const id of ids) {
      const row = this.#shown.get(id);
      if (row) this.rows.fill(row, id);
    }
  }

  /** Rows are made differently from now on. */
  forget_rows() {
    for (const row of this.#shown.values()) row.remove();
    this.#shown.clear();
    this.#spare = [];
  }

  /** Marks the row whose match is open. @param {string} id "" = none */
  mark_opened(id) {
    this.#opened = id;
    if (this.#index.has(id)) this.#activate(id);
    this.#draw(false);
  }

  /** Brings the active row into sight and gives it the focus. */
  focus() {
    const row = this.#index.get(this.#active);
    if (row === undefined) return;
    this.#scroll_to(row);
    this.#draw(false);
    this.#shown.get(this.#active)?.focus({preventScroll: true});
  }

  #draw(/** @type {boolean} */ fill_all) {
    this.#row_height =
        parseFloat(getComputedStyle(this.root).getPropertyValue('--row-height')) || 36;
    const view = this.#view();
    const focused = this.#index.get(this.#active) ?? -1;
    const wanted = rows_to_have(visible_window(view), focused);
    const ids = new Set(wanted.map((row) => this.#ids[row]));
    for (const [id, row] of this.#shown) {
      if (ids.has(id)) continue;
      this.#shown.delete(id);
      row.remove();
      this.#spare.push(row);
    }
    const elements = wanted.map((row) => this.#place(row, fill_all));
    this.#arrange(elements);
    this.body.style.height = `${view.count * view.row_height}px`;
    set_attribute(this.root, 'aria-rowcount', view.count + 1);
  }

  #view() {
    return {
      count: this.#ids.length,
      row_height: this.#row_height,
      scroll_top: this.root.scrollTop,
      height: Math.max(0, this.root.clientHeight - this.head.offsetHeight),
    };
  }

  #place(/** @type {number} */ row, /** @type {boolean} */ fill) {
    const id = this.#ids[row];
    let out = this.#shown.get(id);
    const is_new = !out;
    if (!out) {
      out = this.#spare.pop() ?? this.rows.make();
      this.#shown.set(id, out);
      out.dataset.id = id;
    }
    out.style.transform = `translateY(${row * this.#row_height}px)`;
    set_attribute(out, 'aria-rowindex', row + 2);
    set_attribute(out, 'tabindex', id === this.#active ? 0 : -1);
    set_attribute(out, 'aria-selected', String(id === this.#opened));
    out.classList.toggle('odd', row % 2 === 1);
    if (is_new || fill) this.rows.fill(out, id);
    return out;
  }

  // The one with the focus is never moved: it would lose it.
  #arrange(/** @type {HTMLElement[]} */ elements) {
    let next = this.body.firstElementChild;
    for (const one of elements) {
      if (one !== next && one.contains(document.activeElement))
        while (next && next !== one) {
          const moved = next;
          next = next.nextElementSibling;
          this.body.append(moved);
        }
      if (one === next)
        next = one.nextElementSibling;
      else
        this.body.insertBefore(one, next);
    }
  }

  #scroll_to(/** @type {number} */ row) {
    const {row_height, scroll_top, height} = this.#view();
    this.root.scrollTop = scroll_to_show(row, row_height, scroll_top, height);
  }

  #activate(/** @type {string} */ id) {
    for (const [other, row] of this.#shown) set_attribute(row, 'tabindex', other === id ? 0 : -1);
    this.#active = id;
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (this.#active) this.rows.open(this.#active);
      return;
    }
    const {count, row_height, height} = this.#view();
    const page = Math.max(1, Math.floor(height / row_height) - 1);
    const row = row_after_key(event.key, this.#index.get(this.#active) ?? 0, count, page);
    if (row < 0) return;
    event.preventDefault();
    this.#activate(this.#ids[row]);
    this.focus();
  }

  #click(/** @type {MouseEvent} */ event) {
    const id = this.#id_of(event.target);
    if (id) this.rows.open(id);
  }

  #id_of(/** @type {EventTarget | null} */ target) {
    const row = target instanceof Element ? target.closest('[role=row]') : null;
    return row instanceof HTMLElement ? row.dataset.id ?? '' : '';
  }
}
