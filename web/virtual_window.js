// Which rows of a long list have to exist: those that can be seen, some more, and the one that has
// the focus. Pure.

/**
 * @typedef {{ first: number, end: number }} Window rows first .. end - 1
 * @param {{ count: number, row_height: number, scroll_top: number, height: number,
 *   margin?: number }} view
 * @returns {Window}
 */
export function visible_window({count, row_height, scroll_top, height, margin = 8}) {
  if (count <= 0 || row_height <= 0) return {first: 0, end: 0};
  const top = Math.floor(Math.max(0, scroll_top) / row_height) - margin;
  const bottom = Math.ceil((Math.max(0, scroll_top) + height) / row_height) + margin;
  const end = Math.min(count, Math.max(0, bottom));
  return {first: Math.min(Math.max(0, top), end), end};
}

/** @param {Window} window @param {number} focused -1: none @returns {number[]} ascending */
export function rows_to_have(window, focused) {
  const out = [];
  if (focused >= 0 && focused < window.first) out.push(focused);
  for (let row = window.first; row < window.end; row += 1) out.push(row);
  if (focused >= window.end) out.push(focused);
  return out;
}

/**
 * Where to scroll so that a row is wholly in sight; the place it has where it is already.
 * @param {number} row @param {number} row_height @param {number} scroll_top @param {number} height
 */
export function scroll_to_show(row, row_height, scroll_top, height) {
  const top = row * row_height;
  if (top < scroll_top) return top;
  return top + row_height > scroll_top + height ? top + row_height - height : scroll_top;
}

/**
 * The row that a key moves to. @param {string} key @param {number} row @param {number} count
 * @param {number} page rows in sight
 * @returns {number} -1: not a key that moves
 */
export function row_after_key(key, row, count, page) {
  const to = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: count - 1,
    j: row + 1,
    k: row - 1,
  }[key];
  return to === undefined || count === 0 ? -1 : Math.max(0, Math.min(count - 1, to));
}
