/** The image that commands take is that of the handbook's release, on every page, above the lab's box and in the command's documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import handbook from '../../handbook.config.ts';

const root = join(import.meta.dirname, '../..');

test('all commands take the same image, of the release of the handbook', () => {
  const tags = ['content', 'components', 'src/handbook', 'src/command'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(mdx?|tsx?|astro)$/.test(file))
      .flatMap((file) => [
        ...readFileSync(join(root, folder, file), 'utf8').matchAll(/release\/proxyv2:([\w.-]+)/g),
      ])
      .map(([, tag]) => tag ?? ''),
  );
  expect(tags.length).toBeGreaterThan(8);
  expect(new Set(tags)).toEqual(new Set([`${handbook.release}.0`]));
});
