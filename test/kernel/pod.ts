/**
 * A pod on the real kernel: a network namespace with `lo` and one veth pair for each further interface, whose other
 * end lies in a peer namespace that answers on the addresses it is given.
 */
import { existsSync } from 'node:fs';
import { isForMany } from '../../src/netfilter/kernel/addressing/groups.ts';
import { addressValue, familyOf } from '../../src/netfilter/model/address.ts';
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import { Injector } from './inject.ts';
import { type Agent, type Owner, openNamespace, openProcess, openTransparent } from './namespace.ts';
import type { Numbers } from './packet-bytes.ts';
import { addressLines, connect, ip, type PeerEnd, routeFamily, routeLine, ruleLine } from './pod-network.ts';
import { firstIndex, isV6, linkedOf, type PodPlan, usualPod } from './pod-plan.ts';
import {
  createdSets,
  emptyTables,
  membersOf,
  noTables,
  oracleTable,
  positionsOf,
  silence,
  type Traced,
} from './pod-tables.ts';
import { chainsOf, readSaved, type SavedRuleset } from './saved.ts';
import { openTap, type Tap } from './tap.ts';
import { gather, type TracedPacket } from './trace.ts';
import { decide, legacySightings } from './trace-legacy.ts';
import { type Natives, nftSightings, type Positions } from './trace-nft.ts';

export type Backend = 'nft' | 'legacy';

const commands = {
  nft: { v4: 'iptables-nft', v6: 'ip6tables-nft' },
  legacy: { v4: 'iptables-legacy', v6: 'ip6tables-legacy' },
} as const;

const families = ['v4', 'v6'] as const;

/** A socket of the engine's host, and the mark (SO_MARK) of all that is sent from it. */
export type MarkedSocket = Socket & { readonly mark?: number };

export interface Pod {
  readonly plan: PodPlan;
  /** Root's agent in the pod. */
  readonly root: Agent;
  /** Root's agent at the other end of an interface. */
  peer(name?: string): Agent;
  /**
   * The namespace at the other end of an interface as a pod by this plan, of which its own interfaces and addresses are there:
   * its rules are loaded and its packets traced as the pod's own. It ends with the pod.
   */
  beyond(name: string, plan: PodPlan): Promise<Pod>;
  /** The pod's process of this owner; started on first use. */
  process(owner: Owner): Promise<Agent>;
  /** Opens a listener as its owner, transparent or not, and answers with the process that has it. */
  listen(socket: MarkedSocket): Promise<Agent>;
  /** Loads text in `iptables-restore`'s form; tables that it does not name stay as they are. */
  load(text: string, backend: Backend, family: Family): Promise<void>;
  /** Loads a script of native nft; its tables are there until `flush`. */
  loadNft(script: string): Promise<void>;
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

/** The least time before TCP sends again, in microseconds: each namespace has its own, since Linux 6.11. */
const leastTimeout = '/proc/sys/net/ipv4/tcp_rto_min_us';

/** Opens a pod and its peers, with nothing loaded and the first packets traced. */
export async function openPod(plan: PodPlan = usualPod): Promise<Pod> {
  const opened: Agent[] = [];
  const open = async () => {
    const agent = await openNamespace();
    opened.push(agent);
    // an answer that comes late on a busy machine is waited for, not asked for again
    if (existsSync(leastTimeout)) await agent.write(leastTimeout, '60000000');
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
  }
  return new OpenPod(plan, root, peers, await settled(root, plan), names);
}

/** Gives a namespace whose interfaces are there the rest of its plan, and opens its tap. */
async function settled(root: Agent, plan: PodPlan): Promise<Tap> {
  // the kernel's default, which a distribution's settings for new namespaces may have changed
  for (const { name } of linkedOf(plan)) await root.write(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, '0');
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
  return tap;
}

class OpenPod implements Pod {
  readonly plan: PodPlan;
  readonly root: Agent;
  readonly #peers: ReadonlyMap<string, PeerEnd>;
  readonly #tap: Tap;
  readonly #names: ReadonlyMap<number, string>;
  readonly #processes = new Map<string, Promise<Agent>>();
  readonly #beyond = new Map<string, Promise<OpenPod>>();
  readonly #holders: Agent[] = [];
  readonly #injectors = new Map<string, Injector>();
  readonly #loaded = { v4: new Set<string>(), v6: new Set<string>() };
  #traced: Traced = 'first';
  #saved: { v4: SavedRuleset; v6: SavedRuleset } | null = null;
  #listed: { readonly positions: Positions; readonly natives: Natives } | null = null;
  #hasNatives = false;

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

  beyond(name: string, plan: PodPlan): Promise<Pod> {
    const key = JSON.stringify([name, plan]);
    const known = this.#beyond.get(key);
    if (known !== undefined) return known;
    const { agent, name: far, index, mac, podIndex, podMac: own } = this.#end(name);
    const back: PeerEnd = { agent: this.root, name, index: podIndex, mac: own, podIndex: index, podMac: mac };
    const names = new Map([
      [1, 'lo'],
      [index, far],
    ]);
    const opened = settled(agent, plan).then(
      (tap) => new OpenPod(plan, agent, new Map([[far, back]]), tap, names),
    );
    this.#beyond.set(key, opened);
    return opened;
  }

  process(owner: Owner): Promise<Agent> {
    const key = JSON.stringify([owner.uid, owner.gid, owner.groups ?? []]);
    const known = this.#processes.get(key);
    if (known !== undefined) return known;
    const opened = openProcess(this.root, owner);
    this.#processes.set(key, opened);
    return opened;
  }

  async listen(socket: MarkedSocket): Promise<Agent> {
    const { uid, gid, protocol, address, port } = socket;
    if (protocol !== 'tcp' && protocol !== 'udp')
      throw new Error(`a ${protocol} socket cannot be opened here`);
    if (socket.transparent !== true && socket.mark === undefined) {
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
    this.#listed = null;
    for (const chain of chainsOf(text)) this.#loaded[family].add(chain);
  }

  async loadNft(script: string): Promise<void> {
    await this.root.run('nft', ['-f', '-'], script);
    this.#listed = null;
    this.#hasNatives = true;
  }

  save(backend: Backend, family: Family): Promise<string> {
    return this.root.run(`${commands[backend][family]}-save`, []);
  }

  counted(backend: Backend, family: Family): Promise<string> {
    return this.root.run(`${commands[backend][family]}-save`, ['-c']);
  }

  async flush(): Promise<void> {
    const { natives } = this.#hasNatives ? await positionsOf(this.root) : { natives: new Map() };
    const others = [...natives].map(([table, { family }]) => `delete table ${family} ${table}\n`);
    await this.root.run('nft', ['-f', '-'], `${noTables}${others.join('')}`);
    if (this.#hasNatives) await this.#destroyed();
    this.#hasNatives = false;
    for (const family of families) {
      const tables = await this.root.read(
        `/proc/net/${family === 'v4' ? 'ip_tables_names' : 'ip6_tables_names'}`,
      );
      const empty = tables.split('\n').filter((table) => table !== '');
      if (empty.length > 0) await this.load(emptyTables(empty), 'legacy', family);
      this.#loaded[family].clear();
    }
    this.#saved = null;
    this.#listed = null;
    await this.root.run('conntrack', ['-F']);
    if (this.plan.sets !== undefined)
      await this.root.run('ipset', ['restore'], `flush\n${membersOf(this.plan.sets)}`);
  }

  /**
   * What nft deleted is destroyed later, and with it goes conntrack, which rules had switched on; a rule with a match
   * of iptables' waits for that (nf_tables_trans_destroy_flush_work in nft_compat.c).
   */
  async #destroyed(): Promise<void> {
    const rule = '*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m addrtype --dst-type LOCAL\nCOMMIT\n';
    await this.root.run('iptables-nft-restore', [], rule);
    await this.root.run('nft', ['-f', '-'], 'delete table ip filter\n');
  }

  async trace(what: Traced): Promise<void> {
    if (what === this.#traced) return;
    this.#traced = what;
    this.#listed = null;
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
    const { interfaces } = this.plan;
    await injector.sendFrame(packet, numbers, {
      index: peer.index,
      from: peer.mac,
      to: peer.podMac,
      isForMany: isForMany(
        { interfaces, rulesets: {} },
        familyOf(packet.destination),
        addressValue(packet.destination),
        packet.from.interface,
      ),
    });
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
    this.#listed ??= await positionsOf(this.root);
    const { positions, natives } = this.#listed;
    const { starts, sightings, passed } = nftSightings(messages, positions, name, natives);
    if (backend === 'nft') return gather(starts, sightings);
    this.#saved ??= {
      v4: readSaved(await this.save('legacy', 'v4')),
      v6: readSaved(await this.save('legacy', 'v6')),
    };
    // a legacy table that was ever used stays in its namespace, with all of its built-in chains; without rules all
    // they do is to say so
    const all = [...legacySightings(messages, this.#saved, name), ...(this.#hasNatives ? sightings : [])];
    return gather(
      starts,
      all.sort((a, b) => a.at - b.at),
    ).map((packet) => ({
      ...packet,
      events: decide(
        packet.events.filter(
          ({ table, chain }) => table.includes(' ') || this.#loaded[packet.family].has(`${table} ${chain}`),
        ),
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

  /** Ends what was started in its namespace, which another one has. */
  async #left(): Promise<void> {
    const agents = await Promise.allSettled(this.#processes.values());
    await this.#tap.end();
    for (const agent of agents) if (agent.status === 'fulfilled') await agent.value.end();
    for (const holder of this.#holders) await holder.end();
    for (const injector of this.#injectors.values()) await injector.end();
  }

  async end(): Promise<void> {
    for (const pod of await Promise.allSettled(this.#beyond.values()))
      if (pod.status === 'fulfilled') await pod.value.#left();
    await this.#left();
    for (const { agent } of this.#peers.values()) await agent.end();
    await this.root.end();
  }
}
