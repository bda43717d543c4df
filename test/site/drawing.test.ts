import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { drawDiagram, drawStandalone, textsOf } from '../../src/site/drawing/index.ts';
import { markHyphens, unmarkHyphens } from '../../src/site/drawing/mermaid-settings.ts';

const names = { id: 'way', title: 'From <app> to & fro', description: 'One request, "there" and back.' };

const source = `sequenceDiagram
  autonumber
  participant p0 as app uid 1000
  participant p1 as kernel
  participant p2 as Envoy uid 1337
  p0->>p1: connect 10.96.0.7:80
  Note over p1: destination 10.96.0.7:80 → 127.0.0.1:15001
  p1->>p1: ISTIO_OUTPUT 9 → ISTIO_REDIRECT
  p1->>p2: delivered to :15001
  p2--xp0: refused
`;

function open(svg: string): Document {
  return new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document;
}

/** A diagram of any size, with messages as long as the rules of a real pod. */
function large(lifelines: number, messages: number, text: string): string {
  const lines = ['sequenceDiagram', '  autonumber'];
  for (let at = 0; at < lifelines; at += 1) lines.push(`  participant p${at} as ISTIO_CHAIN_${at}`);
  for (let at = 0; at < messages; at += 1) {
    lines.push(`  p${at % lifelines}->>p${(at * 5 + 1) % lifelines}: ${at} ${text}`);
  }
  return lines.join('\n');
}

describe('a drawing', () => {
  test('has every text once, in order', async () => {
    expect(textsOf((await drawDiagram(source, names)).svg)).toEqual([
      { kind: 'actor', text: 'app uid 1000' },
      { kind: 'actor', text: 'kernel' },
      { kind: 'actor', text: 'Envoy uid 1337' },
      { kind: 'message', text: 'connect 10.96.0.7:80' },
      { kind: 'note', text: 'destination 10.96.0.7:80 → 127.0.0.1:15001' },
      { kind: 'message', text: 'ISTIO_OUTPUT 9 → ISTIO_REDIRECT' },
      { kind: 'message', text: 'delivered to :15001' },
      { kind: 'message', text: 'refused' },
    ]);
  });

  test('has the kind of each note, on which its colour hangs', async () => {
    const more = `${source}  Note over p2: refused\n`;
    const { svg } = await drawDiagram(more, { ...names, noteKinds: ['chain', 'drop'] });
    const notes = [...open(svg).querySelectorAll('.remark')];
    expect(
      notes.map((note) => [
        note.querySelector('tspan')?.textContent ?? note.textContent,
        note.getAttribute('data-kind'),
      ]),
    ).toEqual([
      [expect.stringContaining('destination'), 'chain'],
      ['refused', 'drop'],
    ]);
    const alone = (await drawStandalone(more, { ...names, noteKinds: ['chain', 'drop'] })).svg;
    expect(alone).toContain('.remark[data-kind="drop"] .note{fill:var(--drop-ground);stroke:var(--drop)}');
    expect(alone).toMatch(/--drop:#/);
  });

  test('is named for assistive technology', async () => {
    const root = open((await drawDiagram(source, names)).svg).documentElement;
    expect(root.getAttribute('role')).toBe('img');
    const labels = root.getAttribute('aria-labelledby')?.split(' ') ?? [];
    expect(labels.map((id) => root.ownerDocument.getElementById(id)?.textContent)).toEqual([
      names.title,
      names.description,
    ]);
  });

  test('begins every id with its own, and refers to none that is not there', async () => {
    const { svg } = await drawDiagram(source, names);
    const ids = [...open(svg).querySelectorAll('[id]')].map((part) => part.id);
    expect(ids).toEqual(['way', 'way-title', 'way-desc', 'way-arrowhead', 'way-crosshead']);
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  test('tells which message is which, for a style sheet and a stepper', async () => {
    const groups = [...open((await drawDiagram(source, names)).svg).querySelectorAll('.message')];
    expect(groups.map((group) => group.getAttribute('data-message'))).toEqual(['0', '1', '2', '3']);
    expect(groups.map((group) => [group.getAttribute('data-from'), group.getAttribute('data-to')])).toEqual([
      ['p0', 'p1'],
      ['p1', 'p1'],
      ['p1', 'p2'],
      ['p2', 'p0'],
    ]);
  });

  test('brings no style, no script and nothing from elsewhere', async () => {
    const { svg } = await drawDiagram(source, names);
    expect(svg).not.toMatch(/<style|style=|<script|href|onclick/);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toContain('//');
  });

  test('is the same each time, whatever was drawn before', async () => {
    const first = await drawDiagram(`${source}%% first\n`, names);
    await drawDiagram(large(3, 3, 'x'), names);
    expect(await drawDiagram(`${source}%% second\n`, names)).toEqual(first);
  });

  test('of five lifelines fits the text column', async () => {
    const { width, svg } = await drawDiagram(large(5, 12, 'nat ISTIO_OUTPUT 9 → ISTIO_REDIRECT'), names);
    expect(width).toBeLessThanOrEqual(700);
    expect(svg.length).toBeLessThan(20_000);
  });

  test('of twelve lifelines and forty long messages is no bigger than a picture', async () => {
    const text = '-m owner ! --uid-owner 1337 does not match, because uid 1000 is not 1337';
    const { svg } = await drawDiagram(large(12, 40, text), names);
    expect(svg.length).toBeLessThan(40_000);
    expect(textsOf(svg).filter(({ kind }) => kind === 'message')).toHaveLength(40);
  });
});

describe('a drawing that stands alone', () => {
  test('brings its letters and both schemes, or the one asked for', async () => {
    const both = (await drawStandalone(source, names)).svg;
    expect(both).toContain('@font-face');
    expect(both).toContain('prefers-color-scheme:dark');
    const light = (await drawStandalone(source, names, 'light')).svg;
    const dark = (await drawStandalone(source, names, 'dark')).svg;
    expect(light).not.toContain('prefers-color-scheme');
    expect(dark).not.toBe(light);
    expect(textsOf(both)).toEqual(textsOf((await drawDiagram(source, names)).svg));
    expect(both.length).toBeLessThan(30_000);
  });
});

describe('errors', () => {
  test('source that Mermaid cannot read is named and shown', async () => {
    await expect(drawDiagram('sequenceDiagram\n  p0->>', names)).rejects.toThrow(
      /^The diagram "From <app> to & fro" \(way\) could not be drawn: Parse error on line 2:[\s\S]*\n {3}2 {4}p0->>/,
    );
  });

  test('an id must be usable in a reference', async () => {
    await expect(drawDiagram(source, { ...names, id: 'two words' })).rejects.toThrow(
      'A diagram\'s id must begin with a letter and hold only letters, digits, "-" and "_"; found "two words".',
    );
  });
});

test('hyphens of a text are marked, those of arrows are not', () => {
  const marked = markHyphens('  p0-->>p1: a-b\n  participant p0 as x-y\n  Note over p0,p1: - c\n  alt u-v');
  expect(marked).toBe(
    '  p0-->>p1: a\u2010b\n  participant p0 as x\u2010y\n  Note over p0,p1: \u2010 c\n  alt u\u2010v',
  );
  expect(unmarkHyphens('x\u2010')).toEqual({ text: 'x-', joined: false });
  expect(unmarkHyphens('x-')).toEqual({ text: 'x', joined: true });
});
