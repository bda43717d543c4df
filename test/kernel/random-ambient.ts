/**
 * Random packets through the rules of ambient mode, of every release and its options, engine against kernel:
 * `npm run test:long random-ambient -- --pairs 5000 --seed 1`. Packets of real sockets meet the rules that redirect; crafted
 * ones those of TPROXY, too, which hand over to no socket here. A rule gives some ztunnel's mark, or that of the way back.
 * One lot in four meets the rules of a node; in its set are addresses to which many of the packets go.
 */
import {
  type AmbientOptions,
  type AmbientRules,
  ambientOptionsOf,
  ambientRulesFor,
  readRelease,
  releases,
  returnMark,
  ztunnelMark,
} from '../../src/istio/index.ts';
import {
  type Family,
  type NftRuleset,
  printNft,
  printRuleset,
  type Ruleset,
  withBuiltInChains,
} from '../../src/netfilter/index.ts';
import type { Task } from '../long/parts.ts';
import { Draw } from './draw.ts';
import type { NftRandomRuleset, NftRandomTable } from './nftables/draw-ruleset.ts';
import { type Batch, comparePairsOf, drawBatch, type Rulesets } from './random.ts';
import { enrolledPods } from './random-pod.ts';
import type { RandomRuleset } from './random-rules.ts';

const names = releases.map(({ name }) => name).filter((name) => ambientRulesFor(name).options !== null);

/** Options that a release heeds, each at random. */
function drawOptions(draw: Draw, release: string, isCrafted: boolean): Partial<AmbientOptions> {
  const heeded = ambientOptionsOf(readRelease(release) ?? [1, 31, 0]);
  const drawn: Partial<AmbientOptions> = {
    enableIPv6: draw.chance(0.8),
    redirectDNS: draw.chance(0.6),
    tproxyRedirection: isCrafted && draw.chance(0.5),
    ingressMode: draw.chance(0.2),
    virtualInterfaces: draw.pick(['', '', 'eth1', 'k6t-eth0,eth1']),
    dnsProxy: draw.pick(['unset', 'enabled', 'disabled']),
    hostProbeSNATAddress: draw.pick(['169.254.7.127', '10.244.1.1']),
    hostProbeV6SNATAddress: draw.pick(['fd16:9254:7127:1337:ffff:ffff:ffff:ffff', 'fd00:10:244:1::1']),
    nativeNftables: draw.chance(0.4),
    kubeletUID: draw.pick(['0', '0', '1000', '1337']),
  };
  const pairs = Object.entries(drawn).filter(([name]) => (heeded as readonly string[]).includes(name));
  return Object.fromEntries(pairs);
}

/** Rules in the form in which random ones are drawn and shrunk. */
function drawnForm(family: Family, ruleset: Ruleset | null): RandomRuleset {
  if (ruleset === null) return { family, tables: [] };
  const tables = withBuiltInChains(ruleset).tables.map(({ name, chains }) => ({
    name,
    chains: chains.map((chain) => ({
      name: chain.name,
      ...(chain.policy === null ? {} : { policy: chain.policy }),
      rules: rulesIn(printRuleset({ family, tables: [{ name, chains: [chain] }] }), chain.name),
    })),
  }));
  return { family, tables } as unknown as RandomRuleset;
}

function rulesIn(text: string, chain: string): readonly string[] {
  const start = `-A ${chain} `;
  return text.split('\n').flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));
}

/** `table inet NAME {`, `chain NAME {`, its head and its rules, one a line. */
function nativeForm(ruleset: NftRuleset): NftRandomRuleset {
  const tables: {
    name: string;
    family: 'inet';
    chains: { name: string; head: string; rules: string[] }[];
  }[] = [];
  for (const line of printNft(ruleset).split('\n')) {
    const [, table] = /^table (inet \S+) \{/.exec(line) ?? [];
    const [, chain] = /^\tchain (\S+) \{/.exec(line) ?? [];
    if (table !== undefined) tables.push({ name: table, family: 'inet', chains: [] });
    else if (chain !== undefined) tables.at(-1)?.chains.push({ name: chain, head: '', rules: [] });
    else if (/^\t\ttype /.test(line))
      Object.assign(tables.at(-1)?.chains.at(-1) ?? {}, { head: line.trim() });
    else if (/^\t\t\S/.test(line)) tables.at(-1)?.chains.at(-1)?.rules.push(line.trim());
  }
  return { tables } as unknown as NftRandomRuleset;
}

/** The rules of a node by nft, with the sets that they name. */
function nodeForm(nft: NftRuleset, sets: AmbientRules['sets']): NftRandomRuleset {
  const written = sets.map(
    ({ name, family }) =>
      `set ${name} { type ${family === 'v4' ? 'ipv4_addr' : 'ipv6_addr'}\n    elements = { ${enrolledPods[family].join(', ')} }\n  }\n  `,
  );
  return {
    tables: nativeForm(nft).tables.map((table): NftRandomTable => ({ ...table, sets: written.join('') })),
  };
}

/** With a rule before Istio's that gives what one user sends a mark of ztunnel's, or of the way back. */
function marking(draw: Draw, ruleset: RandomRuleset): RandomRuleset {
  const mark = draw.pick([ztunnelMark, returnMark]);
  const rule = `-m owner --uid-owner ${draw.pick([0, 1000, 1337])} -j MARK --set-xmark ${mark}/0xfff`;
  return {
    ...ruleset,
    tables: ruleset.tables.map((table) =>
      table.name !== 'mangle'
        ? table
        : {
            ...table,
            chains: table.chains.map((chain) =>
              chain.name === 'OUTPUT' ? { ...chain, rules: [rule, ...chain.rules] } : chain,
            ),
          },
    ),
  };
}

/** The batch with this number of a seed: its packets are those of other random rules. */
export function drawAmbientBatch(seed: number, number: number): Batch {
  const draw = new Draw(seed, number, 0x111);
  const batch = drawBatch(seed, number);
  const release = draw.pick(names);
  const { pod, host, sets } = ambientRulesFor(release, drawOptions(draw, release, batch.flows !== undefined));
  if (number % 4 === 3)
    return {
      ...batch,
      rulesets: {
        v4: drawnForm('v4', host.nft === null ? host.v4 : null),
        v6: drawnForm('v6', host.v6),
        ...(host.nft === null ? {} : { nft: nodeForm(host.nft, sets) }),
      },
    };
  const rulesets: Rulesets = {
    v4: marking(draw, drawnForm('v4', pod.nft === null ? pod.v4 : null)),
    v6: marking(draw, drawnForm('v6', pod.v6)),
    ...(pod.nft === null ? {} : { nft: nativeForm(pod.nft) }),
  };
  return { ...batch, rulesets };
}

/** True when the engine and the kernel agree on as many pairs as were asked for. */
export function compareAmbientPairs(task: Task): Promise<boolean> {
  return comparePairsOf({ draw: (number) => drawAmbientBatch(task.seed, number), asksReader: false }, task);
}
