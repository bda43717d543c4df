/** The words for lines of error: each kind has them, and its page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorCodes, readErrorLine } from '../../src/analysis/index.ts';
import { errorWords, plain } from '../../src/words/index.ts';
import { wordings } from '../analysis/errors/error-wordings.ts';

const content = join(import.meta.dirname, '..', '..', 'content');
const wordsOf = (code: ErrorCode) =>
  wordings[code].map((text) => {
    const error = readErrorLine(text);
    if (error === null) throw new Error(`${text} is none`);
    return errorWords(error);
  });

describe.each(errorCodes)('%s', (code) => {
  test('has its words in every wording', () => {
    for (const { says, because, fix } of wordsOf(code)) {
      expect(plain(says)).toMatch(/^\S.{15,}[^.\s]$/);
      expect(plain(because)).toMatch(/^\S.{20,}[^.\s]$/);
      expect(plain(because)).not.toMatch(/^[A-Z][a-z]+ (?!\w*ables)(?:is|has|was)/);
      expect(plain(fix)).toMatch(/^[a-z].{15,}[^.\s]$/);
      for (const part of [says, because, fix])
        expect(plain(part)).not.toMatch(/undefined|null|NaN|\[object| {2}|\(\)|\( | ,/);
    }
  });

  test('names a page that is there', () => {
    for (const { page } of wordsOf(code)) {
      expect(page).toMatch(/^\/[a-z\d/-]+\/$/);
      const name = page.slice(1, -1);
      expect([`${name}.mdx`, `${name}/index.mdx`].some((file) => existsSync(join(content, file)))).toBe(true);
    }
  });

  test('has a fix that takes nothing away and lets nobody past Envoy', () => {
    for (const { fix } of wordsOf(code)) {
      expect(plain(fix)).not.toMatch(/\b(delete|remove|flush|restart|kill|uninstall)\b|iptables -[FXDZ]\b/i);
      expect(plain(fix)).not.toMatch(/inject: ?"?(false|disabled)|privileged: true|DISABLE|PERMISSIVE|1337/);
    }
  });
});

test('the words are those of the code, and no two codes say the same', () => {
  const said = errorCodes.map((code) => plain(wordsOf(code)[0]?.says ?? []));
  expect(new Set(said).size).toBe(errorCodes.length);
});
