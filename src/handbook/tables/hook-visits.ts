/**
 * Which hooks a packet comes to, and whether nat asks its rules there: seen by walking packets, for the page
 * that explains it.
 */
import type { Passage } from '../../journey/index.ts';
import { type Hook, type Packet, type Traversal, traverse } from '../../netfilter/index.ts';
import { because } from '../../words/index.ts';
import { bind } from '../scenarios/bind.ts';
import { scenarioNamed } from '../scenarios/traffic.ts';

export interface HookVisit {
  readonly hook: Hook;
  readonly nat: 'asked' | 'not asked';
  /** Why nat was not asked. */
  readonly because: string;
}

export interface PacketVisits {
  /** Which packet. */
  readonly what: string;
  readonly visits: readonly HookVisit[];
}

interface Walked {
  readonly what: string;
  readonly scenario: string;
  readonly leg: number;
  readonly packet: 'first' | 'reply' | 'later';
}

const walks: readonly Walked[] = [
  {
    what: 'A process of the pod to a remote address',
    scenario: 'sidecar-to-istiod',
    leg: 0,
    packet: 'first',
  },
  { what: 'A process of the pod to Envoy, redirected', scenario: 'local-to-remote', leg: 0, packet: 'first' },
  {
    what: 'A process of the pod to its own pod',
    scenario: 'local-to-local-pod-address',
    leg: 0,
    packet: 'first',
  },
  { what: 'From outside to the pod', scenario: 'remote-to-local', leg: 0, packet: 'first' },
  { what: 'The answer to a connection from outside', scenario: 'remote-to-local', leg: 0, packet: 'reply' },
  { what: 'The answer to a connection over lo', scenario: 'local-to-remote', leg: 0, packet: 'reply' },
  { what: 'A later packet from outside', scenario: 'remote-to-local', leg: 0, packet: 'later' },
  { what: 'A later packet over lo', scenario: 'local-to-remote', leg: 0, packet: 'later' },
];

/** For each kind of packet the hooks that it comes to, in order. */
export function hookVisits(): readonly PacketVisits[] {
  return walks.map(({ what, scenario, leg, packet }) => ({
    what,
    visits: visitsOf(walk(scenario, leg, packet)),
  }));
}

function walk(name: string, leg: number, packet: Walked['packet']): Traversal {
  const scenario = scenarioNamed(name);
  const bound = scenario && bind(scenario);
  const passages = bound?.journey.legs[leg]?.passages ?? [];
  const [request, reply] = passages as readonly [Passage?, Passage?];
  if (bound === undefined || request === undefined || reply === undefined) {
    throw new TypeError(
      `found no answer in leg ${leg + 1} of scenario "${name}", which this table is made of`,
    );
  }
  if (packet === 'first') return request.traversal;
  if (packet === 'reply') return reply.traversal;
  const first = request.traversal.events[0]?.packet as Packet;
  const { connections } = reply.traversal;
  return traverse({ ...bound.pod.host, connections }, { ...first, flags: ['ACK'] });
}

function visitsOf({ events }: Traversal): readonly HookVisit[] {
  return events
    .filter((event) => event.kind === 'hook')
    .map(({ hook }): HookVisit => {
      const here = events.filter((event) => 'hook' in event && event.hook === hook);
      // Only nat is ever skipped.
      const skipped = here.find((event) => event.kind === 'skip');
      const asked = here.some((event) => event.kind === 'table' && (event.like ?? event.table) === 'nat');
      return {
        hook,
        nat: asked ? 'asked' : 'not asked',
        because: skipped?.kind === 'skip' ? because(skipped) : '',
      };
    });
}
