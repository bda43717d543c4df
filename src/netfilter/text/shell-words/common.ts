/** In the worker of a page, which reads what a program has written: its rules have no quotes, and no names with any. */
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
