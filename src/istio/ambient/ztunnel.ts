/**
 * ztunnel in a pod of ambient mode: a process of the node whose sockets are in the pod's network namespace. Whom it runs
 * as, where it listens, and what it does with a connection. A model of ztunnel 1.24 and newer, in-pod; what no rule decides.
 * Source: ztunnel's src/inpod/config.rs for the mark, src/proxy/{inbound,inbound_passthrough,outbound}.rs, src/proxy.rs
 * freebind_connect; for whom it runs as manifests/charts/ztunnel of Istio.
 */
import { familyOf, type Owner, printEndpoint, readAddress, type Socket } from '../../netfilter/index.ts';
import type { Accepted, Behaviour, Dial, Workload } from '../pod/behaviour.ts';
import { ztunnelMark, ztunnelPorts } from './marks.ts';
import type { ZtunnelDoes } from './ztunnel-reasons.ts';

export const ztunnelOwner: Owner = { uid: 0, gid: 1337 };

/** Somebody of whom istiod has told ztunnel, by address. */
export interface MeshPeer {
  readonly address: string;
  /** HBONE for what is enrolled, or has a sidecar that takes it; else TCP. */
  readonly protocol: 'HBONE' | 'TCP';
}

/** An enrolled pod, and what of the mesh concerns it. */
export interface EnrolledWorkload extends Pick<Workload, 'addresses' | 'uid' | 'gid' | 'ports' | 'services'> {
  readonly peers: readonly MeshPeer[];
  /** The address of the waypoint that a Service has, by the Service's name. */
  readonly waypoints?: Readonly<Record<string, string>>;
  /** PeerAuthentication STRICT: plain text from outside is refused. */
  readonly isStrict?: boolean;
  /** The server that ztunnel's own resolv.conf names. */
  readonly nameserver: string;
  /** The interface of a virtual machine in the pod, with the pod's address on it; the machine calls from behind it. */
  readonly guest?: { readonly interface: string; readonly address: string };
  /** True where lo has no IPv6 in the pod: there ztunnel does not listen on it. */
  readonly isLoV4?: boolean;
  /** False where none is there: it has not started, or is being replaced. */
  readonly ztunnelRuns?: boolean;
}

const listeners = [
  { port: ztunnelPorts.outbound, address: '::', protocols: ['tcp'], transparent: true },
  { port: ztunnelPorts.inbound, address: '::', protocols: ['tcp'], transparent: true },
  { port: ztunnelPorts.hbone, address: '::', protocols: ['tcp'], transparent: true },
  { port: ztunnelPorts.dns, address: '127.0.0.1', protocols: ['tcp', 'udp'], transparent: false },
  { port: ztunnelPorts.dns, address: '::1', protocols: ['tcp', 'udp'], transparent: false },
] as const;

/**
 * All listening sockets of an enrolled pod. ztunnel's have its mark, and so has what is answered from them. At [::1] it listens
 * unless the pod's net.ipv6.conf.lo.disable_ipv6 is 1: ipv6_enabled_on_localhost in ztunnel's src/proxy.rs, asked by
 * src/dns/server.rs within the pod's network.
 */
export function socketsOf(workload: EnrolledWorkload): readonly Socket[] {
  const { uid, gid, ports, ztunnelRuns, isLoV4 } = workload;
  const own = listeners.filter(({ address }) => isLoV4 !== true || address !== '::1');
  return [
    ...(ztunnelRuns === false
      ? []
      : own.flatMap(({ port, address, protocols, transparent }) =>
          protocols.map(
            (protocol): Socket => ({
              protocol,
              address,
              port,
              ...ztunnelOwner,
              process: 'ztunnel',
              ...(transparent ? { transparent: true } : {}),
            }),
          ),
        )),
    ...ports.map(({ port, address = '::' }) => ({
      protocol: 'tcp',
      address,
      port,
      uid,
      gid,
      process: 'app',
    })),
  ];
}

/** What the process of an enrolled pod does next with a connection. */
export function behaveInMesh(workload: EnrolledWorkload, accepted: Accepted): Behaviour {
  if (accepted.process !== 'ztunnel')
    return { reason: { code: 'answers', process: accepted.process }, dials: [], closes: false };
  switch (accepted.port) {
    case ztunnelPorts.hbone:
      return endTunnel(workload, accepted);
    case ztunnelPorts.inbound:
      return takePlainText(workload, accepted);
    case ztunnelPorts.outbound:
      return sendOut(workload, accepted);
    default:
      return answerDns(workload, accepted);
  }
}

/** Ports at which ztunnel would call itself. */
const illegal: ReadonlySet<number> = new Set([
  ztunnelPorts.outbound,
  ztunnelPorts.inbound,
  ztunnelPorts.hbone,
]);

/** A peer's tunnel: the authority that is asked for gives the port, the address is the one that was reached. */
function endTunnel(workload: EnrolledWorkload, accepted: Accepted): Behaviour {
  const port = Number(/:(\d+)$/.exec(accepted.path ?? '')?.[1]);
  if (!Number.isInteger(port)) return closes({ code: 'no port is asked for' });
  if (illegal.has(port)) return closes({ code: 'its own port' });
  return dials({ code: 'ends a tunnel' }, toApp('app of a tunnel', workload, accepted, port));
}

function takePlainText(workload: EnrolledWorkload, accepted: Accepted): Behaviour {
  if (illegal.has(accepted.originalPort)) return closes({ code: 'its own port' });
  if (workload.isStrict === true) return closes({ code: 'refuses plain text' });
  return dials(
    { code: 'takes plain text' },
    toApp('app in plain text', workload, accepted, accepted.originalPort),
  );
}

/** The app, from the address of whoever asked; not bound where that is the pod itself. */
function toApp(
  code: 'app of a tunnel' | 'app in plain text',
  { addresses }: EnrolledWorkload,
  { originalAddress, clientAddress }: Accepted,
  port: number,
): Dial {
  const isOwn = addresses.some((address) => isSame(address.split('/')[0] ?? '', clientAddress));
  const source = isOwn ? null : clientAddress;
  return {
    process: 'ztunnel',
    address: originalAddress,
    port,
    ...(source === null ? {} : { source }),
    mark: ztunnelMark,
    reason: { code: 'by ztunnel', dial: { code, source } },
  };
}

/** The order of src/proxy/outbound.rs: Services before pods, and what nobody knows as it was dialled. */
function sendOut(workload: EnrolledWorkload, accepted: Accepted): Behaviour {
  const { originalAddress, originalPort } = accepted;
  // At the pod's own address it calls itself by a tunnel, at whose end the port is refused.
  if (/^127\.|^::1$/.test(originalAddress) && illegal.has(originalPort))
    return closes({ code: 'its own port' });
  const services = workload.services.filter(({ address }) => isSame(address, originalAddress));
  const service = services.find(({ port }) => port === originalPort);
  const { name } = service ?? services[0] ?? {};
  if (name !== undefined) {
    const waypoint = new Map(Object.entries(workload.waypoints ?? {})).get(name);
    if (waypoint !== undefined)
      return dials(
        { code: 'knows the address of', service: name },
        tunnel(waypoint, originalAddress, originalPort, 'tunnel to a waypoint', name),
      );
    const endpoint = service?.endpoints[0];
    if (endpoint === undefined) return closes({ code: 'no endpoint of', service: name });
    return dials(
      { code: 'knows the address of', service: name },
      toPeer(workload, endpoint.address, endpoint.port),
    );
  }
  const isKnown = workload.peers.some(({ address }) => isSame(address, originalAddress));
  return dials(
    { code: isKnown ? 'knows the peer' : 'knows nobody there' },
    toPeer(workload, originalAddress, originalPort),
  );
}

function toPeer(workload: EnrolledWorkload, address: string, port: number): Dial {
  const own: readonly MeshPeer[] = workload.addresses.map((one) => ({
    address: one.split('/')[0] ?? '',
    protocol: 'HBONE',
  }));
  const peer = [...own, ...workload.peers].find((one) => isSame(one.address, address));
  if (peer?.protocol === 'HBONE')
    return tunnel(address, address, port, 'tunnel to a peer', printEndpoint(address, port));
  const code = peer === undefined ? 'as it was dialled' : 'plain text to a peer';
  return {
    process: 'ztunnel',
    address,
    port,
    mark: ztunnelMark,
    reason: { code: 'by ztunnel', dial: { code } },
  };
}

function tunnel(
  to: string,
  address: string,
  port: number,
  code: 'tunnel to a peer' | 'tunnel to a waypoint',
  of: string,
): Dial {
  return {
    process: 'ztunnel',
    address: to,
    port: ztunnelPorts.hbone,
    mark: ztunnelMark,
    path: printEndpoint(address, port),
    reason: { code: 'by ztunnel', dial: { code, of } },
  };
}

/** A name of the mesh it answers itself; `path` is the name that is asked for. */
function answerDns({ services, nameserver }: EnrolledWorkload, { path }: Accepted): Behaviour {
  if (services.some(({ name }) => path?.split('.')[0] === name))
    return { reason: { code: 'by ztunnel', does: { code: 'answers a question' } }, dials: [], closes: false };
  return dials(
    { code: 'forwards a question' },
    {
      process: 'ztunnel',
      address: nameserver,
      port: 53,
      mark: ztunnelMark,
      reason: { code: 'by ztunnel', dial: { code: 'asks upstream' } },
    },
  );
}

function isSame(one: string, other: string): boolean {
  return familyOf(one) === familyOf(other) && readAddress(one)?.value === readAddress(other)?.value;
}

function dials(does: ZtunnelDoes, dial: Dial): Behaviour {
  return { reason: { code: 'by ztunnel', does }, dials: [dial], closes: false };
}

function closes(does: ZtunnelDoes): Behaviour {
  return { reason: { code: 'by ztunnel', does }, dials: [], closes: true };
}
