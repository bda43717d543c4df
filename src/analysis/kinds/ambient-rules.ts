/** Rules of ambient mode, told by the chains that a sidecar has not. */
import { type Family, printRule, type Rule, type Ruleset } from '../../netfilter/index.ts';
import { chainOwner } from '../chain-owner.ts';
import { chainCalled, targetName } from '../rule-parts.ts';
import type { Recognised, Sign } from './kind.ts';

/** Chains of a sidecar that ambient mode has never had (tools/istio-iptables/pkg/constants, cni/pkg/iptables). */
export const sidecarsAlone: ReadonlySet<string> = new Set([
  'ISTIO_INBOUND',
  'ISTIO_REDIRECT',
  'ISTIO_IN_REDIRECT',
  'ISTIO_TPROXY',
  'ISTIO_DIVERT',
]);

/** Of which side of ambient mode rules are; null where they are of none. */
export function ambientSideOfRules(ruleset: Ruleset | undefined): 'pod' | 'node' | null {
  if (ruleset === undefined) return null;
  const found = recogniseAmbient(ruleset);
  return found === null ? null : found.kind === 'ambient node' ? 'node' : 'pod';
}

/** The addresses that the kubelet's probes of an ambient pod are given by the node (cni/pkg/config). */
const probeAddresses = ['169.254.7.127', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff'];

/**
 * Ambient mode's own rules: in the pod chain ISTIO_PRERT, on the node ISTIO_POSTRT with the set of the pods that are
 * probed (cni/pkg/iptables/iptables.go). A sidecar has neither.
 */
export function recogniseAmbient(ruleset: Ruleset): Recognised | null {
  const { family } = ruleset;
  for (const { name: table, chains } of ruleset.tables) {
    for (const { name, rules } of chains) {
      // A sidecar's ISTIO_OUTPUT is in nat and in raw alone.
      const isAmbients =
        name === 'ISTIO_PRERT' || name === 'ISTIO_POSTRT' || (name === 'ISTIO_OUTPUT' && table === 'mangle');
      if (!isAmbients && chainOwner(name) !== 'Istio') continue;
      const rule = rules.find((one) => isProbes(family, one)) ?? (isAmbients ? rules[0] : undefined);
      if (rule === undefined) continue;
      const isNode = name === 'ISTIO_POSTRT' || rules.some((one) => targetName(one) === 'SNAT');
      const signs: readonly Sign[] = [
        { code: 'chain', chain: name },
        { code: 'rule', table, chain: name, rule: printRule(family, rule) },
      ];
      return { kind: isNode ? 'ambient node' : 'ambient pod', owner: null, signs };
    }
  }
  // Cut off before its rules: the name of the chain alone tells.
  const named = ruleset.tables.flatMap(({ name: table, chains }) =>
    chains.flatMap(({ name, rules }) => {
      if (name === 'ISTIO_PRERT' || rules.some((rule) => chainCalled(rule) === 'ISTIO_PRERT'))
        return ['ISTIO_PRERT'];
      return name === 'ISTIO_OUTPUT' && table === 'mangle' ? [name] : [];
    }),
  );
  const [chain] = named;
  return chain === undefined ? null : { kind: 'ambient pod', owner: null, signs: [{ code: 'chain', chain }] };
}

function isProbes(family: Family, rule: Rule): boolean {
  const text = printRule(family, rule);
  return probeAddresses.some((address) => text.includes(address));
}
