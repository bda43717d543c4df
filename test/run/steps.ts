/**
 * The steps, and what each needs and uses. They run side by side, the first of the list that can: what takes longest
 * stands first, with what it needs, so that nothing long is left over at the end.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtSite } from '../../src/site/serve.ts';
import { type ProgramResult, runProgram } from './program.ts';
import { countReport, type StepResult, type VitestReport } from './result.ts';

/** What only one step at a time can have: the folder `.astro`, into which Astro writes what it knows of the pages. */
export type Thing = '.astro';

export interface Step {
  readonly name: string;
  /** The steps that have to succeed before. */
  readonly needs: readonly string[];
  readonly uses: readonly Thing[];
  readonly run: () => Promise<StepResult>;
}

const root = join(import.meta.dirname, '../..');
const program = {
  astro: 'node_modules/astro/bin/astro.mjs',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  vitest: 'node_modules/vitest/vitest.mjs',
  links: 'test/site/links.ts',
  addresses: 'test/site/addresses.ts',
} as const;

const steps: readonly Step[] = [
  suite('kernel'),
  check('build', { uses: ['.astro'] }, [program.astro, 'build', '--outDir', builtSite]),
  suite('browser', { needs: ['build'] }),
  suite('mesh'),
  check('lint', {}, [program.biome, 'check', '.']),
  suite('engine'),
  suite('command'),
  // Of every .ts, .tsx and .astro. Astro writes the types of the pages' collections before: a fresh clone has none.
  check('types', { uses: ['.astro'] }, [program.astro, 'check', '--minimumSeverity', 'error']),
  suite('docs', { uses: ['.astro'] }),
  suite('site', { uses: ['.astro'] }),
  check('links', { needs: ['build'] }, [program.links, builtSite]),
  check('addresses', { needs: ['build'] }, [program.addresses]),
  // Builds a handful of handbooks: after the build, whose drawings are as good for those.
  suite('publisher', { needs: ['build'] }),
];

export const stepNames: readonly string[] = steps.map(({ name }) => name);

/** Those that were asked for, with what they need; all when none was. */
export function chosenSteps(asked: readonly string[]): Step[] {
  if (asked.length === 0) return [...steps];
  const wanted = new Set(asked);
  for (const step of steps) if (wanted.has(step.name)) for (const name of step.needs) wanted.add(name);
  return steps.filter(({ name }) => wanted.has(name));
}

type Wants = Partial<Pick<Step, 'needs' | 'uses'>>;

/** Programs that run one after the other until one fails: together they count as one. */
function check(name: string, wants: Wants, ...programs: readonly (readonly string[])[]): Step {
  const run = async (): Promise<StepResult> => {
    let seconds = 0;
    let last: ProgramResult | undefined;
    for (const [script = '', ...args] of programs) {
      last = await node(script, args);
      seconds += last.seconds;
      if (last.exitCode !== 0) break;
    }
    const failed = last?.exitCode === 0 ? 0 : 1;
    return {
      name,
      passed: 1 - failed,
      failed,
      skipped: [],
      isSuite: false,
      seconds,
      output: last?.output ?? '',
    };
  };
  return { name, needs: [], uses: [], ...wants, run };
}

/** A project of `vitest.config.ts`. */
function suite(name: string, wants: Wants = {}): Step {
  const run = async (): Promise<StepResult> => {
    const folder = mkdtempSync(join(tmpdir(), 'sidetrack-test-'));
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
    const { exitCode, output, seconds } = await node(program.vitest, [
      'run',
      '--project',
      name,
      ...reporters,
    ]);
    const counts = countReport(readReport(file), { exitCode, maySkip: !isCI() });
    rmSync(folder, { recursive: true });
    const skipped = isCI()
      ? counts.skipped.map((test) => `Skipped, which is a failure when CI=true: ${test}`)
      : [];
    return { name, ...counts, isSuite: true, seconds, output: [output, ...skipped].join('\n') };
  };
  return { name, needs: [], uses: [], ...wants, run };
}

export function isCI(): boolean {
  return !['', '0', 'false', undefined].includes(process.env.CI);
}

function node(script: string, args: readonly string[]): Promise<ProgramResult> {
  return runProgram(process.execPath, [join(root, script), ...args]);
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  }
}
