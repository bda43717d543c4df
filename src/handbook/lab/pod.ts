/**
 * The pod that a text tells of: what the walks know of it, what they take from the handbook's example, and the same
 * pod as Istio would have set it up.
 */
import type { PastedPod } from '../../analysis/index.ts';
import { completeOptions, type FromYaml, findPort, type Options } from '../../istio/index.ts';
import type { Rulesets } from '../../journey/index.ts';
import {
  type Host,
  type ListeningSocket,
  type Network,
  readConntrack,
  readIpSets,
  readSockets,
  readSysctls,
} from '../../netfilter/index.ts';
import type { KnownOfPod } from '../../words/index.ts';
import { type RealPod, workloadOf } from '../scenarios/real-pod/index.ts';
import { pod as handbookPod, type Setting, workload } from '../scenarios/setting.ts';

/** Envoy's own ports, where the YAML names others. */
export function listenersIn(read: FromYaml | null): Partial<Options> {
  const { proxyPort, inboundCapturePort } = read?.options ?? {};
  return {
    ...(proxyPort === undefined ? {} : { proxyPort }),
    ...(inboundCapturePort === undefined ? {} : { inboundCapturePort }),
  };
}

type StateParts = 'conntrack' | 'sockets' | 'sets' | 'sysctls';

function kernelState(pasted: Pick<PastedPod, StateParts>): Pick<Host, 'connections' | 'sets' | 'sysctls'> {
  const { connections } = readConntrack(pasted.conntrack.lines);
  return {
    ...(connections.length === 0 ? {} : { connections }),
    ...(pasted.sets.lines.length === 0 ? {} : { sets: readIpSets(pasted.sets.lines) }),
    ...(pasted.sysctls.lines.length === 0 ? {} : { sysctls: readSysctls(pasted.sysctls.lines) }),
  };
}

/**
 * Where the app listens: all that listens and is not of the proxy's container. Where netstat may not see whose a
 * socket is, it prints a dash; a port of Istio's is then taken to be Istio's.
 */
function appListens(pasted: Pick<PastedPod, StateParts>): readonly Listens[] {
  const { listening } = readSockets(pasted.sockets.lines);
  const found = new Map<number, string[]>();
  for (const { protocol, process, port, address } of listening) {
    if (protocol !== 'tcp' || (process === null ? isIstios(port) : proxys.test(process))) continue;
    found.set(port, [...(found.get(port) ?? []), address]);
  }
  return [...found].map(([port, addresses]) => {
    const all = addresses.find((one) => one === '::') ?? addresses.find((one) => one === '0.0.0.0');
    return { port, address: all ?? (addresses[0] as string) };
  });
}

type Listens = Pick<ListeningSocket, 'port' | 'address'>;

const proxys = /^(?:envoy|pilot-agent|wrk:|ztunnel)/;

function isIstios(port: number): boolean {
  const owner = findPort(port)?.listener;
  return owner === 'Envoy' || owner === 'pilot-agent';
}

/** What the walks know of the pod. */
export function realPod(
  rulesets: Rulesets,
  setting: Setting,
  network: Network | null,
  read: FromYaml | null,
  pasted: Pick<PastedPod, StateParts>,
): RealPod {
  const listens = appListens(pasted);
  const state = kernelState(pasted);
  const { uid, gid, ports: declared = [], addresses = [], netBindService } = read?.workload ?? {};
  // What listens is better known than what the YAML says of it.
  const ports = listens.length > 0 ? listens : declared.map((port) => ({ port }));
  return {
    rulesets,
    setting,
    ...(network === null ? {} : { network }),
    ...(Object.keys(state).length === 0 ? {} : { state }),
    app: {
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(ports.length === 0 ? {} : { ports }),
      ...(addresses.length === 0
        ? {}
        : { addresses: addresses.map((one) => `${one}/${one.includes(':') ? 128 : 32}`) }),
      ...(netBindService === true ? { netBindService } : {}),
    },
  };
}

/** What is known of the pod beside its rules, by where it was told; then what was told by nothing. */
export function knownOf(
  { app = {}, network, state = {} }: RealPod,
  read: FromYaml | null,
  pasted: Pick<PastedPod, StateParts>,
): KnownOfPod {
  const listens = appListens(pasted).map(({ port }) => port);
  const { uid, gid } = app;
  const ports = app.ports?.map(({ port }) => port);
  const addresses = app.addresses?.map((one) => one.split('/')[0] ?? one);
  const devices = network?.interfaces ?? [];
  const interfaces = devices.filter((one) => one.name !== 'lo' && one.addresses.length > 0);
  const hasAddress = interfaces.length > 0;
  return {
    yaml: {
      object: read?.object ?? null,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(ports === undefined || listens.length > 0 ? {} : { ports }),
      // The addresses of its interfaces are better known.
      ...(addresses === undefined || hasAddress ? {} : { addresses }),
    },
    interfaces,
    joined: devices.flatMap(({ name, master }) => (master === undefined ? [] : [{ name, master }])),
    stacked: devices.flatMap(({ name, lower }) => (lower === undefined ? [] : [{ name, lower }])),
    ...(listens.length === 0 ? {} : { listens }),
    ...(state.connections === undefined ? {} : { connections: state.connections.length }),
    ...(network?.rules === undefined ? {} : { routingRules: network.rules.length }),
    ...(network?.routes === undefined ? {} : { routes: network.routes.length }),
    assumed: {
      ...(hasAddress || addresses !== undefined ? {} : { addresses: [handbookPod.address] }),
      ...(uid === undefined ? { uid: workload.uid } : {}),
      ...(gid === undefined ? { gid: workload.gid } : {}),
      ...(ports === undefined ? { ports: [handbookPod.port] } : {}),
    },
  };
}

/** The same pod with Istio's own rules and routing. */
export function asIstioMakesIt(pod: RealPod): RealPod {
  const { addresses } = workloadOf(pod, false);
  return { ...(pod.setting === undefined ? {} : { setting: pod.setting }), app: { ...pod.app, addresses } };
}

/** With Istio's own rules, and an app that is not taken for the proxy. */
export function asIstioMeansIt(pod: RealPod, { options }: Setting): RealPod {
  const { app = {}, ...made } = asIstioMakesIt(pod);
  const { uid, gid, ...rest } = app;
  const { proxyUID, proxyGID } = completeOptions(options);
  const isProxys = (ids: string, id: number | undefined) => ids.split(',').includes(String(id));
  return {
    ...made,
    app: {
      ...rest,
      ...(uid === undefined || isProxys(proxyUID, uid) ? {} : { uid }),
      ...(gid === undefined || isProxys(proxyGID, gid) ? {} : { gid }),
    },
  };
}
