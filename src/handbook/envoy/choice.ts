/** What a reader chooses of a connection that comes to Envoy, and of its mesh; what is absent is as the path has it. */
import { firstWords } from '../lab/envoy/asked.ts';
import { inboundPolicies, mutualTlsModes, outboundPolicies, sidecarKinds } from './policies.ts';

/** How the port that is called is declared by the Service that has it; `unnamed` is a name without a protocol. */
export const declaredKinds = ['http', 'tcp', 'unnamed', 'not at all'] as const;

/** What can be chosen among, by its name in links. */
export const envoyChoices = {
  first: firstWords,
  mutualTls: mutualTlsModes,
  outbound: outboundPolicies,
  inbound: inboundPolicies,
  sidecar: sidecarKinds,
  declared: declaredKinds,
} as const;

type Chosen = { readonly [name in keyof typeof envoyChoices]?: (typeof envoyChoices)[name][number] };

export interface EnvoyChoice extends Chosen {
  /** The Host of a request, or the server name of TLS. */
  readonly host?: string;
  /** The ALPN of TLS, with commas between. */
  readonly alpn?: string;
}

/** What is written freely, and the form that it has. */
export const envoyTexts = { host: /^[\w.:*[\]-]{0,253}$/, alpn: /^[\w./,-]{0,100}$/ } as const;

/** A choice as a link says it: what it adds, or null where there is none of this name and text. */
export function readEnvoyChoice(name: string, text: string): EnvoyChoice | null {
  const isOne = Object.hasOwn(envoyChoices, name)
    ? (envoyChoices[name as keyof typeof envoyChoices] as readonly string[]).includes(text)
    : Object.hasOwn(envoyTexts, name) && envoyTexts[name as keyof typeof envoyTexts].test(text);
  return isOne ? { [name]: text } : null;
}
