/**
 * Which packets take a published path, over all that there can be: leg by leg, of the scenario's own sender and of
 * everybody; or the first stop at which the last of them leave it.
 */
import {
  deadRules,
  type PathStop,
  type PathTakers,
  type RareKind,
  type Survey,
  takersOf,
} from '../../analysis/index.ts';
import { proxyOwner } from '../../istio/index.ts';
import type { Journey, Pod } from '../../journey/index.ts';
import { type Chain, type Hook, protocolNumber, type TableRef } from '../../netfilter/index.ts';
import { clientName, type SaidTakers, takersWords } from '../../words/index.ts';
import { type Claim, publishedJourney, readStop } from '../scenarios/published.ts';
import type { Published, Scenario } from '../scenarios/scenario.ts';
import { handbookSetting, podUnder } from '../scenarios/setting.ts';
import { surveyUnder } from './reached.ts';

/** What one packet does of a path: up to a process that takes it, or off the host. */
export interface PublishedLeg {
  readonly from: 'sender' | 'Envoy' | 'answer';
  /** As they were published. */
  readonly texts: readonly string[];
  /** One more than the texts where a process takes it that is not named. */
  readonly stops: readonly PathStop[];
}

/** By a process that is none of the listeners which capture. */
export function pastEnvoy({ options: { inboundCapturePort, proxyPort } }: Pick<Pod, 'options'>): PathStop {
  return { kind: 'delivered', butPorts: [Number(inboundCapturePort), Number(proxyPort)] };
}

/** The table that has a chain of this name, nat before others; null where none has. */
export function tableWith(
  chain: string,
  { host: { rulesets } }: Pick<Pod, 'host'>,
  named?: string,
): TableRef | null {
  const tables = [...(rulesets.v4?.tables ?? []), ...(rulesets.v6?.tables ?? [])];
  const native = (rulesets.nft?.tables ?? []).map(({ family, name, chains }): Having => {
    return { table: `${family} ${name}`, names: chains.map((one) => one.name), isCalled: true };
  });
  const having = [...tables.filter(({ name }) => name === 'nat'), ...tables]
    .map(({ name, chains }): Having => {
      return { table: name, names: chains.map((one) => one.name), isCalled: calls(chains, chain) };
    })
    .concat(native)
    .filter(({ table, names }) => (named === undefined || table === named) && names.includes(chain));
  // With TPROXY istio-iptables writes a chain into nat that no rule of it calls, beside the one of mangle.
  return (having.find(({ isCalled }) => isCalled) ?? having[0])?.table ?? null;
}

interface Having {
  readonly table: TableRef;
  readonly names: readonly string[];
  readonly isCalled: boolean;
}

function calls(chains: readonly Chain[], chain: string): boolean {
  return chains.some(({ rules }) =>
    rules.some(({ target }) => target?.kind === 'chain' && target.chain === chain),
  );
}

/** Where the rule stands that a published path names by its chain and position; null where it is not there. */
export type Placing = (chain: string, position: number) => number | null;

/** Positions count from 1. */
const nowhere = 0;

/**
 * The parts of a path in which one packet is on its way, on the rules of a pod: what Envoy takes ends there, and goes on
 * as its own.
 */
export function publishedLegs(
  { stops, replies }: Published,
  pod: Pick<Pod, 'host' | 'options'>,
  placing: Placing = (_, position) => position,
): readonly PublishedLeg[] {
  const legs: { from: PublishedLeg['from']; texts: string[]; stops: PathStop[] }[] = [];
  let open: (typeof legs)[number] | null = null;
  let from: PublishedLeg['from'] = 'sender';
  for (const [at, text] of stops.entries()) {
    const claim = readStop(text);
    if (claim.kind === 'party' && at === 0) continue;
    const isAnswer: boolean =
      replies === true && open?.texts.at(-1) === 'INPUT' && claim.kind === 'hook' && claim.hook === 'OUTPUT';
    if (isAnswer) {
      open?.stops.push(pastEnvoy(pod));
      from = 'answer';
    }
    if (open === null || isAnswer) {
      open = { from, texts: [], stops: [] };
      legs.push(open);
    }
    open.texts.push(textPlaced(text, claim, placing));
    open.stops.push(stopOf(text, claim, pod, placing));
    if (claim.kind !== 'envoy') continue;
    from = 'Envoy';
    open = null;
  }
  return legs;
}

/** The stop with the position that its rule has. */
export function textPlaced(text: string, claim: Claim, placing: Placing): string {
  if (claim.kind !== 'chain' || claim.position === null) return text;
  return `${claim.chain} ${placing(claim.chain, claim.position) ?? claim.position}`;
}

function stopOf(text: string, claim: Claim, pod: Pick<Pod, 'host' | 'options'>, placing: Placing): PathStop {
  switch (claim.kind) {
    case 'hook':
      return { kind: 'hook', hook: claim.hook as Hook };
    case 'chain':
      return {
        kind: 'rule',
        // In rules without such a chain no packet comes to it.
        table: tableWith(claim.chain, pod) ?? 'nat',
        chain: claim.chain,
        ...(claim.position === null ? {} : { position: placing(claim.chain, claim.position) ?? nowhere }),
      };
    case 'envoy':
      return { kind: 'delivered', port: claim.port };
    case 'party':
      if (claim.place === 'network') return { kind: 'sent' };
      return text.startsWith('Envoy') ? { kind: 'delivered' } : pastEnvoy(pod);
  }
}

/** Who is asked about: a process as its user, or somebody behind an interface. */
export interface PathSender {
  readonly name: string;
  readonly protocol: string;
  /** Null: it is none of the pod's processes. */
  readonly owner: Owner | null;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Who takes a scenario's published path, in sentences. */
export function publishedTakers(scenario: Scenario): readonly string[] {
  const { published } = scenario;
  if (published === undefined) return [];
  const sender = senderOf(publishedJourney(scenario));
  const setting = { release: handbookSetting.release, options: {} };
  const found = surveyUnder(setting);
  return publishedLegs(published, podUnder(setting)).flatMap((leg) =>
    takersWords(takersOfLeg(found, sender, leg)),
  );
}

/** Who sends the first packet of a journey. */
export function senderOf({ legs: [leg] }: Journey): PathSender {
  const first = leg?.passages[0]?.traversal.events[0]?.packet;
  return {
    name: leg === undefined ? '' : clientName(leg.client),
    protocol: first?.protocol ?? 'tcp',
    owner: first !== undefined && 'uid' in first.from ? first.from : null,
  };
}

/** Of one part of a path: the sender's own packets that take it, or where they leave it and whose do. */
export function takersOfLeg(
  found: Survey,
  sender: PathSender,
  leg: PublishedLeg,
  proxy: Owner = proxyOwner(),
): SaidTakers {
  const said = { texts: leg.texts, from: leg.from, sender: sender.name };
  // nf_nat asks the rules about the first packet of a connection only.
  if (leg.from === 'answer') {
    const at = leg.stops.findIndex(({ kind }) => kind === 'rule');
    return { ...said, own: null, others: null, never: leg.texts[at] ?? null };
  }
  const owner = leg.from === 'Envoy' ? proxy : sender.owner;
  const from = owner === null ? 'interface' : 'process';
  const protocol = ['protocol', protocolNumber(sender.protocol) ?? 6] as const;
  const ids: readonly (readonly [string, number])[] =
    owner === null
      ? []
      : [
          ['uid', owner.uid],
          ['gid', owner.gid],
        ];
  const boxOf = (fields: readonly (readonly [string, number])[]) =>
    new Map(fields.map(([field, value]) => [field, [[BigInt(value), BigInt(value)]]] as const));
  const own = takersOf(found, leg.stops, { from, within: boxOf([protocol, ...ids]) });
  const others = own.dies === null ? null : takersOf(found, leg.stops, { from, within: boxOf([protocol]) });
  return { ...said, own: told(found, leg, own), others: others && told(found, leg, others), never: null };
}

function told(
  found: Survey,
  { stops }: PublishedLeg,
  takers: PathTakers,
): PathTakers & { readonly rare: readonly RareKind[] } {
  const stop = takers.dies === null ? undefined : stops[takers.dies.stop];
  const dead =
    stop?.kind === 'rule'
      ? deadRules(found).find(
          (one) => one.table === stop.table && one.chain === stop.chain && one.position === stop.position,
        )
      : undefined;
  return { ...takers, rare: dead?.rare ?? [] };
}
