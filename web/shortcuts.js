// Keys that work anywhere on the page but in a text field, and the list of them behind "?".

import {element} from './dom.js';

/** @typedef {{ key: string, shown?: string, does: string, run: () => void }} Shortcut */

/** @param {EventTarget | null} target */
function is_typing(target) {
  return target instanceof HTMLElement &&
      (target.matches('input, textarea, select') || target.isContentEditable);
}

/** @param {Shortcut[]} shortcuts */
export function install_shortcuts(shortcuts) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key !== 'Escape' && is_typing(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const found = shortcuts.find((one) => one.key === event.key);
    if (!found) return;
    event.preventDefault();
    found.run();
  });
}

/**
 * @param {HTMLElement} list a dl @param {{ shown?: string, key?: string, does: string }[]}
 *     shortcuts
 */
export function list_shortcuts(list, shortcuts) {
  list.replaceChildren(...shortcuts.flatMap(
      (one) =>
          [element('dt', null, element('kbd', null, one.shown ?? one.key ?? '')),
           element('dd', null, one.does),
  ]));
}
