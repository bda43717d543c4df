/**
 * Writes `licences.txt`: the licence of every package of which something is in the built site, as the package has
 * it. Vite's own `build.license` does not see what is bundled for a worker, nor what Astro writes into pages.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import type { Plugin } from 'vite';

/** Runs in every page and is no module of the bundle: Astro's islands. */
const writtenByAstro = ['astro'];

export interface Shipped {
  /** Goes into the plugins of the pages' scripts and into those of the workers. */
  readonly plugin: () => Plugin;
  /** The folders of the packages of which a module was bundled so far, with those of the bundler's own helpers. */
  readonly packages: () => readonly string[];
}

/** Takes note of what is bundled for a browser. */
export function shippedPackages(): Shipped {
  const folders = new Set<string>();
  return {
    plugin: () => ({
      name: 'shipped-packages',
      generateBundle(_options, bundle) {
        // What Astro bundles to render pages with runs in the build alone.
        if (this.environment.name !== 'client') return;
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk') continue;
          for (const id of chunk.moduleIds) {
            const folder = packageOf(id);
            if (folder !== undefined) folders.add(folder);
          }
        }
      },
    }),
    packages: () => [...folders].sort(),
  };
}

/** `…/node_modules/@scope/name`, or undefined for a module of the project. */
export function packageOf(id: string): string | undefined {
  const helper = id.match(/^\0(vite|rolldown)\//)?.[1];
  if (helper !== undefined) return folderOf(helper);
  return id.match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
}

/** Found from the project's root, because Astro bundles this file. */
function folderOf(name: string): string {
  return dirname(createRequire(join(process.cwd(), 'package.json')).resolve(`${name}/package.json`));
}

export interface Licence {
  readonly name: string;
  readonly version: string;
  /** As SPDX has it; empty where the package does not say it in a word. */
  readonly identifier: string;
  /** Empty where the package brings no text. */
  readonly text: string;
}

/** Vite and Rolldown go on with what they are built of, of which their helpers in a browser have nothing. */
const ofItsOwnParts = /^#+ Licenses of bundled dependencies/im;

/** The licence of the package in a folder: of its `package.json` and of its files named LICENSE or NOTICE. */
export function licenceOf(folder: string): Licence {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)(\.|-|$)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').split(ofItsOwnParts, 1).join().trim());
  const by = typeof author === 'string' ? author : author?.name;
  return {
    name,
    version,
    identifier: typeof license === 'string' ? license : (license?.type ?? ''),
    text: texts.join('\n\n') || (by === undefined ? '' : `By ${by}.`),
  };
}

/** The file as it is shipped: the project's own terms first, then each package, by name. */
export function licencesText(own: readonly string[], packages: readonly Licence[]): string {
  const parts = packages.map(({ name, version, identifier, text }) =>
    `${name} ${version}${identifier === '' ? '' : `, ${identifier}`}\n\n${text}`.trim(),
  );
  return `${[...own.map((text) => text.trim()), ...new Set(parts)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

export function licences({ packages }: Shipped): AstroIntegration {
  return {
    name: 'licences',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const own = await Promise.all(
          ['NOTICE', 'LICENSE', 'src/styles/fonts/LICENSE'].map((file) => readFile(file, 'utf8')),
        );
        const also = writtenByAstro.map(folderOf);
        const found = [...new Set([...packages(), ...also])].map(licenceOf);
        const sorted = found.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
        await writeFile(join(fileURLToPath(dir), 'licences.txt'), licencesText(own, sorted));
      },
    },
  };
}
