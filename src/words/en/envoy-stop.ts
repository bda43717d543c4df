/** What is said at the stop “Envoy” of a path once it is open: what can be chosen there, and how that bears on the path. */
import { printEndpoint } from '../../netfilter/index.ts';

/** What is chosen, by its name in links, in the order in which it is asked. */
export const envoyChoiceLabels = {
  first: 'The client sends first',
  host: 'Host, or server name of TLS',
  alpn: 'ALPN of TLS',
  mutualTls: 'Mutual TLS',
  outbound: 'outboundTrafficPolicy',
  inbound: 'inboundTrafficPolicy',
  sidecar: 'Sidecar',
  declared: 'The port is declared as',
} as const;

export interface SaidEnvoyStop {
  readonly direction: 'inbound' | 'outbound';
  readonly called: { readonly address: string; readonly port: number };
  /** The port that it was brought to. */
  readonly listener: number;
}

/** `Envoy 15006 takes a connection to 10.244.1.5:8080` */
export function envoyStopTitle({ called, listener }: SaidEnvoyStop): string {
  return `Envoy ${listener} takes a connection to ${printEndpoint(called.address, called.port)}`;
}

/** Where what was chosen ends otherwise than the path above; null where it does not. */
export function besidePathWords(isAsInPath: boolean): string | null {
  return isAsInPath ? null : 'With this choice it goes on otherwise than the path above.';
}

/** Of which release the steps are, where the path is another one's; null where it is the same. */
export function stepsOfReleaseWords(told: string, walked: string, compared: ComparedSteps): string | null {
  switch (compared) {
    case 'same':
      return null;
    case 'older Envoy':
      return `The steps are those of Istio ${told}. Nothing is known to differ in Istio ${walked}, whose Envoy was not asked.`;
    case 'names':
      return `The steps are those of Istio ${told}. All that is known to differ in Istio ${walked} is names that end with a dot; its Envoy was not asked.`;
    case 'not compared':
      return `The steps are those of Istio ${told}. Those of Istio ${walked} were not compared.`;
  }
}

/** How far what was walked through holds for another release. */
export type ComparedSteps = 'same' | 'older Envoy' | 'names' | 'not compared';

/** What is wrong with a text that was written for a choice. */
export function envoyTextWords(name: 'host' | 'alpn'): string {
  return name === 'host'
    ? 'Write a name or an address, such as reviews or 10.96.0.7:80.'
    : 'Write names of protocols with commas between, such as h2,http/1.1.';
}
