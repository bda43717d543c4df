/**
 * The fixes of broken sidecars, done in the kernel in the order in which they stand: none fails, and they lead to
 * Istio's rules. Of the recorded ones, and a share of random ones of another seed every day.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPaste } from '../../src/analysis/index.ts';
import { inspectionWords, inspectRules } from '../../src/handbook/lab/index.ts';
import { optionsFromPod } from '../../src/istio/index.ts';
import { plain } from '../../src/words/index.ts';
import { brokenSidecar, wayNames } from '../analysis/broken-sidecars.ts';
import { seedOf } from '../long/seed.ts';
import { Draw } from './draw.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';
const seed = seedOf(process.env);
const backEnds = ['nft', 'legacy'] as const;
type BackEnd = (typeof backEnds)[number];

/** Runs a script where nothing is programmed; what it prints, and whether every command succeeded. */
function inNamespace(script: string): string {
  const ran = spawnSync('unshare', ['--net', 'sh', '-ec', script], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${ran.stderr}\n${script}`);
  return ran.stdout;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const load = (text: string, backEnd: BackEnd) => `printf %s ${quoted(text)} | iptables-${backEnd}-restore`;
const save = (backEnd: BackEnd) => `iptables-${backEnd}-save`;

/** What a pod shows, with what its fixes make of it. */
function fixed(saved: string, backEnd: BackEnd, commands: readonly string[]): string {
  return inNamespace([load(saved, backEnd), ...commands, save(backEnd)].join('\n'));
}

const toolOf = (command: string, backEnd: BackEnd) =>
  command.replace(/^iptables(?:-nft|-legacy)? /, `iptables-${backEnd} `);

/** The commands that the findings themselves name. */
function removals(words: ReturnType<typeof inspectionWords>, backEnd: BackEnd): readonly string[] {
  return words.findings
    .filter(({ id }) => id === 'rule.foreign')
    .map(({ fix }) => fix.find((part) => typeof part !== 'string'))
    .map((part) => toolOf(plain(part === undefined ? [] : [part]), backEnd));
}

async function inspected(text: string) {
  const yaml = readPaste(text).pods[0]?.yaml;
  const read =
    yaml === undefined || yaml.lines.length === 0 ? null : await optionsFromPod(yaml.lines.join('\n'));
  const { inspection } = inspectRules(text, 0, read);
  return { inspection, words: inspectionWords(inspection) };
}

/** Rules of Istio, whole: with which options they are made. */
function whole(saved: string) {
  const { inspection } = inspectRules(saved);
  const [main] = inspection.identified;
  return main === undefined || main.missing + main.foreign > 0
    ? inspectionWords(inspection).summary
    : main.options;
}

/** Does what is advised, and answers with the options of the rules that are there then. */
async function outcome(saved: string, text: string, backEnd: BackEnd) {
  const { inspection, words } = await inspected(text);
  const removed = removals(words, backEnd);
  const afterwards = removed.length === 0 ? null : fixed(saved, backEnd, removed);
  if (afterwards !== null)
    expect(
      inspectRules(afterwards).inspection.findings.filter(({ id }) => id === 'rule.foreign'),
      'nothing foreign is left',
    ).toEqual([]);
  const commands = words.inPlace?.commands.map((one) => toolOf(one, backEnd)) ?? [];
  return {
    inspection,
    words,
    made: whole(commands.length === 0 ? saved : fixed(saved, backEnd, commands)),
    removed: afterwards === null ? null : whole(afterwards),
  };
}

const rulesIn = (text: string) =>
  `${text
    .split('\n')
    .filter((line) => /^(?:\*|:|\[\d+:\d+\] -A|-A|COMMIT)/.test(line))
    .map((line) => line.replace(/^\[\d+:\d+\] /, ''))
    .join('\n')}\n`;

const folder = join(import.meta.dirname, '../analysis/dumps');
const dumps = readdirSync(folder).filter((file) => file.endsWith('.txt'));

describe.skipIf(!isLive)('fixes, one after the other', () => {
  test.for(dumps.flatMap((file) => backEnds.map((backEnd) => [file, backEnd] as const)))(
    '%s, %s',
    async ([file, backEnd]) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const saved = rulesIn(text);
      // Of two families or back ends at once; their fix is a new pod.
      if (/ip6tables-save|iptables-legacy/.test(text)) return;
      const { inspection, made, words } = await outcome(saved, text, backEnd);
      expect(words.findings.length, 'a fix for each').toBeGreaterThan(0);
      if (words.inPlace !== null) expect(made).toEqual(inspection.identified[0]?.options);
    },
  );

  test.for(backEnds)(`random broken sidecars, %s, seed ${seed}`, { timeout: 120_000 }, async (backEnd) => {
    const tried = new Set<string>();
    for (let number = 0; number < 25; number++) {
      const broken = brokenSidecar(new Draw(seed, number, 73));
      const saved = inNamespace(`${load(broken.text, backEnd)} --noflush\n${save(backEnd)}`);
      const what = `seed ${seed}, ${number}: ${broken.ways.join(', ')} of ${broken.release} ${JSON.stringify(broken.options)}`;
      const { inspection, made, words } = await outcome(saved, saved, backEnd);
      const [main] = inspection.identified;
      for (const way of broken.ways) tried.add(way);
      expect(main, what).toBeDefined();
      if ((main?.missing ?? 0) + (main?.foreign ?? 0) === 0) continue;
      expect(words.findings.map(({ id }) => id).join(), `${what}\n${saved}`).not.toBe('');
      expect(made, `${what}\n${saved}\n${words.inPlace?.commands.join('\n')}`).toEqual(main?.options);
    }
    expect(tried.size).toBeGreaterThan(wayNames.length / 2);
  });
});
