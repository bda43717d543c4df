/**
 * Calls of the handbook's pod that are told by what its Envoy decides. A real Envoy was asked each of them, with what
 * istiod itself told it: `asked` is the paragraph of `test/mesh/behaviours`.
 */
import type { Server } from '../../envoy/index.ts';
import { portOf } from '../../istio/index.ts';
import { ownPaths } from '../../istio/sidecar/index.ts';
import type { AskedOfEnvoy } from '../lab/envoy/asked.ts';
import { metricsPort, pod, services } from '../scenarios/setting.ts';
import type { MeshChoice } from './mesh.ts';

export interface EnvoyCall {
  readonly mesh: MeshChoice;
  readonly call: AskedOfEnvoy;
  /** What whoever is dialled does. */
  readonly server: Server;
  readonly asked: { readonly file: 'inbound.txt' | 'outbound.txt'; readonly title: string };
}

/** Outside the mesh, where no Service has an address. */
const stranger = '203.0.113.10';
const database = '10.96.0.30';

type Words = Pick<AskedOfEnvoy, 'first'> & { readonly host?: string };

const silent: Words = { first: 'nothing' };
const bytes: Words = { first: 'bytes' };
const http = (host: string): Words => ({ first: 'HTTP', host });

function inbound(port: number, { first, host = '' }: Words): AskedOfEnvoy {
  return { direction: 'inbound', address: pod.address, port, first, host };
}

function outbound(address: string, port: number, { first, host = '' }: Words): AskedOfEnvoy {
  return { direction: 'outbound', address, port, first, host };
}

const off: MeshChoice = { mutualTls: 'DISABLE' };
const permissive: MeshChoice = { mutualTls: 'PERMISSIVE' };
const strict: MeshChoice = { mutualTls: 'STRICT' };
const egress: MeshChoice = { mutualTls: 'DISABLE', sidecar: 'egress istio-system/*' };
const registryOnly: MeshChoice = { mutualTls: 'DISABLE', outbound: 'REGISTRY_ONLY' };

const into = (title: string) => ({ file: 'inbound.txt', title }) as const;
const out = (title: string) => ({ file: 'outbound.txt', title }) as const;

export const envoyCalls = {
  'strict-plain-http': {
    mesh: strict,
    call: inbound(pod.port, http('own')),
    server: 'answers',
    asked: into('STRICT: plain HTTP is connected, and reset'),
  },
  'strict-plain-tcp': {
    mesh: strict,
    call: inbound(9000, bytes),
    server: 'answers',
    asked: into('STRICT: plain TCP as well'),
  },
  'strict-silent': {
    mesh: strict,
    call: inbound(9000, silent),
    server: 'answers',
    asked: into('STRICT: a client that says nothing is left waiting'),
  },
  'strict-mutual-tls': {
    mesh: strict,
    call: inbound(pod.port, {
      first: 'mutual TLS of Istio',
      host: 'outbound_.80_._.own.default.svc.cluster.local',
    }),
    server: 'answers',
    asked: into('STRICT: with mutual TLS it goes in'),
  },
  'permissive-plain-http': {
    mesh: permissive,
    call: inbound(pod.port, http('own')),
    server: 'answers',
    asked: into('PERMISSIVE: plain HTTP goes in'),
  },
  'permissive-server-first': {
    mesh: permissive,
    call: inbound(3306, silent),
    server: 'speaks first',
    asked: into('PERMISSIVE: a server that speaks first hangs, declared or not'),
  },
  'declared-server-first': {
    mesh: off,
    call: inbound(3306, silent),
    server: 'speaks first',
    asked: into('A server that speaks first works on a port that is declared as such'),
  },
  'undeclared-inbound': {
    mesh: off,
    call: inbound(9292, silent),
    server: 'speaks first',
    asked: into('A server that speaks first hangs on a port that no Service declares'),
  },
  'metrics-port': {
    mesh: off,
    call: { ...inbound(metricsPort, http('own')), path: '/metrics' },
    server: 'answers',
    asked: into("The app's metrics port, which no Service declares"),
  },
  'undeclared-protocol': {
    mesh: off,
    call: outbound('10.96.0.40', 6379, silent),
    server: 'speaks first',
    asked: out(
      'A server that speaks first hangs where a Service has its port without a protocol: Envoy waits for the client',
    ),
  },
  'declared-protocol': {
    mesh: off,
    call: outbound(database, 3306, silent),
    server: 'speaks first',
    asked: out("A server that speaks first works on a Service's port that is declared as such"),
  },
  'port-of-http': {
    mesh: off,
    call: outbound(stranger, 80, silent),
    server: 'speaks first',
    asked: out('A server that speaks first hangs on a port that some Service has for HTTP'),
  },
  'unknown-port': {
    mesh: off,
    call: outbound(stranger, 25, silent),
    server: 'speaks first',
    asked: out('A server that speaks first works on a port that no Service has'),
  },
  'unknown-address': {
    mesh: off,
    call: outbound(stranger, 8443, bytes),
    server: 'answers',
    asked: out(
      "An address that no Service has is passed on, to where it was dialled, from the pod's own address",
    ),
  },
  'unknown-address-refused': {
    mesh: registryOnly,
    call: outbound(stranger, 8443, silent),
    server: 'answers',
    asked: out('REGISTRY_ONLY: an address that no Service has is connected, and closed without a byte'),
  },
  'unknown-host': {
    mesh: off,
    call: outbound(stranger, 80, http('example.org')),
    server: 'answers',
    asked: out('A name that nobody has is passed on to the address that was dialled'),
  },
  'unknown-host-refused': {
    mesh: registryOnly,
    call: outbound(stranger, 80, http('example.org')),
    server: 'answers',
    asked: out('REGISTRY_ONLY: a name that nobody has gets 502'),
  },
  'known-host': {
    mesh: off,
    call: outbound(services.remote.address, services.remote.port, http('reviews')),
    server: 'answers',
    asked: out('A Service by HTTP: Envoy dials an endpoint at its target port'),
  },
  'host-decides': {
    mesh: off,
    call: outbound(stranger, 80, http('reviews')),
    server: 'answers',
    asked: out('The name in the request decides, and not the address: any address on that port is as good'),
  },
  'host-of-nobody': {
    mesh: off,
    call: outbound(services.remote.address, services.remote.port, http('example.org')),
    server: 'answers',
    asked: out(
      "A Service's address with a name that nobody has is passed on to that address, which is no pod",
    ),
  },
  'no-endpoint-http': {
    mesh: off,
    call: outbound(services.remote.address, services.remote.port, http('empty')),
    server: 'answers',
    asked: out('A Service without endpoints, HTTP'),
  },
  'no-endpoint-tcp': {
    mesh: off,
    call: outbound('10.96.0.60', 7000, silent),
    server: 'answers',
    asked: out('A Service without endpoints, TCP'),
  },
  'endpoint-refuses-http': {
    mesh: off,
    call: outbound(database, 9998, http('database:9998')),
    server: 'refuses',
    asked: out('A closed port of a Service, HTTP'),
  },
  'endpoint-refuses-tcp': {
    mesh: off,
    call: outbound(database, 9999, silent),
    server: 'refuses',
    asked: out('A closed port of a Service, TCP'),
  },
  'own-metrics': {
    mesh: off,
    call: { ...inbound(portOf('envoy-prometheus'), http('own')), path: ownPaths['envoy-prometheus'] },
    server: 'answers',
    asked: into(`${portOf('envoy-prometheus')} is Envoy's own statistics`),
  },
  'own-readiness': {
    mesh: off,
    call: { ...inbound(portOf('envoy-ready'), http('own')), path: ownPaths['envoy-ready'] },
    server: 'answers',
    asked: into(`${portOf('envoy-ready')} is Envoy's, and asks pilot-agent for the readiness`),
  },
  'admin-from-outside': {
    mesh: off,
    call: inbound(portOf('envoy-admin'), http('own')),
    server: 'refuses',
    asked: into(`${portOf('envoy-admin')} is on 127.0.0.1 only: from outside it is a port like any other`),
  },
  'app-refuses-http': {
    mesh: off,
    call: inbound(9998, http('own')),
    server: 'refuses',
    asked: into('A closed port, declared, HTTP'),
  },
  'app-on-loopback': {
    mesh: off,
    call: inbound(8081, http('own')),
    server: 'refuses',
    asked: into('An app that listens on 127.0.0.1 only, HTTP'),
  },
  'app-on-loopback-tcp': {
    mesh: off,
    call: inbound(9001, silent),
    server: 'refuses',
    asked: into('An app that listens on 127.0.0.1 only, TCP'),
  },
  'app-on-loopback-localhost': {
    mesh: { mutualTls: 'DISABLE', inbound: 'LOCALHOST' },
    call: inbound(8081, http('own')),
    server: 'answers',
    asked: into('LOCALHOST: an app that listens on 127.0.0.1 only is reached on a declared port'),
  },
  'app-on-loopback-sidecar': {
    mesh: { mutualTls: 'DISABLE', sidecar: 'ingress 127.0.0.1' },
    call: inbound(8081, http('own')),
    server: 'answers',
    asked: into("A Sidecar's defaultEndpoint on 127.0.0.1 is where Envoy dials"),
  },
  'undeclared-port-localhost': {
    mesh: { mutualTls: 'DISABLE', inbound: 'LOCALHOST' },
    call: inbound(9192, bytes),
    server: 'refuses',
    asked: into('LOCALHOST: and not reached there by an app that listens on 127.0.0.1 only'),
  },
  'undeclared-port-sidecar': {
    mesh: { mutualTls: 'DISABLE', sidecar: 'ingress 127.0.0.1' },
    call: inbound(9191, bytes),
    server: 'answers',
    asked: into('A port that the Sidecar does not name'),
  },
  'outside-egress': {
    mesh: egress,
    call: outbound(services.remote.address, services.remote.port, http('reviews')),
    server: 'answers',
    asked: out(
      'A Sidecar whose egress leaves a Service out: HTTP to it is an address that nobody has, passed on to where it was dialled',
    ),
  },
  'outside-egress-refused': {
    mesh: { ...egress, outbound: 'REGISTRY_ONLY' },
    call: outbound(services.remote.address, services.remote.port, http('reviews')),
    server: 'answers',
    asked: out(
      'A Sidecar whose egress leaves a Service out, REGISTRY_ONLY: HTTP to it gets no 502, the connection is closed',
    ),
  },
  'inside-egress': {
    mesh: { ...egress, outbound: 'REGISTRY_ONLY' },
    call: outbound(services.istiod.address, services.istiod.port, bytes),
    server: 'answers',
    asked: out('What the egress has is dialled as ever, REGISTRY_ONLY'),
  },
} as const satisfies Readonly<Record<string, EnvoyCall>>;

export type EnvoyCallName = keyof typeof envoyCalls;

/** A call by its name. Throws, with all names, where there is none of it. */
export function envoyCallNamed(name: string): EnvoyCall {
  const found = Object.entries(envoyCalls).find(([one]) => one === name);
  if (found === undefined)
    throw new RangeError(`found call "${name}", expected one of: ${Object.keys(envoyCalls).join(', ')}`);
  return found[1];
}
