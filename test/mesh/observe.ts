/** Puts a case to a pod, and says in lines what was seen: by the client, in Envoy's access log, and by the servers. */
import type { BehaviourCase } from './case-file.ts';
import { printEnd, readEnd } from './case-file.ts';
import { type AccessLogEntry, type MeshPod, ownPort, quiet } from './lab/mesh-pod.ts';
import type { CallResult, End, Taken } from './lab/protocol.ts';
import type { Station } from './lab/station.ts';
import { callers, twin } from './world.ts';

/** How long a client waits for the first byte, in milliseconds, where nothing is expected, and where something is. */
const patience = { silence: 1500, answer: 20_000 } as const;

/** How long Envoy took is told by so many seconds, from the first two of them on: no machine is so busy. */
const step = 5;

/** What a client says that was connected, and had nothing for its patience. */
const silence = 'connected, and nothing comes';

/** Puts all cases of a pod to it, side by side. Each is told from the others by its client's port and its path. */
export async function observe(
  pod: MeshPod,
  cases: readonly BehaviourCase[],
): Promise<ReadonlyMap<BehaviourCase, readonly string[]>> {
  const results = await Promise.all(cases.map((one, index) => call(pod, one, index)));
  const linesNow = () =>
    cases.map((one, index) => linesOf(pod, one, results[index] as CallResult, tokenOf(index)));
  await quiet(
    () => pod.accessLog().length + [pod.app, pod.agent, pod.world].reduce(taken, 0),
    () => linesNow().every((lines, index) => lines.length >= fewestLines(cases[index] as BehaviourCase)),
  );
  const lines = linesNow();
  return new Map(cases.map((one, index) => [one, lines[index] as readonly string[]]));
}

/** What every Envoy's way has: lines that one version alone has may not come. */
const fewestLines = ({ expected }: BehaviourCase): number =>
  expected.filter((line) => !/^\d+\.\d+\??\| /.test(line)).length;

const isSilence = (line: string): boolean => line.endsWith(silence) || line.endsWith('timed out');
const tokenOf = (index: number) => `case-${index}-`;

async function call(pod: MeshPod, one: BehaviourCase, index: number): Promise<CallResult> {
  const { to, tls, send } = one;
  const station = await stationOf(pod, one);
  const request = one.http === undefined ? (send ?? '') : requestOf(one, tokenOf(index));
  return station.call({
    to,
    from: { ...addressOf(one), port: ownPort(index) },
    send: Buffer.from(request, 'latin1').toString('base64'),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.name === undefined ? {} : { name: tls.name }),
            ...(tls.alpn === undefined ? {} : { alpn: tls.alpn }),
            ...(tls.certificate ? { certificate: pod.certificate } : {}),
          },
        }),
    patience: one.expected.some(isSilence) ? patience.silence : patience.answer,
  });
}

function stationOf(pod: MeshPod, { caller }: BehaviourCase): Station | Promise<Station> {
  switch (caller) {
    case 'app':
      return pod.app;
    case 'proxy':
      return pod.agent;
    case 'root':
      return pod.process({ uid: 0, gid: 0 });
    default:
      return pod.world;
  }
}

function addressOf({ caller, to }: BehaviourCase): Partial<End> {
  if (caller !== 'remote' && caller !== 'prometheus') return {};
  return { address: twin(callers[caller], to.address.includes(':') ? 'v6' : 'v4') };
}

function requestOf({ http, headers }: BehaviourCase, token: string): string {
  if (http === undefined) return '';
  const lines = [
    `${http.method} ${http.path}?${token} HTTP/1.1`,
    ...(http.host === null ? [] : [`Host: ${http.host}`]),
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const taken = (sum: number, station: Station) => sum + station.taken.length;

function linesOf(pod: MeshPod, one: BehaviourCase, result: CallResult, token: string): readonly string[] {
  const { logged, connections } = loggedFor(pod.accessLog(), one, result, token);
  const servers = (['app', 'agent', 'world'] as const).flatMap((name) =>
    pod[name].taken
      .filter(({ remote, local, head }) => head?.includes(token) ?? connections.has(pair(remote, local)))
      .flatMap((each) => serverLines(name === 'agent' ? 'pilot-agent' : name, each, result, one.show)),
  );
  return [
    `client: ${clientWords(result)}`,
    ...headerLines(answerHead(result), one.answer ?? []),
    ...logged.map(envoyLine),
    ...servers,
  ];
}

function answerHead({ received }: CallResult): string {
  return Buffer.from(received, 'base64').toString('latin1').split('\r\n\r\n')[0] ?? '';
}

/** A connection by its two ends: a port alone may be taken twice, for two destinations. */
function pair(client: End | string | null, server: End | string | null): string {
  const text = (end: End | string | null) => (end === null || typeof end === 'string' ? end : printEnd(end));
  return `${text(client)} > ${text(server)}`;
}

/** The entries of a connection, and of those that Envoy made for it, in their order. */
function loggedFor(
  log: readonly AccessLogEntry[],
  { to }: BehaviourCase,
  { local }: CallResult,
  token: string,
) {
  const connections = new Set([pair(local, to)]);
  const found = new Set<AccessLogEntry>();
  for (let before = -1; found.size !== before; ) {
    before = found.size;
    for (const entry of log) {
      const { path, downstream_remote_address, downstream_local_address } = entry;
      const own = pair(downstream_remote_address, downstream_local_address);
      if (!(path?.includes(token) ?? connections.has(own))) continue;
      found.add(entry);
      connections.add(pair(entry.upstream_local_address, entry.upstream_host));
    }
  }
  // Where Envoy called itself, the call comes before the one that it was made for.
  const isFor = (one: AccessLogEntry) =>
    [...found].some((other) => other.upstream_local_address === one.downstream_remote_address);
  return { logged: [...found].sort((a, b) => Number(isFor(a)) - Number(isFor(b))), connections };
}

function clientWords({ connected, received, end }: CallResult): string {
  if (!connected) return end;
  const text = Buffer.from(received, 'base64').toString('latin1');
  const [, status, head = '', body = ''] = /^HTTP\/1\.1 (\d+)(.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
  if (status !== undefined) {
    const isOk = status === '200' || body === '' || /^transfer-encoding/im.test(head);
    return `HTTP ${status}${isOk ? '' : `, ${body.trim()}`}`;
  }
  if (text !== '') return `got ${JSON.stringify(text.trim())}`;
  if (end === 'open') return silence;
  return end === 'no TLS' ? 'connected, no TLS' : `connected, then ${end}`;
}

/** `10.96.0.7:80` is `outbound|80||reviews…` at `10.244.2.9:9080` from `10.244.1.5`. */
function envoyLine(entry: AccessLogEntry): string {
  const { downstream_local_address, upstream_cluster, upstream_host, upstream_local_address } = entry;
  const flags = entry.response_flags === '-' ? '' : `, flags ${entry.response_flags}`;
  const details =
    entry.response_flags === '-' || !entry.response_code_details ? '' : `, ${entry.response_code_details}`;
  const route =
    entry.route_name === null || entry.route_name === 'default' ? '' : `, route ${entry.route_name}`;
  const failure = entry.upstream_transport_failure_reason;
  const seconds = Math.round((entry.duration ?? 0) / 1000 / step) * step;
  const host = upstream_host === null ? '' : ` at ${upstream_host}`;
  const from = upstream_local_address === null ? '' : ` from ${readEnd(upstream_local_address).address}`;
  // Without a port it is of a header, and of no connection.
  const client = entry.downstream_remote_address?.endsWith(':0')
    ? `, for ${readEnd(entry.downstream_remote_address).address}`
    : '';
  return [
    `Envoy: ${downstream_local_address} is ${upstream_cluster ?? 'nobody'}${host}${from}`,
    client,
    route,
    flags,
    details,
    failure === null || failure === '' ? '' : `, ${failure}`,
    seconds < 2 * step ? '' : `, after ${seconds} seconds`,
  ].join('');
}

function serverLines(
  name: string,
  { local, remote, head }: Taken,
  result: CallResult,
  show: readonly string[],
): readonly string[] {
  const isItself = remote.port === result.local.port && remote.address === result.local.address;
  const line = `${name} at ${printEnd(local)} sees ${remote.address}${isItself ? ', the client itself' : ''}`;
  return [line, ...headerLines(head ?? '', show)];
}

function headerLines(head: string, names: readonly string[]): readonly string[] {
  const headers = head.split('\r\n').slice(1);
  return names.map((name) => {
    const own = headers.filter((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    const values = own.map((one) => one.slice(name.length + 1).trim());
    return `  ${name}: ${values.length === 0 ? 'none' : values.join(' | ')}`;
  });
}
