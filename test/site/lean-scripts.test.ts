/** The worker of a page is without the extensions that only pasted rules have, and the lab's has all. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, test } from 'vitest';
import {
  commonExtensions,
  portsAlone,
  portsMet,
  releasesAlone,
  treeshake,
  unannotated,
  withoutTexts,
} from '../../src/site/delivery/lean-scripts.ts';

const worker = (path: string) => fileURLToPath(new URL(`../../components/${path}`, import.meta.url));

/** The modules of a worker and its code. */
async function bundled(
  path: string,
): Promise<{ readonly modules: readonly string[]; readonly code: string; readonly first: string }> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [commonExtensions()],
    build: { write: false, minify: false, rolldownOptions: { input: worker(path), treeshake } },
  });
  const [{ output } = { output: [] }] = [built].flat() as { readonly output: readonly Chunk[] }[];
  const chunks = output.filter(({ type }) => type === 'chunk');
  return {
    modules: chunks.flatMap(({ moduleIds = [] }) => moduleIds),
    code: chunks.map(({ code }) => code).join('\n'),
    /** What is loaded before anything is asked. */
    first: chunks.find(({ isEntry }) => isEntry)?.code ?? '',
  };
}

interface Chunk {
  readonly type: string;
  readonly moduleIds?: readonly string[];
  readonly code?: string;
  readonly isEntry?: boolean;
}

test('the worker of a page', async () => {
  const { modules, code, first } = await bundled('engine/walk-worker.ts');
  const extensions = modules.filter((id) => /netfilter\/iptables\/(matches|targets)\//.test(id));
  expect(extensions).toContainEqual(expect.stringMatching(/matches\/owner\.ts$/));
  expect(extensions).toContainEqual(expect.stringMatching(/targets\/TPROXY\.ts$/));
  expect(extensions.filter((id) => /(index|questions|set|icmp|MASQUERADE|REJECT)\.ts$/.test(id))).toEqual([]);
  expect(code).not.toMatch(/purpose: "[^"]/);
  // What cannot be read is told by the lab: a page's walks have Istio's own rules.
  expect(first).toContain('ISTIO_OUTPUT');
  expect(first).not.toContain('Did you mean');
  expect(code).not.toContain('kept as text');
  expect(code).not.toContain('Disable redirect calls to app itself');
});

test('the worker of a page has the releases of the changes, and nothing else of them', async () => {
  const code = await readFile(worker('../src/istio/history/changes.ts'), 'utf8');
  const [whole = [], alone = []] = [code, releasesAlone(code)].map((text) => text.match(/^ {4}\w+:/gm) ?? []);
  const isOfRelease = (key: string) => /since|backports/.test(key);
  expect(alone).toEqual(whole.filter(isOfRelease));
  expect(whole.filter((key) => !isOfRelease(key)).length).toBeGreaterThan(100);
});

test('the worker of native nftables', async () => {
  const { modules } = await bundled('engine/native-worker.ts');
  for (const name of [
    'walk/nft/index',
    'nftables/hooked/index',
    'steps/native/index',
    'nft-notation/index',
    'nft-reasons/index',
  ])
    expect(modules).toContainEqual(expect.stringMatching(new RegExp(`${name}\\.ts$`)));
});

test('the worker of the lab', async () => {
  const { modules } = await bundled('engine/inspect-worker.ts');
  for (const name of ['matches/index', 'matches/set', 'matches/questions', 'targets/MASQUERADE'])
    expect(modules).toContainEqual(expect.stringMatching(new RegExp(`${name}\\.ts$`)));
});

test('of the settings a worker has what a walk asks for', async () => {
  const code = await readFile(new URL('../../handbook.config.ts', import.meta.url), 'utf8');
  const lean = withoutTexts(code);
  expect(lean).not.toMatch(/^ {2}(?:title|description): /m);
  for (const key of ['release', 'options', 'pod']) expect(lean).toMatch(new RegExp(`^  ${key}: `, 'm'));
  // Nothing is cut out of the middle of a text.
  const odd = "  contact: {\n    text: 'ask, please',\n  },\n  title: `two\n  lines`,\n";
  expect(withoutTexts(odd)).toBe(odd);
});

test.each([
  ['return/* @__PURE__ */new Map', 'return new Map'],
  ['a=/* @__PURE__ */ new Map', 'a=new Map'],
  ['case/*#__PURE__*/f()', 'case f()'],
  ['[/* @__PURE__ */f(),/* @__PURE__ */g()]', '[f(),g()]'],
])('what the bundler says to itself is left out: %s', (code, sent) => {
  expect(unannotated(code)).toBe(sent);
});

test('the worker of the stop “Envoy” has what reads a Sidecar apart, and of the ports their numbers', async () => {
  const { modules, first, code } = await bundled('engine/envoy-worker.ts');
  expect(modules).toContainEqual(expect.stringMatching(/scoped\/scope-of\.ts$/));
  expect(code).toContain('workloadSelector');
  expect(first).not.toContain('hostsByNamespace');
  expect(first).not.toContain('BEGIN ');
  const ports = await readFile(worker('../src/istio/pod/ports.ts'), 'utf8');
  const numbers = (text: string) => text.match(/^ {4}(?:port|name): .*$/gm);
  expect(numbers(portsAlone(ports))).toEqual(numbers(ports));
  expect(portsAlone(ports)).not.toMatch(/^ {4}(?:listener|since): /m);
});

test('the worker of a page knows the ports that a pod may meet, and of istiod’s the one that is dialled', async () => {
  const ports = await readFile(worker('../src/istio/pod/ports.ts'), 'utf8');
  const names = (text: string) => text.match(/(?<=^ {4}name: ').*(?=',$)/gm) ?? [];
  expect(names(portsMet(ports))).toEqual(
    names(ports).filter((name) => name === 'istiod-xds' || !name.startsWith('istiod-')),
  );
  expect(names(portsMet(ports)).length).toBeGreaterThan(9);
  expect(portsMet(ports)).not.toMatch(/^ {4}(?:pod|open: 'always')/m);
});
