/** The options that rules of ambient mode speak of. A guess: `identifyAmbient` programs each and compares. */
import { type AmbientOptions, probeSet } from '../../istio/index.ts';
import { findChain, printRule, type Rule, type Ruleset, type TableName } from '../../netfilter/index.ts';
import { asksOnly, conditionNamed, prefixText, verdictOf } from '../rule-parts.ts';
import { asListed, ofAmbient } from './native.ts';
import type { AmbientSeen } from './seen.ts';

type Found = { -readonly [Name in keyof AmbientOptions]?: AmbientOptions[Name] };

/** The likeliest sets of options; what is not among them is as the release has it. */
export function inferAmbient(seen: AmbientSeen): readonly Partial<AmbientOptions>[] {
  return seen.nft === undefined ? ofIptables(seen) : ofNft(seen);
}

function ofIptables({ side, v4, v6 }: AmbientSeen): readonly Partial<AmbientOptions>[] {
  const rules = (family: 'v4' | 'v6', table: TableName, chain: string): readonly Rule[] => {
    const ruleset: Ruleset | undefined = family === 'v4' ? v4 : v6;
    return (ruleset === undefined ? undefined : findChain(ruleset, table, chain))?.rules ?? [];
  };
  const all = (table: TableName, chain: string) => [
    ...rules('v4', table, chain),
    ...rules('v6', table, chain),
  ];
  const found: Found = v6 === undefined ? {} : { enableIPv6: true };
  if (side === 'node') {
    const sources = (family: 'v4' | 'v6') =>
      rules(family, 'nat', 'ISTIO_POSTRT').flatMap((rule) =>
        verdictOf(rule) === 'SNAT' ? (/--to-source (\S+)/.exec(printRule(family, rule))?.[1] ?? []) : [],
      )[0];
    return [{ ...found, ...probes(sources('v4'), sources('v6')) }];
  }
  const inbound = all('nat', 'ISTIO_PRERT');
  const probed = (family: 'v4' | 'v6') =>
    [...rules(family, 'nat', 'ISTIO_PRERT'), ...rules(family, 'mangle', 'ISTIO_PRERT')]
      .filter((rule) => verdictOf(rule) === 'ACCEPT')
      .flatMap((rule) => prefixText(conditionNamed(rule, '-s')) ?? [])
      .map((range) => range.replace(/\/\d+$/, ''))[0];
  const isTproxy = all('mangle', 'ISTIO_PRERT').some((rule) => verdictOf(rule) === 'TPROXY');
  const redirected = inbound.filter((rule) => verdictOf(rule) === 'REDIRECT');
  const guests = redirected
    .filter((rule) => asksOnly(rule, ['-i', '-p tcp']))
    .flatMap((rule) => conditionNamed(rule, '-i')?.value ?? [])
    .filter((name): name is string => typeof name === 'string');
  const base: Found = {
    ...found,
    ...probes(probed('v4'), probed('v6')),
    ...(isTproxy ? { tproxyRedirection: true } : {}),
    redirectDNS: all('nat', 'ISTIO_OUTPUT').some((rule) => asksDns(rule)),
    ...(guests.length === 0 ? {} : { virtualInterfaces: [...new Set(guests)].join(',') }),
  };
  const takesNone = !isTproxy && redirected.length === guests.length;
  return withDefaults(base, takesNone);
}

function ofNft({ side, nft }: AmbientSeen): readonly Partial<AmbientOptions>[] {
  const tables = nft === undefined ? [] : ofAmbient(nft);
  const rules = tables.flatMap(({ name: table, chains }) =>
    chains.flatMap(({ name: chain, rules: own }) =>
      own.map((rule) => ({ table, chain, text: asListed(rule) })),
    ),
  );
  const first = (pattern: RegExp) => rules.flatMap(({ text }) => pattern.exec(text)?.[1] ?? [])[0];
  const base: Found = {
    nativeNftables: true,
    // A node has its set of IPv6 only where IPv6 is on: the rule that names it may be gone.
    enableIPv6:
      rules.some(({ text }) => /\bip6 [sd]addr\b/.test(text)) ||
      tables.some(({ sets }) => sets.some(({ name }) => name === `${probeSet}-v6`)),
  };
  if (side === 'node') {
    const kubeletUID = first(/^meta l4proto tcp meta skuid (\d+) /);
    return [
      {
        ...base,
        ...probes(
          first(/^(?=.* ip daddr ).* snat to ([\d.]+)$/),
          first(/^(?=.* ip6 daddr ).* snat to ([\da-f:]+)$/),
        ),
        ...(kubeletUID === undefined ? {} : { kubeletUID }),
      },
    ];
  }
  const inbound = rules.filter(
    ({ table, chain }) => table === 'istio-ambient-nat' && chain === 'istio-prerouting',
  );
  const guests = inbound.flatMap(({ text }) => /^iifname "(\S+)" .*redirect to/.exec(text)?.[1] ?? []);
  const redirected = inbound.filter(({ text }) => text.includes(' redirect to '));
  return withDefaults(
    {
      ...base,
      ...probes(
        first(/^meta l4proto tcp ip [sd]addr ([\d.]+) .*accept$/),
        first(/^meta l4proto tcp ip6 [sd]addr ([\da-f:]+) .*accept$/),
      ),
      redirectDNS: rules.some(({ text }) => text.includes('dport 53 ') && text.includes('redirect to')),
      ...(guests.length === 0 ? {} : { virtualInterfaces: [...new Set(guests)].join(',') }),
    },
    redirected.length === guests.length,
  );
}

/** With DNS as it is and as the default has it: a rule may be gone; and in ingress mode, where nothing is captured. */
function withDefaults(base: Found, takesNone: boolean): readonly Partial<AmbientOptions>[] {
  const { redirectDNS, ...rest } = base;
  const both = redirectDNS === true ? [base] : [base, rest];
  return takesNone ? [...both.map((one) => ({ ...one, ingressMode: true })), ...both] : both;
}

function probes(v4: string | undefined, v6: string | undefined): Found {
  return {
    ...(v4 === undefined ? {} : { hostProbeSNATAddress: v4 }),
    ...(v6 === undefined ? {} : { hostProbeV6SNATAddress: v6 }),
  };
}

function asksDns(rule: Rule): boolean {
  const port = conditionNamed(rule, '--dport')?.value;
  return verdictOf(rule) === 'REDIRECT' && Array.isArray(port) && port[0] === 53;
}
