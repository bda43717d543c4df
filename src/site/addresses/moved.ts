/**
 * Addresses that have moved. A page that is renamed gets a line here: its old address then leads on to the new
 * one, on any host, because what stands at the old address is a page that says so.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { shownScenarios } from '../../handbook/scenarios/index.ts';
import { contentPolicy } from '../delivery/policy.ts';
import { withBase } from './base.ts';
import { scenarioAddress, scenarioPage } from './scenario-files.ts';

/** From the old address to the new one, both from the root of the handbook: `'/old/': '/new/'`. */
const renamed: Readonly<Record<string, string>> = {};

/** Renamed pages, and the scenarios that are told on another's page. */
export const moved: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    shownScenarios
      .filter(({ isMain }) => !isMain)
      .map((scenario) => [scenarioAddress(scenario), scenarioPage(scenario)]),
  ),
  ...renamed,
};

export function movedPages(base: string): AstroIntegration {
  return {
    name: 'moved-pages',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        for (const [from, to] of Object.entries(moved)) {
          const folder = join(fileURLToPath(dir), from);
          await mkdir(folder, { recursive: true });
          await writeFile(join(folder, 'index.html'), movedPage(to, base));
        }
      },
    },
  };
}

/** The script keeps the fragment, which a refresh would lose; without script the refresh has to do. */
export function movedPage(to: string, base: string): string {
  const target = withBase(to, base);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>This page has moved</title>
<link rel="icon" href="${withBase('/favicon.svg', base)}" type="image/svg+xml">
<link rel="canonical" href="${target}">
<script src="${withBase('/moved.js', base)}"></script>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="1; url=${target}">
<h1>This page has moved</h1>
<p><a href="${target}">It is now at ${target}</a></p>
`;
}
