/** A connection through the rules of the pod, where they are known, and then through its Envoy. */
import { acceptingListeners } from '../../../analysis/envoy/index.ts';
import { type ConnectionWalk, connect, type EnvoyConfig } from '../../../envoy/index.ts';
import { type Journey, journey, type Pod, type Request } from '../../../journey/index.ts';
import { lineText, stopLines } from '../../../render/index.ts';
import { podOfScenario, type RealPod } from '../../scenarios/index.ts';
import { type AskedOfEnvoy, sendsOf } from './asked.ts';

export interface EnvoyWalked extends ConnectionWalk {
  readonly asked: AskedOfEnvoy;
  /** The path by the rules to Envoy, and from it to whom it dials; null where the rules are not known. */
  readonly before: string | null;
  readonly after: string | null;
  /** The rules do not bring it to Envoy, or nothing does. */
  readonly isPast: boolean;
}

/** What walks know of a pod's Envoy. */
export interface EnvoyAndPod {
  readonly config: EnvoyConfig;
  /** With rules; null where the text has none that are walked. */
  readonly real: RealPod | null;
  /** The pod's own address. */
  readonly address: string;
}

/** Of a scenario only its request is asked for, and that is another. */
const anyCall = { request: { from: { process: 'app' }, address: '203.0.113.5', port: 80 } } as const;

const clientAddress = { v4: '10.244.2.9', v6: 'fd00:10:244:2::9' } as const;

export function walkEnvoy(
  { config, real, address }: EnvoyAndPod,
  asked: AskedOfEnvoy,
  from: Request['from'] = usualSender(asked),
): EnvoyWalked {
  const sends = sendsOf(asked);
  const called = { destination: asked.address, destinationPort: asked.port, sends };
  if (real === null) {
    const source = 'address' in from ? from.address : address;
    const isBrought = asked.direction === 'outbound' || !hasOwnSocket(config, asked.port);
    const listener = (isBrought ? listenerPort(config, asked.direction) : null) ?? asked.port;
    const walk = connect(config, { source, sourcePort: 40_000, listener, ...called });
    // Without interception a call goes where it is sent.
    const { outcome } = walk;
    const isNobodys = outcome.kind === 'closed' && walk.events.every(({ kind }) => kind !== 'listener');
    const isPast = isNobodys && asked.direction === 'outbound' && !/^127\.|^::1$/.test(asked.address);
    return { ...walk, asked, before: null, after: null, isPast };
  }
  const { pod } = podOfScenario(anyCall, {}, real);
  const first = journey(pod, { from, address: asked.address, port: asked.port });
  const before = firstLine(first);
  const [leg] = first.legs;
  const server = leg?.server;
  if (leg === undefined || server?.kind !== 'process' || server.name !== 'Envoy' || server.port === undefined)
    return { events: [], outcome: nobody, asked, before, after: null, isPast: true };
  const { source, sourcePort = 40_000 } = leg.dialled;
  const walk = connect(config, { source, sourcePort, listener: server.port, ...called });
  return { ...walk, asked, before, after: afterwards(pod, walk), isPast: false };
}

function usualSender({ direction, address }: AskedOfEnvoy): Request['from'] {
  const client = clientAddress[address.includes(':') ? 'v6' : 'v4'];
  return direction === 'inbound' ? { name: 'remote pod', address: client } : { process: 'app' };
}

const nobody: ConnectionWalk['outcome'] = { kind: 'closed', because: 'nobody listens', unread: false };

function afterwards(pod: Pod, { outcome }: ConnectionWalk): string | null {
  if (outcome.kind !== 'dials') return null;
  const [, v6, v4, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(outcome.hosts[0] ?? '') ?? [];
  const address = v6 ?? v4;
  if (address === undefined) return null;
  const { source } = outcome;
  return firstLine(
    journey(pod, {
      from: { process: 'Envoy' },
      address,
      port: Number(port),
      ...(source === undefined ? {} : { source }),
    }),
  );
}

function firstLine(of: Journey): string {
  const [line] = stopLines(of);
  return line === undefined ? '' : lineText(line);
}

/** Whether a listener accepts at a port for itself: Istio's rules leave such ports of Envoy alone, and a gateway has no other. */
function hasOwnSocket({ listeners }: EnvoyConfig, port: number): boolean {
  return listeners.some((one) => one.bindToPort && one.addresses.some((place) => place.port === port));
}

function listenerPort({ listeners }: EnvoyConfig, direction: AskedOfEnvoy['direction']): number | null {
  return listeners.find(({ name }) => name === acceptingListeners[direction])?.addresses[0]?.port ?? null;
}
