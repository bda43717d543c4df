/**
 * The scenarios of ambient mode: a pod that is enrolled, and the mesh around it.
 */
import handbook from '../../../handbook.config.ts';
import {
  type AmbientOptions,
  type AmbientRules,
  ambientDefaults,
  ambientRulesFor,
  type EnrolledWorkload,
  readRelease,
  ztunnelPorts,
} from '../../istio/index.ts';
import { enrolledPodOf, type Inhabited, type Journey, journey, type Request } from '../../journey/index.ts';
import { type Family, familyOf, printEndpoint } from '../../netfilter/index.ts';
import { type AmbientMeshChoice, inMesh, waypoint } from './ambient-mesh.ts';
import { nodeOf, overNode, programmedNode } from './ambient-node.ts';
import type { ExampleCall, ExampleSender } from './examples.ts';
import { handbookSetting, peers, pod, podAddressV6, remoteAddressV6, services } from './setting.ts';

export interface AmbientScenario {
  /** Stable: addresses, fences and links hang on it. All begin with `ambient-`. */
  readonly name: string;
  /** The page of `content/ambient` that tells it. */
  readonly page: string;
  /** True for the one that stands for its page. */
  readonly isMain: boolean;
  /** Who calls whom: `A mesh peer calls this pod`. */
  readonly title: string;
  readonly request: Request;
  readonly options?: Partial<AmbientOptions>;
  readonly workload?: Partial<EnrolledWorkload>;
}

const { uid, gid } = handbook.pod;

export const enrolledWorkload: EnrolledWorkload = {
  addresses: [handbook.pod.address, `${podAddressV6}/64`],
  uid,
  gid,
  ports: [{ port: pod.port }],
  services: Object.values(services),
  peers: [
    { address: peers.remote.address, protocol: 'HBONE' },
    { address: remoteAddressV6, protocol: 'HBONE' },
  ],
  nameserver: '10.96.0.53',
};

const defaults = ambientDefaults(readRelease(handbookSetting.release) ?? [1, 31, 0]);

const kubeletName = 'kubelet';

/** The addresses that probes of the node come from. */
const probe = { v4: defaults.hostProbeSNATAddress, v6: defaults.hostProbeV6SNATAddress };

const app = { process: 'app' } as const;
const guest = { name: 'virtual machine', address: '10.0.2.2' };
const outside = { name: 'outside client', address: '203.0.113.10' };
const toPod = { address: pod.address, port: pod.port };
const toService = { address: services.remote.address, port: services.remote.port };
const tunnelled = { address: pod.address, port: ztunnelPorts.hbone, path: `${pod.address}:${pod.port}` };

export const ambientScenarios: readonly AmbientScenario[] = [
  {
    name: 'ambient-hbone',
    page: 'hbone',
    isMain: true,
    title: 'A mesh peer calls this pod',
    request: { from: peers.remote, ...tunnelled },
  },
  {
    name: 'ambient-plain-text',
    page: 'plain-text',
    isMain: true,
    title: 'Somebody outside the mesh calls this pod',
    request: { from: outside, ...toPod },
  },
  {
    name: 'ambient-plain-text-strict',
    page: 'plain-text',
    isMain: false,
    title: 'Somebody outside the mesh calls this pod, under STRICT',
    request: { from: outside, ...toPod },
    workload: { isStrict: true },
  },
  {
    name: 'ambient-service',
    page: 'service',
    isMain: true,
    title: 'This pod calls a Service',
    request: { from: app, ...toService },
  },
  {
    name: 'ambient-unknown',
    page: 'service',
    isMain: false,
    title: 'This pod calls an address that nobody in the mesh has',
    request: { from: app, address: outside.address, port: 443 },
  },
  {
    name: 'ambient-to-sidecar',
    page: 'service',
    isMain: false,
    title: 'This pod calls a Service whose pod has a sidecar without HBONE',
    request: { from: app, ...toService },
    workload: { peers: [{ address: peers.remote.address, protocol: 'TCP' }] },
  },
  {
    name: 'ambient-udp',
    page: 'service',
    isMain: false,
    title: 'This pod sends UDP',
    request: { from: app, protocol: 'udp', address: outside.address, port: 443 },
  },
  {
    name: 'ambient-own-service',
    page: 'itself',
    isMain: true,
    title: 'This pod calls its own Service and reaches itself',
    request: { from: app, address: services.own.address, port: services.own.port },
  },
  {
    name: 'ambient-own-address',
    page: 'itself',
    isMain: false,
    title: 'This pod calls its own address',
    request: { from: app, ...toPod },
  },
  {
    name: 'ambient-localhost',
    page: 'itself',
    isMain: false,
    title: 'This pod calls 127.0.0.1',
    request: { from: app, address: '127.0.0.1', port: pod.port },
  },
  {
    name: 'ambient-probe',
    page: 'probe',
    isMain: true,
    title: 'The kubelet probes this pod',
    request: { from: { name: kubeletName, address: probe.v4 }, ...toPod },
  },
  {
    name: 'ambient-probe-lost',
    page: 'probe',
    isMain: false,
    title: 'The kubelet probes this pod from another address, under STRICT',
    request: { from: peers.kubelet, ...toPod },
    workload: { isStrict: true },
  },
  {
    name: 'ambient-dns',
    page: 'dns',
    isMain: true,
    title: 'This pod asks for a name outside the mesh',
    request: { from: app, protocol: 'udp', address: '10.96.0.53', port: 53, path: 'example.com' },
  },
  {
    name: 'ambient-ztunnel',
    page: 'ztunnel',
    isMain: true,
    title: 'ztunnel calls a peer',
    request: { from: { process: 'ztunnel' }, address: peers.remote.address, port: ztunnelPorts.hbone },
  },
  {
    name: 'ambient-ztunnel-missing',
    page: 'ztunnel',
    isMain: false,
    title: 'This pod calls a Service while no ztunnel is there',
    request: { from: app, ...toService },
    workload: { ztunnelRuns: false },
  },
  {
    name: 'ambient-waypoint',
    page: 'waypoint',
    isMain: true,
    title: 'This pod calls a Service with a waypoint',
    request: { from: app, ...toService },
    workload: { waypoints: { [services.remote.name]: waypoint.address } },
  },
  {
    name: 'ambient-ingress',
    page: 'ingress',
    isMain: true,
    title: 'Somebody outside the mesh calls a pod in ingress mode',
    request: { from: outside, ...toPod },
    options: { ingressMode: true },
  },
  {
    name: 'ambient-guest',
    page: 'guest',
    isMain: true,
    title: 'A virtual machine in this pod calls a Service',
    request: { from: guest, ...toService },
    options: { virtualInterfaces: 'k6t-eth0' },
    workload: { guest: { interface: 'k6t-eth0', address: '10.0.2.1/24' } },
  },
  {
    name: 'ambient-proxy-uid',
    page: 'service',
    isMain: false,
    title: 'An app that runs as 1337 calls a Service',
    request: { from: { name: 'app', uid: 1337, gid: 1337 }, ...toService },
  },
];

/** What of a scenario is changed: a release, options of ambient mode, the mesh around the pod, the connection. */
export interface AmbientChange {
  readonly release?: string;
  readonly options?: Partial<AmbientOptions>;
  readonly mesh?: AmbientMeshChoice;
  readonly request?: Partial<Request>;
}

export interface AmbientBound {
  readonly release: string;
  readonly rules: AmbientRules;
  readonly workload: EnrolledWorkload;
  readonly pod: Inhabited;
  readonly request: Request;
  readonly journey: Journey;
}

/** What of a scenario is walked. */
export type AmbientWalkable = Pick<AmbientScenario, 'request' | 'options' | 'workload'>;

/** What a mesh sets for its sidecars and for ambient mode at once: Helm's `global.nativeNftables`. */
const ofTheMesh: Partial<AmbientOptions> =
  handbookSetting.options.nativeNftables === true ? { nativeNftables: true } : {};

export function ambientScenarioNamed(name: string): AmbientScenario | undefined {
  return ambientScenarios.find((scenario) => scenario.name === name);
}

/** The rules of an enrolled pod in the handbook's release, or another, and on its node. */
export function ambientRulesUnder({ release, options }: AmbientChange = {}): AmbientRules {
  return ambientRulesFor(release ?? handbookSetting.release, { ...ofTheMesh, ...options });
}

/** Where the scenarios of ambient mode are walked: on what a real pod, or its node, is known to be. */
export interface AmbientGround {
  readonly bind: (scenario: AmbientWalkable, change: AmbientChange) => AmbientBound;
  /** The scenario that is walked where none is asked for. */
  readonly usual: string;
  /** Whom a reader can let call, and what, in the place of a pod's. */
  readonly menu?: { readonly senders: readonly ExampleSender[]; readonly calls: readonly ExampleCall[] };
}

/** A node has senders and calls of its own, and no mesh around it. */
export function isGroundOfNode({ menu }: AmbientGround): boolean {
  return menu !== undefined;
}

/** Walks a scenario of ambient mode, as the handbook is set or with a change. */
export function bindAmbient(scenario: AmbientWalkable, change: AmbientChange = {}): AmbientBound {
  const release = change.release ?? handbookSetting.release;
  const options = { ...ofTheMesh, ...scenario.options, ...change.options };
  const rules = ambientRulesFor(release, options);
  const workload = workloadIn(scenario, change);
  const own = enrolledPodOf(release, options, workload);
  const request = asSent({ ...scenario.request, ...change.request }, rules.options);
  const inPod = journey(own, request);
  return {
    release,
    rules,
    workload,
    pod: own,
    request,
    journey: fromItsNode(rules, workload, request, inPod),
  };
}

/** A probe that has the address of one comes over the rules of its node. */
function fromItsNode(
  rules: AmbientRules,
  { addresses }: EnrolledWorkload,
  request: Request,
  inPod: Journey,
): Journey {
  const { from } = request;
  const { hostProbeSNATAddress, hostProbeV6SNATAddress } = rules.options ?? defaults;
  if (!('address' in from && [hostProbeSNATAddress, hostProbeV6SNATAddress].includes(from.address)))
    return inPod;
  const own = (family: Family) =>
    addresses.map((one) => one.split('/')[0] ?? '').filter((one) => familyOf(one) === family);
  const node = nodeOf(programmedNode(rules, { v4: own('v4'), v6: own('v6') }));
  return overNode(node, inPod, request) ?? inPod;
}

/** The pod of a scenario, with what is chosen of its mesh. */
export function workloadIn(scenario: AmbientWalkable, { mesh }: AmbientChange): EnrolledWorkload {
  const workload = { ...enrolledWorkload, ...scenario.workload };
  return mesh === undefined ? workload : inMesh(workload, mesh);
}

/** A probe has the address that the node's rule gives it, and a tunnel asks for a port of the app's, where it is not told for which. */
export function asSent(
  request: Request,
  options: AmbientOptions | null,
  appPort: number = pod.port,
): Request {
  const { from, address, port, path } = request;
  const given = 'address' in from && options !== null ? probeAddress(from.address, options) : null;
  return {
    ...request,
    ...(given === null ? {} : { from: { name: kubeletName, address: given } }),
    ...(port === ztunnelPorts.hbone && path === undefined ? { path: printEndpoint(address, appPort) } : {}),
  };
}

/** The address of a probe with these options, where it has that of the defaults. */
function probeAddress(address: string, options: AmbientOptions): string | null {
  if (address === probe.v4) return options.hostProbeSNATAddress;
  return address === probe.v6 ? options.hostProbeV6SNATAddress : null;
}
