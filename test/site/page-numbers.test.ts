/** Where names stand in a PDF as Chromium writes it. */
import { expect, test } from 'vitest';
import { pageNumbers } from '../../src/site/pdf/page-numbers.ts';

const pdf = `%PDF-1.4
1 0 obj
<</Filter /FlateDecode
/Length 4>> stream
\x00/Dests
endstream
endobj
2 0 obj
<</Type /Page
/Parent 6 0 R>>
endobj
3 0 obj
<</Type /Page
/Parent 6 0 R>>
endobj
4 0 obj
<</Type /Page
/Parent 7 0 R>>
endobj
5 0 obj
<</page-1 [3 0 R /XYZ 45 700 0]
/page-2 [4 0 R /XYZ 45 700 0]
/page-2-what~20it [2 0 R /XYZ 45 700 0]
/nowhere [9 0 R /XYZ 0 0 0]>>
endobj
6 0 obj
<</Type /Pages
/Count 2
/Kids [2 0 R 3 0 R]>>
endobj
7 0 obj
<</Type /Pages
/Count 3
/Kids [6 0 R 4 0 R]>>
endobj
8 0 obj
<</Type /Catalog
/Pages 7 0 R
/Dests 5 0 R>>
endobj
`;

test('each name has the number of its page, counted through the tree of pages', () => {
  expect(Object.fromEntries(pageNumbers(pdf))).toEqual({ 'page-1': 2, 'page-2': 3, 'page-2-what~20it': 1 });
});

test('a text that is no such PDF has no pages', () => {
  expect([...pageNumbers('')]).toEqual([]);
});
