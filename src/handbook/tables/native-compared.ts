/** What differs between rules of iptables and of native nftables, scenario by scenario: each walked under both. */
import { changes, isSince, newestRelease, type Options, readRelease } from '../../istio/index.ts';
import { decisiveRule, endAlike, type Journey } from '../../journey/index.ts';
import { familyOf } from '../../netfilter/index.ts';
import { ending, ruleName, writtenChain } from '../../words/index.ts';
import { bind } from '../scenarios/bind.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { allScenarios } from '../scenarios/traffic.ts';
import { sixTypes } from './paths-compared.ts';

/** The rule that decides about a connection of a leg. */
export interface DecidedBy {
  /** `ISTIO_OUTPUT 9` */
  readonly name: string;
  /** As `iptables-save` or `nft` prints it. */
  readonly text: string;
}

/** What becomes of a scenario under rules of one tool. */
export interface UnderTool {
  /** One a leg; null where none was asked. */
  readonly decided: readonly (DecidedBy | null)[];
  readonly ending: string;
}

export interface NativeCompared {
  readonly scenario: Scenario;
  readonly iptables: UnderTool;
  readonly nft: UnderTool;
  readonly endsAlike: boolean;
}

/** The handbook's release, or the newest one where that has no rules of nft. */
export function nativeRelease(): string {
  const release = readRelease(handbookSetting.release);
  return release !== null && isSince(release, changes.native) ? handbookSetting.release : newestRelease;
}

/** The six types, with the options of the handbook. */
export function sixByTool(): readonly NativeCompared[] {
  return sixTypes.map((scenario) => compared(scenario, {}));
}

const modes = ['REDIRECT', 'TPROXY'] as const;

export type EndsOtherwise = NativeCompared & { readonly mode: (typeof modes)[number] };

/** Every scenario that does not end alike under both, in each mode in which a pod can capture. */
export function endingOtherwise(): readonly EndsOtherwise[] {
  return modes.flatMap((mode) =>
    allScenarios
      .map((scenario) => ({ mode, ...compared(scenario, { inboundInterceptionMode: mode }) }))
      .filter(({ endsAlike }) => !endsAlike),
  );
}

function compared(scenario: Scenario, options: Partial<Options>): NativeCompared {
  const [one, other] = [false, true].map(
    (nativeNftables) =>
      bind(scenario, { setting: { release: nativeRelease(), options: { ...options, nativeNftables } } })
        .journey,
  ) as [Journey, Journey];
  return { scenario, iptables: under(one), nft: under(other), endsAlike: endAlike(one, other) };
}

function under(journey: Journey): UnderTool {
  const decided = journey.legs.map(({ passages }) => {
    const rule = decisiveRule(passages[0]?.traversal.events ?? []);
    if (rule === null) return null;
    const family = familyOf(rule.packet.destination);
    const written = writtenChain(journey.rulesets, family, rule.table, rule.chain);
    return { name: ruleName(rule), text: written?.text(rule.position) ?? '' };
  });
  return { decided, ending: ending(journey) };
}
