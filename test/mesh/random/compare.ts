/** The model against a real Envoy, by random configurations: `npm run test:long envoy`, of which every run has a share. */
import { connect, type EnvoyRelease, readEnvoyConfig } from '../../../src/envoy/index.ts';
import { type Disagreement, disagreements } from '../../envoy/random-answers.ts';
import { bootstrapFor, mostCases, randomCase } from '../../envoy/random-config.ts';
import type { Task } from '../../long/parts.ts';
import { type EnvoyVersion, envoyVersions } from '../envoy/binary.ts';
import { askEnvoy } from './live.ts';

export const releaseOf = (version: EnvoyVersion): EnvoyRelease => version.slice(0, 4) as EnvoyRelease;

export interface Compared {
  readonly asked: number;
  /** Where Envoy did it twice. */
  readonly found: readonly Disagreement[];
  /** How often it did otherwise the first time and not the second: a machine that has much else to do keeps a client waiting. */
  readonly once: number;
}

/**
 * So many configurations from a seed, at most as many as one Envoy takes, each with so many connections. Where one disagrees
 * all are asked once more, of another Envoy.
 */
export async function compareCases(
  version: EnvoyVersion,
  seed: number,
  from: number,
  amount: number,
  ofEach: number,
): Promise<Compared> {
  const cases = Array.from({ length: amount }, (_, index) => randomCase(seed, from + index, ofEach));
  const { config, problems } = readEnvoyConfig([bootstrapFor(cases)]);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const ask = async () =>
    disagreements(connect, config, cases, await askEnvoy(version, cases), releaseOf(version));
  const first = await ask();
  const asked = cases.flatMap(({ connections }) => connections).length;
  if (first.length === 0) return { asked, found: [], once: 0 };
  const again = new Set((await ask()).map((one) => JSON.stringify(one)));
  const found = first.filter((one) => again.has(JSON.stringify(one)));
  return { asked, found, once: first.length - found.length };
}

/** More than these, as a share, are no chance. */
export const mostOnce = 0.03;

/** Configurations of one lot, which one Envoy has at a time. */
const lot = 100;
const ofEach = 50;

export async function compareConfigurations(task: Task): Promise<boolean> {
  if (lot > mostCases) throw new Error('an Envoy does not take so many');
  let asked = 0;
  let faults = 0;
  let once = 0;
  for (let from = task.from; from < task.from + task.amount && !task.isStopped(); from += lot) {
    const amount = Math.min(lot, task.from + task.amount - from);
    for (const version of envoyVersions) {
      const compared = await compareCases(version, task.seed, from, amount, ofEach);
      asked += compared.asked;
      faults += compared.found.length;
      once += compared.once;
      for (const one of compared.found) console.log(version, JSON.stringify(one));
    }
    task.reached(from + amount);
  }
  console.log(
    `${asked} connections asked of Envoy ${envoyVersions.join(' and ')}, ${faults} disagreements, ${once} that were none the second time`,
  );
  return faults === 0 && once <= asked * mostOnce;
}
