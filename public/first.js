// Runs before the page is drawn, so that it is never drawn in the wrong colours first. `?scheme=dark` in the
// address goes before the reader's choice: an embedded view is to fit the page around it.
(() => {
  const root = document.documentElement;
  const { later = '' } = document.currentScript?.dataset ?? {};
  const asked = /[?&]scheme=(light|dark)\b/.exec(location.search);
  let scheme = asked?.[1];
  try {
    scheme ??= localStorage.getItem('sidetrack-scheme');
  } catch {}
  if (scheme === 'light' || scheme === 'dark') root.dataset.scheme = scheme;
  root.dataset.scripted = '';

  // On a slow line whatever loads beside the page keeps its first picture waiting. So the scripts, which the build
  // names here (strict-pages.ts), come after it; at once where nobody looks, since nothing is drawn then, and where a
  // link leads to what a script shows.
  const drawn = new Promise((done) => {
    if (document.hidden || location.hash) done();
    setTimeout(done, 1500);
    new PerformanceObserver(done).observe({ type: 'paint', buffered: true });
  });
  addEventListener('DOMContentLoaded', async () => {
    await drawn;
    for (const script of later.split(' ').filter(Boolean)) import(script);
  });
})();
