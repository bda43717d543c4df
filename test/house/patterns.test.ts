/** No regular expression of the sources is slow on a text that somebody else wrote. */
import { expect, test } from 'vitest';
import { type Exempt, patternsIn } from './patterns.ts';
import { filesIn } from './tree.ts';

const exempt: readonly Exempt[] = [
  { because: 'reads the pages of the handbook while it is built', files: /^src\/(handbook\/claims|site)\// },
  { because: 'reads files of whoever calls it, and no page loads it', files: /^src\/command\// },
  { because: 'reads a drawing that the handbook made', files: /^components\/path\/every-rule\.ts$/ },
  { because: 'reads the words of the facts', files: /^src\/words\/en\/facts\/tokens\.ts$/ },
  // What one call sends is written by the reader and short.
  { because: 'reads the head of one request', files: /^src\/envoy\/walk\// },
];

test('takes a time in proportion to its text', () => {
  const { count, slow } = patternsIn(filesIn(['src', 'components'], ['.ts', '.tsx']), exempt);
  expect(count).toBeGreaterThan(500);
  expect(slow).toEqual([]);
});

test.each([
  ['/^(?:(?: +.*| *)\\n){0,200}?name:/', 'without bound'],
  ['/\\s+$/', 'by the square'],
  ['/^(\\S+):(\\S+)\\s/', 'by the square'],
])('%s is seen', (pattern, how) => {
  const [slow] = patternsIn(
    [{ path: 'src/x.ts', text: `export const x = ${pattern};`, imports: [] }],
    [],
  ).slow;
  expect(slow).toContain(how);
});
