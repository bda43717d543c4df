/** What a host is taken to be where it was not told in full. */
import { expect, test } from 'vitest';
import { type Host, type Packet, parseRuleset, traverse } from '../../../src/netfilter/index.ts';

const { ruleset } = parseRuleset('*nat\n-A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports 15001\nCOMMIT\n');
const eth0 = { name: 'eth0', addresses: ['10.244.1.5/24'] };
const packet: Packet = {
  protocol: 'tcp',
  source: '10.244.1.5',
  destination: '10.96.0.7',
  sourcePort: 40000,
  destinationPort: 80,
  from: { uid: 1000, gid: 1000 },
};
const host = (interfaces: Host['interfaces']): Host => ({ rulesets: { v4: ruleset }, interfaces });

test('a host that does not name lo has it, as any network namespace', () => {
  const told = traverse(host([{ name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] }, eth0]), packet);
  const untold = traverse(host([eth0]), packet);
  expect(untold).toEqual(told);
  expect(untold.outcome.kind).toBe('delivered');
});

test('a lo without addresses is one without addresses', () => {
  const { outcome } = traverse(host([{ name: 'lo', addresses: [] }, eth0]), packet);
  expect(outcome.kind).not.toBe('delivered');
});

test.each([15001, 15003, 80])(
  'a port that the kernel draws is told as drawn, also where the packet has it: %i',
  (port) => {
    const drawn = parseRuleset(
      '*nat\n-A OUTPUT -p tcp -j REDIRECT --to-ports 15001-15006 --random\nCOMMIT\n',
    );
    const { events } = traverse(
      { ...host([eth0]), rulesets: { v4: drawn.ruleset } },
      { ...packet, destinationPort: port },
    );
    const rewritten = events.filter(({ kind, hook }) => kind === 'rewrite' && hook === 'OUTPUT');
    expect(rewritten).toMatchObject([{ reason: { code: 'nat decided', lot: [15001, 15006] } }]);
  },
);
