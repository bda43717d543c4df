/** Which rules decide about a journey, by what they are for; and whether what a scenario says of a change holds here. */
import { type Role, roleAt, rulesFor } from '../../istio/index.ts';
import { decisiveRule } from '../../journey/index.ts';
import { familyOf } from '../../netfilter/index.ts';
import { stopLines } from '../../render/index.ts';
import { type Bound, bind } from './bind.ts';
import type { Assumption, Experiment, Scenario } from './scenario.ts';

/** The role that decides about each leg; null where no rule of Istio does. */
export function decidingRoles({ journey, setting }: Bound): readonly (Role | null)[] {
  const rules = rulesFor(setting.release, setting.options);
  return journey.legs.map(({ passages }) => {
    const rule = decisiveRule(passages[0]?.traversal.events ?? []);
    return rule === null
      ? null
      : (roleAt(rules, { ...rule, family: familyOf(rule.packet.destination) })?.role ?? null);
  });
}

/** Whether the rule that an assumption names decides under it, as the handbook is set. */
export function assumptionHolds(scenario: Scenario, { change, meets }: Assumption): boolean {
  return decidingRoles(bind(scenario, change)).includes(meets);
}

/** Whether what an experiment says is what happens, as the handbook is set: only then a reader is invited to it. */
export function experimentHolds(scenario: Scenario, { change, meets, doors, arrives }: Experiment): boolean {
  const bound = bind(scenario, change);
  const { proxyPort, inboundCapturePort } = bound.pod.options;
  const passed = stopLines(bound.journey)
    .flat()
    .filter(
      (stop) => stop.kind === 'envoy' && [proxyPort, inboundCapturePort].map(Number).includes(stop.port ?? 0),
    );
  return decidingRoles(bound).includes(meets) && passed.length === doors && bound.journey.arrived === arrives;
}
