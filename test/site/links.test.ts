import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkLinks } from './links.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** What is wrong with a site of these files, one line each. */
function wrong(files: Readonly<Record<string, string>>, base = '/book/'): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'sidetrack-links-'));
  folders.push(dir);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return checkLinks(dir, base).map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

test('links to pages, places and assets that are there', () => {
  expect(
    wrong({
      'index.html': `<link rel="stylesheet" href="/book/a.css"><link rel="canonical" href="https://docs.example.org/book/">
        <a href="/book/traffic/#one">a</a><a href="traffic/">b</a><a href="#top">c</a><a href="https://istio.io/">d</a>
        <a href="/book/traffic/#v1;from=app">e</a><a href="mailto:x@example.org">f</a>
        <img src="/book/p.svg" srcset="/book/p.svg 1x, /book/p.svg 2x" alt=""><img src="data:image/png;base64,AA" alt="">`,
      'traffic/index.html': '<h2 id="one">One</h2><a href="../#">up</a><a href="?x=1#one">here</a>',
      'a.css': '@font-face { src: url("p.svg") } p { fill: url(#x) } /* url(gone.png) */',
      'p.svg': '<svg/>',
    }),
  ).toEqual([]);
});

test('what leads nowhere says where it stands and what is missing', () => {
  expect(
    wrong({
      'index.html': `<p>
        <a href="/book/gone/">a</a>
        <a href="/book/traffic">b</a>
        <a href="/book/traffic/#two">c</a>
        <a href="/traffic/">d</a>
        <a href="">e</a>
        <a href="javascript:x()">f</a>
        <img src="gone.png" alt="">`,
      'traffic/index.html': '<h2 id="one">One</h2>',
      '404.html': '<a href="traffic/">a</a>',
    }),
  ).toEqual([
    '404.html:1: <a href="traffic/"> is relative, but this page is shown at every address: begin it with the base path.',
    'index.html:2: <a href="/book/gone/"> leads nowhere: there is no gone/index.html.',
    'index.html:3: <a href="/book/traffic"> leads to a page without the "/" at its end: /book/traffic/',
    'index.html:4: <a href="/book/traffic/#two"> leads to a place that is not on /book/traffic/: no id="two".',
    'index.html:5: <a href="/traffic/"> lies outside of the base path /book/.',
    'index.html:6: <a href=""> is empty.',
    'index.html:7: <a href="javascript:x()"> is a script: use a button.',
    'index.html:8: <img src="gone.png"> leads nowhere: there is no gone.png.',
  ]);
});

test('nothing is loaded from another host', () => {
  expect(
    wrong(
      {
        'index.html': `<link rel="preconnect" href="https://fonts.example.org"><script src="//cdn.example.org/x.js"></script>
          <p style="background: url(https://img.example.org/x.png)"></p><style>@import "https://css.example.org/x.css";</style>
          <svg><image href="https://img.example.org/y.png"/></svg>`,
        'a.css': '@font-face { src: url(https://fonts.example.org/x.woff2) }',
      },
      '/',
    ),
  ).toEqual([
    'index.html:1: <link href="https://fonts.example.org"> is loaded from another host, fonts.example.org.',
    'index.html:1: <script src="//cdn.example.org/x.js"> is loaded from another host, cdn.example.org.',
    'index.html:2: <p style="https://img.example.org/x.png"> is loaded from another host, img.example.org.',
    'index.html:2: url(https://css.example.org/x.css) is loaded from another host, css.example.org.',
    'index.html:3: <image href="https://img.example.org/y.png"> is loaded from another host, img.example.org.',
    'a.css:0: url(https://fonts.example.org/x.woff2) is loaded from another host, fonts.example.org.',
  ]);
});

test('an id stands once on a page', () => {
  expect(wrong({ 'index.html': '<p id="a"></p>\n<p id="a"></p>' }, '/')).toEqual([
    'index.html:2: id="a" stands on this page more than once.',
  ]);
});

test('a link that lost the blank beside it is told, and the end of a word is none', () => {
  expect(
    wrong({
      'index.html':
        '<p>let <a href="#top">the command</a>ask for all</p>\n<p>see<a href="#top">this</a></p>\n<p>two <a href="#top">port</a>s, <a href="#top">one</a>.</p>',
    }),
  ).toEqual([
    'index.html:1: A link touches the word beside it: “let the commandask for all”.',
    'index.html:2: A link touches the word beside it: “seethis”.',
  ]);
});
