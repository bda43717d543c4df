/** What Istio's programs do, need, print and default to: each statement once, with how it is known. */
import { ambient } from './ambient.ts';
import { ambientLife } from './ambient-life.ts';
import { calls } from './calls.ts';
import { capturing } from './capturing.ts';
import { causes } from './causes.ts';
import { client } from './client.ts';
import { dns } from './dns.ts';
import type { Fact } from './fact.ts';
import { failures } from './failures.ts';
import { flags } from './flags.ts';
import { inspection } from './inspection.ts';
import { lifecycle } from './lifecycle.ts';
import { metrics } from './metrics.ts';
import { native } from './native.ts';
import { probes } from './probes.ts';
import { proxyUser } from './proxy-user.ts';
import { proxying } from './proxying.ts';
import { runtime } from './runtime.ts';
import { setup } from './setup.ts';
import { sniffing } from './sniffing.ts';
import { valuesTaken } from './values.ts';
import { workloads } from './workloads.ts';

export {
  type Evidence,
  type EvidenceKind,
  evidenceKinds,
  type Fact,
  factHolds,
  factOptionsMissing,
  type Program,
  type SourceLine,
  ztunnelAsked,
} from './fact.ts';
export {
  ambient,
  ambientLife,
  calls,
  capturing,
  causes,
  client,
  dns,
  failures,
  flags,
  inspection,
  lifecycle,
  metrics,
  native,
  probes,
  proxying,
  proxyUser,
  runtime,
  setup,
  sniffing,
  valuesTaken,
  workloads,
};

const all = {
  ...client,
  ...sniffing,
  ...dns,
  ...metrics,
  ...capturing,
  ...proxying,
  ...setup,
  ...native,
  ...lifecycle,
  ...probes,
  ...inspection,
  ...calls,
  ...proxyUser,
  ...ambient,
  ...runtime,
  ...flags,
  ...ambientLife,
  ...workloads,
  ...valuesTaken,
  ...failures,
  ...causes,
} as const;

export type FactName = keyof typeof all;

/** Facts by name. */
export const facts: Readonly<Record<string, Fact>> = all;

export const factNames: readonly string[] = Object.keys(all);

export function findFact(name: string): Fact | undefined {
  return Object.hasOwn(facts, name) ? facts[name] : undefined;
}
