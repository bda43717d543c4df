/** A walker on pods with a sidecar: on the rules that Istio would program, or on what is known of a real pod. */
import { interceptionModes, releases } from '../../istio/index.ts';
import type { Pod } from '../../journey/index.ts';
import { optionProblemWords, rolePurposes } from '../../words/index.ts';
import { podOfScenario } from '../scenarios/bind.ts';
import { experimentHolds } from '../scenarios/decisive.ts';
import { callsOn, exampleDnsServer, examplePeers, exampleSenders } from '../scenarios/examples.ts';
import { requestOn } from '../scenarios/own-place.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import type { Scenario, ScenarioChange } from '../scenarios/scenario.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { scenarioNamed, scenarios } from '../scenarios/traffic.ts';
import type { State } from './permalink.ts';
import type { Menu, WalkedScenario } from './view.ts';
import { problemsIn, take } from './walk.ts';
import { type Walker, walkerOver } from './walker-over.ts';

/** A walker on the rules that Istio would program, or on what is known of a real pod. */
export function walkerOn(real?: RealPod): Walker {
  return walkerOver({
    has: (name) => scenarioNamed(name) !== undefined,
    scenario: (name) => offeredOn(scenarioNamed(name ?? '') ?? (scenarios[0] as Scenario), real),
    take: (scenario, state) => take(scenario, state, real),
    menu: ({ bound }) => menuOn(bound.pod),
    on: ({ bound }) => bound,
    settings: (taken) => ({
      options: taken.bound.pod.options,
      problems: problemsIn(taken).map((one) => ({ ...one, ...optionProblemWords(one) })),
    }),
    purposes: rolePurposes,
  });
}

function menuOn(pod: Pod): Menu {
  return {
    release: handbookSetting.release,
    releases: releases.map(({ name }) => name),
    senders: exampleSenders,
    calls: callsOn(pod),
    peers: examplePeers,
    modes: interceptionModes,
    dnsServer: exampleDnsServer,
  };
}

/** A scenario as it is walked on a pod, with what a reader is invited to try there. */
function offeredOn(scenario: Scenario, real: RealPod | undefined): WalkedScenario {
  const { name, title, setting, pod } = scenario;
  const { pod: walkedPod } = podOfScenario(scenario, {}, real);
  const state = ({ setting: changed, request }: ScenarioChange): State => ({
    scenario: name,
    ...changed,
    ...(request === undefined ? {} : { request: requestOn(walkedPod, { ...scenario.request, ...request }) }),
  });
  return {
    name,
    title,
    request: requestOn(walkedPod, scenario.request),
    ...(setting === undefined ? {} : { setting }),
    ...(pod === undefined ? {} : { pod }),
    experiments: scenario.experiments
      .filter((one) =>
        real?.rulesets === undefined ? experimentHolds(scenario, one) : one.change.setting === undefined,
      )
      .map(({ title: what, says, meets, change }) => ({ title: what, says, meets, state: state(change) })),
  };
}
