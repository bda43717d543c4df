/**
 * What is said of a published path beside the one that is so.
 */

import type { PathDeath, PathTakers, RareKind } from '../../analysis/index.ts';
import { ruleName } from '../rule-name.ts';
import type { SaidUnmet } from '../said.ts';
import { because } from './reasons.ts';
import { clientName } from './stops.ts';
import { packetsWords, rarePacketsWords } from './ways.ts';

/** Why a published stop is not met, as a phrase; '' where there is nothing to say. */
export function unmetWords(reason: SaidUnmet | null): string {
  switch (reason?.code) {
    case undefined:
      return '';
    case 'rule':
      return because(reason.event);
    case 'does not match':
      return `${ruleName(reason.event)} does not match: ${because(reason.event)}`;
    case 'decides before':
      return `not reached: ${ruleName(reason.event)} decides before, because ${because(reason.event)}`;
    case 'never asked':
      return `never asked, because ${because(reason.event)}`;
    case 'no packet there':
      return 'no packet of this journey comes there';
    case 'no connection there':
      return reason.event === null
        ? 'the connection does not come there'
        : `the connection does not come there: ${ruleName(reason.event)} decides, because ${because(reason.event)}`;
    case 'answer elsewhere':
      return `the answer goes to ${clientName(reason.client)}`;
  }
}

/** The well-known article with which the paths are compared. */
export const publishedArticle = {
  title: 'Traffic types and iptables rules in Istio sidecar explained',
  href: 'https://tetrate.io/blog/traffic-types-and-iptables-rules-in-istio-sidecar-explained/',
} as const;

/** Where the well-known article errs, in a few words. */
export function erringWords(published: string, reason: SaidUnmet | null): string {
  return `The well-known article goes through ${published}, which is ${unmetWords(reason)}.`;
}

/** The mark at a computed stop: what has been published in its place, or before it. */
export function publishedMarkWords(published: string, reason: SaidUnmet | null, isBefore: boolean): string {
  return `${isBefore ? 'Published before this' : 'Published'}: ${published}. ${unmetWords(reason)}`;
}

/** Who takes one leg of a published path, of all packets that there can be. */
export interface SaidTakers {
  /** Its stops, as they were published. */
  readonly texts: readonly string[];
  readonly from: 'sender' | 'Envoy' | 'answer';
  /** Whose path it is. */
  readonly sender: string;
  readonly own: SaidOwnTakers | null;
  /** Of everybody, where none of the sender's own take it. */
  readonly others: SaidOwnTakers | null;
  /** The stop that no answer comes to. */
  readonly never: string | null;
}

/** Whether a path is taken, by all that is known. */
export type PathVerdict = 'taken' | 'not taken' | 'cannot tell';

/** A published path on the rules of a pod. */
export interface SaidPath {
  readonly type: number;
  readonly verdict: PathVerdict;
  readonly legs: readonly SaidTakers[];
}

/** A rule that a path names, which stands elsewhere here, or nowhere. */
export interface SaidPlacing {
  readonly chain: string;
  readonly published: number;
  /** Null where the chain has no such rule. */
  readonly here: number | null;
  readonly rule: string;
}

/** What stands above the published paths on a pasted text, and behind it before they have been asked about. */
export const publishedPathsWords = {
  title: 'Do the paths of the well-known article hold on these rules?',
  article: 'The article, path by path',
  asking: 'All packets that open a connection are being asked…',
  failed: 'They could not be asked about:',
  packets: 'Which packets',
  placings: 'Positions that are others here',
} as const;

/** All published paths at once: whether Istio's own rules would answer the same, and which are taken. */
export function publishedPathsSummary(
  paths: readonly SaidPath[],
  meant: readonly SaidPath[],
  release: string,
): string {
  const of = (wanted: PathVerdict) => paths.filter(({ verdict }) => verdict === wanted);
  const [taken, open] = [of('taken'), of('cannot tell')];
  const others = paths.filter((one, at) => isOtherwise(one, meant[at]));
  const byOthers = paths.filter((one, at) => takersDiffer(one, meant[at]));
  const own = `Istio ${release}’s own rules`;
  return [
    ...(others.length + byOthers.length === 0 ? [`As on ${own}.`] : []),
    ...(others.length === 0 ? [] : [`Otherwise than on ${own} for ${typesOf(others)}.`]),
    ...(byOthers.length === 0
      ? []
      : [
          `On ${own} other packets take the ${byOthers.length === 1 ? 'path' : 'paths'} of ${typesOf(byOthers)}.`,
        ]),
    taken.length === 0
      ? 'None of the published paths is known to be taken here.'
      : `Of ${paths.length} published paths ${taken.length} ${taken.length === 1 ? 'is' : 'are'} taken here: ${typesOf(taken)}.`,
    ...(open.length === 0 ? [] : [`Nobody can tell of ${typesOf(open)}.`]),
  ].join(' ');
}

function typesOf(paths: readonly SaidPath[]): string {
  const all = paths.map(({ type }) => String(type));
  return all.length === 1 ? `type ${all[0]}` : `types ${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** The answer for one path in a phrase: `taken`, `ends before ISTIO_OUTPUT 8`. */
export function pathVerdictWords({ verdict, legs }: Omit<SaidPath, 'type'>): string {
  if (verdict === 'taken') return verdict;
  const stop = endOfPath(legs)?.stop ?? null;
  if (verdict === 'not taken') return `ends before ${stop}`;
  return stop === null ? 'nobody can tell' : `nobody can tell whether it ends before ${stop}`;
}

/** The answer that Istio's own rules give, in a sentence; null where it is the same. */
export function pathMeantWords(here: SaidPath, meant: SaidPath | undefined, release: string): string | null {
  if (meant === undefined) return null;
  const own = `With Istio ${release}’s own rules`;
  if (isOtherwise(here, meant)) return `${own}: ${pathVerdictWords(meant)}.`;
  if (!takersDiffer(here, meant)) return null;
  const differing = meant.legs.filter((leg, at) => takersOf(leg) !== takersOf(here.legs[at]));
  return [`${own} it is taken by others.`, ...differing.flatMap(takersWords)].join(' ');
}

function takersDiffer(one: SaidPath, other: SaidPath | undefined): boolean {
  return (
    other !== undefined &&
    one.verdict === 'taken' &&
    other.verdict === 'taken' &&
    one.legs.some((leg, at) => takersOf(leg) !== takersOf(other.legs[at]))
  );
}

function takersOf(leg: SaidTakers | undefined): string {
  return JSON.stringify(leg?.own?.packets.map(packetsWords));
}

/** Positions may be others: the same stop of a path is the same end. */
function isOtherwise(one: SaidPath, other: SaidPath | undefined): boolean {
  return (
    other !== undefined &&
    (one.verdict !== other.verdict || String(endOfPath(one.legs)?.at) !== String(endOfPath(other.legs)?.at))
  );
}

/** The first stop that no packet comes to, and where it stands; null where none is known. */
function endOfPath(
  legs: readonly SaidTakers[],
): { readonly stop: string; readonly at: readonly number[] } | null {
  for (const [leg, { own, never, texts }] of legs.entries()) {
    if (never !== null) return { stop: never, at: [leg, texts.indexOf(never)] };
    if (own !== null && own.dies !== null) return { stop: stopAt(texts, own.dies), at: [leg, own.dies.stop] };
  }
  return null;
}

/** That a path speaks of another position, or of no rule that is here. */
export function placingWords({ chain, published, here, rule }: SaidPlacing): string {
  return here === null
    ? `${chain} ${published} of the published paths is ${rule}, and is not here.`
    : `${chain} ${published} of the published paths is ${chain} ${here} here: ${rule}.`;
}

type SaidOwnTakers = PathTakers & { readonly rare: readonly RareKind[] };

export function takersWords({ texts, from, sender, own, others, never }: SaidTakers): readonly string[] {
  if (own === null)
    return never === null
      ? []
      : [
          `No packet of an answer comes to ${never}: nat asks its rules about the first packet of a connection only.`,
        ];
  const who = from === 'Envoy' ? 'Envoy' : sender;
  const part = `${texts[0]} … ${texts.at(-1)}`;
  if (own.dies === null) return [`${part}: of the packets of ${who}, ${takenWords(own)}`];
  const lost = `${part}: no packet of ${who} goes so. ${deathWords(texts, own)}`;
  if (others === null) return [lost];
  return [
    others.dies === null
      ? `${lost} Of others, ${takenWords(others)}`
      : `${lost} ${others.isWhole ? 'Nor does a packet of anybody else.' : 'Of others none is known that does.'}${butRare(texts, others)}`,
  ];
}

function takenWords({ packets, isWhole, isDoubtful }: PathTakers): string {
  const sets = packets.flatMap(packetsWords).join('; or ');
  if (isDoubtful) return `these may, by a rule that nobody can judge: ${sets}.`;
  return `${isWhole ? 'these do, and no others' : 'these are known to do'}: ${sets}.`;
}

/** Who comes to the stop after all, of those that people rarely think of. */
function butRare(texts: readonly string[], { dies, rare }: SaidOwnTakers): string {
  if (dies === null || rare.length === 0) return '';
  return ` ${stopAt(texts, dies)} is for these only: ${rarePacketsWords(rare)}.`;
}

/** What answers is a stop, too, and has no text of its own. */
function stopAt(texts: readonly string[], { stop }: PathDeath): string {
  return texts[stop] ?? 'the process that answers';
}

/** Where the last of them leave it, and what takes them. */
function deathWords(texts: readonly string[], { dies, isWhole }: PathTakers): string {
  if (dies === null) return '';
  const stop = stopAt(texts, dies);
  const known = isWhole ? '' : ' as far as is known';
  const { takenBy } = dies;
  if (takenBy.length === 0) return `It ends before ${stop}${known}.`;
  const rules =
    takenBy.length === 1
      ? `rule ${takenBy[0]} takes`
      : `rules ${takenBy.slice(0, -1).join(', ')} and ${takenBy.at(-1)} take`;
  return `It ends before ${stop}${known}: ${rules} all that come so far.`;
}
