/** The lines that the page of the command shows, as they are typed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(import.meta.dirname, '../../content/reference/command.mdx'), 'utf8');

export const pageExamples: readonly string[] = [...page.matchAll(/<CommandAnswer run="([^"]+)" \/>/g)].map(
  ([, line = '']) => line,
);
