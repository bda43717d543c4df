/**
 * Two pods of ambient mode with a real ztunnel: in-pod mode, as on a node. Each pod is a namespace with Istio's rules,
 * a stand-in for istio-cni's agent hands both to ztunnel, and between them lies the world, with everybody else in it.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AmbientOptions, EnrolledWorkload } from '../../../src/istio/index.ts';
import { enrolledPodOf, type Inhabited } from '../../../src/journey/index.ts';
import { printNft, printRuleset, type RoutingRule } from '../../../src/netfilter/index.ts';
import { type Agent, openNamespace } from '../../kernel/namespace.ts';
import { type Pod as KernelPod, openPod } from '../../kernel/pod.ts';
import type { PodPlan } from '../../kernel/pod-plan.ts';
import { pause } from '../lab/mesh-pod.ts';
import { Station } from '../lab/station.ts';
import { configurationOf } from './configuration.ts';
import { ztunnelFile } from './program.ts';
import {
  askedWorkload,
  type BackEnd,
  nameserver,
  peerWorkload,
  podServes,
  probes,
  setups,
  twin,
  worldServes,
} from './world.ts';

/** What is asked for: who makes the rules, their options, and what is changed about the pod and what the mesh knows. */
export interface Wanted {
  readonly backEnd: BackEnd;
  readonly options?: Partial<AmbientOptions>;
  readonly workload?: Partial<EnrolledWorkload>;
  /** A policy denies the peer what it calls. */
  readonly deniesPeer?: boolean;
}

/** One of the two pods. */
export interface MeshMember {
  readonly model: Inhabited;
  readonly kernel: KernelPod;
  readonly app: Station;
}

/** A line of ztunnel's log. */
export interface ZtunnelLine {
  readonly level: string;
  readonly scope: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export function modelIn(
  { backEnd, options, workload }: Wanted,
  of: EnrolledWorkload = askedWorkload,
): Inhabited {
  return enrolledPodOf(
    setups[backEnd].release,
    { ...(backEnd === 'nft' ? { nativeNftables: true } : {}), ...options },
    { ...of, ...workload },
  );
}

const root = { uid: 0, gid: 0 } as const;

/** The two ends of the way between the pods' own links, by family. */
const between = { v4: ['192.0.2.1', '192.0.2.2'], v6: ['fd00:192::1', 'fd00:192::2'] } as const;

export class AmbientMesh {
  readonly asked: MeshMember;
  readonly peer: MeshMember;
  readonly world: Station;
  readonly #node: Agent;
  readonly #agents: Station;
  readonly #stations = new Map<string, Station>();
  readonly #scratch = mkdtempSync(join(tmpdir(), 'sidetrack-ztunnel-'));

  static async open(wanted: Wanted): Promise<AmbientMesh> {
    const workload = { ...askedWorkload, ...wanted.workload };
    const node = await openNamespace();
    await node.run('ip', ['link', 'set', 'lo', 'up']);
    const [asked, peer] = await Promise.all([
      openMember(modelIn(wanted), '10.244.1.1', worldServes),
      openMember(modelIn({ backEnd: wanted.backEnd }, peerWorkload), '10.244.2.1', []),
    ]);
    const world = await Station.open(asked.kernel.peer(), root);
    const mesh = new AmbientMesh(asked, peer, world, node, await Station.open(node, root));
    try {
      await connectWorlds(asked.kernel.peer(), peer.kernel.peer());
      await Promise.all(worldServes.map(({ speaks, ...at }) => world.serve(at, speaks)));
      if (workload.ztunnelRuns !== false) await mesh.#start(workload, wanted);
      return mesh;
    } catch (error) {
      await mesh.end();
      throw error;
    }
  }

  private constructor(asked: MeshMember, peer: MeshMember, world: Station, node: Agent, agents: Station) {
    this.asked = asked;
    this.peer = peer;
    this.world = world;
    this.#node = node;
    this.#agents = agents;
  }

  async #start(workload: EnrolledWorkload, { backEnd, deniesPeer = false }: Wanted): Promise<void> {
    const tag = setups[backEnd].ztunnel;
    const file = (name: string) => join(this.#scratch, name);
    writeFileSync(file('mesh.yaml'), configurationOf(workload, peerWorkload, { tag, deniesPeer }));
    writeFileSync(file('resolv.conf'), `nameserver ${nameserver}\n`);
    const pods = { asked: this.asked, peer: this.peer };
    const told = Object.entries(pods).flatMap(([name, { kernel }]) => [
      name,
      'default',
      name,
      name,
      `${kernel.root.pid}`,
    ]);
    const agent = join(import.meta.dirname, 'node-agent.py');
    await this.#agents.start('python3', [agent, file('node.sock'), ...told], file('agent.log'));
    for (let tries = 0; !existsSync(file('node.sock')) && tries < 200; tries++) await pause(20);
    const environment = {
      ...{ PROXY_MODE: 'shared', INPOD_UDS: file('node.sock'), LOCAL_XDS_PATH: file('mesh.yaml') },
      ...{
        FAKE_CA: 'true',
        XDS_ADDRESS: '',
        NODE_NAME: 'node',
        LOG_FORMAT: 'json',
        RUST_LOG: 'info,ztunnel::proxy::outbound=debug',
      },
      // Each call has a tunnel of its own: it is not kept for the next.
      ...{ POOL_MAX_STREAMS_PER_CONNECTION: '1', POOL_UNUSED_RELEASE_TIMEOUT: '100ms' },
    };
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    // Its resolv.conf is its own: that of the machine is hidden from it alone.
    const script = `mount --bind ${file('resolv.conf')} /etc/resolv.conf && exec "$@"`;
    await this.#agents.start(
      'unshare',
      ['--mount', 'sh', '-c', script, 'sh', 'env', ...settings, ztunnelFile(tag), 'proxy', 'ztunnel'],
      file('ztunnel.log'),
    );
    await this.#isReady();
  }

  async #isReady(): Promise<void> {
    const request = 'GET /healthz/ready HTTP/1.1\r\nHost: ztunnel\r\nConnection: close\r\n\r\n';
    for (let tries = 0; tries < 200; tries++) {
      const said = await this.#agents.call({
        to: { address: '127.0.0.1', port: 15021 },
        from: {},
        send: Buffer.from(request).toString('base64'),
        patience: 1000,
      });
      if (Buffer.from(said.received, 'base64').toString().startsWith('HTTP/1.1 200')) return;
      await pause(50);
    }
    throw new Error(`ztunnel has not started: ${this.rawLog()}`);
  }

  /** A process of this owner in the pod that is asked about. */
  async process({ uid, gid }: { readonly uid: number; readonly gid: number }): Promise<Station> {
    return this.#station(`${uid}:${gid}`, this.asked.kernel.root, { uid, gid });
  }

  /** Who is at the other end of an interface of that pod. */
  async behind(name: string): Promise<Station> {
    return this.#station(name, this.asked.kernel.peer(name), root);
  }

  async #station(key: string, agent: Agent, owner: { readonly uid: number; readonly gid: number }) {
    const station = this.#stations.get(key) ?? (await Station.open(agent, owner));
    this.#stations.set(key, station);
    return station;
  }

  rawLog(): string {
    const file = join(this.#scratch, 'ztunnel.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** What ztunnel has logged so far. */
  log(): readonly ZtunnelLine[] {
    const lines = this.rawLog().split('\n');
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
  }

  /** Ends all stations, with them ztunnel, and then the namespaces. */
  async end(): Promise<void> {
    const { asked, peer } = this;
    const stations = [asked.app, peer.app, this.world, this.#agents, ...this.#stations.values()];
    await Promise.all(stations.map((station) => station.end()));
    await Promise.all([asked.kernel.end(), peer.kernel.end(), this.#node.end()]);
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

async function openMember(
  model: Inhabited,
  gateway: string,
  others: readonly { readonly address: string }[],
): Promise<MeshMember> {
  const kernel = await openPod(planOf(model, gateway, others));
  const { v4, v6, nft } = model.host.rulesets;
  // With nft, iptables has no rule: its tables are not made.
  if (nft !== undefined) await kernel.loadNft(printNft(nft));
  else {
    if (v4 !== undefined) await kernel.load(printRuleset(v4), 'nft', 'v4');
    if (v6 !== undefined) await kernel.load(printRuleset(v6), 'nft', 'v6');
  }
  const { uid = 0, gid = 0 } = model.processes.find(({ name }) => name === 'app') ?? {};
  const app = await Station.open(kernel.root, { uid, gid });
  await Promise.all(podServes.map(({ speaks, ...at }) => app.serve(at, speaks)));
  return { model, kernel, app };
}

/** A pod for the kernel. The world at the other end of `eth0` has the gateway's address, and those of `others`. */
function planOf(
  { host }: Inhabited,
  gateway: string,
  others: readonly { readonly address: string }[],
): PodPlan {
  const gateways = { v4: gateway, v6: twin(gateway, 'v6') };
  const alone = (address: string) => `${address}/${address.includes(':') ? 128 : 32}`;
  const guests = host.interfaces.filter(({ name }) => name !== 'lo' && name !== 'eth0');
  const [rule, ...rest] = host.rules ?? [];
  return {
    interfaces: host.interfaces,
    routes: [
      ...Object.values(gateways).map((via) => ({ destination: 'default', via, dev: 'eth0' })),
      ...(host.routes ?? []).filter(({ table = 'main' }) => table !== 'main'),
    ],
    // One line stands for both families.
    rules: rule === undefined || rest.length === 0 ? (host.rules ?? []) : [withoutFamily(rule)],
    guests: guests.map(({ name }) => name),
    peers: {
      ...Object.fromEntries(guests.map(({ name }) => [name, ['10.0.2.2/24']])),
      eth0: [
        `${gateways.v4}/24`,
        `${gateways.v6}/64`,
        ...(others.length === 0
          ? []
          : [...new Set([...others.map(({ address }) => address), ...Object.values(probes)])].map(alone)),
      ],
    },
  };
}

function withoutFamily({ family: _, ...rule }: RoutingRule): RoutingRule {
  return rule;
}

/** Packets of one pod reach the other by the worlds at the other ends of their interfaces. */
async function connectWorlds(one: Agent, other: Agent): Promise<void> {
  const [mac, otherMac] = ['02:00:00:00:ff:01', '02:00:00:00:ff:02'] as const;
  const link = `link add between address ${mac} type veth peer name between address ${otherMac} netns ${other.pid}`;
  await one.run('ip', link.split(' '));
  const sides = [
    { agent: one, own: 0, beyond: otherMac, to: { v4: '10.244.2.9/32', v6: 'fd00:10:244:2::9/128' } },
    { agent: other, own: 1, beyond: mac, to: { v4: 'default', v6: 'default' } },
  ] as const;
  for (const { agent, own } of sides) {
    await agent.run('ip', ['address', 'add', `${between.v4[own]}/30`, 'dev', 'between']);
    await agent.run('ip', ['address', 'add', `${between.v6[own]}/126`, 'dev', 'between', 'nodad']);
    await agent.run('ip', ['link', 'set', 'between', 'up']);
    await agent.write('/proc/sys/net/ipv4/ip_forward', '1');
    await agent.write('/proc/sys/net/ipv6/conf/all/forwarding', '1');
    for (const name of ['all', 'between', 'eth0'])
      await agent.write(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, '0');
  }
  for (const { agent, own, beyond, to } of sides)
    for (const family of ['v4', 'v6'] as const) {
      const via = between[family][1 - own] ?? '';
      const ip = (...args: readonly string[]) =>
        agent.run('ip', [...(family === 'v6' ? ['-6'] : []), ...args, 'dev', 'between']);
      await ip('route', 'add', to[family], 'via', via);
      // Known, so that no first packet waits until it is.
      await ip('neigh', 'replace', via, 'lladdr', beyond, 'nud', 'permanent');
    }
}
