/**
 * Checks every page before a build begins, those without a path fence too: what a page states and the engine does
 * not confirm is not published.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { checkPage } from '../../handbook/claims/index.ts';

/** Throws with every problem: file, line, what the page says, what is so, and how to fix it. */
export function claims(folder = 'content'): AstroIntegration {
  return {
    name: 'claims',
    hooks: {
      'astro:config:setup': ({ command, config, logger }) => {
        if (command !== 'build') return;
        const root = fileURLToPath(config.root);
        const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => /\.mdx?$/.test(name))
          .map((name) => join(root, folder, name))
          .sort();
        const problems = files.flatMap((file) => checkPage(relative(root, file), readFileSync(file, 'utf8')));
        if (problems.length > 0) throw new Error(`\n${problems.map(({ message }) => message).join('\n\n')}`);
        logger.info(`${files.length} pages say what the engine does`);
      },
    },
  };
}
