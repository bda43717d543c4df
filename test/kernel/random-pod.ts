/** The pod that random packets meet: two links, and a way from one to the other. */
import { ambientRulesFor } from '../../src/istio/index.ts';
import type { Pod } from './pod.ts';
import { type PodPlan, usualPod } from './pod-plan.ts';

/** A second address of the pod's network, one of another, and one of the link alone. */
const further = [
  ...['10.244.1.6/24', '10.244.5.5/24', '169.254.7.5/24'],
  ...['fd00:10:244:1::6/64', 'fd00:10:244:5::5/64', 'fe80::5/64'],
];

/** Addresses that stand for enrolled pods where the rules are those of a node of ambient mode. */
export const enrolledPods = {
  v4: ['10.96.0.7', '10.97.0.7', '10.244.1.1', '10.244.3.1'],
  v6: ['fd00:10:96::7', 'fd00:10:97::7', 'fd00:10:244:1::1', 'fd00:10:244:3::1'],
} as const;

/** The sets in which those rules look, by each name that releases give them. */
const setsOfNode = Object.fromEntries(
  ['1.21', '1.31']
    .flatMap((release) => ambientRulesFor(release).sets)
    .map(({ name, family }) => [name, { type: 'hash:ip', family, members: enrolledPods[family] }] as const),
);

/** The usual pod with a second link; packets from one peer to the other are forwarded. */
export const randomPod: PodPlan = {
  interfaces: [
    // ipv6_link_dev_addr: of two that reach equally far, what was added last is the first
    { name: 'lo', addresses: ['127.0.0.1/8', '::6/128', '::1/128'] },
    ...usualPod.interfaces.flatMap((one) =>
      one.name === 'eth0' ? [{ ...one, addresses: [...one.addresses, ...further] }] : [],
    ),
    { name: 'eth1', addresses: ['10.244.3.5/24', 'fd00:10:244:3::5/64', 'fe80::3:5/64'] },
  ],
  routes: [
    ...(usualPod.routes ?? []),
    { destination: '10.97.0.0/16', via: '10.244.3.1', dev: 'eth1' },
    { destination: 'fd00:10:97::/48', via: 'fd00:10:244:3::1', dev: 'eth1' },
    // with another source than the interface's own
    { destination: '10.98.0.0/16', via: '10.244.3.1', dev: 'eth1', src: '10.244.5.5' },
    { destination: 'fd00:10:98::/48', via: 'fd00:10:244:3::1', dev: 'eth1', src: 'fd00:10:244:1::6' },
    { destination: '0.0.0.0/0', type: 'local', dev: 'lo', table: '133' },
    { destination: '::/0', type: 'local', dev: 'lo', table: '133' },
    { destination: '10.96.0.0/16', via: '10.244.3.1', dev: 'eth1', table: '134' },
    { destination: 'fd00:10:96::/48', via: 'fd00:10:244:3::1', dev: 'eth1', table: '134' },
  ],
  // what TPROXY marks is local; another mark takes another way
  rules: [
    { priority: 100, fwmark: { value: 0x539, mask: 0xffffffff }, iif: 'eth0', table: '133' },
    { priority: 101, fwmark: { value: 0x100, mask: 0xff00 }, table: '134' },
  ],
  sets: {
    ipsv4: { type: 'hash:ip', members: ['10.96.0.7', '10.244.1.1', '127.0.0.6'] },
    ipsv6: { type: 'hash:ip', family: 'v6', members: ['fd00:10:96::7', '::6'] },
    netsv4: { type: 'hash:net', members: ['10.0.0.0/8', '10.96.0.0/16 nomatch', '10.96.0.7'] },
    netsv6: {
      type: 'hash:net',
      family: 'v6',
      members: ['fd00:10::/32', 'fd00:10:96::/48 nomatch', 'fd00:10:96::7'],
    },
    webv4: {
      type: 'hash:ip,port',
      members: ['10.96.0.7,tcp:80', '10.244.1.5,udp:53', '127.0.0.1,tcp:15001'],
    },
    webv6: {
      type: 'hash:ip,port',
      family: 'v6',
      members: ['fd00:10:96::7,tcp:80', 'fd00:10:244:1::5,udp:53'],
    },
    linksv4: { type: 'hash:net,iface', members: ['10.0.0.0/8,eth0', '127.0.0.0/8,lo'] },
    linksv6: { type: 'hash:net,iface', family: 'v6', members: ['fd00::/16,eth0', '::/96,lo'] },
    listv4: { type: 'list:set', members: ['ipsv4', 'webv4'] },
    listv6: { type: 'list:set', members: ['ipsv6', 'netsv6'] },
    ports: { type: 'bitmap:port', members: ['53', '15006'] },
    ...setsOfNode,
  },
  sysctls: {
    'net.ipv4.ip_forward': 1,
    'net.ipv6.conf.all.forwarding': 1,
    'net.ipv4.conf.all.send_redirects': 0,
    'net.ipv4.conf.eth0.send_redirects': 0,
    'net.ipv4.conf.eth1.send_redirects': 0,
    'net.ipv4.conf.eth1.route_localnet': 1,
  },
  peers: {
    eth0: [
      ...(usualPod.peers?.eth0 ?? []),
      ...['10.244.5.1/24', '169.254.7.1/24', 'fd00:10:244:5::1/64', 'fe80::1/64'],
    ],
    eth1: [
      ...['10.244.3.1/24', '10.97.0.7/32', '10.98.0.7/32'],
      ...['fd00:10:244:3::1/64', 'fd00:10:97::7/128', 'fd00:10:98::7/128', 'fe80::3:1/64'],
    ],
  },
};

/** Each peer reaches the other through the pod, and no redirect teaches it another way. */
export async function joinPeers(pod: Pod): Promise<void> {
  for (const { name, addresses } of randomPod.interfaces) {
    if (name === 'lo') continue;
    const peer = pod.peer(name);
    // the first address of each family is enough of a way to the other peer
    for (const address of firstOfEach(addresses)) {
      const family = address.includes(':') ? '-6' : '-4';
      const via = address.split('/', 1)[0] ?? '';
      await peer.run('ip', [family, 'route', 'add', 'default', 'via', via, 'dev', name]);
    }
    for (const family of ['ipv4', 'ipv6'])
      for (const which of ['all', name])
        await peer.write(`/proc/sys/net/${family}/conf/${which}/accept_redirects`, '0');
  }
}

function firstOfEach(addresses: readonly string[]): readonly string[] {
  const found = [false, true].map((isV6) => addresses.find((one) => one.includes(':') === isV6));
  return found.filter((one) => one !== undefined);
}
