/**
 * What is said of a published path beside the one that is so.
 */

import type { PathTakers, RareKind } from '../../analysis/index.ts';
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

function takenWords({ packets, isWhole }: PathTakers): string {
  const sets = packets.flatMap(packetsWords).join('; or ');
  return `${isWhole ? 'these do, and no others' : 'these are known to do'}: ${sets}.`;
}

/** Who comes to the stop after all, of those that people rarely think of. */
function butRare(texts: readonly string[], { dies, rare }: SaidOwnTakers): string {
  if (dies === null || rare.length === 0) return '';
  return ` ${texts[dies.stop] ?? texts.at(-1)} is for these only: ${rarePacketsWords(rare)}.`;
}

/** Where the last of them leave it, and what takes them. */
function deathWords(texts: readonly string[], { dies, isWhole }: PathTakers): string {
  if (dies === null) return '';
  const stop = texts[dies.stop] ?? texts.at(-1);
  const known = isWhole ? '' : ' as far as is known';
  const { takenBy } = dies;
  if (takenBy.length === 0) return `It ends before ${stop}${known}.`;
  const rules =
    takenBy.length === 1
      ? `rule ${takenBy[0]} takes`
      : `rules ${takenBy.slice(0, -1).join(', ')} and ${takenBy.at(-1)} take`;
  return `It ends before ${stop}${known}: ${rules} all that come so far.`;
}
