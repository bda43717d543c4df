import { expect, test } from 'vitest';
import { keptFiles } from '../../src/site/offline/kept-files.ts';

const site: Readonly<Record<string, string>> = {
  'index.html':
    '<script data-later="/book/_astro/exercises.j0.js /book/_astro/page.a1.js" src="/book/first.js"></script>',
  '_astro/exercises.j0.js': '',
  'lab/index.html': '<astro-island component-url="/book/_astro/Lab.b2.js"></astro-island>',
  'lab/index.md': '# Lab',
  'traffic/a/diagram.svg': '<svg/>',
  'traffic/a/trace.json': '{}',
  '_astro/page.a1.js': 'import("./search.c3.js")',
  '_astro/search.c3.js': '',
  '_astro/Lab.b2.js': 'import{x}from"./engine.d4.js";const y=()=>import(`./redraw.e5.js`)',
  '_astro/engine.d4.js': '',
  '_astro/redraw.e5.js':
    'import"./core.f6.js";({a:()=>import("./sequenceDiagram-X.g7.js"),b:()=>import("./ganttDiagram-Y.h8.js")})',
  '_astro/core.f6.js': '',
  '_astro/sequenceDiagram-X.g7.js': 'import"./shared.i9.js"',
  '_astro/ganttDiagram-Y.h8.js': '',
  '_astro/shared.i9.js': '',
  '_astro/page.css': '',
  'search/pages.json': '[]',
};

test('what a reader without a network needs, and no more', async () => {
  const kept = await keptFiles(Object.keys(site), async (name) => site[name] ?? '');
  expect(Object.keys(site).filter((name) => !kept.includes(name))).toEqual([
    'lab/index.md',
    'traffic/a/diagram.svg',
    'traffic/a/trace.json',
    '_astro/ganttDiagram-Y.h8.js',
  ]);
});
