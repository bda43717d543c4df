/** What TEE sends beside a packet; the kernel counts the same (`test/kernel/copies.test.ts`). */
import { expect, test } from 'vitest';
import { copiesOf, type Host, type Packet, parseRuleset, traverse } from '../../../src/netfilter/index.ts';

const hostWith = (...rules: readonly string[]): Host => ({
  rulesets: {
    v4: parseRuleset(['*mangle', ':PREROUTING ACCEPT', ':OUTPUT ACCEPT', ...rules, 'COMMIT'].join('\n'))
      .ruleset,
  },
  interfaces: [{ name: 'eth0', addresses: ['10.244.1.5/24'] }],
  routes: [{ destination: 'default', via: '10.244.1.1', dev: 'eth0' }],
});
const packet: Packet = {
  protocol: 'udp',
  source: '10.244.2.9',
  sourcePort: 40000,
  destination: '10.244.1.5',
  destinationPort: 53,
  ttl: 64,
  from: { interface: 'eth0' },
};
const ways = (host: Host) => copiesOf(host, traverse(host, packet));

test('a copy leaves for its gateway, one hop nearer to its end, and the packet goes on', () => {
  const host = hostWith('-A PREROUTING -p udp -j TEE --gateway 10.244.1.77');
  expect(traverse(host, packet).outcome.kind).toBe('delivered');
  const [copy, ...others] = ways(host);
  expect(others).toEqual([]);
  expect(copy?.outcome).toEqual({ kind: 'sent', interface: 'eth0', via: '10.244.1.77' });
  expect(copy?.events.map(({ kind, hook }) => `${hook} ${kind}`)).toEqual([
    'OUTPUT route',
    'OUTPUT hook',
    'OUTPUT table',
    'OUTPUT policy',
    'POSTROUTING hook',
    'POSTROUTING outcome',
  ]);
  expect(copy?.events[0]?.packet).toMatchObject({ destination: '10.244.1.5', ttl: 63 });
});

test('of a gateway behind another the first is the next hop', () => {
  const [copy] = ways(hostWith('-A PREROUTING -p udp -j TEE --gateway 192.0.2.1'));
  expect(copy?.outcome).toEqual({ kind: 'sent', interface: 'eth0', via: '10.244.1.1' });
});

test('there is no copy of a packet that no such rule meets, nor of a copy', () => {
  expect(ways(hostWith('-A PREROUTING -p tcp -j TEE --gateway 10.244.1.77'))).toEqual([]);
  const tee = '-p udp -j TEE --gateway 10.244.1.77';
  expect(ways(hostWith(`-A PREROUTING ${tee}`, `-A OUTPUT ${tee}`))).toHaveLength(1);
});

test('conntrack leaves a copy alone, and no rule is said to have done so', () => {
  const host = hostWith(
    '-A PREROUTING -p udp -j TEE --gateway 10.244.1.77',
    '-A OUTPUT -m conntrack --ctstate UNTRACKED',
  );
  const looked = ways(host)[0]?.events.find((event) => event.kind === 'conntrack');
  expect(looked).toMatchObject({ state: 'UNTRACKED', reason: { code: 'untracked' } });
});
