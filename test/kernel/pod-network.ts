/** The addresses, links and routes of a pod and of its peers, as `ip` is told them. */
import type { Interface, Route, RoutingRule } from '../../src/netfilter/model/host.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import type { Agent } from './namespace.ts';
import { isV6, type PodPlan, peerMac, podMac } from './pod-plan.ts';

export function routeLine(route: Route): string {
  const parts = ['route', 'add', ...(route.type === undefined ? [] : [route.type]), route.destination];
  if (route.via !== undefined) parts.push('via', route.via);
  if (route.dev !== undefined) parts.push('dev', route.dev);
  if (route.src !== undefined) parts.push('src', route.src);
  if (route.table !== undefined) parts.push('table', route.table);
  if (route.metric !== undefined) parts.push('metric', String(route.metric));
  return parts.join(' ');
}

export function ruleLine(rule: RoutingRule): string {
  const parts = ['rule', 'add', 'priority', String(rule.priority)];
  if (rule.from !== undefined) parts.push('from', rule.from);
  if (rule.to !== undefined) parts.push('to', rule.to);
  if (rule.fwmark !== undefined)
    parts.push('fwmark', `0x${rule.fwmark.value.toString(16)}/0x${rule.fwmark.mask.toString(16)}`);
  if (rule.iif !== undefined) parts.push('iif', rule.iif);
  if (rule.oif !== undefined) parts.push('oif', rule.oif);
  parts.push('lookup', rule.table);
  return parts.join(' ');
}

export function routeFamily(route: Route): Family {
  return isV6(`${route.destination}${route.via ?? ''}${route.src ?? ''}`) ? 'v6' : 'v4';
}

/** Addresses in the order of the list: IPv6 puts the last one added first. */
export function addressLines(one: Interface, given: readonly string[]): string[] {
  const wanted = one.addresses.filter((address) => !given.includes(address));
  const v4 = wanted.filter((address) => !isV6(address));
  const v6 = wanted.filter(isV6).reverse();
  return [
    ...v4.map((address) => `address add ${address} dev ${one.name}`),
    ...v6.map((address) => `address add ${address} dev ${one.name} nodad`),
  ];
}

export async function ip(agent: Agent, lines: readonly string[]): Promise<void> {
  const v6 = lines.filter((line) => line.startsWith('-6 ')).map((line) => line.slice(3));
  const v4 = lines.filter((line) => !line.startsWith('-6 '));
  if (v4.length > 0) await agent.run('ip', ['-batch', '-'], `${v4.join('\n')}\n`);
  if (v6.length > 0) await agent.run('ip', ['-6', '-batch', '-'], `${v6.join('\n')}\n`);
}

async function quiet(agent: Agent, name: string): Promise<void> {
  await agent.write(`/proc/sys/net/ipv6/conf/${name}/accept_dad`, '0');
  await agent.write(`/proc/sys/net/ipv6/conf/${name}/accept_ra`, '0');
  await agent.write(`/proc/sys/net/ipv6/conf/${name}/router_solicitations`, '0');
}

/** The other end of one of the pod's interfaces. */
export interface PeerEnd {
  readonly agent: Agent;
  readonly name: string;
  readonly index: number;
  readonly mac: string;
  readonly podIndex: number;
  readonly podMac: string;
}

export async function connect(
  pod: Agent,
  peer: Agent,
  plan: PodPlan,
  one: Interface,
  index: number,
): Promise<PeerEnd> {
  const { name } = one;
  const addresses = plan.peers?.[name] ?? [];
  const far = plan.peerNames?.[name] ?? name;
  await ip(pod, [
    `link add ${name} index ${index} address ${podMac(index)} type veth ` +
      `peer name ${far} address ${peerMac(index)} netns ${peer.pid}`,
  ]);
  // only the addresses of the plan
  if (one.addresses.some((address) => address.startsWith('fe80:')))
    await ip(pod, [`link set ${name} addrgenmode none`]);
  await quiet(pod, name);
  await quiet(peer, far);
  const peerEnd: Interface = { name: far, addresses };
  await ip(peer, ['link set lo up', `link set ${far} up`, ...addressLines(peerEnd, [])]);
  await ip(pod, [`link set ${name} up`, ...addressLines(one, [])]);
  // neighbours are known, so that no rule can keep them from being found
  const bare = (list: readonly string[]) => list.map((address) => address.split('/', 1)[0] ?? '');
  const fixed = (list: readonly string[], mac: string, dev: string) =>
    bare(list).map((address) => `neigh replace ${address} lladdr ${mac} dev ${dev} nud permanent`);
  await ip(pod, fixed(addresses, peerMac(index), name));
  await ip(peer, fixed(one.addresses, podMac(index), far));
  if (plan.guests?.includes(name) === true)
    await ip(peer, [`route add default via ${bare(one.addresses)[0]} dev ${far}`]);
  const [link] = JSON.parse(await peer.run('ip', ['-j', 'link', 'show', 'dev', far])) as {
    ifindex: number;
  }[];
  return {
    agent: peer,
    name: far,
    index: link?.ifindex ?? 0,
    mac: peerMac(index),
    podIndex: index,
    podMac: podMac(index),
  };
}
