/** A built page has nothing inline, and its scripts wait for the one that runs first. */
import { expect, test } from 'vitest';
import { laterScripts, moveOut } from '../../src/site/delivery/strict-pages.ts';

test('what stands inline becomes a file; scripts that follow each other become one', () => {
  const written: string[] = [];
  const moved = moveOut(
    '<style>p{color:red}</style><script>one()</script> <script>two()</script><script type="module">three()</script>',
    (text, ending) => `/${written.push(text)}.${ending}`,
  );
  expect(moved).toBe(
    '<link rel="stylesheet" href="/3.css"><script defer src="/1.js"></script><script type="module" src="/2.js"></script>',
  );
  expect(written).toEqual(['one();\ntwo()\n', 'three()', 'p{color:red}']);
});

test('scripts are handed to the one that runs first, in their order', () => {
  expect(
    laterScripts(
      '<script src="/book/first.js"></script><p>Text</p><script defer src="/book/a.js"></script><script type="module" src="/book/b.js"></script>',
    ),
  ).toBe('<script data-later="/book/a.js /book/b.js" src="/book/first.js"></script><p>Text</p>');
});

test('a page without that one, and one without scripts, stay as they are', () => {
  for (const page of [
    '<p>Moved</p><script defer src="/a.js"></script>',
    '<script src="/first.js"></script><p>Text</p>',
  ])
    expect(laterScripts(page)).toBe(page);
});
