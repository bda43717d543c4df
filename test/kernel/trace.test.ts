/** What the kernel's trace shows and what it does not, pinned: all that reads a trace hangs on this. */
import { afterAll, describe, expect, test } from 'vitest';
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { KernelCase } from './case.ts';
import { openKernel, saidLines } from './kernel.ts';
import { type PodPlan, usualPod } from './pod-plan.ts';

const app = { uid: 1000, gid: 1000 };
const kernel = openKernel('trace');
afterAll(() => kernel.end());

const filter = (chains: readonly string[], rules: readonly string[]) =>
  [
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...chains.map((chain) => `:${chain} - [0:0]`),
    ...rules,
    'COMMIT\n',
  ].join('\n');

const table = (name: string, chains: readonly string[], rules: readonly string[]) =>
  [`*${name}`, ...chains.map((chain) => `:${chain} ACCEPT [0:0]`), ...rules, 'COMMIT\n'].join('\n');
const raw = (rules: readonly string[]) => table('raw', ['PREROUTING', 'OUTPUT'], rules);
const mangle = (rules: readonly string[]) =>
  table('mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], rules);
const nat = (rules: readonly string[]) =>
  table('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], rules);

const toService: Packet = {
  protocol: 'tcp',
  source: '10.244.1.5',
  destination: '10.96.0.7',
  destinationPort: 80,
  from: app,
};
const toPod: Packet = {
  protocol: 'tcp',
  source: '10.244.2.9',
  destination: '10.244.1.5',
  destinationPort: 8080,
  from: { interface: 'eth0' },
};
const service = [{ protocol: 'tcp' as const, address: '10.96.0.7', port: 80 }];

async function lines(key: string, v4: string, more: Partial<KernelCase> = {}, plan: PodPlan = usualPod) {
  const one: KernelCase = { rulesets: { v4 }, remote: service, packets: [toService], ...more };
  const said = await kernel.ask(key, one, { plan });
  return said.flatMap(saidLines).map((line) => line.split(' | ')[0]);
}
const taken = 'taken at 10.96.0.7 port 80 by the peer';

describe('rules and chains', () => {
  test('a rule that breaks off shows nothing; one that has no target goes on', async () => {
    const rules = ['-A OUTPUT -p udp -j DROP', '-A OUTPUT -p tcp', '-A OUTPUT -p tcp -j ACCEPT'];
    expect(await lines('breaks off', filter([], rules))).toEqual([
      'OUTPUT filter OUTPUT 2 continue',
      'OUTPUT filter OUTPUT 3 accept',
      taken,
      'reply',
      'INPUT filter INPUT policy accept',
    ]);
  });

  test('the end of a user chain shows, of an empty one too; a RETURN is a rule and shows no end', async () => {
    const rules = [
      '-A OUTPUT -j A',
      '-A OUTPUT -j B',
      '-A OUTPUT -j C',
      '-A B -p udp',
      '-A C -p tcp -j RETURN',
    ];
    expect(await lines('ends', filter(['A', 'B', 'C'], rules))).toEqual([
      'OUTPUT filter OUTPUT 1 jump A',
      'OUTPUT filter A end return',
      'OUTPUT filter OUTPUT 2 jump B',
      'OUTPUT filter B end return',
      'OUTPUT filter OUTPUT 3 jump C',
      'OUTPUT filter C 1 return',
      'OUTPUT filter OUTPUT policy accept',
      taken,
      'reply',
      'INPUT filter INPUT policy accept',
    ]);
  });

  test('a RETURN in a built-in chain is a rule, and the policy follows', async () => {
    expect(await lines('return', filter([], ['-A OUTPUT -p tcp -j RETURN', '-A OUTPUT -j DROP']))).toEqual([
      'OUTPUT filter OUTPUT 1 return',
      'OUTPUT filter OUTPUT policy accept',
      taken,
      'reply',
      'INPUT filter INPUT policy accept',
    ]);
  });

  test('rules without a condition, which legacy calls “return” and “policy”, are rules', async () => {
    const rules = ['-A OUTPUT -j A', '-A OUTPUT -j ACCEPT', '-A A -j RETURN'];
    expect(await lines('no condition', filter(['A'], rules))).toEqual([
      'OUTPUT filter OUTPUT 1 jump A',
      'OUTPUT filter A 1 return',
      'OUTPUT filter OUTPUT 2 accept',
      taken,
      'reply',
      'INPUT filter INPUT policy accept',
    ]);
  });

  test('a chain that goto leads to ends visibly, and goes back to the caller of the chain that left', async () => {
    const rules = ['-A OUTPUT -j A', '-A OUTPUT -p tcp', '-A A -g B', '-A A -j DROP', '-A B -p udp'];
    expect(await lines('goto', filter(['A', 'B'], rules))).toEqual([
      'OUTPUT filter OUTPUT 1 jump A',
      'OUTPUT filter A 1 goto B',
      'OUTPUT filter B end return',
      'OUTPUT filter OUTPUT 2 continue',
      'OUTPUT filter OUTPUT policy accept',
      taken,
      'reply',
      'INPUT filter INPUT policy accept',
    ]);
  });

  test('from a built-in chain, goto comes back to the policy', async () => {
    const rules = ['-A OUTPUT -g B', '-A OUTPUT -j DROP', '-A B -p udp'];
    expect(await lines('goto from OUTPUT', filter(['B'], rules))).toEqual([
      'OUTPUT filter OUTPUT 1 goto B',
      'OUTPUT filter B end return',
      'OUTPUT filter OUTPUT policy accept',
      taken,
      'reply',
      'INPUT filter INPUT policy accept',
    ]);
  });
});

describe('conntrack', () => {
  test('with nothing that switches it on, nat is silent', async () => {
    expect(await lines('no conntrack', nat(['-A OUTPUT -p tcp -j ACCEPT']))).toEqual([taken, 'reply']);
  });

  test.each([
    ['a REDIRECT that nothing meets', nat(['-A OUTPUT -p tcp -j RETURN', '-A OUTPUT -p udp -j REDIRECT'])],
    [
      'a ctstate in another table',
      nat(['-A OUTPUT -p tcp -j RETURN']) + raw(['-A PREROUTING -p udp -m conntrack --ctstate NEW']),
    ],
    ['a zone in raw', nat(['-A OUTPUT -p tcp -j RETURN']) + raw(['-A PREROUTING -p udp -j CT --zone 1'])],
    [
      'a connmark in mangle',
      nat(['-A OUTPUT -p tcp -j RETURN']) + mangle(['-A PREROUTING -p udp -j CONNMARK --save-mark']),
    ],
  ])('%s switches it on', async (name, rules) => {
    const seen = await lines(`switched on by ${name}`, rules);
    expect(seen.filter((line) => line?.includes(' nat '))).toEqual([
      'OUTPUT nat OUTPUT 1 return',
      'OUTPUT nat OUTPUT policy accept',
      'POSTROUTING nat POSTROUTING policy accept',
    ]);
  });

  test.each([
    ['NOTRACK', raw(['-A PREROUTING -p udp -j NOTRACK'])],
    ['a socket match', mangle(['-A PREROUTING -p udp -m socket'])],
    ['a mark', mangle(['-A PREROUTING -p udp -j MARK --set-mark 1'])],
  ])('%s does not', async (name, rules) => {
    const seen = await lines(`not switched on by ${name}`, nat(['-A OUTPUT -p tcp -j RETURN']) + rules);
    expect(seen.filter((line) => line?.includes(' nat '))).toEqual([]);
  });

  test('an untracked packet meets no nat, in either direction', async () => {
    const rules = raw(['-A OUTPUT -p tcp -j NOTRACK', '-A PREROUTING -p tcp -j NOTRACK']);
    const redirect = nat(['-A OUTPUT -p tcp -j REDIRECT --to-ports 15001']);
    expect(await lines('untracked', rules + redirect)).toEqual([
      'OUTPUT raw OUTPUT 1 continue',
      'OUTPUT raw OUTPUT policy accept',
      taken,
      'reply',
      'PREROUTING raw PREROUTING 1 continue',
      'PREROUTING raw PREROUTING policy accept',
    ]);
  });
});

describe('marks and devices', () => {
  const events = async (key: string, v4: string, more: Partial<KernelCase> = {}, plan = usualPod) => {
    const [said] = await kernel.ask(
      key,
      { rulesets: { v4 }, remote: service, packets: [toService], ...more },
      { plan },
    );
    return said === undefined ? [] : saidLines({ ...said, replies: [] });
  };

  test('a mark is the one behind the rule, with both back ends', async () => {
    const rules = mangle(['-A OUTPUT -j MARK --set-mark 0x1', '-A OUTPUT -j MARK --set-mark 0x2']);
    expect(await events('marks', rules)).toEqual([
      'OUTPUT mangle OUTPUT 1 continue | 10.244.1.5:40000 > 10.96.0.7:80 out=eth0 mark=0x1',
      'OUTPUT mangle OUTPUT 2 continue | 10.244.1.5:40000 > 10.96.0.7:80 out=eth0 mark=0x2',
      'OUTPUT mangle OUTPUT policy accept',
      'POSTROUTING mangle POSTROUTING policy accept',
      taken,
    ]);
  });

  test('a mark goes with the packet over lo', async () => {
    const rules = mangle(['-A OUTPUT -j MARK --set-mark 0x1']);
    const packets = [{ ...toService, source: '127.0.0.1', destination: '127.0.0.1', destinationPort: 8080 }];
    const sockets: readonly Socket[] = [{ protocol: 'tcp', address: '127.0.0.1', port: 8080, ...app }];
    expect(await events('mark over lo', rules, { packets, sockets })).toEqual([
      'OUTPUT mangle OUTPUT 1 continue | 127.0.0.1:40000 > 127.0.0.1:8080 out=lo mark=0x1',
      'OUTPUT mangle OUTPUT policy accept',
      'POSTROUTING mangle POSTROUTING policy accept',
      'PREROUTING mangle PREROUTING policy accept | 127.0.0.1:40000 > 127.0.0.1:8080 in=lo mark=0x1',
      'INPUT mangle INPUT policy accept',
      'taken at 127.0.0.1 port 8080 by 1000:1000',
    ]);
  });

  const tproxy = mangle([
    '-A PREROUTING -p tcp -m tcp --dport 8080 -j TPROXY --on-port 15006 --on-ip 0.0.0.0 --tproxy-mark 0x539/0xffffffff',
  ]);
  const proxy: Socket = { protocol: 'tcp', address: '0.0.0.0', port: 15006, uid: 0, gid: 1337 };

  test('TPROXY accepts where a transparent socket listens, which sees the destination as it was', async () => {
    const sockets = [{ ...proxy, transparent: true }];
    expect(await events('tproxy', tproxy, { packets: [toPod], sockets })).toEqual([
      'PREROUTING mangle PREROUTING 1 accept | 10.244.2.9:40000 > 10.244.1.5:8080 in=eth0 mark=0x539',
      'INPUT mangle INPUT policy accept',
      'taken at 10.244.1.5 port 8080 by 0:1337',
    ]);
  });

  test('TPROXY drops where the socket is not transparent', async () => {
    expect(
      await events('tproxy without', tproxy, { packets: [toPod], sockets: [proxy], timeout: 500 }),
    ).toEqual([
      'PREROUTING mangle PREROUTING 1 drop | 10.244.2.9:40000 > 10.244.1.5:8080 in=eth0',
      'timed out',
    ]);
  });
});

describe('the kernel’s own answers', () => {
  test('over IPv6 a reset to ::1 leaves by eth0, when it answers from an address of eth0', async () => {
    const v6 = mangle([]);
    const packets: readonly Packet[] = [
      { protocol: 'tcp', source: '::1', destination: 'fd00:10:244:1::5', destinationPort: 9999, from: app },
    ];
    const said = await kernel.ask('reset to ::1', { rulesets: { v6 }, packets, timeout: 500 });
    expect(said.flatMap(saidLines)).toEqual([
      'OUTPUT mangle OUTPUT policy accept | [::1]:40000 > [fd00:10:244:1::5]:9999 out=lo',
      'POSTROUTING mangle POSTROUTING policy accept',
      'PREROUTING mangle PREROUTING policy accept | [::1]:40000 > [fd00:10:244:1::5]:9999 in=lo',
      'INPUT mangle INPUT policy accept',
      'timed out',
      'reply',
      'OUTPUT mangle OUTPUT policy accept | [fd00:10:244:1::5]:9999 > [::1]:40000 out=eth0',
      'POSTROUTING mangle POSTROUTING policy accept',
    ]);
  });
});
