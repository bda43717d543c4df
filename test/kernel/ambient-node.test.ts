/**
 * The whole way to an enrolled pod, over its node's rules and its own: a network namespace for each, a veth pair between them,
 * and one connection from a process of the node, or from another node, to the socket that takes it. Every event on both
 * hosts, there and back, is compared with the walks of the node, as the lab makes them, and of the pod.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { nodeGround } from '../../src/handbook/lab/ambient-node.ts';
import { ambientScenarioNamed, bindAmbient, enrolledWorkload } from '../../src/handbook/scenarios/index.ts';
import {
  type AmbientOptions,
  type AmbientRules,
  ambientRulesFor,
  ztunnelMark,
  ztunnelOwner,
} from '../../src/istio/index.ts';
import { enrolledPodOf, type Journey, journey } from '../../src/journey/index.ts';
import {
  familyOf,
  type Host,
  parseNft,
  parseRuleset,
  printRuleset,
  type Ruleset,
  readRestored,
  withBuiltInChains,
} from '../../src/netfilter/index.ts';
import { pathLine } from '../../src/render/index.ts';
import { eventsOfEngine } from './engine.ts';
import { eventLines } from './event.ts';
import { openKernel } from './kernel.ts';
import type { PodPlan } from './pod-plan.ts';
import { overTwoHosts, type SaidOfTwo, type TwoHosts } from './two-hosts.ts';

const own = { v4: '10.244.1.5', v6: 'fd00:10:244:1::5' } as const;
const gateway = { v4: '10.244.1.1', v6: 'fd00:10:244:1::1' } as const;
const remote = '10.244.2.9';

/** A node with its pods behind `cni0`; the set of enrolled pods has these members. */
function nodePlan(sets: NonNullable<Host['sets']>): PodPlan {
  return {
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
      { name: 'eth0', addresses: ['192.0.2.10/24'] },
      { name: 'cni0', addresses: [`${gateway.v4}/24`, `${gateway.v6}/64`] },
    ],
    routes: [{ destination: 'default', via: '192.0.2.1', dev: 'eth0' }],
    sysctls: { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1 },
    sets,
    peers: {
      eth0: ['192.0.2.1/24', `${remote}/32`],
      cni0: [`${own.v4}/24`, `${own.v6}/64`],
    },
    peerNames: { cni0: 'eth0' },
    guests: ['eth0'],
  };
}

const podPlan: PodPlan = {
  interfaces: [
    { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
    { name: 'eth0', addresses: [`${own.v4}/24`, `${own.v6}/64`] },
  ],
  routes: [
    { destination: 'default', via: gateway.v4, dev: 'eth0' },
    { destination: 'default', via: gateway.v6, dev: 'eth0' },
    ...ambientRulesFor('1.31').routes,
  ],
  rules: ambientRulesFor('1.31')
    .rules.slice(0, 1)
    .map(({ family: _, ...rule }) => rule),
};

const kernel = openKernel('ambient-node');
afterAll(() => kernel.end());

interface Asked {
  readonly release: string;
  readonly options?: Partial<AmbientOptions>;
  readonly family?: 'v4' | 'v6';
  /** What the set of enrolled pods has; the pod itself when absent. */
  readonly members?: readonly string[];
  /** Lines of other software in the node's nat table, before Istio's are added; and a table of its own. */
  readonly natBefore?: string;
  readonly filter?: string;
  readonly from?: { readonly name: string; readonly uid: number; readonly gid: number } | string;
  readonly port?: number;
}

const kubelet = { name: 'kubelet', uid: 0, gid: 0 } as const;

/** The node's rules as Istio hands them over, behind what others have there. */
function nodeRules({ host, sets }: AmbientRules, asked: Asked) {
  const { text } = host;
  const members = asked.members ?? Object.values(own);
  if (text.nft !== null) {
    const made = sets.map(({ name, family, table, made: set }) => {
      const elements = members.filter((one) => familyOf(one) === family).join(', ');
      return `${set}\n${elements === '' ? '' : `add element inet ${table} ${name} { ${elements} }\n`}`;
    });
    const [table = '', ...rest] = text.nft.split(/(?<=\n)(?=flush)/);
    return { nft: `${table}${made.join('')}${rest.join('').replace(/^flush.*\n/, '')}` };
  }
  const restored = (given: string, family: 'v4' | 'v6'): Ruleset =>
    withBuiltInChains(readRestored(given.replace(/^(\* ?nat\n)/, `$1${asked.natBefore ?? ''}`), family));
  const v4 = restored(`${text.v4}${asked.filter ?? ''}`, 'v4');
  return {
    v4: printRuleset(v4),
    ...(text.v6 === null || asked.natBefore !== undefined
      ? {}
      : { v6: printRuleset(restored(text.v6, 'v6')) }),
  };
}

/** Both walks of the engine, and the same connection put to the kernel. */
async function compare(key: string, asked: Asked): Promise<{ way: readonly string[]; said: SaidOfTwo }> {
  const { release, options = {}, family = 'v4', from = kubelet, port = 8080 } = asked;
  const rules = ambientRulesFor(release, options);
  const texts = nodeRules(rules, asked);
  const members = asked.members ?? Object.values(own);
  const sets = Object.fromEntries(
    rules.sets
      .filter(({ table }) => table === null)
      .map((set) => [
        set.name,
        {
          type: 'hash:ip',
          family: set.family,
          members: members.filter((one) => familyOf(one) === set.family),
        } as const,
      ]),
  );
  const plan = nodePlan(sets);
  const { v4, v6, nft } = texts as { v4?: string; v6?: string; nft?: string };
  const to = { address: own[family], port };
  const ground = nodeGround(
    {
      rulesets: {
        ...(v4 === undefined ? {} : { v4: parseRuleset(v4, 'v4').ruleset }),
        ...(v6 === undefined ? {} : { v6: parseRuleset(v6, 'v6').ruleset }),
        ...(nft === undefined ? {} : { nft: parseNft(nft).ruleset }),
      },
      network: {
        interfaces: plan.interfaces,
        routes: plan.routes ?? [],
        told: { routes: ['v4'], rules: [] },
        tables: null,
        problems: [],
      },
      state: { sets },
    },
    release,
    rules,
  );
  const request = {
    from: typeof from === 'string' ? { name: 'remote pod', address: from } : from,
    ...to,
  };
  const onNode = ground.bind({ request }, { request }).journey;
  const sent = onNode.legs[0]?.passages[0]?.traversal;
  const left = sent?.outcome.kind === 'sent' ? sent.events.at(-1)?.packet.source : undefined;
  const pod = enrolledPodOf(release, options, { ...enrolledWorkload, isStrict: true });
  const inPod = left === undefined ? null : journey(pod, { from: { name: 'kubelet', address: left }, ...to });
  const server = inPod?.legs[0]?.server;
  const case_: TwoHosts = {
    by: 'cni0',
    node: { rulesets: texts },
    pod: {
      plan: podPlan,
      rulesets: {
        ...(pod.host.rulesets.nft === undefined
          ? {
              ...(pod.host.rulesets.v4 === undefined ? {} : { v4: printRuleset(pod.host.rulesets.v4) }),
              ...(pod.host.rulesets.v6 === undefined ? {} : { v6: printRuleset(pod.host.rulesets.v6) }),
            }
          : { nft: rules.pod.text.nft ?? '' }),
      },
      sockets: (pod.host.sockets ?? []).flatMap(({ process, ...socket }) =>
        server?.port !== socket.port || server.name !== process
          ? []
          : process === 'ztunnel'
            ? [{ ...socket, address: family === 'v4' ? '0.0.0.0' : '::', mark: ztunnelMark }]
            : [socket],
      ),
    },
    from: typeof from === 'string' ? from : { uid: from.uid, gid: from.gid },
    to,
  };
  const { nft: byNft, legacy } = await kernel.answer(key, { plan, ...case_ }, (node, backend, isPatient) =>
    overTwoHosts(node, backend, case_, inPod === null ? 700 : isPatient ? 50000 : 5000),
  );
  expect(byNft).toEqual(legacy);
  expect(byNft.node).toEqual(linesOf(onNode));
  expect(byNft.pod).toEqual(inPod === null ? [] : linesOf(inPod));
  // What the node has made of the source is what the pod's rules, and the process there, see.
  if (left !== undefined) expect(byNft.taken).toMatch(new RegExp(`^${left} by `));
  return { way: [onNode, ...(inPod === null ? [] : [inPod])].map((one) => pathLine(one)), said: byNft };
}

function linesOf({ legs }: Pick<Journey, 'legs'>): readonly string[] {
  return (legs[0]?.passages ?? []).flatMap(({ direction, traversal }) =>
    eventLines(eventsOfEngine(traversal)).map((line) => (direction === 'reply' ? `reply ${line}` : line)),
  );
}

/** Its user in the pod. */
const ztunnel = `${ztunnelOwner.uid}:${ztunnelOwner.gid}`;
const native = { nativeNftables: true };

describe('a probe of the kubelet', () => {
  test.each([
    ['1.22', 'v4', {}],
    ['1.24', 'v4', {}],
    ['1.24', 'v6', {}],
    ['1.31', 'v4', {}],
    ['1.31', 'v6', {}],
    ['1.31', 'v4', native],
    ['1.31', 'v6', native],
  ] as const)('%s, %s, %o: comes with the address that the pod lets by', async (release, family, options) => {
    const { way, said } = await compare(`${release} ${family} ${JSON.stringify(options)}`, {
      release,
      family,
      options,
    });
    const probe = family === 'v4' ? '169.254.7.127' : 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff';
    expect(said.result).toBe('answered');
    expect(said.taken).toBe(`${probe} by 1000:1000 at 8080`);
    expect(way).toHaveLength(2);
    // The page tells both in one.
    const scenario = ambientScenarioNamed('ambient-probe');
    if (scenario === undefined) throw new Error('the page has no scenario');
    const from = { name: 'kubelet', address: probe };
    const request = { from, address: own[family] };
    const { legs } = bindAmbient(scenario, { release, options, request }).journey;
    expect(legs.map((leg) => linesOf({ legs: [leg] }))).toEqual([said.node, said.pod]);
  });
});

/** Runbook: probes fail since the pod is in ambient mode; broken, and fixed. */
describe('a probe with another address, under STRICT', () => {
  const toZtunnel = { result: 'answered', taken: `${gateway.v4} by ${ztunnel} at 15006` };
  const toApp = { result: 'answered', taken: '169.254.7.127 by 1000:1000 at 8080' };
  const masquerade = '-A POSTROUTING -d 10.244.0.0/16 -j MASQUERADE\n';

  test.each([
    ['1.22', {}],
    ['1.31', {}],
    ['1.31', native],
  ] as const)('%s, %o: a pod that is not in the set, and one that is', async (release, options) => {
    const key = `${release} ${JSON.stringify(options)}`;
    const broken = await compare(`${key}, not in the set`, { release, options, members: ['10.244.1.99'] });
    // What TPROXY hands over has its port still.
    const port = release === '1.22' ? 8080 : 15006;
    expect(broken.said).toMatchObject({ ...toZtunnel, taken: `${gateway.v4} by ${ztunnel} at ${port}` });
    expect(broken.way[1]).toContain('ztunnel :15006');
    const fixed = await compare(`${key}, in the set`, { release, options, members: [own.v4, '10.244.1.99'] });
    expect(fixed.said).toMatchObject(toApp);
    expect(fixed.way[1]).toContain('app :8080');
  });

  test('a masquerade of others comes first where Istio adds its rule behind, and second where it is put first', async () => {
    const broken = await compare('1.25, behind a masquerade', { release: '1.25', natBefore: masquerade });
    expect(broken.said).toMatchObject(toZtunnel);
    expect(broken.way[0]).not.toContain('ISTIO_POSTRT');
    const fixed = await compare('1.31, before a masquerade', { release: '1.31', natBefore: masquerade });
    expect(fixed.said).toMatchObject(toApp);
    expect(fixed.way[0]).toContain('ISTIO_POSTRT 1');
  });

  const other = { name: 'a process of the node', uid: 1000, gid: 1000 };
  test('another process of the node: any of them with iptables, none but the kubelet with nft', async () => {
    const byIptables = await compare('1.31, another process', { release: '1.31', from: other });
    expect(byIptables.said).toMatchObject(toApp);
    const byNft = await compare('1.31 nft, another process', {
      release: '1.31',
      options: native,
      from: other,
    });
    expect(byNft.said).toMatchObject(toZtunnel);
  });

  test('nft asks for the kubelet by the uid that it has on its node', async () => {
    const options = { ...native, kubeletUID: '1000' };
    const asOther = await compare('1.31 nft, kubelet of uid 1000', { release: '1.31', options, from: other });
    expect(asOther.said).toMatchObject(toApp);
    const asRoot = await compare('1.31 nft, root beside it', { release: '1.31', options });
    expect(asRoot.said).toMatchObject(toZtunnel);
  });

  test('what another node sends has no socket here, and keeps its address', async () => {
    const { said } = await compare('1.31, from another node', { release: '1.31', from: remote });
    expect(said).toMatchObject({ result: 'answered', taken: `${remote} by ${ztunnel} at 15006` });
  });
});

/** Runbook: calls between ambient pods time out; broken, and fixed. As a plugin makes it of rules on the node. */
describe('a policy on the node, by ports', () => {
  const policy = (ports: readonly number[]) =>
    [
      '* filter',
      ...ports.map((port) => `-A FORWARD -d ${own.v4}/32 -p tcp --dport ${port} -j ACCEPT`),
      `-A FORWARD -d ${own.v4}/32 -j DROP`,
      'COMMIT\n',
    ].join('\n');
  const asked = { release: '1.31', from: remote, port: 15008 };

  test('that names the app’s port alone drops the tunnel, and lets plain text in', async () => {
    const tunnel = await compare('the app’s port alone, a tunnel', { ...asked, filter: policy([8080]) });
    expect(tunnel.said).toMatchObject({ result: 'timed out', taken: null, pod: [] });
    const plain = await compare('the app’s port alone, plain text', {
      ...asked,
      port: 8080,
      filter: policy([8080]),
    });
    expect(plain.said).toMatchObject({ result: 'answered', taken: `${remote} by ${ztunnel} at 15006` });
  });

  test('with the port of the tunnel beside it lets the tunnel in', async () => {
    const { said, way } = await compare('both ports', { ...asked, filter: policy([15008, 8080]) });
    expect(said).toMatchObject({ result: 'answered', taken: `${remote} by ${ztunnel} at 15008` });
    expect(way[1]).toContain('ztunnel :15008');
  });
});
