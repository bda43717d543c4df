/** The path line of every scenario, measured from its boxes: no stop stands on another, none is cut, and the last one is not alone. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { allScenarios } from '../../src/handbook/scenarios/index.ts';
import { overflowOf } from './browser.ts';
import { test } from './site-test.ts';

const widths = [320, 390, 820, 1024, 1280, 1366, 1440, 1920];
/** Narrower, a last address and the hook before it do not fit into a line. */
const fittingTwo = 390;

/** What is wrong with the paths that a page shows. */
function faults(page: Page, mayStandAlone: boolean): Promise<string[]> {
  return page.evaluate((isAlonePossible) => {
    const found: string[] = [];
    for (const line of document.querySelectorAll('ol.stops')) {
      const stops = [...line.children];
      const boxes = stops.map((stop) => {
        const face = stop.querySelector('.stop-face') as Element;
        const texts = [...stop.querySelectorAll('.stop-rewritten > :is(del, ins)')];
        return [face, ...texts].map((part) => part.getBoundingClientRect());
      });
      const own = line.getBoundingClientRect();
      const named = (at: number) => `${stops[at]?.textContent} of ${line.textContent}`;
      const faces = boxes.map(([face]) => face as DOMRect);
      for (const [at, [face, ...texts]] of boxes.entries()) {
        if (face === undefined || face.width === 0) found.push(`hidden: ${named(at)}`);
        else if (face.left < own.left - 1 || face.right > own.right + 1) found.push(`cut: ${named(at)}`);
        for (const other of boxes.slice(at + 1).flat())
          for (const one of [face, ...texts])
            if (
              one !== undefined &&
              one.left < other.right - 1 &&
              other.left < one.right - 1 &&
              one.top < other.bottom - 1 &&
              other.top < one.bottom - 1
            )
              found.push(`on another: ${named(at)}`);
      }
      const [before, last] = faces.slice(-2);
      const isAlone = before !== undefined && last !== undefined && last.top >= before.bottom - 4;
      if (isAlone && !isAlonePossible) {
        // Two that do not fit into a line have to stand apart.
        const both = faces.slice(-2).reduce((sum, { width }) => sum + width, 32);
        if (both <= own.width && stops.at(-1)?.getAttribute('data-long') === null) {
          const isNarrow = innerWidth < 768 && !stops.at(-2)?.classList.contains('quiet');
          if (!isNarrow) found.push(`alone: ${named(stops.length - 1)}`);
        }
      }
    }
    return found;
  }, mayStandAlone);
}

test.for([
  ['every scenario', allScenarios.map(({ name }) => `embed/${name}/`)],
  [
    'every traffic page',
    allScenarios.flatMap(({ name, isMain, runbook }) =>
      isMain && runbook === undefined ? [`traffic/${name}/`] : [],
    ),
  ],
] as const)('%s', async ([, paths], { site }) => {
  const visit = await site.visit(paths[0] ?? '', { width: 1440 });
  const { page } = visit;
  const root = new URL('../../', page.url());
  for (const path of paths) {
    await page.goto(new URL(path, root).href, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect(await faults(page, width < fittingTwo), `${path} at ${width} pixels`).toEqual([]);
      expect(await overflowOf(page), `${path} at ${width} pixels`).toBe(0);
    }
  }
  await visit.close();
});
