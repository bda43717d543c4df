/** What code tells readers of programs is a fact, agrees with one, or is listed by what holds it. */
import { expect, test } from 'vitest';
import { alterationsOf } from '../fact-mutations.ts';
import { heldFiles, heldIn } from './held/index.ts';
import { type HeldKind, heldKinds } from './held/kinds.ts';
import { needless, statementsOf, unheld, wrongFacts, wrongWords } from './statements.ts';
import { filesThatSay, type SaidText, textsOf, unheard } from './texts.ts';

const files = filesThatSay();
const texts = new Map(files.map((file) => [file.path, textsOf(file)]));
const all = [...texts.values()].flat();

test('every statement on a program is a fact, or is listed', () => {
  const found = unheld(all).map(({ file, line, words }) => `${file}:${line}: ${words}`);
  expect(found, 'make it a fact, or list it in test/docs/said/held').toEqual([]);
});

test('nothing is listed that is said no more', () => {
  expect(heldFiles.flatMap((file) => needless(file, texts.get(file) ?? []))).toEqual([]);
});

test('the words that are bound to a fact agree with it', () => {
  expect(heldFiles.flatMap(wrongFacts)).toEqual([]);
});

test('each alteration of words that are bound to a fact is found', () => {
  const kept = heldFiles.flatMap((file) =>
    (heldIn(file)?.facts ?? []).flatMap(([name, words]) =>
      alterationsOf(name, words).flatMap(({ at, from, to }) => {
        const said = words.slice(0, at) + to + words.slice(at + from.length);
        return wrongWords(name, said).length === 0 ? [`${name}: ${said}`] : [];
      }),
    ),
  );
  expect(kept).toEqual([]);
});

test('each statement that is changed by a word is another one', () => {
  const changed = all.flatMap(statementsOf).flatMap((one): readonly SaidText[] => {
    const { file, line, words } = one;
    const text = words.replace(/\b(is|are|does|has|goes|takes|calls|knows|sends)\b/, '$1 always');
    return text === words ? [] : [{ file, line, text }];
  });
  expect(changed.length).toBeGreaterThan(150);
  const kept = changed.filter((one) => unheld([one]).length === 0);
  expect(kept.filter(({ text }) => statementsOf({ file: '', line: 0, text }).length > 0)).toEqual([]);
});

/** As a programmer would write them, each in another form. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: code, as a text
const planted: readonly (readonly [code: string, path: string])[] = [
  ["export const a = 'Envoy retries a failed call three times.';", 'src/words/en/ports.ts'],
  ['export const a = (n: number) => `istiod keeps ${n} certificates for a day.`;', 'src/words/en/ports.ts'],
  ['export const a = inParts`the injector removes ${code(x)} from the pod`;', 'src/words/en/findings.ts'],
  ["export const a = ['ztunnel drops ', code(x), ' after a second'];", 'src/words/en/findings.ts'],
  ["export const a = 'By default the mesh ' + name + ' encrypts all of it.';", 'src/words/en/lab.ts'],
  ['export const a = <p>The proxy <code>x</code> answers at once.</p>;', 'components/lab/Lab.tsx'],
  ['export const a = <button title="kubectl deletes the pod">x</button>;', 'components/lab/Lab.tsx'],
  ['export const a = <p>{isIt ? "istio-init runs twice" : null} more</p>;', 'components/lab/Lab.tsx'],
  ['---\nconst a = 1;\n---\n<p>Envoy <b>never</b> sleeps.</p>\n', 'components/prose/Mark.astro'],
  ['---\nconst a = "pilot-agent sleeps";\n---\n<p />\n', 'components/prose/Mark.astro'],
  ["export const a = { title: 'ztunnel sees the user' };", 'src/handbook/scenarios/traffic.ts'],
  ['export const a = `${subject(process)} waits for ten seconds.`;', 'src/words/en/processes.ts'],
];

test.each(planted)('is found in code: %s', (code, path) => {
  expect(unheld(textsOf({ path, text: code, imports: [] }))).toHaveLength(1);
});

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above

const free: readonly string[] = [
  "import { a } from './the-proxy-sleeps.ts';",
  "throw new Error('istiod keeps nothing');",
  "switch (a) { case 'Envoy waits for more': break; }",
  "export const a = b === 'Envoy waits for more';",
  "export const a = 'What does Envoy do?';",
  "export const a = 'Ask the sidecar.';",
];

test.each(free)('is none: %s', (code) => {
  expect(unheld(textsOf({ path: 'src/words/en/ports.ts', text: code, imports: [] }))).toEqual([]);
});

test('how much is held by what', () => {
  const counts = Object.fromEntries(
    (['facts', 'meant', ...(Object.keys(heldKinds) as HeldKind[])] as const).map((kind) => [
      kind,
      heldFiles.reduce((sum, file) => sum + (heldIn(file)?.[kind]?.length ?? 0), 0),
    ]),
  );
  expect(counts).toMatchInlineSnapshot(`
    {
      "builder": 22,
      "caused": 5,
      "engine": 54,
      "facts": 19,
      "found": 52,
      "history": 14,
      "meant": 131,
      "model": 95,
      "read": 36,
      "shown": 121,
    }
  `);
});

test('files that are not looked at are there', () => {
  for (const { files: pattern, because } of unheard)
    expect(because.length, String(pattern)).toBeGreaterThan(10);
});
