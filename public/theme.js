// Runs before the page is drawn, so that it is never drawn in the wrong colours first.
(() => {
  const root = document.documentElement;
  let scheme = null;
  try {
    scheme = localStorage.getItem('sidetrack-scheme');
  } catch {}
  if (scheme === 'light' || scheme === 'dark') root.dataset.scheme = scheme;
  root.dataset.scripted = '';
})();
