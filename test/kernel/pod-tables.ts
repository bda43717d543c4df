/** What a pod's namespace is loaded with besides the rules that are tried: the oracle's own table, silence, sets. */
import { type Hook, hooks, tableNames } from '../../src/netfilter/model/ruleset.ts';
import type { Agent } from './namespace.ts';
import type { PodPlan } from './pod-plan.ts';
import { type Natives, oracle, type Positions, passing, positionKey } from './trace-nft.ts';

/**
 * `first`: SYN, SYN-ACK and resets, all of UDP. `all`: every packet of TCP and UDP. `alone`: every packet of any
 * kind, and nobody answers: neither the peers nor the pod's own kernel, whose INPUT ends in a drop behind conntrack's
 * last word. `alone without copies`: nor what TEE sends beside them, which conntrack is told to leave alone.
 */
export type Traced = 'first' | 'all' | 'alone' | 'alone without copies';

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

export const oracleTable = (what: Traced) => {
  const rules = traced[what].join('\n');
  // a rule that asks for the owner ends where there is no socket; one that asked for conntrack would switch it on
  const [before, socket] =
    what === 'alone without copies' ? ['meta nftrace set 0\n', 'meta skuid != 4294967295 '] : ['', ''];
  return [
    `add table inet ${oracle}`,
    `delete table inet ${oracle}`,
    `table inet ${oracle} {`,
    `chain output { type filter hook output priority -450; ${before}${rules.replace('meta nftrace', `${socket}meta nftrace`)}\n}`,
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

export const silence = (on: boolean) =>
  'add table inet silence\ndelete table inet silence\n' +
  (on
    ? 'table inet silence { chain in { type filter hook prerouting priority -450; policy drop; }\n}\n'
    : '');

type Sets = NonNullable<PodPlan['sets']>;

/** Each set by itself first: a list of sets names others. */
export function createdSets(sets: Sets): string {
  const lines = Object.entries(sets).map(([name, { type, family }]) => {
    const range =
      type === 'bitmap:port' ? ' range 0-65535' : type === 'bitmap:ip' ? ' range 10.244.0.0/16' : '';
    return `create ${name} ${type}${family === 'v6' ? ' family inet6' : ''}${range}\n`;
  });
  return `${lines.join('')}${membersOf(sets)}`;
}

export function membersOf(sets: Sets): string {
  return Object.entries(sets)
    .flatMap(([name, { members }]) => members.map((member) => `add ${name} ${member}\n`))
    .join('');
}

interface Listed {
  readonly rule?: {
    readonly family: string;
    readonly table: string;
    readonly chain: string;
    readonly handle: number;
  };
  readonly chain?: {
    readonly family: string;
    readonly table: string;
    readonly name: string;
    readonly hook?: string;
  };
}

/** Where each rule stands, and the tables that are not iptables'. */
export async function positionsOf(
  agent: Agent,
): Promise<{ readonly positions: Positions; readonly natives: Natives }> {
  const listed = JSON.parse(await agent.run('nft', ['-j', 'list', 'ruleset'])) as { nftables: Listed[] };
  const counts = new Map<string, number>();
  const positions = new Map<string, number>();
  const natives = new Map<string, { family: string; hooks: Map<string, Hook> }>();
  for (const { rule, chain } of listed.nftables) {
    if (chain !== undefined && isNative(chain.family, chain.table)) {
      const native = natives.get(chain.table) ?? { family: chain.family, hooks: new Map() };
      natives.set(chain.table, native);
      const hook = hooks.find((one) => one.toLowerCase() === chain.hook);
      if (hook !== undefined) native.hooks.set(chain.name, hook);
    }
    if (rule === undefined) continue;
    const place = `${rule.family} ${rule.table} ${rule.chain}`;
    const position = (counts.get(place) ?? 0) + 1;
    counts.set(place, position);
    positions.set(positionKey(rule.family, rule.table, rule.handle), position);
  }
  return { positions, natives };
}

function isNative(family: string, table: string): boolean {
  const isOfIptables = family !== 'inet' && (tableNames as readonly string[]).includes(table);
  return !isOfIptables && table !== oracle && table !== 'silence';
}

const builtIn: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Takes away the tables of iptables-nft, whether they are there or not. */
export const noTables = ['ip', 'ip6']
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
