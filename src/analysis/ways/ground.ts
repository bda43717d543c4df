/** A host as the ways through it are looked at: what is found once for all packets. */
import {
  type Family,
  type Host,
  type NftRule,
  type NftTable,
  printAddress,
  protocolNumber,
  type Rule,
  type RuleEvent,
  withLoopback,
} from '../../netfilter/index.ts';
import { type Intervals, ordered } from './packet-set.ts';
import { type Miss, PlainConditions } from './plain-conditions.ts';
import { addressMarks, lastAddress, sourceMarks } from './space.ts';

interface KnownChain {
  readonly rules: readonly Rule[];
  /** Rule by rule, those that were asked for. */
  readonly misses: (readonly Miss[] | undefined)[];
}

const noChain: KnownChain = { rules: [], misses: [] };

const known = new WeakMap<Host, Map<Family, Ground>>();

/** That of a host, for all questions about it. */
export function groundOf(host: Host, family: Family): Ground {
  const ofHost = known.get(host) ?? new Map<Family, Ground>();
  known.set(host, ofHost);
  const ground = ofHost.get(family) ?? new Ground(withoutGroups(host), family);
  ofHost.set(family, ground);
  return ground;
}

/** A set of packets does not tell the addresses of many hosts from those of one. */
export function withoutGroups(host: Host): Host {
  return { ...host, groups: 'as hosts' };
}

export class Ground {
  readonly host: Host;
  readonly family: Family;
  /** Where the judgement of a source may change. */
  readonly sources: readonly bigint[];
  readonly printedSources: readonly string[];
  readonly plain = new PlainConditions();
  /** Whether a route may hang on the mark. */
  readonly routesByMark: boolean;
  /** Those of which some socket is. */
  readonly socketProtocols: Intervals;
  private readonly marks: readonly bigint[];
  private readonly chains = new Map<string, KnownChain>();
  private readonly nftRules = new Map<
    string,
    { readonly table: NftTable; readonly rules: readonly NftRule[] }
  >();
  private last: (Pick<RuleEvent, 'table' | 'chain'> & { readonly known: KnownChain }) | null = null;
  private readonly judged = new Map<string, readonly Alike[]>();

  constructor(told: Host, family: Family) {
    const host = withLoopback(told);
    this.host = host;
    this.family = family;
    this.routesByMark = host.rules?.some(({ fwmark }) => fwmark !== undefined) === true;
    this.socketProtocols = ordered(
      (host.sockets ?? []).flatMap(({ protocol }): Intervals => {
        const number = protocolNumber(protocol);
        return number === null ? [] : [[BigInt(number), BigInt(number)]];
      }),
    );
    this.marks = addressMarks(host, family);
    this.sources = sourceMarks(host, family);
    this.printedSources = this.sources.map((address) => printAddress(family, address));
    for (const { name, chains } of host.rulesets[family]?.tables ?? [])
      for (const chain of chains)
        this.chains.set(`${name} ${chain.name}`, { rules: chain.rules, misses: [] });
    for (const table of host.rulesets.nft?.tables ?? [])
      for (const { name, rules } of table.chains)
        this.nftRules.set(`${table.family} ${table.name} ${name}`, { table, rules });
  }

  private chainOf({ table, chain }: RuleEvent): KnownChain {
    // One chain is asked rule by rule.
    if (chain !== this.last?.chain || table !== this.last.table)
      this.last = { table, chain, known: this.chains.get(`${table} ${chain}`) ?? noChain };
    return this.last.known;
  }

  ruleOf(event: RuleEvent): Rule | undefined {
    return this.chainOf(event).rules[event.position - 1];
  }

  /** What alone would keep packets from matching the rule. */
  missesOf(rule: Rule, event: RuleEvent): readonly Miss[] {
    const { misses } = this.chainOf(event);
    const at = event.position - 1;
    const before = misses[at];
    if (before !== undefined) return before;
    const found = this.plain.missesOf(rule);
    misses[at] = found;
    return found;
  }

  nftRuleOf({ table, chain, position }: RuleEvent): { table: NftTable; rule: NftRule } | undefined {
    const found = this.nftRules.get(`${table} ${chain}`);
    const rule = found?.rules[position - 1];
    return found === undefined || rule === undefined ? undefined : { table: found.table, rule };
  }

  /**
   * The addresses that are judged as this one is. `key` names the question, which is put once for each stretch between
   * two marks of the host's routing.
   */
  alike(
    key: string,
    address: bigint,
    judge: (address: string) => string,
    marks: readonly bigint[] = this.marks,
  ): Alike {
    const { family } = this;
    return this.alikeValues(
      key,
      address,
      (value) => judge(printAddress(family, value)),
      marks,
      lastAddress[family],
    );
  }

  /** The same for values of any field, of which `last` is the last. */
  alikeValues(
    key: string,
    value: bigint,
    judge: (value: bigint) => string,
    marks: readonly bigint[],
    last: bigint,
  ): Alike {
    let stretches = this.judged.get(key);
    if (stretches === undefined) {
      const groups = new Map<string, [bigint, bigint][]>();
      const judgements = marks.map((first, at) => {
        const next = marks[at + 1];
        const judgement = judge(first);
        const same = groups.get(judgement) ?? [];
        same.push([first, next === undefined ? last : next - 1n]);
        groups.set(judgement, same);
        return judgement;
      });
      const joined = new Map([...groups].map(([judgement, same]) => [judgement, ordered(same)]));
      stretches = judgements.map((judgement) => ({ judgement, values: joined.get(judgement) ?? [] }));
      this.judged.set(key, stretches);
    }
    let [low, high] = [0, marks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((marks[middle] as bigint) <= value) low = middle;
      else high = middle - 1;
    }
    return stretches[low] as Alike;
  }
}

interface Alike {
  readonly judgement: string;
  readonly values: Intervals;
}
