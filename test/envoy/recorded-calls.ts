/** What the model says of the recorded calls, in the terms of the recording. */
import type * as Model from '../../src/envoy/index.ts';
import type { EnvoyConnection, EnvoyOutcome, SeenByClient, Server } from '../../src/envoy/index.ts';
import { bootstraps, type RecordedCall, recordedCalls } from './recordings.ts';

const own = '10.0.0.10';

/** Who takes connections, and how, of those that were called; all others answer in plain text. */
const servers: Readonly<Record<string, Server>> = {
  [`${own}:15000`]: 'refuses',
  // The Envoy itself, which ends calls to its own port.
  [`${own}:15001`]: 'closes',
  [`${own}:80`]: 'refuses',
  [`${own}:8081`]: 'refuses',
  [`${own}:9443`]: 'refuses',
  [`${own}:9998`]: 'refuses',
  '10.0.0.99:9998': 'refuses',
  [`${own}:3306`]: 'speaks first',
  '203.0.113.5:3306': 'speaks first',
};

function serverOf(outcome: EnvoyOutcome, host: string): Server {
  // None of them speaks TLS, so that a dial with it fails; in the pod itself the Envoy takes it.
  if (outcome.kind === 'dials' && outcome.tls && !host.startsWith(`${own}:`)) return 'refuses';
  return servers[host] ?? 'answers';
}

/** The app called its own pod: such a call never reaches the Envoy. */
const isPastEnvoy = ({ to, port }: RecordedCall): boolean => port === 15001 && to.startsWith(`${own}:`);

function connectionOf({ from = own, to, port, sends }: RecordedCall): EnvoyConnection {
  const [destination = '', destinationPort] = to.split(':');
  return {
    source: from,
    sourcePort: 40000,
    destination,
    destinationPort: Number(destinationPort),
    listener: port,
    sends,
  };
}

interface Told {
  readonly client: string | undefined;
  readonly status?: string | undefined;
  readonly cluster?: string | undefined;
  readonly host?: string | undefined;
  readonly flags?: string | undefined;
  readonly route?: string | undefined;
  readonly source?: string | undefined;
}

/** Which of closed and reset it is, is the kernel's choice. */
function seenAs(client: string): string {
  if (client === 'reset') return 'closed';
  return /^(HTTP|data|h2|tls)/.test(client) ? 'answer' : client;
}

function recorded({ client, log, bound }: RecordedCall): Told {
  const status = /^HTTP\/1.1 (\d+)/.exec(client)?.[1];
  const { cluster, host, flags, route } = log ?? {};
  // A client that had enough of waiting is in the log as well.
  const isOwn = flags !== '-' && flags !== 'DC';
  return {
    client: seenAs(client),
    status: status === '200' ? undefined : status,
    ...(log === undefined ? {} : { cluster, host, flags: isOwn ? flags : undefined, route }),
    ...(bound === undefined ? {} : { source: bound }),
  };
}

function modelled(outcome: EnvoyOutcome, seen: SeenByClient | null, { log, bound }: RecordedCall): Told {
  const dials = outcome.kind === 'dials' ? outcome : null;
  const { cluster, route } = outcome as { readonly cluster?: string; readonly route?: string };
  const host = log?.host !== undefined && dials?.hosts.includes(log.host) ? log.host : dials?.hosts.join();
  return {
    client: seen === null ? 'cannot tell' : seenAs(seen.client),
    status: seen?.status === undefined ? undefined : `${seen.status}`,
    ...(log === undefined ? {} : { cluster, host, flags: seen?.flags, route }),
    // What the kernel chooses is the pod's own.
    ...(bound === undefined ? {} : { source: dials?.source ?? own }),
  };
}

/** One call: what was recorded, and what the model says. */
export interface Compared {
  readonly call: RecordedCall;
  readonly recorded: Told;
  readonly modelled: Told;
}

/** All calls that reached the Envoy of a pod. */
export function compareCalls(model: typeof Model, name: string): readonly Compared[] {
  const { config } = model.readEnvoyConfig([bootstraps[name]]);
  return (recordedCalls[name] ?? [])
    .filter((call) => !isPastEnvoy(call))
    .map((call) => {
      const { outcome } = model.connect(config, connectionOf(call), { version: '1.39' });
      const host = outcome.kind === 'dials' ? (call.log?.host ?? outcome.hosts[0] ?? '') : '';
      const seen = model.seenBy(outcome, serverOf(outcome, host), 'nothing' in call.sends);
      return { call, recorded: recorded(call), modelled: modelled(outcome, seen, call) };
    });
}
