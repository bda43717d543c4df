import { expect, test } from 'vitest';
import {
  defaultOptions,
  findPort,
  listenersOf,
  type Options,
  portOf,
  ports,
  portsOf,
  processes,
  proxyOwner,
  type ReleaseNumber,
  readRelease,
  releases,
  type Workload,
} from '../../../src/istio/index.ts';

test('ports are in order, and each has a name of its own', () => {
  const numbers = ports.map(({ port }) => port);
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  expect(new Set(ports.map(({ name }) => name)).size).toBe(ports.length);
  expect(new Set(numbers).size).toBe(ports.length);
});

test('a port is found by number and by name', () => {
  expect(findPort(15001)?.name).toBe('envoy-outbound');
  expect(findPort('agent-dns')?.port).toBe(15053);
  expect(findPort(80)).toBeNull();
});

test('DNS of pilot-agent moved from 15013 to 15053', () => {
  const dns = (release: string): readonly number[] =>
    portsOf(release)
      .filter(({ name }) => name.startsWith('agent-dns'))
      .map(({ port }) => port);
  expect(dns('1.5')).toEqual([]);
  expect(dns('1.6')).toEqual([15013]);
  expect(dns('1.7')).toEqual([15053]);
  expect(portsOf('none')).toEqual([]);
  expect(releases.at(-1)?.name).toBe('1.32');
});

test('where nothing is intercepted, Envoy has no listener for what is captured', () => {
  const workload: Workload = {
    addresses: ['10.244.1.5/24'],
    uid: 1000,
    gid: 1000,
    ports: [{ port: 8080 }],
    services: [],
    outboundTrafficPolicy: 'ALLOW_ANY',
  };
  const ports = (inboundInterceptionMode: 'REDIRECT' | 'NONE') =>
    listenersOf(
      readRelease('1.31') as ReleaseNumber,
      { ...defaultOptions, inboundInterceptionMode },
      workload,
    ).map(({ port }) => port);
  expect(ports('REDIRECT')).toEqual(expect.arrayContaining([15001, 15006, 15021, 8080]));
  expect(ports('NONE')).toEqual(ports('REDIRECT').filter((port) => port !== 15001 && port !== 15006));
});

test.each<[string, Partial<Options>, readonly string[]]>([
  ['1.31', { dnsServersV4: ['10.96.0.10'] }, ['127.0.0.1']],
  ['1.31', { dnsServersV4: ['10.96.0.10'], dnsServersV6: ['fd00::a'] }, ['127.0.0.1', '::1']],
  ['1.31', { dnsServersV6: ['fd00::a'] }, ['::1']],
  ['1.31', { captureAllDNS: true }, ['127.0.0.1']],
  ['1.11', { dnsServersV4: ['10.96.0.10'], dnsServersV6: ['fd00::a'] }, ['127.0.0.1']],
])(
  'in %s, with %j, pilot-agent answers DNS on localhost of each family that has a server',
  (release, options, addresses) => {
    const workload: Workload = {
      addresses: ['10.244.1.5/24', 'fd00::5/64'],
      uid: 1000,
      gid: 1000,
      ports: [],
      services: [],
      outboundTrafficPolicy: 'ALLOW_ANY',
    };
    const listeners = listenersOf(
      readRelease(release) as ReleaseNumber,
      { ...defaultOptions, redirectDNS: true, enableIPv6: true, ...options },
      workload,
    );
    const dns = listeners.filter(({ port }) => port === portOf('agent-dns'));
    expect(dns.map(({ protocol, address }) => `${protocol} ${address}`)).toEqual(
      addresses.flatMap((address) => [`tcp ${address}`, `udp ${address}`]),
    );
  },
);

test('the proxy runs as 1337:1337, and as root in TPROXY mode or to listen on low ports', () => {
  expect(proxyOwner()).toEqual({ uid: 1337, gid: 1337 });
  expect(proxyOwner({ inboundInterceptionMode: 'TPROXY' })).toEqual({ uid: 0, gid: 1337 });
  expect(proxyOwner({}, true)).toEqual({ uid: 0, gid: 1337 });
  expect(proxyOwner({ proxyUID: '1000670000', proxyGID: 'proxy,1000670001' })).toEqual({
    uid: 1000670000,
    gid: 1000670001,
  });
  expect(processes.map(({ name, owner }) => [name, owner.uid])).toEqual([
    ['app', 1000],
    ['Envoy', 1337],
    ['pilot-agent', 1337],
  ]);
});
