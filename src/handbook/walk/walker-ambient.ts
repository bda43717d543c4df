/** A walker on enrolled pods of ambient mode. */
import {
  ambientDefaults,
  ambientOptionsOf,
  ambientRoleAt,
  isSince,
  type ReleaseNumber,
  readRelease,
  releases,
} from '../../istio/index.ts';
import {
  ambientIgnoredWords,
  ambientProblemWords,
  ambientRolePurposes,
  asSentence,
  ending,
  olderZtunnelWords,
} from '../../words/index.ts';
import {
  type AmbientBound,
  type AmbientGround,
  type AmbientScenario,
  ambientScenarioNamed,
  ambientScenarios,
  bindAmbient,
  isGroundOfNode,
} from '../scenarios/ambient.ts';
import { ambientCalls, ambientPeers, ambientSenders } from '../scenarios/ambient-examples.ts';
import { meshAround } from '../scenarios/ambient-mesh.ts';
import { exampleDnsServer } from '../scenarios/examples.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import type { State } from './permalink.ts';
import type { AmbientSettings, Menu, ShownProblem, WalkedScenario } from './view.ts';
import { cut, type Walk } from './walk.ts';
import { type Walker, walkerOver } from './walker-over.ts';

interface AmbientWalk extends Walk {
  readonly bound: AmbientBound;
}

/** The first release whose redirection is within the pod; and the first whose ztunnel does what is modelled. */
const [firstRelease, modelledSince] = ['1.21', '1.24'];

/** A walker on the rules that Istio would program, or on those of a real pod or its node. */
export function ambientWalkerOn(real?: AmbientGround): Walker {
  return walkerOver<AmbientWalk>({
    has: (name) => ambientScenarioNamed(name) !== undefined,
    scenario(name) {
      const known = ambientScenarioNamed(name ?? '') ?? ambientScenarioNamed(real?.usual ?? '');
      return offeredOf(known ?? (ambientScenarios[0] as AmbientScenario), real);
    },
    take: (scenario, state) => takeAmbient(scenario, state, real),
    // The release of a real pod is what it is.
    menu: (taken) => ({ ...menuOf(taken), ...(real === undefined ? {} : { releases: [] }), ...real?.menu }),
    on: ({ bound }) => bound,
    settings: (taken) => ({
      options: null,
      ambient: settingsOf(taken, real),
      problems: real === undefined ? problemsOf(taken) : [],
    }),
    purposes: ambientRolePurposes,
  });
}

function takeAmbient(scenario: WalkedScenario, state: State, real: AmbientGround | undefined): AmbientWalk {
  const { release, ambient, mesh = {}, request } = state;
  const known = ambientScenarioNamed(scenario.name);
  const bound = (real?.bind ?? bindAmbient)(
    { ...known, request: scenario.request },
    {
      ...(release === undefined ? {} : { release }),
      ...(ambient === undefined ? {} : { options: ambient }),
      mesh,
      ...(request === undefined ? {} : { request }),
    },
  );
  return {
    bound,
    scenario,
    release: bound.release,
    journey: bound.journey,
    roleAt: (place, isOnNode) =>
      real === undefined ? ambientRoleAt(bound.rules[isOnNode ? 'host' : 'pod'], place) : null,
    ...cut(bound.journey, state.replies === true),
  };
}

function releaseOf({ release }: AmbientWalk): ReleaseNumber {
  return readRelease(release) ?? readRelease(handbookSetting.release) ?? [1, 31, 0];
}

function settingsOf(taken: AmbientWalk, real: AmbientGround | undefined): AmbientSettings {
  const number = releaseOf(taken);
  const { rules, workload } = taken.bound;
  return {
    options: rules.options ?? ambientDefaults(number),
    heeded: ambientOptionsOf(number),
    ...(real !== undefined && isGroundOfNode(real) ? {} : { mesh: meshAround(workload) }),
  };
}

function problemsOf(taken: AmbientWalk): readonly ShownProblem[] {
  const { problems, ignored } = taken.bound.rules;
  const number = readRelease(taken.release);
  const isOlder = number !== null && !isSince(number, modelledSince) && problems.length === 0;
  return [
    ...problems.map((one): ShownProblem => {
      const { why, fix } = ambientProblemWords(one);
      return { option: one.option, severity: one.severity, because: why, fix };
    }),
    ...ignored.map(
      (one): ShownProblem => ({ option: one.option, severity: 'warning', ...ambientIgnoredWords(one) }),
    ),
    ...(isOlder
      ? [{ option: 'release', severity: 'warning', ...olderZtunnelWords(modelledSince) } as const]
      : []),
  ];
}

function menuOf(taken: AmbientWalk): Menu {
  const options = taken.bound.rules.options ?? ambientDefaults(releaseOf(taken));
  return {
    release: handbookSetting.release,
    releases: releases
      .map(({ name }) => name)
      .filter((name) => isSince(readRelease(name) ?? [1, 0, 0], firstRelease)),
    senders: ambientSenders(taken.scenario, options),
    calls: ambientCalls(taken.bound.workload),
    peers: ambientPeers(options),
    modes: [],
    dnsServer: exampleDnsServer,
  };
}

/** A scenario, and what else its page tells of; on real rules the scenario alone. */
function offeredOf(scenario: AmbientScenario, real: AmbientGround | undefined): WalkedScenario {
  const { name, title, page, request } = scenario;
  if (real !== undefined) return { name, title, request: real.bind(scenario, {}).request, experiments: [] };
  const others = ambientScenarios.filter((one) => one.page === page && one.name !== name);
  return {
    name,
    title,
    request,
    experiments: others.map((one) => ({
      title: one.title,
      says: asSentence(ending(bindAmbient(one).journey)),
      state: { scenario: one.name },
    })),
  };
}
