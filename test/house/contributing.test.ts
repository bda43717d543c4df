/** Whoever has the tree and CONTRIBUTING.md alone finds the file: every row leads to one that is there, and every room has a row. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leadNowhere, rowsUnder } from './contributing.ts';
import { floors, roof } from './floors.ts';
import { root } from './tree.ts';

const rows = rowsUnder('To change X, go to Y', readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));
const { wrong, found } = leadNowhere(rows, (path) => existsSync(join(root, path)));

test('every file and folder that a row names is there', () => {
  expect(wrong).toEqual([]);
  expect(rows.length).toBeGreaterThan(90);
  expect(found.length).toBeGreaterThan(150);
});

test('every room of the house is named', () => {
  const rooms = [...floors, ...roof].flatMap((floor) =>
    readdirSync(join(root, floor), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${floor}/${entry.name}`),
  );
  const reached = (room: string) => found.some((path) => path === room || path.startsWith(`${room}/`));
  expect(rooms.filter((room) => !reached(room))).toEqual([]);
});

test('and a row that leads nowhere is found, be it a name alone', () => {
  const there = ['src/a', 'src/a/b.ts', 'src/a/c.ts', 'src/d.ts'];
  const planted = [
    '| one | `src/a/b.ts`, with `c.ts` beside it, `iptables -L` and `option` |',
    '| two | `src/a`: `b.ts` and `d.ts` |',
    '| three | `src/e.ts` |',
    '| four | `src/d.ts` and `c.ts` |',
  ];
  expect(leadNowhere(planted, (path) => there.includes(path))).toEqual({
    wrong: ['src/e.ts, in: three | `src/e.ts` |', 'c.ts, in: four | `src/d.ts` and `c.ts` |'],
    found: ['src/a/b.ts', 'src/a/c.ts', 'src/a', 'src/a/b.ts', 'src/d.ts', 'src/d.ts'],
  });
});
