/**
 * A pod on the real kernel: a network namespace with `lo` and one veth pair for each further interface, whose other
 * end lies in a peer namespace that answers on the addresses it is given.
 */
import type { Host, Interface, Route, RoutingRule, Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import { Injector } from './inject.ts';
import { type Agent, type Owner, openNamespace, openProcess, openTransparent } from './namespace.ts';
import type { Numbers } from './packet-bytes.ts';
import { chainsOf, readSaved, type SavedRuleset } from './saved.ts';
import { openTap, type Tap } from './tap.ts';
import { gather, type TracedPacket } from './trace.ts';
import { decide, legacySightings } from './trace-legacy.ts';
import { nftSightings, oracle, type Positions, passing, positionKey } from './trace-nft.ts';

export type Backend = 'nft' | 'legacy';

/** The fields are those of the engine's host, so that one description serves both. */
export interface PodPlan {
  readonly interfaces: readonly Interface[];
  readonly routes?: readonly Route[];
  readonly rules?: readonly RoutingRule[];
  readonly sysctls?: Readonly<Record<string, number>>;
  readonly sets?: Host['sets'];
  /** By the pod's interface: the addresses at the other end of its veth pair. */
  readonly peers?: Readonly<Record<string, readonly string[]>>;
}

/**
 * `first`: SYN, SYN-ACK and resets, all of UDP. `all`: every packet of TCP and UDP. `alone`: every packet of any
 * kind, and nobody answers: neither the peers nor the pod's own kernel, whose INPUT ends in a drop behind conntrack's
 * last word. `alone without copies`: nor what TEE sends beside them, which conntrack is told to leave alone.
 */
export type Traced = 'first' | 'all' | 'alone' | 'alone without copies';

/** What most cases run in: the pod and the neighbours of the design's examples. */
export const usualPod: PodPlan = {
  interfaces: [
    { name: 'lo', addresses: ['127.0.0.1/8', '::1/128', '::6/128'] },
    { name: 'eth0', addresses: ['10.244.1.5/24', 'fd00:10:244:1::5/64'] },
  ],
  routes: [
    { destination: 'default', via: '10.244.1.1', dev: 'eth0' },
    { destination: 'default', via: 'fd00:10:244:1::1', dev: 'eth0' },
  ],
  peers: {
    eth0: [
      '10.244.1.1/24',
      '10.244.2.9/32',
      '10.96.0.7/32',
      'fd00:10:244:1::1/64',
      'fd00:10:244:2::9/128',
      'fd00:10:96::7/128',
    ],
  },
};

const commands = {
  nft: { v4: 'iptables-nft', v6: 'ip6tables-nft' },
  legacy: { v4: 'iptables-legacy', v6: 'ip6tables-legacy' },
} as const;

const families = ['v4', 'v6'] as const;
const isV6 = (address: string) => address.includes(':');
const firstIndex = 11;

/** The hardware address at the other end of an interface; undefined for `lo`. */
export function peerMacOf(plan: PodPlan, name: string): string | undefined {
  const position = linkedOf(plan).findIndex((one) => one.name === name);
  return position < 0 ? undefined : peerMac(firstIndex + position);
}

function linkedOf(plan: PodPlan): Interface[] {
  return plan.interfaces.filter((one) => one.name !== 'lo');
}

const podMac = (index: number) => `02:00:00:00:${index.toString(16).padStart(2, '0')}:05`;
const peerMac = (index: number) => `02:00:00:00:${index.toString(16).padStart(2, '0')}:01`;

export interface Pod {
  readonly plan: PodPlan;
  /** Root's agent in the pod. */
  readonly root: Agent;
  /** Root's agent at the other end of an interface. */
  peer(name?: string): Agent;
  /** The pod's process of this owner; started on first use. */
  process(owner: Owner): Promise<Agent>;
  /** Opens a listener as its owner, transparent or not, and answers with the process that has it. */
  listen(socket: Socket): Promise<Agent>;
  /** Loads text in `iptables-restore`'s form; tables that it does not name stay as they are. */
  load(text: string, backend: Backend, family: Family): Promise<void>;
  /** What is loaded, in `iptables-save`'s form. */
  save(backend: Backend, family: Family): Promise<string>;
  /** The same with the counters of each rule. */
  counted(backend: Backend, family: Family): Promise<string>;
  /**
   * Takes all tables away (nft) or empties them (legacy, which keeps a table once it was used), and conntrack. The
   * sets have the members that they began with.
   */
  flush(): Promise<void>;
  /** Chooses which packets are traced; to be called while nothing is loaded. */
  trace(what: Traced): Promise<void>;
  /** Sends any packet, from a process of the pod or from the other end of an interface. */
  inject(packet: Packet, numbers: Numbers): Promise<void>;
  /** Forgets all traces so far. */
  forget(): Promise<void>;
  /**
   * The packets traced since the last call, when the namespace has fallen silent: for two pauses (in milliseconds)
   * in a row. Events are those of the chains that were loaded since `flush`.
   */
  traced(backend: Backend, pause?: number): Promise<TracedPacket[]>;
  /** Closes all sockets of all processes and of the peers. */
  closeSockets(): Promise<void>;
  end(): Promise<void>;
}

function routeLine(route: Route): string {
  const parts = ['route', 'add', ...(route.type === undefined ? [] : [route.type]), route.destination];
  if (route.via !== undefined) parts.push('via', route.via);
  if (route.dev !== undefined) parts.push('dev', route.dev);
  if (route.src !== undefined) parts.push('src', route.src);
  if (route.table !== undefined) parts.push('table', route.table);
  if (route.metric !== undefined) parts.push('metric', String(route.metric));
  return parts.join(' ');
}

function ruleLine(rule: RoutingRule): string {
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

function routeFamily(route: Route): Family {
  return isV6(`${route.destination}${route.via ?? ''}${route.src ?? ''}`) ? 'v6' : 'v4';
}

/** Addresses in the order of the list: IPv6 puts the last one added first. */
function addressLines(one: Interface, given: readonly string[]): string[] {
  const wanted = one.addresses.filter((address) => !given.includes(address));
  const v4 = wanted.filter((address) => !isV6(address));
  const v6 = wanted.filter(isV6).reverse();
  return [
    ...v4.map((address) => `address add ${address} dev ${one.name}`),
    ...v6.map((address) => `address add ${address} dev ${one.name} nodad`),
  ];
}

async function ip(agent: Agent, lines: readonly string[]): Promise<void> {
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
interface PeerEnd {
  readonly agent: Agent;
  readonly index: number;
  readonly mac: string;
  readonly podIndex: number;
  readonly podMac: string;
}

async function connect(
  pod: Agent,
  peer: Agent,
  plan: PodPlan,
  one: Interface,
  index: number,
): Promise<PeerEnd> {
  const { name } = one;
  const addresses = plan.peers?.[name] ?? [];
  await ip(pod, [
    `link add ${name} index ${index} address ${podMac(index)} type veth ` +
      `peer name ${name} address ${peerMac(index)} netns ${peer.pid}`,
  ]);
  await quiet(pod, name);
  await quiet(peer, name);
  const peerEnd: Interface = { name, addresses };
  await ip(peer, ['link set lo up', `link set ${name} up`, ...addressLines(peerEnd, [])]);
  await ip(pod, [`link set ${name} up`, ...addressLines(one, [])]);
  // neighbours are known, so that no rule can keep them from being found
  const bare = (list: readonly string[]) => list.map((address) => address.split('/', 1)[0] ?? '');
  const fixed = (list: readonly string[], mac: string) =>
    bare(list).map((address) => `neigh replace ${address} lladdr ${mac} dev ${name} nud permanent`);
  await ip(pod, fixed(addresses, peerMac(index)));
  await ip(peer, fixed(one.addresses, podMac(index)));
  const [link] = JSON.parse(await peer.run('ip', ['-j', 'link', 'show', 'dev', name])) as {
    ifindex: number;
  }[];
  return {
    agent: peer,
    index: link?.ifindex ?? 0,
    mac: peerMac(index),
    podIndex: index,
    podMac: podMac(index),
  };
}

const alone = [
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld2-listener-report } accept',
  'meta nftrace set 1',
];

const traced: Readonly<Record<Traced, readonly string[]>> = {
  first: ['tcp flags & (syn|rst) != 0 meta nftrace set 1', 'meta l4proto udp meta nftrace set 1'],
  all: ['meta l4proto { tcp, udp } meta nftrace set 1'],
  alone,
  'alone without copies': alone,
};

const oracleTable = (what: Traced) => {
  const rules = traced[what].join('\n');
  const copies = what === 'alone without copies' ? 'ct state untracked meta nftrace set 0 accept\n' : '';
  return [
    `add table inet ${oracle}`,
    `delete table inet ${oracle}`,
    `table inet ${oracle} {`,
    `chain output { type filter hook output priority -450; ${copies}${rules}\n}`,
    `chain prerouting { type filter hook prerouting priority -450; ${rules}\n}`,
    `chain ${passing} { type filter hook prerouting priority -149; }`,
    // of two hooks with one priority the later one registered runs first: conntrack confirms before this drops
    ...(what.startsWith('alone')
      ? ['chain input { type filter hook input priority 2147483647; policy drop; }']
      : []),
    '}',
    '',
  ].join('\n');
};

const silence = (on: boolean) =>
  'add table inet silence\ndelete table inet silence\n' +
  (on
    ? 'table inet silence { chain in { type filter hook prerouting priority -450; policy drop; }\n}\n'
    : '');

type Sets = NonNullable<PodPlan['sets']>;

/** Each set by itself first: a list of sets names others. */
function createdSets(sets: Sets): string {
  const lines = Object.entries(sets).map(([name, { type, family }]) => {
    const range =
      type === 'bitmap:port' ? ' range 0-65535' : type === 'bitmap:ip' ? ' range 10.244.0.0/16' : '';
    return `create ${name} ${type}${family === 'v6' ? ' family inet6' : ''}${range}\n`;
  });
  return `${lines.join('')}${membersOf(sets)}`;
}

function membersOf(sets: Sets): string {
  return Object.entries(sets)
    .flatMap(([name, { members }]) => members.map((member) => `add ${name} ${member}\n`))
    .join('');
}

interface ListedRule {
  readonly rule?: {
    readonly family: string;
    readonly table: string;
    readonly chain: string;
    readonly handle: number;
  };
}

async function positionsOf(agent: Agent): Promise<Positions> {
  const listed = JSON.parse(await agent.run('nft', ['-j', 'list', 'ruleset'])) as { nftables: ListedRule[] };
  const counts = new Map<string, number>();
  const positions = new Map<string, number>();
  for (const { rule } of listed.nftables) {
    if (rule === undefined || (rule.family !== 'ip' && rule.family !== 'ip6')) continue;
    const chain = `${rule.family} ${rule.table} ${rule.chain}`;
    const position = (counts.get(chain) ?? 0) + 1;
    counts.set(chain, position);
    positions.set(positionKey(rule.family, rule.table, rule.handle), position);
  }
  return positions;
}

/** Opens a pod and its peers, with nothing loaded and the first packets traced. */
export async function openPod(plan: PodPlan = usualPod): Promise<Pod> {
  const opened: Agent[] = [];
  const open = async () => {
    const agent = await openNamespace();
    opened.push(agent);
    return agent;
  };
  try {
    return await build(plan, open);
  } catch (error) {
    await Promise.all(opened.map((agent) => agent.end()));
    throw error;
  }
}

async function build(plan: PodPlan, open: () => Promise<Agent>): Promise<Pod> {
  const linked = linkedOf(plan);
  const [root, ...peerAgents] = await Promise.all([open(), ...linked.map(open)]);
  if (root === undefined) throw new Error('no namespace');
  const peers = new Map<string, PeerEnd>();
  const names = new Map([[1, 'lo']]);

  await ip(root, ['link set lo up']);
  const loopback = plan.interfaces.find((one) => one.name === 'lo');
  if (loopback !== undefined) await ip(root, addressLines(loopback, ['127.0.0.1/8', '::1/128']));
  for (const [position, one] of linked.entries()) {
    const peer = peerAgents[position];
    if (peer === undefined) continue;
    const index = firstIndex + position;
    names.set(index, one.name);
    peers.set(one.name, await connect(root, peer, plan, one, index));
    // the kernel's default, which a distribution's settings for new namespaces may have changed
    await root.write(`/proc/sys/net/ipv4/conf/${one.name}/rp_filter`, '0');
  }
  const routes = (plan.routes ?? []).map(
    (route) => (routeFamily(route) === 'v6' ? '-6 ' : '') + routeLine(route),
  );
  const rules = (plan.rules ?? []).flatMap((rule) => {
    const line = ruleLine(rule);
    if (isV6(`${rule.from ?? ''}${rule.to ?? ''}`)) return [`-6 ${line}`];
    return rule.from === undefined && rule.to === undefined ? [line, `-6 ${line}`] : [line];
  });
  await ip(root, [...routes, ...rules]);
  await root.write('/proc/sys/net/ipv4/conf/all/rp_filter', '0');
  for (const [name, value] of Object.entries(plan.sysctls ?? {}))
    await root.write(`/proc/sys/${name.replaceAll('.', '/')}`, String(value));
  // as container runtimes do: any user may listen on any port
  await root.write('/proc/sys/net/ipv4/ip_unprivileged_port_start', '0');
  // where legacy TRACE writes to; each namespace has its own
  await root.write('/proc/sys/net/netfilter/nf_log/2', 'nfnetlink_log');
  await root.write('/proc/sys/net/netfilter/nf_log/10', 'nfnetlink_log');

  if (plan.sets !== undefined) await root.run('ipset', ['restore'], createdSets(plan.sets));

  const tap = await openTap(root);
  await root.run('nft', ['-f', '-'], oracleTable('first'));
  return new OpenPod(plan, root, peers, tap, names);
}

class OpenPod implements Pod {
  readonly plan: PodPlan;
  readonly root: Agent;
  readonly #peers: ReadonlyMap<string, PeerEnd>;
  readonly #tap: Tap;
  readonly #names: ReadonlyMap<number, string>;
  readonly #processes = new Map<string, Promise<Agent>>();
  readonly #holders: Agent[] = [];
  readonly #injectors = new Map<string, Injector>();
  readonly #loaded = { v4: new Set<string>(), v6: new Set<string>() };
  #traced: Traced = 'first';
  #saved: { v4: SavedRuleset; v6: SavedRuleset } | null = null;
  #positions: Positions | null = null;

  constructor(
    plan: PodPlan,
    root: Agent,
    peers: ReadonlyMap<string, PeerEnd>,
    tap: Tap,
    names: ReadonlyMap<number, string>,
  ) {
    this.plan = plan;
    this.root = root;
    this.#peers = peers;
    this.#tap = tap;
    this.#names = names;
  }

  peer(name = 'eth0'): Agent {
    return this.#end(name).agent;
  }

  #end(name: string): PeerEnd {
    const end = this.#peers.get(name);
    if (end === undefined) throw new Error(`the pod has no interface ${name} with a peer`);
    return end;
  }

  process(owner: Owner): Promise<Agent> {
    const key = JSON.stringify([owner.uid, owner.gid, owner.groups ?? []]);
    const known = this.#processes.get(key);
    if (known !== undefined) return known;
    const opened = openProcess(this.root, owner);
    this.#processes.set(key, opened);
    return opened;
  }

  async listen(socket: Socket): Promise<Agent> {
    const { uid, gid, protocol, address, port } = socket;
    if (protocol !== 'tcp' && protocol !== 'udp')
      throw new Error(`a ${protocol} socket cannot be opened here`);
    if (socket.transparent !== true) {
      const agent = await this.process({ uid, gid });
      await agent.listen({ protocol, address, port });
      return agent;
    }
    const holder = await openTransparent(this.root, socket);
    this.#holders.push(holder);
    await holder.listen({ protocol, address, port, fd: 3 });
    return holder;
  }

  async load(text: string, backend: Backend, family: Family): Promise<void> {
    await this.root.run(`${commands[backend][family]}-restore`, [], text);
    this.#saved = null;
    this.#positions = null;
    for (const chain of chainsOf(text)) this.#loaded[family].add(chain);
  }

  save(backend: Backend, family: Family): Promise<string> {
    return this.root.run(`${commands[backend][family]}-save`, []);
  }

  counted(backend: Backend, family: Family): Promise<string> {
    return this.root.run(`${commands[backend][family]}-save`, ['-c']);
  }

  async flush(): Promise<void> {
    await this.root.run('nft', ['-f', '-'], noTables);
    for (const family of families) {
      const tables = await this.root.read(
        `/proc/net/${family === 'v4' ? 'ip_tables_names' : 'ip6_tables_names'}`,
      );
      const empty = tables.split('\n').filter((table) => table !== '');
      if (empty.length > 0) await this.load(emptyTables(empty), 'legacy', family);
      this.#loaded[family].clear();
    }
    this.#saved = null;
    this.#positions = null;
    await this.root.run('conntrack', ['-F']);
    if (this.plan.sets !== undefined)
      await this.root.run('ipset', ['restore'], `flush\n${membersOf(this.plan.sets)}`);
  }

  async trace(what: Traced): Promise<void> {
    if (what === this.#traced) return;
    this.#traced = what;
    this.#positions = null;
    await this.root.run('nft', ['-f', '-'], oracleTable(what));
    for (const { agent } of this.#peers.values())
      await agent.run('nft', ['-f', '-'], silence(what.startsWith('alone')));
  }

  async inject(packet: Packet, numbers: Numbers): Promise<void> {
    if ('kernel' in packet.from) throw new Error('the kernel itself cannot be told what to send');
    if ('uid' in packet.from) {
      const injector = this.#injector(this.root, packet.from);
      const [link] = this.#peers.values();
      await injector.sendLocal(packet, numbers, link?.podIndex ?? 0);
      return;
    }
    const peer = this.#end(packet.from.interface);
    const injector = this.#injector(peer.agent, { uid: 0, gid: 0 });
    await injector.sendFrame(packet, numbers, { index: peer.index, from: peer.mac, to: peer.podMac });
  }

  #injector(agent: Agent, owner: Owner): Injector {
    const key = JSON.stringify([agent.pid, owner.uid, owner.gid, owner.groups ?? []]);
    const injector = this.#injectors.get(key) ?? new Injector(agent, owner);
    this.#injectors.set(key, injector);
    return injector;
  }

  async forget(): Promise<void> {
    await this.#settled();
  }

  /** Takes messages until two looks in a row, some time apart, have found nothing new. */
  async #settled(pause = 15) {
    const messages = await this.#tap.take();
    for (let empty = 0; empty < 2; ) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const more = await this.#tap.take();
      messages.push(...more);
      empty = more.length === 0 ? empty + 1 : 0;
    }
    return messages;
  }

  async traced(backend: Backend, pause?: number): Promise<TracedPacket[]> {
    const messages = await this.#settled(pause);
    const name = (index: number) => this.#names.get(index) ?? `interface ${index}`;
    this.#positions ??= await positionsOf(this.root);
    const { starts, sightings, passed } = nftSightings(messages, this.#positions, name);
    if (backend === 'nft') return gather(starts, sightings);
    this.#saved ??= {
      v4: readSaved(await this.save('legacy', 'v4')),
      v6: readSaved(await this.save('legacy', 'v6')),
    };
    // a legacy table that was ever used stays in its namespace, with all of its built-in chains; without rules all
    // they do is to say so
    return gather(starts, legacySightings(messages, this.#saved, name)).map((packet) => ({
      ...packet,
      events: decide(
        packet.events.filter(({ table, chain }) => this.#loaded[packet.family].has(`${table} ${chain}`)),
        passed.get(packet.header.fingerprint),
      ),
    }));
  }

  async closeSockets(): Promise<void> {
    const peers = [...this.#peers.values()].map(({ agent }) => agent);
    const agents = [this.root, ...peers, ...(await Promise.all(this.#processes.values()))];
    await Promise.all(agents.map((agent) => agent.closeAll()));
    await Promise.all(this.#holders.splice(0).map((holder) => holder.end()));
  }

  async end(): Promise<void> {
    const agents = await Promise.allSettled(this.#processes.values());
    await this.#tap.end();
    for (const agent of agents) if (agent.status === 'fulfilled') await agent.value.end();
    for (const holder of this.#holders) await holder.end();
    for (const injector of this.#injectors.values()) await injector.end();
    for (const { agent } of this.#peers.values()) await agent.end();
    await this.root.end();
  }
}

const builtIn: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Takes away the tables of iptables-nft, whether they are there or not. */
const noTables = ['ip', 'ip6']
  .flatMap((family) =>
    Object.keys(builtIn).map((table) => `add table ${family} ${table}\ndelete table ${family} ${table}\n`),
  )
  .join('');

/** Tables without rules, in `iptables-restore`'s form. */
export function emptyTables(tables: readonly string[]): string {
  const text = tables.map((table) => {
    const chains = (builtIn[table] ?? []).map((chain) => `:${chain} ACCEPT [0:0]\n`);
    return `*${table}\n${chains.join('')}COMMIT\n`;
  });
  return text.join('');
}
