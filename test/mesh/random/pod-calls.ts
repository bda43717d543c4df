/** Random connections to the Envoy of a pod that has istiod's own configuration: what is drawn, asked, and said by the model. */
import {
  connect,
  type EnvoyConfig,
  type EnvoyOutcome,
  type EnvoyRelease,
  readEnvoyConfig,
  type Sends,
  type Server,
  seenBy,
} from '../../../src/envoy/index.ts';
import { portOf } from '../../../src/istio/index.ts';
import type { Family } from '../../../src/netfilter/index.ts';
import { Draw } from '../../kernel/draw.ts';
import { bootstrapOf } from '../envoy/bootstrap.ts';
import { answerOf } from '../istiod/answer.ts';
import { familiesOf, isUncaptured, type PodName, podNames } from '../istiod/pods.ts';
import { type AccessLogEntry, type MeshPod, ownPort, quiet } from '../lab/mesh-pod.ts';
import type { CallResult, End } from '../lab/protocol.ts';
import { appPorts, callers, closedPort, elsewhere, handbookPod, services, twin } from '../world.ts';
import { bytesToSend } from './live.ts';

export interface PodCall {
  readonly direction: 'inbound' | 'outbound';
  readonly to: End;
  readonly sends: Sends;
}

/** What came of it: what the client saw, and what Envoy logged. */
export interface PodCallSeen {
  readonly local: End;
  readonly client: 'answer' | 'closed' | 'waits';
  /** Of an answer of HTTP; null: none. */
  readonly status: number | null;
  /** Null where nothing was logged: the connection still stands. */
  readonly log: {
    readonly cluster: string | null;
    readonly host: string | null;
    readonly flags: string | null;
    readonly bound: string | null;
  } | null;
}

const undeclared = 9555;
const hosts = services.flatMap(({ name, namespace, ports }) =>
  ports.flatMap(({ port }) => [
    name,
    `${name}.${namespace}`,
    `${name}.${namespace}.svc.cluster.local:${port}`,
  ]),
);

/** The calls of one pod, the same for the same seed. */
export function drawPodCalls(name: PodName, seed: number, from: number, amount: number): readonly PodCall[] {
  return Array.from({ length: amount }, (_, at) =>
    drawCall(name, new Draw(seed, podNames.indexOf(name), from + at)),
  );
}

function drawCall(name: PodName, draw: Draw): PodCall {
  const family = draw.pick(familiesOf(name));
  const sends = drawSends(draw);
  if (isUncaptured(name)) return { ...drawUncaptured(name, draw), sends };
  if (draw.chance(0.5)) {
    const port = draw.pick([...appPorts.map((one) => one.port), closedPort, closedPort - 1, undeclared]);
    return { direction: 'inbound', to: { address: twin(handbookPod.address, family), port }, sends };
  }
  const ofServices = services.flatMap(({ address, ports }) =>
    address === null ? [] : ports.map(({ port }) => ({ address, port })),
  );
  const { address, port } = draw.pick([
    ...ofServices,
    ...elsewhere,
    ...elsewhere.map((one) => ({ ...one, port: undeclared })),
  ]);
  return { direction: 'outbound', to: { address: twin(address, family), port }, sends };
}

/** A port that Envoy listens on itself: the app calls it on this host, others at the pod's address. */
function drawUncaptured(name: PodName, draw: Draw): Omit<PodCall, 'sends'> {
  const own = podConfig(name).listeners.flatMap(({ addresses }) => addresses);
  // Where the app listens already Envoy cannot.
  const isFree = ({ port }: End) => appPorts.every((one) => one.port !== port);
  const { address, port } = draw.pick(own.filter((one) => isFree(one) && one.port < firstOfAgent));
  const isFromOutside = address === handbookPod.address || (address === '0.0.0.0' && draw.chance(0.5));
  if (isFromOutside) return { direction: 'inbound', to: { address: handbookPod.address, port } };
  return { direction: 'outbound', to: { address: address === '0.0.0.0' ? '127.0.0.1' : address, port } };
}

/** Ports of pilot-agent's and of Envoy's admin, which are another matter. */
const firstOfAgent = 15_000;

function drawSends(draw: Draw): Sends {
  const http = (): Sends => ({
    http: {
      method: draw.pick(['GET', 'HEAD']),
      path: draw.pick(['/', '/a?b=c']),
      host: draw.pick([...hosts, 'elsewhere.example', '203.0.113.10']),
    },
  });
  const tls = (): Sends => ({
    tls: {
      serverName: draw.pick([null, 'elsewhere.example', 'outbound_.8080_._.own.default.svc.cluster.local']),
      alpn: draw.pick([
        null,
        ['http/1.1'],
        ['h2', 'http/1.1'],
        ['istio'],
        ['istio-http/1.1', 'istio'],
        ['istio-peer-exchange', 'istio'],
      ]),
    },
  });
  const bytes = (): Sends => ({
    bytes: draw.pick([
      'hello, world\r\n',
      '\0\0\0\x08\x04\xd2\x16\x2f',
      'SSH-2.0-any\r\n',
      'GET',
      'x',
      '\x16\x03\x01',
      'a line\r\n\r\n',
    ]),
  });
  const kinds: readonly (() => Sends)[] = [
    http,
    http,
    http,
    tls,
    tls,
    bytes,
    bytes,
    () => ({ nothing: true }),
    () => ({ h2c: true }),
  ];
  return draw.pick(kinds)();
}

/** The configuration as the model reads it: what the Envoy of the pod is started with. */
export function podConfig(name: PodName): EnvoyConfig {
  const { config, problems } = readEnvoyConfig([
    bootstrapOf(answerOf(name), { certificate: '', accessLog: '' }),
  ]);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return config;
}

interface Asking {
  readonly isCaptured: boolean;
  readonly config: EnvoyConfig;
  readonly version: EnvoyRelease;
  readonly local: End;
}

function modelOf({ isCaptured, config, version, local }: Asking, call: PodCall, ask = connect): EnvoyOutcome {
  const { to, sends, direction } = call;
  const listener = isCaptured
    ? portOf(direction === 'inbound' ? 'envoy-inbound' : 'envoy-outbound')
    : to.port;
  const connection = {
    source: local.address,
    sourcePort: local.port,
    destination: to.address,
    destinationPort: to.port,
  };
  return ask(config, { ...connection, listener, sends }, { version }).outcome;
}

/** Puts calls to a pod, many at once. */
export async function askPod(
  pod: MeshPod,
  name: PodName,
  calls: readonly PodCall[],
  version: EnvoyRelease,
): Promise<readonly PodCallSeen[]> {
  const config = podConfig(name);
  const isCaptured = !isUncaptured(name);
  const results: CallResult[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 60 }, async () => {
      for (let at = next++; at < calls.length; at = next++) {
        const call = calls[at] as PodCall;
        const family: Family = call.to.address.includes(':') ? 'v6' : 'v4';
        const from = call.direction === 'inbound' ? { address: twin(callers.remote, family) } : {};
        const local = { address: from.address ?? twin(handbookPod.address, family), port: 40_000 };
        const asking = { isCaptured, config, version, local };
        const said = told(asking, modelOf(asking, call), call);
        // Who is not expected to answer is not waited for as long.
        const patience = said?.client === 'waits' ? 1500 : 8000;
        const station = call.direction === 'inbound' ? pod.world : pod.app;
        const send = Buffer.from(bytesToSend(call.sends), 'latin1').toString('base64');
        results[at] = await station.call({
          to: call.to,
          from: { ...from, port: ownPort(at) },
          send,
          patience,
        });
      }
    }),
  );
  const logged = () => logOf(pod);
  await quiet(
    () => logged().size,
    () => {
      const log = logged();
      return results.every(
        ({ received, local }, at) => received === '' || log.has(pairOf(local, (calls[at] as PodCall).to)),
      );
    },
  );
  const log = logged();
  return results.map((result, at) => seenOf(result, log, (calls[at] as PodCall).to));
}

function logOf(pod: MeshPod): ReadonlyMap<string, AccessLogEntry> {
  return new Map(
    pod
      .accessLog()
      .map((entry) => [`${entry.downstream_remote_address} > ${entry.downstream_local_address}`, entry]),
  );
}

const pairOf = (client: End, server: End): string => `${printed(client)} > ${printed(server)}`;

const printed = ({ address, port }: End) =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function seenOf(
  { local, connected, received, end }: CallResult,
  log: ReadonlyMap<string, AccessLogEntry>,
  to: End,
): PodCallSeen {
  const text = Buffer.from(received, 'base64').toString('latin1');
  const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
  const entry = log.get(pairOf(local, to));
  return {
    local,
    client: text !== '' ? 'answer' : connected && end === 'open' ? 'waits' : 'closed',
    status: status === undefined ? null : Number(status),
    log:
      entry === undefined
        ? null
        : {
            cluster: entry.upstream_cluster,
            host: entry.upstream_host,
            flags: entry.response_flags,
            bound: entry.upstream_local_address?.replace(/^\[?(.*?)\]?:\d+$/, '$1') ?? null,
          },
  };
}

export interface PodDisagreement {
  readonly pod: PodName;
  readonly call: PodCall;
  readonly envoy: PodCallSeen;
  readonly model: unknown;
}

interface ToldCall {
  readonly client: PodCallSeen['client'];
  readonly status: number | null;
  /** With TLS on the client's side a refusal comes before the end of the handshake, or after it. */
  readonly isRace: boolean;
}

/** Null where the model cannot tell, or where a server would have to speak TLS, which none does. */
function told(asking: Asking, outcome: EnvoyOutcome, call: PodCall): ToldCall | null {
  if (outcome.kind === 'dials' && outcome.tls) return null;
  const isAgain = asking.isCaptured && call.direction === 'outbound' && outcome.kind === 'dials';
  const again = isAgain ? ownPlace(outcome.hosts[0]) : null;
  // The rules bring it to the same Envoy, as an inbound connection.
  if (again !== null && outcome.kind === 'dials') {
    const inbound: PodCall = { ...call, direction: 'inbound', to: again };
    // It is dialled from the pod's own address of that family, whatever the app has called.
    const from = { ...asking, local: { address: again.address, port: asking.local.port } };
    const there = told(from, modelOf(from, inbound), inbound);
    // What is no answer of HTTP is a 502 or a 503 of the first.
    const isEnded = outcome.protocol === 'http' && there?.client === 'closed';
    return isEnded ? { client: 'answer', status: 503, isRace: false } : there;
  }
  const sent = bytesToSend(call.sends);
  const seen = seenBy(outcome, serverOf(outcome, sent), sent === '');
  if (seen === null) return null;
  const client = seen.client === 'reset' ? 'closed' : seen.client;
  const isHttp = outcome.kind === 'dials' && outcome.protocol === 'http';
  const isRace = outcome.kind === 'dials' && outcome.downstreamTls && outcome.protocol === 'tcp';
  return { client, status: seen.status ?? (isHttp && client === 'answer' ? 200 : null), isRace };
}

const loopback: readonly string[] = ['127.0.0.1', '::1'];

function placeOf(host = ''): End {
  const [, v6, v4, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(host) ?? [];
  return { address: v6 ?? v4 ?? '', port: Number(port ?? 0) };
}

/** A place of the pod itself; null for any other. */
function ownPlace(host: string | undefined): End | null {
  const place = placeOf(host);
  return (['v4', 'v6'] as const).some((family) => twin(handbookPod.address, family) === place.address)
    ? place
    : null;
}

function serverOf(outcome: EnvoyOutcome, sent: string): Server {
  if (outcome.kind !== 'dials') return 'answers';
  const { address, port } = placeOf(outcome.hosts[0]);
  const isLocal = loopback.includes(address);
  const isOwn =
    isLocal || (['v4', 'v6'] as const).some((family) => twin(handbookPod.address, family) === address);
  const found = isOwn
    ? appPorts.find((one) => one.port === port && (isLocal || one.onLocalhost !== true))
    : elsewhere.find(
        (one) =>
          one.port === port &&
          (['v4', 'v6'] as const).some((family) => twin(one.address, family) === address),
      );
  if (found === undefined) return 'refuses';
  if (outcome.protocol === 'http') return found.speaks === 'http' ? 'answers' : 'speaks first';
  if (found.speaks === 'first') return 'speaks first';
  return found.speaks === 'http' && !sent.includes('\r\n\r\n') ? 'says nothing' : 'answers';
}

/** Where the model says something else than was seen. */
export function podDisagreements(
  ask: typeof connect,
  name: PodName,
  calls: readonly PodCall[],
  seen: readonly PodCallSeen[],
  version: EnvoyRelease,
): readonly PodDisagreement[] {
  const config = podConfig(name);
  return calls.flatMap((call, at) => {
    const envoy = seen[at] as PodCallSeen;
    const asking = { isCaptured: !isUncaptured(name), config, version, local: envoy.local };
    const outcome = modelOf(asking, call, ask);
    const other = outcome.kind === 'waits' ? outcome.otherwise : null;
    const isSame =
      agrees(asking, outcome, call, envoy) || (other !== null && agrees(asking, other, call, envoy));
    return isSame ? [] : [{ pod: name, call, envoy, model: { outcome, told: told(asking, outcome, call) } }];
  });
}

function agrees(
  asking: Asking,
  outcome: EnvoyOutcome,
  call: PodCall,
  { client, status, log }: PodCallSeen,
): boolean {
  const says = told(asking, outcome, call);
  if (outcome.kind === 'cannot tell') return false;
  if (says !== null && says.client !== client && !(says.isRace && client !== 'waits')) return false;
  if (says !== null && says.status !== null && says.status !== status) return false;
  if (log === null) return true;
  const { cluster } = outcome as { readonly cluster?: string };
  // Who is not waited for to the end is logged without a cluster.
  if (cluster !== undefined && log.cluster !== cluster) return false;
  if (outcome.kind !== 'dials') return true;
  if (log.host !== null && !outcome.hosts.includes(log.host)) return false;
  return log.bound === null || outcome.source === undefined || log.bound === outcome.source;
}
