/** In the worker of a page: the lines of Istio's own rules have no quotes, and `checkOptions` refuses names that do. */
import type { Word } from './index.ts';

export function splitWords(line: string): readonly string[] {
  return line.split(' ').filter((word) => word !== '');
}

export function readWords(line: string): readonly Word[] {
  let end = 0;
  return splitWords(line).map((text) => {
    const start = line.indexOf(text, end);
    end = start + text.length;
    return { text, column: start + 1, quoted: false };
  });
}
