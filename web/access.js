// The API key, where the server wants one: kept as long as the tab, shown with every question.

const kName = 'api-key';
let key = '';
try {
  key = sessionStorage.getItem(kName) ?? '';
} catch {
  // storage is forbidden: the key lasts as long as the page
}

/** @param {string} shown */
export function set_key(shown) {
  key = shown.trim();
  try {
    sessionStorage.setItem(kName, key);
  } catch {
    // as above
  }
}

export function has_key() {
  return key !== '';
}

/** Headers for fetch(). @returns {Record<string, string>} */
export function key_headers() {
  return key ? {'X-Api-Key': key} : {};
}

/** Event streams can have no headers of ours. @param {string} url */
export function with_key(url) {
  return key ? `${url}${url.includes('?') ? '&' : '?'}apiKey=${encodeURIComponent(key)}` : url;
}
