/**
 * The stops of a walk at which Envoy takes a connection, opened: what comes to it, what a reader chooses of that, and
 * what it then does. Only a walk's own view is asked for, which a page has.
 */
import {
  type Endpoint,
  type EnvoyConfig,
  type EnvoyRelease,
  readEnvoyParts,
  type Server,
} from '../../envoy/index.ts';
import { portOf } from '../../istio/index.ts';
import {
  type OwnPort,
  ownParts,
  ownPaths,
  type Scoping,
  sidecarConfigAmongServices,
} from '../../istio/sidecar/index.ts';
import { printEndpoint } from '../../netfilter/index.ts';
import type { AskedOfEnvoy, FirstWords } from '../lab/envoy/asked.ts';
import { services as handbookServices } from '../scenarios/setting.ts';
import { readEndpoint } from '../walk/endpoint.ts';
import type { View } from '../walk/view.ts';
import type { EnvoyChoice } from './choice.ts';
import { type MeshChoice, type MeshService, meshServices, proxyOf, resourcesOf, twin } from './mesh.ts';
import { type InsideWalk, type KnownConfigs, readOnce, walkConnection } from './walk.ts';

/** What of a walk is asked for. */
export type WalkToOpen = Pick<
  View,
  'scenario' | 'release' | 'options' | 'head' | 'lines' | 'packets' | 'passages'
>;

/** A stop at which Envoy takes a connection that the rules brought to it. */
export interface EnvoyStop {
  readonly leg: number;
  readonly direction: AskedOfEnvoy['direction'];
  /** The port that it was brought to. */
  readonly listener: number;
  readonly source: Endpoint;
  /** Whom the client called. */
  readonly called: Endpoint;
  /** Whom Envoy dials then, as the path has it; null where it dials nobody. */
  readonly next: string | null;
}

export interface OpenedStop extends InsideWalk {
  readonly stop: EnvoyStop;
  /** The choices that are in force. */
  readonly choice: Required<EnvoyChoice>;
  /** Whether it ends as the path has it. */
  readonly isAsInPath: boolean;
  /** Whether the port is Envoy's own, of which the mesh says nothing. */
  readonly isOwn: boolean;
  /** Whether a Service of the mesh has the port that is called, or could. */
  readonly canDeclare: boolean;
}

const { own } = handbookServices;
const ownNames = Object.keys(ownPaths) as OwnPort[];

/** By the port to which a connection is brought; the last are Envoy's own. */
const directions = new Map<number, AskedOfEnvoy['direction']>([
  [portOf('envoy-outbound'), 'outbound'],
  ...(['envoy-inbound', ...ownNames] as const).map((name) => [portOf(name), 'inbound'] as const),
]);

/** In the order of the path. */
export function envoyStopsOf({ lines, packets, passages }: WalkToOpen): readonly EnvoyStop[] {
  const firstPacket = (leg: number) => {
    const passage = passages.find((one) => one.leg === leg && one.passage === 0);
    return passage && packets.find(([from]) => from === passage.first)?.[1];
  };
  return lines.flatMap((line) =>
    line.flatMap((stop): readonly EnvoyStop[] => {
      if (stop.kind !== 'envoy' || stop.port === undefined || stop.passage !== 0) return [];
      const { leg, port } = stop;
      const direction = directions.get(port);
      const packet = firstPacket(leg);
      const source = readEndpoint(packet?.from ?? '');
      const called = readEndpoint(packet?.to ?? '');
      if (direction === undefined || source === null || called === null || packet?.protocol !== 'tcp')
        return [];
      return [{ leg, direction, listener: port, source, called, next: firstPacket(leg + 1)?.to ?? null }];
    }),
  );
}

/**
 * What Envoy does at each stop with what is chosen. One that the connection before does not come to is left out: Envoy
 * dials nobody there. Both releases of Envoy do the same with all that can be chosen.
 */
export function openStops(
  walk: WalkToOpen,
  chosen: EnvoyChoice = {},
  scoping?: Scoping,
  version: EnvoyRelease = '1.39',
): readonly OpenedStop[] {
  const opened: OpenedStop[] = [];
  for (const stop of envoyStopsOf(walk)) {
    const before = opened.at(-1);
    if (before !== undefined && before.outcome.kind !== 'dials') break;
    opened.push(openStop(walk, stop, chosen, scoping, version));
  }
  return opened;
}

function openStop(
  walk: WalkToOpen,
  stop: EnvoyStop,
  chosen: EnvoyChoice,
  scoping: Scoping | undefined,
  version: EnvoyRelease,
): OpenedStop {
  const { direction, called, source, next } = stop;
  const usual = servicesOf(walk);
  const choice = { ...usually(walk, stop, usual), ...chosen };
  const mesh: MeshChoice = {
    mode: walk.options?.inboundInterceptionMode === 'TPROXY' ? 'TPROXY' : 'REDIRECT',
    families: walk.options?.enableIPv6 === true ? ['v4', 'v6'] : ['v4'],
    mutualTls: choice.mutualTls,
    outbound: choice.outbound,
    inbound: choice.inbound,
    sidecar: choice.sidecar,
    services: declaredAs(usual, stop, chosen.declared),
  };
  const asked = { direction, ...called, first: choice.first, host: choice.host, alpn: choice.alpn };
  const own = ownNames.find((name) => portOf(name) === stop.listener);
  const inside = walkConnection(
    configOf(mesh, scoping),
    mesh,
    own === undefined ? asked : { ...asked, path: ownPaths[own] },
    serverOf(stop),
    source,
    stop.listener,
    version,
  );
  const { outcome } = inside;
  // A path in a circle is told once round.
  const isGoingOn = walk.head.outcome.kind === 'in a circle';
  const isAsInPath =
    outcome.kind === 'dials'
      ? next === null
        ? isGoingOn
        : outcome.hosts.includes(next)
      : next === null && !isGoingOn;
  const isOwn = own !== undefined;
  return {
    ...inside,
    stop,
    choice,
    isAsInPath,
    isOwn,
    canDeclare: !isOwn && ownerOf(usual, stop) !== undefined,
  };
}

const told: KnownConfigs = new Map();

/** `configUnder` by what a browser has; `scoping` is asked for where the mesh has a Sidecar. */
export function configOf(mesh: MeshChoice, scoping?: Scoping): EnvoyConfig {
  return readOnce(told, mesh, () => {
    const { config, objects } = resourcesOf(mesh);
    const own = ownParts(mesh.families);
    const told = sidecarConfigAmongServices([...objects, ...config], proxyOf(mesh), scoping);
    return readEnvoyParts({
      ...told,
      listeners: [...told.listeners, ...own.listeners],
      clusters: [...told.clusters, ...own.clusters],
    });
  });
}

/** A path says nothing of what is answered: whoever is dialled answers. */
function serverOf({ next }: EnvoyStop): Server {
  return next === null ? 'refuses' : 'answers';
}

/** What a path stands for where nothing is chosen. */
function usually(
  { scenario: { request, pod = {} } }: WalkToOpen,
  { direction, called }: EnvoyStop,
  services: readonly MeshService[],
): Required<EnvoyChoice> {
  const declared = declaredOf(services, direction, called);
  const isHttp = declared === 'http' || (direction === 'inbound' && declared === 'not at all');
  const first: FirstWords = isHttp ? 'HTTP' : 'bytes';
  const service = services.find((one) => isOf(one, direction, called));
  return {
    first,
    host: request.host ?? service?.name ?? printEndpoint(called.address, called.port),
    alpn: 'http/1.1',
    mutualTls: pod.refusesPlainText === true ? 'STRICT' : 'PERMISSIVE',
    outbound: pod.outboundTrafficPolicy ?? 'ALLOW_ANY',
    inbound: 'PASSTHROUGH',
    sidecar: 'none',
    declared,
  };
}

/** The mesh of the handbook, with the endpoints that a scenario gives its Services. */
function servicesOf({ scenario: { pod } }: WalkToOpen): readonly MeshService[] {
  return meshServices.map((service) => {
    const own = pod?.services?.find(({ address }) => address === service.address);
    return own === undefined ? service : { ...service, endpoints: own.endpoints.map((one) => one.address) };
  });
}

/** Whether a Service has what is called: by its own address, or by that of the pod behind it. */
function isOf(
  { address, endpoints, ports }: MeshService,
  direction: EnvoyStop['direction'],
  called: Endpoint,
): boolean {
  const isThere = (one: string | null) => one !== null && [one, twin(one, 'v6')].includes(called.address);
  return direction === 'outbound'
    ? isThere(address) && ports.some(({ port }) => port === called.port)
    : endpoints.some(isThere) && ports.some(({ target }) => target === called.port);
}

function declaredOf(
  services: readonly MeshService[],
  direction: EnvoyStop['direction'],
  called: Endpoint,
): EnvoyChoice['declared'] & string {
  const service = services.find((one) => isOf(one, direction, called));
  const port = service?.ports.find((one) => one[portField(direction)] === called.port);
  // On a port that some Service has for HTTP the name in the request decides, whatever the address.
  if (port === undefined)
    return direction === 'outbound' &&
      services.some((one) => one.ports.some(({ port, name }) => port === called.port && /^http\b/.test(name)))
      ? 'http'
      : 'not at all';
  const { name } = port;
  return /^http\b/.test(name) ? 'http' : name === 'plain' ? 'unnamed' : 'tcp';
}

function portField(direction: EnvoyStop['direction']): 'port' | 'target' {
  return direction === 'outbound' ? 'port' : 'target';
}

/** Names that declare it. */
const names = { http: 'http-chosen', tcp: 'tcp-chosen', unnamed: 'chosen' } as const;

/** Whom the port belongs to that is called: a Service far away, or the pod's own one. */
function ownerOf(
  services: readonly MeshService[],
  { direction, called }: EnvoyStop,
): MeshService | undefined {
  return (
    services.find((one) => isOf(one, direction, called)) ??
    (direction === 'inbound' ? services.find(({ name }) => name === own.name) : undefined)
  );
}

/** The Services, of which the one that is called declares its port otherwise. */
function declaredAs(
  services: readonly MeshService[],
  stop: EnvoyStop,
  declared: EnvoyChoice['declared'],
): readonly MeshService[] {
  const owner = ownerOf(services, stop);
  if (declared === undefined || owner === undefined) return services;
  const { direction, called } = stop;
  const field = portField(direction);
  const isCalled = (port: MeshService['ports'][number]) => port[field] === called.port;
  const declares = { port: called.port, target: called.port, ...owner.ports.find(isCalled) };
  return services.map((one) => {
    if (one !== owner) return one;
    const others = one.ports.filter((port) => !isCalled(port));
    return {
      ...one,
      ports: declared === 'not at all' ? others : [...others, { ...declares, name: names[declared] }],
    };
  });
}
