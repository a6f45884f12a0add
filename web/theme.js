// Light or dark: what the system says, unless the reader chose. Runs before the first paint, so it
// is no module; the button that changes it is wired here too.
(() => {
  /** @type {Record<string, string>} */
  const kNext = {system: 'light', light: 'dark', dark: 'system'};
  const root = document.documentElement;

  function chosen() {
    try {
      return localStorage.getItem('theme') ?? 'system';
    } catch {
      return 'system';  // storage is forbidden: the choice lasts as long as the page
    }
  }

  function choose(/** @type {string} */ theme) {
    if (theme === 'light' || theme === 'dark')
      root.dataset.theme = theme;
    else
      delete root.dataset.theme;
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // as above
    }
  }

  choose(chosen());
  document.addEventListener('DOMContentLoaded', () => {
    const button = /** @type {HTMLElement} */ (document.getElementById('theme'));
    const current = () => root.dataset.theme ?? 'system';
    const name = () => {
      button.textContent = `Theme: ${current()}`;
    };
    button.addEventListener('click', () => {
      choose(kNext[current()]);
      name();
      document.dispatchEvent(new Event('themechange'));
    });
    name();
  });
})();
