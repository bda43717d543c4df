/**
 * The sentence at the head of a path: what became of the request, and what that means. A page says these without an engine.
 */

import { type JourneyOutcome, knowsNodes } from '../../journey/index.ts';
import { capital } from '../capital.ts';
import { ruleName } from '../rule-name.ts';
import type { SaidHeadline } from '../said.ts';
import { ztunnelMeans } from './ztunnel/index.ts';

export interface HeadlineWords {
  /** `Past Envoy: ISTIO_OUTPUT 4 lets it pass. It leaves the pod by eth0.` */
  readonly says: string;
  /** What that means for mutual TLS, policy and telemetry; '' where there is nothing to say. */
  readonly means: string;
}

export function headlineWords(headline: SaidHeadline): HeadlineWords {
  return { says: says(headline), means: means(headline) };
}

function says(headline: SaidHeadline): string {
  const { outcome, ending } = headline;
  if (knowsNodes && headline.isOnNode === true) return ending;
  switch (outcome.kind) {
    case 'through Envoy':
    case 'through ztunnel':
    case 'past Envoy':
    case 'past ztunnel':
      return `${capital(outcome.kind)}: ${how(headline, outcome)}. ${ending}`;
    case 'refused':
      return outcome.by === 'a process' ? `Refused: ${ending}` : ending;
    default:
      return ending;
  }
}

/** An outcome in which somebody has the connection. */
type Arrived = Extract<JourneyOutcome, { readonly kind: `through ${string}` | `past ${string}` }>;

function how({ isOwnCall, isRedirected, inVain, because }: SaidHeadline, { kind, decided }: Arrived): string {
  if (inVain !== null) {
    const why = because === '' ? '' : `: ${because}`;
    return `not captured, as ${ruleName(inVain)} sends it to ${inVain.to}, where no rule applies${why}`;
  }
  const rule = decided === null ? '' : ruleName(decided);
  const proxy = kind.endsWith('Envoy') ? 'Envoy' : 'ztunnel';
  if (isOwnCall) return `${proxy} makes this call itself`;
  if (kind.startsWith('through'))
    return decided === null ? `the call is to a port of ${proxy}'s own` : `${rule} sends it there`;
  if (decided === null) return 'no rule captures it';
  return isRedirected ? `${rule} sends it elsewhere` : `${rule} lets it pass`;
}

function means(headline: SaidHeadline): string {
  if (knowsNodes && headline.isOnNode === true) return '';
  const { outcome, isOwnCall } = headline;
  switch (outcome.kind) {
    case 'through Envoy':
      if (isOwnCall) return 'It has mutual TLS where that is configured for its destination.';
      return outcome.decided === null
        ? 'Mutual TLS, policy and telemetry are for what is captured, and this is not.'
        : 'Mutual TLS, policy and telemetry apply to it as they are configured.';
    case 'through ztunnel':
      return ztunnelMeans(isOwnCall, outcome.decided !== null);
    case 'past Envoy':
    case 'past ztunnel':
      return 'No mutual TLS, policy or telemetry of Istio applies to it in this pod.';
    case 'refused':
      return 'Nobody has the connection, and the client is told so.';
    case 'dropped':
      return 'Nobody has the connection.';
    case 'in a circle':
      return 'Nobody answers, and each turn opens one more connection.';
    case 'cannot tell':
      return 'Whether mutual TLS, policy and telemetry apply depends on that.';
    default:
      return '';
  }
}
