/** Terms of the glossary where pages use them. */
import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { explainTerms } from '../../src/site/terms/explain.ts';
import { explainedTerms } from '../../src/site/terms/glossary.ts';

const terms = explainedTerms(
  new JSDOM(`
    <div class="term" id="envoy" data-explained><div class="term-name"><a>Envoy</a></div>
      <div class="term-meaning">The "proxy"<sup class="fact-mark">✓</sup> of a
        sidecar. <a class="term-see">Where it matters</a></div></div>
    <div class="term" id="mutual-tls" data-explained><div class="term-name">mutual TLS</div><div class="term-meaning">TLS, both sides.</div></div>
    <div class="term" id="socket" data-explained><div class="term-name">socket</div><div class="term-meaning">An end.</div></div>
    <div class="term" id="rule"><div class="term-name">rule</div><div class="term-meaning">A condition.</div></div>`)
    .window.document,
);

const page = (inside: string) => `<main>Envoy<div class="prose">${inside}</div></main>`;
const told = (inside: string): string => {
  const html = explainTerms(page(inside), terms, '/reference/glossary/');
  const { document } = new JSDOM(html).window;
  for (const link of document.querySelectorAll('a.term-link')) link.replaceWith(`[${link.textContent}]`);
  expect(document.querySelector('main')?.textContent).toMatch(/^Envoy/);
  return document.querySelector('.prose')?.innerHTML ?? '';
};

test('what a term means is read from the glossary, where it is told to explain it', () => {
  expect(terms).toEqual([
    { name: 'Envoy', id: 'envoy', means: 'The "proxy" of a sidecar.' },
    { name: 'mutual TLS', id: 'mutual-tls', means: 'TLS, both sides.' },
    { name: 'socket', id: 'socket', means: 'An end.' },
  ]);
});

test('the first mention is a link with its meaning', () => {
  expect(explainTerms(page('<p>To Envoy.</p>'), terms, '/g/')).toBe(
    page(
      '<p>To <a class="term-link explained" href="/g/#envoy" aria-description="The &quot;proxy&quot; of a sidecar.">Envoy</a>.</p>',
    ),
  );
  expect(told('<p>Envoy, and Envoy.</p><ul><li>A socket of Envoy</li></ul>')).toBe(
    '<p>[Envoy], and Envoy.</p><ul><li>A [socket] of Envoy</li></ul>',
  );
});

test('at the beginning of a sentence, in the plural and before an apostrophe it is the same word', () => {
  expect(told("<p>Mutual TLS over two sockets of Envoy's.</p>")).toBe(
    "<p>[Mutual TLS] over two [socket]s of [Envoy]'s.</p>",
  );
});

test('no part of another word or of an address is one, and no other way to write it', () => {
  const same = '<p>envoy.filters, ENVOY, Envoy-like, an Envoyed, websocket, socket.io, /socket</p>';
  expect(told(same)).toBe(same);
});

test('headings, links, code, tables of the engine and what a script takes over stay as they are', () => {
  for (const same of [
    '<h2>Envoy</h2>',
    '<p><a title="a, b">Envoy</a></p>',
    '<p><code>Envoy</code></p>',
    '<div class="rules not-content"><p>Envoy</p></div>',
    '<astro-island><p>Envoy</p></astro-island>',
    '<p><!-- Envoy --></p>',
    '<div>Envoy</div>',
  ])
    expect(told(same)).toBe(same);
  expect(told('<h2>Envoy</h2><p>Envoy<br>socket</p>')).toBe('<h2>Envoy</h2><p>[Envoy]<br>[socket]</p>');
});

test('an attribute may hold what looks like the end of a tag', () => {
  const same = page('<p title="a > b Envoy">To</p>');
  expect(explainTerms(same, terms, '/g/')).toBe(same);
});
