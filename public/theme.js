// Runs before the page is drawn, so that it is never drawn in the wrong colours first. `?scheme=dark` in the
// address goes before the reader's choice: an embedded view is to fit the page around it.
(() => {
  const root = document.documentElement;
  const asked = /[?&]scheme=(light|dark)\b/.exec(location.search);
  let scheme = asked?.[1];
  try {
    scheme ??= localStorage.getItem('sidetrack-scheme');
  } catch {}
  if (scheme === 'light' || scheme === 'dark') root.dataset.scheme = scheme;
  root.dataset.scripted = '';
})();
