/** Whatever text a diagram is given, it is drawn, and reads as it was given. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeMermaidText, shownMermaidText } from '../../src/render/mermaid-text.ts';
import { drawDiagram, textsOf } from '../../src/site/drawing/index.ts';

/** A diagram with a text in each place that can have one. */
async function drawn(texts: readonly string[]): Promise<ReturnType<typeof textsOf>> {
  const [actor, note, message, branch] = texts.map(escapeMermaidText);
  const source = `sequenceDiagram
  participant p0 as ${actor}
  participant p1 as the other
  Note over p0,p1: ${note}
  p0->>p1: ${message}
  alt ${branch}
  p1-->>p1: ${message}
  else ${branch}
  p1-xp0: ${note}
  end
`;
  return textsOf((await drawDiagram(source, { id: 'd', title: 'title', description: '' })).svg);
}

function expected([actor = '', note = '', message = '', branch = '']: readonly string[]) {
  return [
    { kind: 'actor', text: actor },
    { kind: 'actor', text: 'the other' },
    { kind: 'label', text: 'alt' },
    { kind: 'label', text: `[${branch}]` },
    { kind: 'label', text: `[${branch}]` },
    { kind: 'note', text: note },
    { kind: 'message', text: message },
    { kind: 'message', text: message },
    { kind: 'message', text: note },
  ];
}

const hostile = [
  ...[';', 'a;b', '#', '#4', '#59;', 'a #lt; b', ';'.repeat(60), '#'.repeat(40)],
  ...['<script>alert(1)</script>', '</text><script>', '<br>', 'a<br/>b', '<!-- x -->', '<![CDATA[x]]>'],
  ...['<a href="javascript:1">x</a>', 'a < b > c', '&amp;', '&lt;b&gt;', '&lt', '&#60;', '&nbsp;x'],
  ...['end', 'END', 'else', 'and', 'alt', 'loop x', 'title: x', 'accTitle: x', 'accDescr: {', 'autonumber'],
  ...['participant p9', 'Note over p0: x', 'p0->>p1: x', 'activate p0', 'rect rgb(0,0,0)', 'sequenceDiagram'],
  ...['style: a;b#c;', 'style:#fff;', 'classDef x:#1;', 'a style b: c;', `${'style '.repeat(30)}: #;`],
  ...['wrap: x', 'nowrap: x', ':wrap: x', 'WRAP: x', 'wrap:wrap: y', ': x', '::'],
  ...[
    '"q"',
    "'q'",
    '\\',
    '\\n',
    'a\\nb',
    '`code`',
    '**bold**',
    '_it_',
    '[x](http://y)',
    '{{x}}',
    '@{ "type": 1 }',
  ],
  ...[
    '100%',
    '%',
    '%% comment',
    '%%%',
    '%%{init: {"theme":"dark"}}%%',
    'a %%{wrap}%% b',
    '$$x^2$$',
    '$$$',
    '$5',
  ],
  ...['\u{1f642}', '\u{1f469}\u200d\u{1f469}\u200d\u{1f467} family', '日本語', 'عربي', 'a\u0301', 'İ', 'ß'],
  ...[
    '\u202eabc\u202c',
    '\u200fx',
    '\u200b',
    '\0\u0001',
    '\ud800',
    '\ufffe',
    '\u0085y',
    '\u2028x',
    '\u2010x\u2010',
  ],
  ...['', '   ', 'a\nb', 'a\r\nb', 'a\tb', 'a\u00a0b', 'a  b', '---\ntitle: x\n---'],
  ...['x'.repeat(300), 'ISTIO_OUTPUT '.repeat(25), 'x-'.repeat(60), '-', '- -', '--', 'a-b'],
  ...['2001:0db8:85a3:0000:0000:8a2e:0370:7334;2001:0db8:85a3:0000:0000:8a2e:0370:7334'],
  ...['-A ISTIO_OUTPUT -m owner ! --uid-owner 1337 -m comment --comment "a;b #c" -j RETURN'],
  ...['ﬂ°°59¶ß', '¶ß', 'ﬂ', 'constructor', '__proto__', 'toString'],
];

describe('a text that means something to Mermaid is drawn as it stands', () => {
  test.each(hostile.map((text) => [JSON.stringify(text).slice(0, 50), text]))('%s', async (_name, text) => {
    const texts = [text, text, text, text];
    expect(await drawn(texts)).toEqual(expected(texts.map(shownMermaidText)));
  });
});

test('any text is drawn as it stands', async () => {
  const piece = fc.oneof(
    fc.constantFrom(...hostile),
    fc.constantFrom(' ', ':', '#', ';', 'style', '%%', '-', '$', 'ﬂ°', '¶ß'),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme-ascii' }),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(fc.tuple(text, text, text, text), async (texts) => {
      expect(await drawn(texts)).toEqual(expected(texts.map(shownMermaidText)));
    }),
    { numRuns: 100 },
  );
});

test('what can be read is left alone', () => {
  for (const text of [
    'Envoy :15001',
    'ISTIO_OUTPUT 9 → ISTIO_REDIRECT',
    '10.96.0.7:80 → [::1]:15001',
    '100 % of 5 $',
  ]) {
    expect(escapeMermaidText(text)).toBe(text);
  }
});

test('what has no shape, or would turn the rest around, is shown as missing', () => {
  expect(shownMermaidText('10.0.0.1\u202e:80')).toBe('10.0.0.1\ufffd:80');
  expect(shownMermaidText('a\u0007b')).toBe('a\ufffdb');
  expect(shownMermaidText(' a \n\t b ')).toBe('a b');
});
