/** The tree of pages behind the header, the menu, the neighbours of a page and llms.txt. */
import { expect, test } from 'vitest';
import { neighbours, type PageEntry, pageAddress, sectionsOf } from '../../src/site/addresses/sections.ts';

const page = (id: string, sidebar: Partial<PageEntry['data']['sidebar']> = {}): PageEntry => {
  return { id, data: { title: `Title of ${id}`, sidebar: { hidden: false, ...sidebar } } };
};

const entries = [
  page('index'),
  page('404'),
  page('learn/zebra'),
  page('learn/lo', { order: 2, label: 'Over lo' }),
  page('learn', { order: 0 }),
  page('learn/apple'),
  page('learn/kept-quiet', { hidden: true }),
  page('lab'),
  page('traffic/local-to-remote', { order: 2 }),
  page('traffic/remote-to-local', { order: 1 }),
];

test('sections stand in their own order, pages by number and then by name', () => {
  const tree = sectionsOf(entries).map(({ label, pages }) => [label, ...pages.map(({ id }) => id)]);
  expect(tree).toEqual([
    ['Traffic types', 'traffic/remote-to-local', 'traffic/local-to-remote'],
    ['Lab', 'lab'],
    ['Learn', 'learn', 'learn/lo', 'learn/apple', 'learn/zebra'],
  ]);
});

test('a page is called as its front matter says; one that is a section, as the section', () => {
  const [, lab, learn] = sectionsOf(entries);
  expect(lab).toMatchObject({
    isPage: true,
    pages: [{ label: 'Lab', title: 'Title of lab', address: '/lab/' }],
  });
  expect(learn?.isPage).toBe(false);
  expect(learn?.pages.slice(0, 2).map(({ label }) => label)).toEqual(['Title of learn', 'Over lo']);
});

test('neighbours go across sections', () => {
  const sections = sectionsOf(entries);
  const ids = (id: string) => {
    const { before, next } = neighbours(sections, id);
    return [before?.id, next?.id];
  };
  expect(ids('lab')).toEqual(['traffic/local-to-remote', 'learn']);
  expect(ids('traffic/remote-to-local')).toEqual([undefined, 'traffic/local-to-remote']);
  expect(ids('learn/zebra')).toEqual(['learn/apple', undefined]);
  expect(ids('index')).toEqual([undefined, undefined]);
});

test('the first page stands at the root', () => {
  expect([pageAddress('index'), pageAddress('learn'), pageAddress('learn/lo')]).toEqual([
    '/',
    '/learn/',
    '/learn/lo/',
  ]);
});
