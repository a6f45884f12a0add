// What the address says: which page, which match, which filter. So a view can be kept, sent to
// somebody, and gone back to.

/**
 * @typedef {{ page: 'odds' | 'health', match: string, options: URLSearchParams }} Route
 * @param {string} hash "#/match/0123?sport=football"
 * @returns {Route}
 */
export function read_route(hash) {
  const [path, query = ''] = hash.replace(/^#/, '').split('?');
  const options = new URLSearchParams(query);
  if (path === '/health') return {page: 'health', match: '', options};
  const match = /^\/match\/([0-9a-f]{32})$/.exec(path)?.[1] ?? '';
  return {page: 'odds', match, options};
}

/** @param {Route} route */
export function write_route(route) {
  const path = route.page === 'health' ? '/health' : route.match ? `/match/${route.match}` : '/';
  const query = route.options.toString();
  return `#${path}${query ? `?${query}` : ''}`;
}
