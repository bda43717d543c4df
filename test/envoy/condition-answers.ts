/** What both Envoys did with the cases of `conditions`, as it was recorded, and what the model says. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type * as Model from '../../src/envoy/index.ts';
import type { EnvoyOutcome, EnvoyRelease, Server } from '../../src/envoy/index.ts';
import { conditionCases } from './conditions/index.ts';
import { type ConditionCase, nobody, serverAt, servers } from './conditions/sketch.ts';
import { type Became, becameOf, patience } from './random-answers.ts';
import { firstServer, serversAsClusters } from './random-config.ts';

const file = new URL('./recorded/conditions.json.gz', import.meta.url);

/** By release and title, for each connection. */
export type ConditionAnswers = Readonly<Record<EnvoyRelease, Readonly<Record<string, readonly Became[]>>>>;

export interface ConditionRecording {
  readonly cases: readonly ConditionCase[];
  readonly answers: ConditionAnswers;
}

/** Cases share an Envoy where the kernel redirects for all of them, or for none. */
export function placesOf(cases: readonly ConditionCase[]): readonly (readonly ConditionCase[])[] {
  return [false, true].map((isRedirected) =>
    cases.filter(({ redirects }) => redirects.length > 0 === isRedirected),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: messages of Envoy's API, of which few fields are made here.
export function bootstrapOf(cases: readonly ConditionCase[]): any {
  return {
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: firstServer + 500 } } },
    node: { id: 'conditions', cluster: 'conditions' },
    cluster_manager: {
      upstream_bind_config: { source_address: { address: '127.0.0.7', port_value: 0 } },
    },
    static_resources: {
      listeners: cases.flatMap(({ listeners }) => listeners),
      clusters: [...serversAsClusters(), ...cases.flatMap(({ clusters }) => clusters)],
    },
  };
}

export function conditionRecording(): ConditionRecording {
  if (!existsSync(file)) throw new Error('nothing is recorded: record it as root, SIDETRACK_RECORD=1');
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

export function writeConditions(answers: ConditionAnswers): void {
  writeFileSync(file, gzipSync(JSON.stringify({ cases: conditionCases, answers }), { level: 9 }));
}

const portOf = (host: string): number => Number(host.split(':').at(-1));
const isAt = (kind: keyof typeof servers, host: string): boolean =>
  servers[kind].some((_, number) => serverAt(kind, number) === portOf(host));

function serverOf({ tls, protocol }: Extract<EnvoyOutcome, { kind: 'dials' }>, host: string): Server {
  if (isAt('http', host)) return 'answers';
  // None of the others speaks TLS.
  if (tls || !(isAt('itself', host) || isAt('caller', host))) return 'refuses';
  return protocol === 'http' ? 'speaks first' : 'answers';
}

/** How a connection ends; where weights decide, with each of the clusters. */
function endsOf(ask: (options: Model.ConnectOptions) => Model.ConnectionWalk): readonly EnvoyOutcome[] {
  const { outcome } = ask({});
  if (outcome.kind !== 'cannot tell' || outcome.because.code !== 'weights') return [outcome];
  return outcome.because.clusters.map((name) => ask({ chosen: [name] }).outcome);
}

/** All that may become of a connection whose end is this one. */
function modelled(model: typeof Model, outcome: EnvoyOutcome, isSilent: boolean): readonly Became[] {
  if (outcome.kind === 'closed') return [outcome.unread ? 'reset' : 'closed'];
  if (outcome.kind === 'waits' && outcome.afterwards !== null && (outcome.timeout ?? patience) < patience)
    return modelled(model, outcome.afterwards, isSilent);
  if (outcome.kind !== 'dials') return [becameOf(outcome)];
  return outcome.hosts.map((host) => {
    // A name without an address is no server, and its cluster has no host.
    if (host.startsWith(nobody))
      return outcome.protocol === 'http' ? '503' : outcome.unread ? 'reset' : 'closed';
    const server = serverOf(outcome, host);
    const seen = model.seenBy(outcome, server, isSilent);
    if (outcome.protocol === 'http') return `${seen?.status ?? 200}`;
    if (server === 'refuses') return seen?.client ?? 'cannot tell';
    if (isAt('caller', host)) return `from ${outcome.source ?? (host.startsWith('[') ? '::1' : '127.0.0.1')}`;
    return `server ${portOf(host) - firstServer}`;
  });
}

export interface ConditionDisagreement {
  readonly title: string;
  readonly connection: unknown;
  readonly envoy: readonly Became[];
  readonly model: readonly Became[];
}

const closings: readonly Became[] = ['closed', 'reset'];

export function conditionDisagreements(
  model: typeof Model,
  { cases, answers }: ConditionRecording,
  release: EnvoyRelease,
  isWhole = true,
): readonly ConditionDisagreement[] {
  return placesOf(cases).flatMap((place) => {
    const { config, problems } = model.readEnvoyConfig([bootstrapOf(place)]);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    return place.flatMap(({ title, connections, meetsAll, tellsResets }) => {
      // Elsewhere it is the kernel's choice.
      const same = (one: Became, other: Became) =>
        one === other || (!tellsResets && closings.includes(one) && closings.includes(other));
      const met = new Set<Became>();
      const named = new Set<Became>();
      const found = connections.flatMap((connection, at) => {
        const outcomes = endsOf((options) =>
          model.connect(config, connection, { ...options, version: release }),
        );
        const isSilent = 'nothing' in connection.sends;
        const may = outcomes.flatMap((outcome) => modelled(model, outcome, isSilent));
        // The one thing that is chance: whether an unfinished line is waited for.
        const after = outcomes.flatMap((outcome) =>
          outcome.kind === 'waits' && outcome.otherwise !== null
            ? modelled(model, outcome.otherwise, isSilent)
            : [],
        );
        const envoy = answers[release][title]?.[at] ?? 'not asked';
        met.add(envoy);
        for (const one of may) named.add(one);
        return [...may, ...after].some((one) => same(envoy, one))
          ? []
          : [{ title, connection, envoy: [envoy], model: may }];
      });
      const missed =
        meetsAll && isWhole ? [...named].filter((one) => ![...met].some((each) => same(each, one))) : [];
      return missed.length === 0
        ? found
        : [...found, { title, connection: null, envoy: [...met].sort(), model: [...named].sort() }];
    });
  });
}
