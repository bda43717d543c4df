import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { markdownFromPage } from '../../src/site/markdown/from-page.ts';
import { markdownOfPage } from '../../src/site/markdown/pages.ts';

const text = (html: string): string => {
  const { document } = new JSDOM(`<main>${html}</main>`).window;
  return markdownFromPage(document.querySelector('main') as Element);
};

test.each([
  [
    'headings and paragraphs',
    '<h1>One</h1><p>Two\n three.</p><h2>Four</h2>',
    '# One\n\nTwo three.\n\n## Four\n',
  ],
  [
    'emphasis, code and links',
    '<p><strong>a</strong> <em>b</em> <code>-j X</code> <a href="/book/c/">d</a></p>',
    '**a** *b* `-j X` [d](/book/c/)\n',
  ],
  ['code with a backtick in it', '<p><code>a`b</code></p>', '`` a`b ``\n'],
  [
    'what only looks like markup',
    '<p>ISTIO_OUTPUT *x* [y] &lt;z&gt; _w_</p>',
    'ISTIO_OUTPUT \\*x\\* \\[y\\] \\<z> \\_w\\_\n',
  ],
  ['lists in lists', '<ul><li>a<ol start="3"><li>b</li></ol></li><li>c</li></ul>', '- a\n\n  3. b\n- c\n'],
  [
    'code blocks as they are',
    '<pre data-language="shell"><code>a  b\n  c\n</code></pre>',
    '```shell\na  b\n  c\n```\n',
  ],
  [
    'a path as its line of stops',
    `<div class="path"><ol class="stops"><li class="stop"><a><span class="stop-name">app</span><span class="stop-note"> uid 1000</span></a></li>
     <li class="stop"><a><span class="stop-name">ISTIO_OUTPUT</span><span class="stop-number"><span class="sr-only"> rule </span>9</span></a></li></ol></div>`,
    '```text\napp uid 1000 ▸ ISTIO_OUTPUT 9\n```\n',
  ],
  [
    'tables, whatever they are made of',
    '<div role="table"><div role="row"><b role="columnheader">a</b><b role="columnheader">b</b></div><div role="row"><i role="cell">1|2</i><i role="cell">3</i></div></div>',
    '| a | b |\n| --- | --- |\n| 1\\|2 | 3 |\n',
  ],
  ['two lines of a link', '<p><a href="/x/"><span>one</span><span>two</span></a></p>', '[one two](/x/)\n'],
  [
    'nothing that is for the eye, the search or a script',
    '<p>a<span class="sr-only"> b</span><svg><text>c</text></svg></p><nav>d</nav><noscript>e</noscript><astro-island>f</astro-island><p data-not-searched>g</p>',
    'a\n',
  ],
])('%s', (_, html, markdown) => {
  expect(text(html)).toBe(markdown);
});

test('a diagram as its source', () => {
  const figure =
    '<figure class="diagrams"><input id="diagram-local-to-remote-overview"><svg><text>drawn</text></svg></figure>';
  expect(text(figure)).toMatch(
    /^```mermaid\nsequenceDiagram\n {2}autonumber\n[\s\S]*ISTIO_OUTPUT 9[\s\S]*```\n$/,
  );
});

test('a page says what it is called, what it answers and where it stands', () => {
  const page = '<meta name="description" content="What it answers."><main><h1>Name</h1><p>Text.</p></main>';
  expect(markdownOfPage(page, '/book/name/')).toBe(
    '# Name\n\n> What it answers.\n\nSource: /book/name/\n\nText.\n',
  );
  expect(() => markdownOfPage('<p>no main</p>', '/x/')).toThrow(
    'The page /x/ has no <main>: there is nothing to take its text from.',
  );
});
