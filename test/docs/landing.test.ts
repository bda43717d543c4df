/** The six rows of the landing page: one a type, each leading to its page, with a mark where the article errs. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bind, scenarios } from '../../src/handbook/scenarios/index.ts';
import { landingRows } from '../../src/handbook/tables/index.ts';
import { pathLine } from '../../src/render/index.ts';
import { stopText } from '../../src/words/index.ts';

const rows = landingRows();

test('there is one for each type, in order, and its page is there', () => {
  expect(rows.map(({ type }) => type)).toEqual(['1', '2', '3', '4', '5', '6']);
  for (const { href } of rows) expect(existsSync(`content${href.replace(/\/$/, '')}.mdx`), href).toBe(true);
});

test('each shows the path of its page', () => {
  const main = scenarios.filter(({ isMain }) => isMain);
  for (const [at, { lines }] of rows.entries()) {
    const shown = lines.map((line) => line.map(stopText).join(' ▸ ')).join('\n');
    expect(shown).toBe(pathLine(bind(main[at] as (typeof main)[number]).journey));
  }
});

test('the article errs in three of them, and the row says where', () => {
  expect(rows.map(({ differs }) => differs)).toEqual([
    null,
    null,
    'The well-known article goes through ISTIO_OUTPUT 3, which is never asked, because this is a reply: nat rules are asked for the first packet of a connection.',
    null,
    'The well-known article goes through ISTIO_OUTPUT 8, which is not reached: ISTIO_OUTPUT 4 decides before, because uid is 1337.',
    'The well-known article goes through ISTIO_OUTPUT 9, which is not reached: ISTIO_OUTPUT 4 decides before, because uid is 1337.',
  ]);
});
