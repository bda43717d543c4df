/**
 * What became of a request, in few words: a page's simulator says it anew with each change, and is held to its weight.
 */
import { ruleName } from '../rule-name.ts';
import type { SaidHeadline } from '../said.ts';

/** `Past Envoy, by ISTIO_OUTPUT 4. It leaves the pod by eth0.` */
export function headlineBrief({ outcome, inVain, ending, because }: SaidHeadline): string {
  const { kind } = outcome;
  const name = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
  if (inVain !== null)
    return `${name}: ${ruleName(inVain)} does not capture it, as no rule of ${inVain.to} applies: ${because}. ${ending}`;
  const decided = 'decided' in outcome ? outcome.decided : null;
  if (kind.endsWith('Envoy') || kind.endsWith('ztunnel'))
    return `${name}${decided === null ? '' : `, by ${ruleName(decided)}`}. ${ending}`;
  return ending;
}
