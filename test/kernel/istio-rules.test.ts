/**
 * The rules of every release of Istio and of every option set that the project tries, loaded into the kernel as
 * Istio loads them: both back ends and both families take them and give back the same rules.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import {
  type Family,
  parseRuleset,
  printRule,
  printRuleset,
  type Ruleset,
} from '../../src/netfilter/index.ts';
import { everyText, type Loaded } from './istio-texts.ts';
import { missing, modeOf } from './recording.ts';

const backends = ['nft', 'legacy'] as const;
const programs: Readonly<Record<Family, string>> = { v4: 'iptables', v6: 'ip6tables' };

const isLive = modeOf(process.env, missing) !== 'recorded';
const folder = mkdtempSync(join(tmpdir(), 'sidetrack-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads each text in a namespace of its own and saves what is there, all in one process. */
async function load(backend: (typeof backends)[number], all: readonly Loaded[]): Promise<readonly string[]> {
  const commands = all.map(({ family }, at) => {
    const file = join(folder, `${backend}-${at}`);
    const program = `${programs[family]}-${backend}`;
    return `unshare --net sh -c '${program}-restore --wait --noflush && ${program}-save' <${file}.rules >${file}.saved 2>${file}.said || echo ${at}`;
  });
  for (const [at, { text }] of all.entries()) writeFileSync(join(folder, `${backend}-${at}.rules`), text);
  const script = join(folder, `${backend}.sh`);
  writeFileSync(script, commands.join('\n'));
  const { stdout } = await promisify(execFile)('sh', [script]);
  const refused = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((at) => `${all[Number(at)]?.of}: ${readFileSync(join(folder, `${backend}-${at}.said`), 'utf8')}`);
  expect(refused, `${backend} refuses`).toEqual([]);
  return all.map((_, at) => readFileSync(join(folder, `${backend}-${at}.saved`), 'utf8'));
}

/** A dump without its comments, which have the time in them. */
function dump(saved: string): string {
  return saved
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
}

/** Table, chain and rules in order, without chains that are empty because nothing uses them. */
function rulesOf(ruleset: Ruleset): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    ruleset.tables
      .flatMap(({ name, chains }) =>
        chains
          .filter((chain) => chain.rules.length > 0 || chain.policy === null)
          .map(
            (chain) =>
              [`${name} ${chain.name}`, chain.rules.map((rule) => printRule(ruleset.family, rule))] as const,
          ),
      )
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

test.skipIf(!isLive && process.env.CI !== 'true')(
  'the kernel takes the rules of every release and keeps them',
  async () => {
    const all = everyText();
    expect(all.length).toBeGreaterThan(500);
    const [nft, legacy] = await Promise.all(backends.map((backend) => load(backend, all)));
    for (const [backend, saves] of [
      ['nft', nft],
      ['legacy', legacy],
    ] as const) {
      for (const [at, { family, text, of }] of all.entries()) {
        const saved = dump(saves?.[at] ?? '');
        const { ruleset, problems } = parseRuleset(saved, family);
        const what = `${backend} ${family} ${of}`;
        expect(problems, what).toEqual([]);
        expect(printRuleset(ruleset), `${what}: read and printed`).toBe(saved);
        expect(rulesOf(ruleset), `${what}: the rules`).toEqual(rulesOf(parseRuleset(text, family).ruleset));
      }
    }
  },
);
