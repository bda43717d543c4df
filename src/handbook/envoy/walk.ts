/** A call through the Envoy of the handbook's pod, which has of istiod what `sidecarConfig` makes. */
import {
  type ConnectionWalk,
  connect,
  type Endpoint,
  type EnvoyConfig,
  type EnvoyRelease,
  readEnvoyConfig,
  type SeenByClient,
  type Server,
  seenBy,
} from '../../envoy/index.ts';
import { isSince, portOf, readRelease } from '../../istio/index.ts';
import { oldestTold, ownParts, ownPorts, sidecarConfig } from '../../istio/sidecar/index.ts';
import { type AskedOfEnvoy, sendsOf } from '../lab/envoy/asked.ts';
import { handbookSetting, peers, pod } from '../scenarios/setting.ts';
import { type MeshChoice, sidecarPodOf, twin } from './mesh.ts';

export interface InsideWalk extends ConnectionWalk {
  readonly asked: AskedOfEnvoy;
  readonly mesh: MeshChoice;
  /** What the client sees, and an access log tells; null where nobody can tell. */
  readonly seen: SeenByClient | null;
}

/** Configurations by what was chosen. */
export type KnownConfigs = Map<string, EnvoyConfig>;

const told: KnownConfigs = new Map();

/** What istiod tells the Envoy of the handbook's pod, and what that has of itself, as Envoy reads it. */
export function configUnder(mesh: MeshChoice): EnvoyConfig {
  return readOnce(told, mesh, () => {
    const { listeners, clusters, routes, endpoints } = sidecarConfig(
      toldRelease(handbookSetting.release),
      sidecarPodOf(mesh),
    );
    const own = ownParts(mesh.families);
    return readEnvoyConfig([
      {
        listeners: [...listeners, ...own.listeners],
        clusters: [...clusters, ...own.clusters],
        routes,
        endpoints,
      },
    ]).config;
  });
}

/** A handbook of an older release shows the steps of the oldest whose istiod is known. */
function toldRelease(release: string): string {
  const read = readRelease(release);
  return read !== null && !isSince(read, oldestTold) ? oldestTold : release;
}

/** What is known of a choice; read where nothing is. */
export function readOnce(known: KnownConfigs, mesh: MeshChoice, read: () => EnvoyConfig): EnvoyConfig {
  const key = JSON.stringify(mesh);
  const config = known.get(key) ?? read();
  known.set(key, config);
  return config;
}

/** The Envoy that a release of Istio is built on. */
export function envoyReleaseOf(release: string): EnvoyRelease {
  const read = readRelease(release);
  return read !== null && !isSince(read, '1.31') ? '1.38' : '1.39';
}

/** Walks a call, of which the rules bring the connection to the one port or to the other, or leave it where it is. */
export function walkInside(mesh: MeshChoice, asked: AskedOfEnvoy, server: Server): InsideWalk {
  const { direction, address, port } = asked;
  const family = address.includes(':') ? 'v6' : 'v4';
  const source = {
    address: twin(direction === 'inbound' ? peers.remote.address : pod.address, family),
    port: 40_000,
  };
  const isOwn = direction === 'inbound' && ownPorts.includes(port);
  return walkConnection(configUnder(mesh), mesh, asked, server, source, isOwn ? port : undefined);
}

/** The same from where it comes, with what istiod tells under that choice. */
export function walkConnection(
  config: EnvoyConfig,
  mesh: MeshChoice,
  asked: AskedOfEnvoy,
  server: Server,
  source: Endpoint,
  listener: number = portOf(asked.direction === 'inbound' ? 'envoy-inbound' : 'envoy-outbound'),
  version: EnvoyRelease = envoyReleaseOf(handbookSetting.release),
): InsideWalk {
  const { address, port } = asked;
  const sends = sendsOf(asked);
  const walk = connect(
    config,
    {
      source: source.address,
      sourcePort: source.port,
      destination: address,
      destinationPort: port,
      listener,
      sends,
    },
    { version },
  );
  return { ...walk, asked, mesh, seen: seenBy(walk.outcome, server, 'nothing' in sends) };
}
