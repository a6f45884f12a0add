// Making and changing elements in few words. Text is always text: nothing the server says becomes
// markup.

/**
 * @param {string} name "td" or "td.price"
 * @param {Record<string, string | number | boolean | null | EventListener> | null} [attributes]
 *   `onclick` and the like are listeners; null and false leave an attribute out
 * @param {...(Node | string | null)} children
 * @returns {any}
 */
export function element(name, attributes = null, ...children) {
  const [tag, ...classes] = name.split('.');
  const out = document.createElement(tag);
  if (classes.length) out.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === false) continue;
    if (typeof value === 'function')
      out.addEventListener(key.slice(2), value);
    else
      out.setAttribute(key, value === true ? '' : String(value));
  }
  out.append(...children.filter((child) => child !== null));
  return out;
}

/** Touches the document only where something changes. @param {Node} node @param {string} text */
export function set_text(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {Element} node @param {string} name @param {string | number | null} value */
export function set_attribute(node, name, value) {
  if (value === null)
    node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value))
    node.setAttribute(name, String(value));
}

/** @param {string} id @returns {any} */
export function by_id(id) {
  return document.getElementById(id);
}

/** For screen readers alone. @param {string} text */
export function unseen(text) {
  return element('span.sr', null, text);
}
