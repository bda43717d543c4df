/**
 * What is said of a published path beside the one that is so.
 */

import { ruleName } from '../rule-name.ts';
import type { SaidUnmet } from '../said.ts';
import { because } from './reasons.ts';
import { clientName } from './stops.ts';

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
