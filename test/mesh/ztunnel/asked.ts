/** The journeys that a real ztunnel is asked about: each with its key in the recording, and what the model says of it. */
import { type AmbientScenario, ambientScenarios } from '../../../src/handbook/scenarios/index.ts';
import type { Journey, Request } from '../../../src/journey/index.ts';
import type { Family } from '../../../src/netfilter/index.ts';
import { modelled, type Seen } from '../journeys.ts';
import { journeyIn, requestOf } from './walk.ts';
import { type BackEnd, setups } from './world.ts';

export interface AmbientJourney {
  /** `ambient-hbone, v6` */
  readonly title: string;
  readonly key: string;
  readonly scenario: AmbientScenario;
  readonly request: Request;
  /** What was asked for: a recording of another question is none. */
  readonly question: object;
  readonly journey: () => Journey;
  readonly says: () => Partial<Seen>;
}

/** What a scenario changes about the mesh. Those that change the same follow one another. */
export const meshOf = ({
  options = {},
  workload = {},
}: Pick<AmbientScenario, 'options' | 'workload'>): string => JSON.stringify([options, workload]);

const inOrder = [...new Set(ambientScenarios.map(meshOf))].flatMap((mesh) =>
  ambientScenarios.filter((scenario) => meshOf(scenario) === mesh),
);

/** A waypoint is told of by one address, and the guest of these tests has one family. */
const inFamily = ({ name }: AmbientScenario, family: Family): boolean =>
  family === 'v4' || !['ambient-waypoint', 'ambient-guest'].includes(name);

/** Before 1.24 DNS is asked from ztunnel's own pod; ingress mode and guests came later. */
const inSetup = ({ name }: AmbientScenario, backEnd: BackEnd): boolean =>
  backEnd !== 'TPROXY' || !['ambient-dns', 'ambient-ingress', 'ambient-guest'].includes(name);

/** All of them with the rules of one back end, in both families. */
export function ambientJourneys(backEnd: BackEnd): readonly AmbientJourney[] {
  return inOrder
    .filter((scenario) => inSetup(scenario, backEnd))
    .flatMap((scenario) =>
      (['v4', 'v6'] as const)
        .filter((family) => inFamily(scenario, family))
        .map((family) => {
          const request = requestOf(scenario, family);
          const title = `${scenario.name}, ${family}`;
          const journey = () => journeyIn(backEnd, scenario, family);
          return {
            title,
            key: `${backEnd}: ${title}`,
            scenario,
            request,
            question: { version: setups[backEnd].ztunnel, request, mesh: meshOf(scenario) },
            journey,
            says: () => compared(scenario, modelled(journey())),
          };
        }),
    );
}

/** What is compared: of a tunnel to a waypoint the end is not, as none is there that is real. */
export function compared({ workload }: AmbientScenario, seen: Seen): Partial<Seen> {
  return workload?.waypoints === undefined ? seen : { legs: seen.legs };
}
