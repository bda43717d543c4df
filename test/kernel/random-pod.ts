/** The pod that random packets meet: two links, and a way from one to the other. */
import { type Pod, type PodPlan, usualPod } from './pod.ts';

/** The usual pod with a second link; packets from one peer to the other are forwarded. */
export const randomPod: PodPlan = {
  interfaces: [...usualPod.interfaces, { name: 'eth1', addresses: ['10.244.3.5/24', 'fd00:10:244:3::5/64'] }],
  routes: [
    ...(usualPod.routes ?? []),
    { destination: '10.97.0.0/16', via: '10.244.3.1', dev: 'eth1' },
    { destination: 'fd00:10:97::/48', via: 'fd00:10:244:3::1', dev: 'eth1' },
  ],
  sysctls: {
    'net.ipv4.ip_forward': 1,
    'net.ipv6.conf.all.forwarding': 1,
    'net.ipv4.conf.all.send_redirects': 0,
    'net.ipv4.conf.eth0.send_redirects': 0,
    'net.ipv4.conf.eth1.send_redirects': 0,
  },
  peers: {
    ...usualPod.peers,
    eth1: ['10.244.3.1/24', '10.97.0.7/32', 'fd00:10:244:3::1/64', 'fd00:10:97::7/128'],
  },
};

/** Each peer reaches the other through the pod, and no redirect teaches it another way. */
export async function joinPeers(pod: Pod): Promise<void> {
  for (const { name, addresses } of randomPod.interfaces) {
    if (name === 'lo') continue;
    const peer = pod.peer(name);
    for (const address of addresses) {
      const family = address.includes(':') ? '-6' : '-4';
      const via = address.split('/', 1)[0] ?? '';
      await peer.run('ip', [family, 'route', 'add', 'default', 'via', via, 'dev', name]);
    }
    for (const family of ['ipv4', 'ipv6'])
      for (const which of ['all', name])
        await peer.write(`/proc/sys/net/${family}/conf/${which}/accept_redirects`, '0');
  }
}
