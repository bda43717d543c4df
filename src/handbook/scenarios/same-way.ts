/** When two paths are the same way: by the same rules, wherever they stand. */
import type { Journey } from '../../journey/index.ts';
import { stopLines } from '../../render/index.ts';

/** A path whose app has another uid is no other path. */
export function nameless(path: string): string {
  return path.replaceAll(/\bapp uid \d+/g, 'app');
}

/** The path with the text of each rule in the place of its position. */
export function wayOf(journey: Journey): string {
  return stopLines(journey)
    .map((line) =>
      line
        .map(({ kind, text, chain, rule }) => (kind === 'chain' ? `${chain} ${rule}` : nameless(text)))
        .join(),
    )
    .join('\n');
}
