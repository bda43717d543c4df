/**
 * The six types of traffic of the handbook, and a few that are asked about beside them: what the kernel itself
 * says about the rules of a default sidecar of release 1.17.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { DialOn, KernelCase, RemoteSocket, Said } from './case.ts';
import { compareCase } from './engine.ts';
import { eventLines } from './event.ts';
import { openKernel } from './kernel.ts';
import { usualPod } from './pod-plan.ts';

const sidecar = (redirect: { readonly loopback: string; readonly passthrough: string }) => `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:ISTIO_INBOUND - [0:0]
:ISTIO_IN_REDIRECT - [0:0]
:ISTIO_OUTPUT - [0:0]
:ISTIO_REDIRECT - [0:0]
-A PREROUTING -p tcp -j ISTIO_INBOUND
-A OUTPUT -p tcp -j ISTIO_OUTPUT
-A ISTIO_INBOUND -p tcp -m tcp --dport 15008 -j RETURN
-A ISTIO_INBOUND -p tcp -m tcp --dport 15090 -j RETURN
-A ISTIO_INBOUND -p tcp -m tcp --dport 15021 -j RETURN
-A ISTIO_INBOUND -p tcp -m tcp --dport 15020 -j RETURN
-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
-A ISTIO_OUTPUT -s ${redirect.passthrough} -o lo -j RETURN
-A ISTIO_OUTPUT ! -d ${redirect.loopback} -o lo -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT
-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN
-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
-A ISTIO_OUTPUT ! -d ${redirect.loopback} -o lo -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT
-A ISTIO_OUTPUT -o lo -m owner ! --gid-owner 1337 -j RETURN
-A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN
-A ISTIO_OUTPUT -d ${redirect.loopback} -j RETURN
-A ISTIO_OUTPUT -j ISTIO_REDIRECT
-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
COMMIT
`;

/** Tables without rules: each shows when it is asked. */
const otherTables = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`;

const rulesets = {
  v4: sidecar({ loopback: '127.0.0.1/32', passthrough: '127.0.0.6/32' }),
  v6: sidecar({ loopback: '::1/128', passthrough: '::6/128' }),
};

const app = { uid: 1000, gid: 1000 };
const proxy = { uid: 1337, gid: 1337 };
const peer = { interface: 'eth0' };
const pod = '10.244.1.5';
const client = '10.244.2.9';
const service = '10.96.0.7';

const listening = (owner: typeof app, port: number, address = '::'): Socket => ({
  protocol: 'tcp',
  address,
  port,
  ...owner,
});

const sockets: readonly Socket[] = [
  listening(app, 8080),
  listening(proxy, 15001),
  listening(proxy, 15006),
  listening(proxy, 15000, '127.0.0.1'),
  listening(proxy, 15020),
  listening(proxy, 15090),
];

const remote: readonly RemoteSocket[] = [
  { protocol: 'tcp', address: service, port: 80 },
  { protocol: 'tcp', address: service, port: 15012 },
  { protocol: 'tcp', address: 'fd00:10:96::7', port: 80 },
];

/** What Envoy does: dial the original destination; inbound, from 127.0.0.6 or ::6. */
const passthrough: readonly DialOn[] = [
  { port: 15001, to: { address: 'original', port: 'original' }, as: proxy },
  {
    port: 15006,
    original: { address: pod },
    to: { address: pod, port: 'original' },
    from: '127.0.0.6',
    as: proxy,
  },
  {
    port: 15006,
    original: { address: 'fd00:10:244:1::5' },
    to: { address: 'fd00:10:244:1::5', port: 'original' },
    from: '::6',
    as: proxy,
  },
];

const tcp = (from: Packet['from'], source: string, destination: string, destinationPort: number): Packet => ({
  protocol: 'tcp',
  source,
  destination,
  destinationPort,
  from,
});

const kernel = openKernel('six-types');
afterAll(() => kernel.end());

/** Asks the kernel, holds the engine to what it says, and answers with the kernel's lines, connection by connection. */
async function paths(
  key: string,
  packets: readonly Packet[],
  more: Partial<KernelCase> = {},
): Promise<string[]> {
  const one: KernelCase = { rulesets, sockets, remote, packets, ...more };
  const said = await kernel.ask(key, one);
  expect(compareCase(usualPod, one, said).join('\n\n')).toBe('');
  return said.flatMap(lines);
}

function lines(said: Said): string[] {
  const who = 'uid' in said.packet.from ? `${said.packet.from.uid}:${said.packet.from.gid}` : 'peer';
  const { accepted, original } = said;
  const taken =
    accepted === undefined ? said.result : `${accepted.local.address} port ${accepted.local.port}`;
  return [
    `${who} dials ${said.packet.destination} port ${said.packet.destinationPort}`,
    ...eventLines(said.events).map((line) => `  ${line.split(' | ')[0]}`),
    ...said.replies.flatMap((reply) =>
      eventLines(reply.events).map((line) => `  reply ${line.split(' | ')[0]}`),
    ),
    `  taken at ${taken}${original === undefined ? '' : `, original destination ${original.address} port ${original.port}`}`,
  ];
}

describe('the six types, release 1.17', () => {
  test('1: a remote client calls the application', async () => {
    expect(await paths('1', [tcp(peer, client, pod, 8080)], { dialOn: passthrough })).toEqual([
      'peer dials 10.244.1.5 port 8080',
      '  PREROUTING nat PREROUTING 1 jump ISTIO_INBOUND',
      '  PREROUTING nat ISTIO_INBOUND 5 jump ISTIO_IN_REDIRECT',
      '  PREROUTING nat ISTIO_IN_REDIRECT 1 accept',
      '  INPUT nat INPUT policy accept',
      '  taken at 10.244.1.5 port 15006, original destination 10.244.1.5 port 8080',
      '1337:1337 dials 10.244.1.5 port 8080',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 1 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 10.244.1.5 port 8080',
    ]);
  });

  test('1, with the dial of releases before 1.10', async () => {
    const dialOn: readonly DialOn[] = [
      { port: 15006, to: { address: '127.0.0.1', port: 'original' }, as: proxy },
    ];
    expect(await paths('1 before 1.10', [tcp(peer, client, pod, 8080)], { dialOn })).toEqual([
      'peer dials 10.244.1.5 port 8080',
      '  PREROUTING nat PREROUTING 1 jump ISTIO_INBOUND',
      '  PREROUTING nat ISTIO_INBOUND 5 jump ISTIO_IN_REDIRECT',
      '  PREROUTING nat ISTIO_IN_REDIRECT 1 accept',
      '  INPUT nat INPUT policy accept',
      '  taken at 10.244.1.5 port 15006, original destination 10.244.1.5 port 8080',
      '1337:1337 dials 127.0.0.1 port 8080',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 4 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 127.0.0.1 port 8080',
    ]);
  });

  test('2: the application calls a remote service', async () => {
    expect(await paths('2', [tcp(app, pod, service, 80)], { dialOn: passthrough })).toEqual([
      '1000:1000 dials 10.96.0.7 port 80',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 9 jump ISTIO_REDIRECT',
      '  OUTPUT nat ISTIO_REDIRECT 1 accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 127.0.0.1 port 15001, original destination 10.96.0.7 port 80',
      '1337:1337 dials 10.96.0.7 port 80',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 4 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 10.96.0.7 port 80',
    ]);
  });

  test('3: Prometheus calls 15090, and 15020, which calls on', async () => {
    const packets = [
      tcp(peer, client, pod, 15090),
      tcp(peer, client, pod, 15020),
      tcp(proxy, '127.0.0.1', '127.0.0.1', 15090),
      tcp(proxy, '127.0.0.1', '127.0.0.1', 15000),
    ];
    const toLocalhost = [
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 4 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
    ];
    expect(await paths('3', packets)).toEqual([
      'peer dials 10.244.1.5 port 15090',
      '  PREROUTING nat PREROUTING 1 jump ISTIO_INBOUND',
      '  PREROUTING nat ISTIO_INBOUND 2 return',
      '  PREROUTING nat PREROUTING policy accept',
      '  INPUT nat INPUT policy accept',
      '  taken at 10.244.1.5 port 15090',
      'peer dials 10.244.1.5 port 15020',
      '  PREROUTING nat PREROUTING 1 jump ISTIO_INBOUND',
      '  PREROUTING nat ISTIO_INBOUND 4 return',
      '  PREROUTING nat PREROUTING policy accept',
      '  INPUT nat INPUT policy accept',
      '  taken at 10.244.1.5 port 15020',
      '1337:1337 dials 127.0.0.1 port 15090',
      ...toLocalhost,
      '  taken at 127.0.0.1 port 15090',
      '1337:1337 dials 127.0.0.1 port 15000',
      ...toLocalhost,
      '  taken at 127.0.0.1 port 15000',
    ]);
  });

  test('4: the application calls its own Service, and Envoy picks this pod', async () => {
    const dialOn: readonly DialOn[] = [
      { port: 15001, to: { address: pod, port: 8080 }, as: proxy },
      { port: 15006, to: { address: pod, port: 'original' }, from: '127.0.0.6', as: proxy },
    ];
    expect(await paths('4', [tcp(app, pod, service, 80)], { dialOn })).toEqual([
      '1000:1000 dials 10.96.0.7 port 80',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 9 jump ISTIO_REDIRECT',
      '  OUTPUT nat ISTIO_REDIRECT 1 accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 127.0.0.1 port 15001, original destination 10.96.0.7 port 80',
      '1337:1337 dials 10.244.1.5 port 8080',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 2 jump ISTIO_IN_REDIRECT',
      '  OUTPUT nat ISTIO_IN_REDIRECT 1 accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 127.0.0.1 port 15006, original destination 10.244.1.5 port 8080',
      '1337:1337 dials 10.244.1.5 port 8080',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 1 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 10.244.1.5 port 8080',
    ]);
  });

  test('4, called by pod address or by localhost: no Envoy', async () => {
    const straight = [
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 3 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
    ];
    const packets = [tcp(app, pod, pod, 8080), tcp(app, '127.0.0.1', '127.0.0.1', 8080)];
    expect(await paths('4 without a Service', packets)).toEqual([
      '1000:1000 dials 10.244.1.5 port 8080',
      ...straight,
      '  taken at 10.244.1.5 port 8080',
      '1000:1000 dials 127.0.0.1 port 8080',
      ...straight,
      '  taken at 127.0.0.1 port 8080',
    ]);
  });

  test('5: inside Envoy; 127.0.0.1 only', async () => {
    const packets = [
      tcp(proxy, '127.0.0.1', '127.0.0.1', 15000),
      tcp(proxy, '127.0.0.1', '127.0.0.2', 15000),
    ];
    expect(await paths('5', packets)).toEqual([
      '1337:1337 dials 127.0.0.1 port 15000',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 4 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 127.0.0.1 port 15000',
      '1337:1337 dials 127.0.0.2 port 15000',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 2 jump ISTIO_IN_REDIRECT',
      '  OUTPUT nat ISTIO_IN_REDIRECT 1 accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 127.0.0.1 port 15006, original destination 127.0.0.2 port 15000',
    ]);
  });

  test('6: the agent calls istiod', async () => {
    expect(await paths('6', [tcp(proxy, pod, service, 15012)])).toEqual([
      '1337:1337 dials 10.96.0.7 port 15012',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 4 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 10.96.0.7 port 15012',
    ]);
  });

  test('a proxy that runs as another user in group 1337', async () => {
    const packets = [tcp({ uid: 0, gid: 1337 }, pod, service, 80)];
    expect(await paths('0:1337', packets)).toEqual([
      '0:1337 dials 10.96.0.7 port 80',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 7 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at 10.96.0.7 port 80',
    ]);
  });
});

describe('the six types over IPv6', () => {
  const pod6 = 'fd00:10:244:1::5';

  test('1: a remote client calls the application', async () => {
    const packets = [tcp(peer, 'fd00:10:244:2::9', pod6, 8080)];
    expect(await paths('v6 1', packets, { dialOn: passthrough })).toEqual([
      'peer dials fd00:10:244:1::5 port 8080',
      '  PREROUTING nat PREROUTING 1 jump ISTIO_INBOUND',
      '  PREROUTING nat ISTIO_INBOUND 5 jump ISTIO_IN_REDIRECT',
      '  PREROUTING nat ISTIO_IN_REDIRECT 1 accept',
      '  INPUT nat INPUT policy accept',
      '  taken at fd00:10:244:1::5 port 15006, original destination fd00:10:244:1::5 port 8080',
      '1337:1337 dials fd00:10:244:1::5 port 8080',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 1 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at fd00:10:244:1::5 port 8080',
    ]);
  });

  test('2: the application calls a remote service', async () => {
    expect(await paths('v6 2', [tcp(app, pod6, 'fd00:10:96::7', 80)], { dialOn: passthrough })).toEqual([
      '1000:1000 dials fd00:10:96::7 port 80',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 9 jump ISTIO_REDIRECT',
      '  OUTPUT nat ISTIO_REDIRECT 1 accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at ::1 port 15001, original destination fd00:10:96::7 port 80',
      '1337:1337 dials fd00:10:96::7 port 80',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 4 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  taken at fd00:10:96::7 port 80',
    ]);
  });
});

describe('every table is there', () => {
  const all = { rulesets: { v4: rulesets.v4 + otherTables } };

  test('the application calls a remote service: nat is asked once, the answer meets no nat', async () => {
    expect(await paths('2, all tables', [tcp(app, pod, service, 80)], all)).toEqual([
      '1000:1000 dials 10.96.0.7 port 80',
      '  OUTPUT raw OUTPUT policy accept',
      '  OUTPUT mangle OUTPUT policy accept',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 9 jump ISTIO_REDIRECT',
      '  OUTPUT nat ISTIO_REDIRECT 1 accept',
      '  OUTPUT filter OUTPUT policy accept',
      '  POSTROUTING mangle POSTROUTING policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  PREROUTING raw PREROUTING policy accept',
      '  PREROUTING mangle PREROUTING policy accept',
      '  INPUT mangle INPUT policy accept',
      '  INPUT filter INPUT policy accept',
      '  reply OUTPUT raw OUTPUT policy accept',
      '  reply OUTPUT mangle OUTPUT policy accept',
      '  reply OUTPUT filter OUTPUT policy accept',
      '  reply POSTROUTING mangle POSTROUTING policy accept',
      '  reply PREROUTING raw PREROUTING policy accept',
      '  reply PREROUTING mangle PREROUTING policy accept',
      '  reply INPUT mangle INPUT policy accept',
      '  reply INPUT filter INPUT policy accept',
      '  taken at 127.0.0.1 port 15001, original destination 10.96.0.7 port 80',
    ]);
  });

  test('a remote client calls the application', async () => {
    expect(await paths('1, all tables', [tcp(peer, client, pod, 8080)], all)).toEqual([
      'peer dials 10.244.1.5 port 8080',
      '  PREROUTING raw PREROUTING policy accept',
      '  PREROUTING mangle PREROUTING policy accept',
      '  PREROUTING nat PREROUTING 1 jump ISTIO_INBOUND',
      '  PREROUTING nat ISTIO_INBOUND 5 jump ISTIO_IN_REDIRECT',
      '  PREROUTING nat ISTIO_IN_REDIRECT 1 accept',
      '  INPUT mangle INPUT policy accept',
      '  INPUT filter INPUT policy accept',
      '  INPUT nat INPUT policy accept',
      '  reply OUTPUT raw OUTPUT policy accept',
      '  reply OUTPUT mangle OUTPUT policy accept',
      '  reply OUTPUT filter OUTPUT policy accept',
      '  reply POSTROUTING mangle POSTROUTING policy accept',
      '  taken at 10.244.1.5 port 15006, original destination 10.244.1.5 port 8080',
    ]);
  });

  test('nobody listens, and the kernel itself resets', async () => {
    expect(await paths('reset, all tables', [tcp(app, '127.0.0.1', '127.0.0.1', 9999)], all)).toEqual([
      '1000:1000 dials 127.0.0.1 port 9999',
      '  OUTPUT raw OUTPUT policy accept',
      '  OUTPUT mangle OUTPUT policy accept',
      '  OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT',
      '  OUTPUT nat ISTIO_OUTPUT 3 return',
      '  OUTPUT nat OUTPUT policy accept',
      '  OUTPUT filter OUTPUT policy accept',
      '  POSTROUTING mangle POSTROUTING policy accept',
      '  POSTROUTING nat POSTROUTING policy accept',
      '  PREROUTING raw PREROUTING policy accept',
      '  PREROUTING mangle PREROUTING policy accept',
      '  INPUT mangle INPUT policy accept',
      '  INPUT filter INPUT policy accept',
      '  reply OUTPUT raw OUTPUT policy accept',
      '  reply OUTPUT mangle OUTPUT policy accept',
      '  reply OUTPUT filter OUTPUT policy accept',
      '  reply POSTROUTING mangle POSTROUTING policy accept',
      '  reply PREROUTING raw PREROUTING policy accept',
      '  reply PREROUTING mangle PREROUTING policy accept',
      '  reply INPUT mangle INPUT policy accept',
      '  reply INPUT filter INPUT policy accept',
      '  taken at refused',
    ]);
  });
});
