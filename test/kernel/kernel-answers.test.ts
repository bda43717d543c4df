/**
 * Packets that no process sent: whether the owner match sees a socket at them. It never sees an owner, so only a
 * negation matches; `--socket-exists` tells the control sockets of the kernel from no socket at all.
 */
import { afterAll, expect, test } from 'vitest';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import { openKernel } from './kernel.ts';
import type { Backend, Pod } from './pod.ts';
import { usualPod } from './pod-plan.ts';

const kernel = openKernel('kernel-answers');
afterAll(() => kernel.end());

const conditions = [
  '--socket-exists',
  '! --socket-exists',
  '--uid-owner 0',
  '! --uid-owner 1337',
  '! --uid-owner 1337 --gid-owner 0',
] as const;

const rulesFor = (answer: string, reject: string | null) =>
  [
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...(reject === null ? [] : [`-A INPUT -p tcp -m tcp --dport 9 -j REJECT --reject-with ${reject}`]),
    ...conditions.map((condition) => `-A OUTPUT ${answer} -m owner ${condition}`),
    'COMMIT\n',
  ].join('\n');

const ends = {
  v4: { source: '10.244.1.1', destination: '10.244.1.5', icmp: 'icmp', echo: 8 },
  v6: { source: 'fd00:10:244:1::1', destination: 'fd00:10:244:1::5', icmp: 'ipv6-icmp', echo: 128 },
} as const;

const control = ['--socket-exists', '! --uid-owner 1337'];
const none = ['! --socket-exists', '! --uid-owner 1337'];
const port = { sourcePort: 41000, destinationPort: 9 };
const errors = { v4: '-p icmp -m icmp --icmp-type 3', v6: '-p ipv6-icmp -m icmp6 --icmpv6-type 1' } as const;
const echoes = {
  v4: '-p icmp -m icmp --icmp-type 0',
  v6: '-p ipv6-icmp -m icmp6 --icmpv6-type 129',
} as const;

test.each([
  ['a reset', 'v4', 'tcp', '-p tcp', null, control],
  ['a reset', 'v6', 'tcp', '-p tcp', null, none],
  ['an ICMP error', 'v4', 'udp', errors.v4, null, control],
  ['an ICMP error', 'v6', 'udp', errors.v6, null, control],
  ['an echo reply', 'v4', 'icmp', echoes.v4, null, control],
  ['an echo reply', 'v6', 'icmp', echoes.v6, null, control],
  ['REJECT with a reset', 'v4', 'tcp', '-p tcp', 'tcp-reset', none],
  ['REJECT with a reset', 'v6', 'tcp', '-p tcp', 'tcp-reset', none],
  ['REJECT with an ICMP error', 'v4', 'tcp', errors.v4, 'icmp-port-unreachable', control],
  ['REJECT with an ICMP error', 'v6', 'tcp', errors.v6, 'icmp6-port-unreachable', control],
] as const)('%s over IP%s', async (name, family, protocol, answer, reject, expected) => {
  const { source, destination, icmp, echo } = ends[family];
  const rules = rulesFor(answer, reject);
  const packet: Packet = {
    protocol: protocol === 'icmp' ? icmp : protocol,
    source,
    destination,
    ...(protocol === 'icmp' ? { icmp: { type: echo, code: 0, id: 7 } } : port),
    from: { interface: 'eth0' },
  };
  const live = async (pod: Pod, backend: Backend) => {
    await pod.flush();
    await pod.trace('first');
    await pod.load(rules, backend, family);
    await pod.inject(packet, { sequence: 1000, acknowledgement: 0, id: 1 });
    // the trace of what came in has arrived: the answer went out before it was done
    await pod.forget();
    const saved = await pod.counted(backend, family);
    await pod.flush();
    return conditions.filter((condition) =>
      saved.split('\n').some((line) => line.startsWith('[1:') && line.endsWith(` -m owner ${condition}`)),
    );
  };
  const matched = await kernel.answer(`${name}, ${family}`, { plan: usualPod, rules, packet }, live);
  expect(matched).toEqual({ nft: expected, legacy: expected });
});
