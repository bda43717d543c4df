/**
 * Records what Istio's own istio-iptables puts into the kernel: `npm run record:istio -- PATH_TO_CLONE [--release 1.30]
 * [--sets 100] [--seed N]`, as root, with Go. PATH is a clone of istio/istio with its tags; nothing in it is changed.
 * Without a release every one that builds is asked; with one, only its answers are new.
 */
import { parseArgs } from 'node:util';
import { releases as known } from '../../../src/istio/index.ts';
import { missing } from '../../kernel/recording.ts';
import { seedOf } from '../../long/seed.ts';
import { type Answer, ask } from './ask.ts';
import { optionSet } from './option-sets.ts';
import { type Program, programOf, tagOf } from './program.ts';
import { type Recorded, readRecording, writeRecording } from './recorded.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { release: { type: 'string' }, sets: { type: 'string' }, seed: { type: 'string' } },
});
const [clone] = positionals;
const lack = missing();
if (clone === undefined || lack !== null) {
  console.error(
    lack === null
      ? 'npm run record:istio -- PATH_TO_CLONE_OF_ISTIO [--release 1.30] [--sets N] [--seed N]'
      : `${lack} is missing`,
  );
  process.exit(2);
}

const before = readRecording();
const isOne = values.release !== undefined && before !== null;
const seed = values.seed === undefined && isOne ? before.seed : seedOf({ SIDETRACK_SEED: values.seed });
const count = Number(values.sets ?? (isOne ? before.sets.length : 100));
const sets = Array.from({ length: count }, (_, number) => optionSet(seed, number));
if (isOne && JSON.stringify(sets) !== JSON.stringify(before.sets)) {
  console.error(
    'The other releases were asked for other option sets: record all of them, without --release.',
  );
  process.exit(2);
}

const found: Record<string, Recorded> = {};
for (const release of values.release === undefined ? known.map(({ name }) => name) : [values.release]) {
  const program = built(release, clone);
  if (program === null) continue;
  const answers: Answer[] = [];
  for (const set of sets) answers.push(await ask(program, set));
  const refused = answers.filter(({ said }) => said === null).length;
  console.log(`${release}: ${program.tag}, ${answers.length} option sets, ${refused} refused`);
  found[release] = { tag: program.tag, answers };
}
writeRecording({ seed, sets, releases: isOne ? { ...before.releases, ...found } : found });

function built(release: string, path: string): Program | null {
  try {
    return programOf(path, tagOf(path, release));
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString() ?? (error as Error).message;
    console.log(`${release}: cannot be asked: ${said.trim().split('\n').at(-1)}`);
    return null;
  }
}
