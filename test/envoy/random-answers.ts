/** What became of a random connection, in one word: what Envoy did, and what the model says. */
import type {
  connect,
  EnvoyConfig,
  EnvoyConnection,
  EnvoyOutcome,
  EnvoyRelease,
} from '../../src/envoy/index.ts';
import { firstServer, type RandomCase } from './random-config.ts';

/** A client waits so long, in milliseconds; the timeouts of the listeners are shorter, or none. */
export const patience = 1500;

/** `server 3`, `404`, `HTTP/2`, `closed`, `waits`. A reset is the kernel's way of closing. */
export type Became = string;

export function becameOf(outcome: EnvoyOutcome): Became {
  switch (outcome.kind) {
    case 'dials':
      return `server ${Number(outcome.hosts[0]?.split(':').at(-1)) - firstServer}`;
    case 'responds':
      return outcome.status === undefined ? outcome.with : `${outcome.status}`;
    case 'waits':
      if (outcome.afterwards === null || (outcome.timeout ?? patience) >= patience) return 'waits';
      return becameOf(outcome.afterwards);
    case 'closed':
      return 'closed';
    case 'cannot tell':
      return `cannot tell: ${outcome.because.code}`;
  }
}

export interface Disagreement {
  readonly listener: unknown;
  readonly connection: EnvoyConnection;
  readonly envoy: Became;
  readonly model: Became;
}

/** Where the model says something else than Envoy did, by the cases and the connections of each. */
export function disagreements(
  ask: typeof connect,
  config: EnvoyConfig,
  cases: readonly RandomCase[],
  answers: readonly (readonly Became[])[],
  version: EnvoyRelease,
): readonly Disagreement[] {
  return cases.flatMap(({ listener, connections }, number) =>
    connections.flatMap((connection, at) => {
      const envoy = answers[number]?.[at] ?? 'not asked';
      const { outcome } = ask(config, connection, { version });
      const model = becameOf(outcome);
      // The one thing that is chance: whether an unfinished line is waited for.
      const other =
        outcome.kind === 'waits' && outcome.otherwise !== null ? becameOf(outcome.otherwise) : model;
      return envoy === model || envoy === other ? [] : [{ listener, connection, envoy, model }];
    }),
  );
}
