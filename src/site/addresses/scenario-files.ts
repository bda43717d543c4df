/**
 * What stands at stable addresses for each scenario, beside its page: `/traffic/local-to-remote/diagram.svg`.
 * Runbooks and wikis link to these for years, so a name here is never changed; `moved.ts` is for what has to be.
 */
import {
  isAmbientScenario,
  type ShownScenario,
  shownScenarios,
  walkShown,
} from '../../handbook/scenarios/index.ts';
import { type Level, mermaid, noteKinds, type TextForm, textFile, textForms } from '../../render/index.ts';
import { drawStandalone, type Theme } from '../drawing/index.ts';

export interface ScenarioFile {
  /** Below the scenario's address. */
  readonly name: string;
  /** What a reader finds there, in a few words. */
  readonly what: string;
  readonly make: (scenario: ShownScenario) => string | Promise<string>;
}

export const scenarioFiles: readonly ScenarioFile[] = [
  { name: 'diagram.svg', what: 'the diagram, light or dark as the reader’s system is', make: draw('auto') },
  { name: 'diagram-light.svg', what: 'the diagram, light', make: draw('light') },
  { name: 'diagram-dark.svg', what: 'the diagram, dark', make: draw('dark') },
  {
    name: 'every-rule.svg',
    what: 'the diagram with every rule, light or dark as the reader’s system is',
    make: draw('auto', 'detail'),
  },
  ...(Object.keys(textForms) as TextForm[])
    .map((form): ScenarioFile => {
      const { file, what } = textForms[form];
      return {
        name: file,
        what,
        make: (scenario) => textFile(form, walkShown(scenario).journey, scenario.title, verified(scenario)),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
];

/** The folder of `content/` that tells a scenario. */
export function scenarioFolder(scenario: ShownScenario): 'traffic' | 'runbooks' | 'ambient' {
  if (isAmbientScenario(scenario)) return 'ambient';
  return scenario.runbook === undefined ? 'traffic' : 'runbooks';
}

/** From the root of the handbook: `/traffic/local-to-remote/`, `/runbooks/probe-rewritten/`, `/ambient/dns/`. */
export function scenarioAddress(scenario: ShownScenario): string {
  return `/${scenarioFolder(scenario)}/${addressName(scenario)}/`;
}

/** The folder says already that it is one of ambient mode; the main one has the name of its page. */
function addressName(scenario: ShownScenario): string {
  if (!isAmbientScenario(scenario)) return scenario.name;
  return scenario.isMain ? scenario.page : scenario.name.slice('ambient-'.length);
}

/** The page that tells a scenario: its own, or that of the main scenario of its type or runbook. */
export function scenarioPage(scenario: ShownScenario): string {
  const main = shownScenarios.find((one) => one.isMain && isTold(one, scenario));
  return scenarioAddress(main ?? scenario);
}

/** Whether two scenarios are told on one page. */
function isTold(one: ShownScenario, other: ShownScenario): boolean {
  if (isAmbientScenario(one) || isAmbientScenario(other))
    return isAmbientScenario(one) && isAmbientScenario(other) && one.page === other.page;
  return one.runbook === other.runbook && (one.runbook !== undefined || one.type === other.type);
}

/** The scenarios that a page tells, its main one first. Empty for a page that is no scenario's. */
export function scenariosOnPage(address: string): readonly ShownScenario[] {
  return shownScenarios.filter((scenario) => scenarioPage(scenario) === address);
}

/** Every file of the scenarios of a folder, as the paths of a route `[scenario]/[file]`. */
export function scenarioFilePaths(folder: ReturnType<typeof scenarioFolder>) {
  return shownScenarios
    .filter((scenario) => scenarioFolder(scenario) === folder)
    .flatMap((scenario) =>
      scenarioFiles.map((file) => ({
        params: { scenario: addressName(scenario), file: file.name },
        props: { make: () => file.make(scenario) },
      })),
    );
}

function draw(theme: Theme, level: Level = 'overview'): ScenarioFile['make'] {
  return async (scenario) => {
    const { journey } = walkShown(scenario);
    const { svg } = await drawStandalone(
      mermaid(journey, level),
      {
        // A page takes the drawing of every rule in, and knows it by this.
        id: level === 'overview' ? 'diagram' : drawingId(scenario, level),
        title: scenario.title,
        description: verified(scenario),
        noteKinds: noteKinds(journey, level),
      },
      theme,
    );
    return `${svg}\n`;
  };
}

/** The id of a drawing in the page of its scenario. */
export function drawingId({ name }: ShownScenario, level: Level): string {
  return `diagram-${name}-drawn-${level}`;
}

/** What stands under a path: `The verified path with the rules of Istio 1.30.` */
export function verified(scenario: ShownScenario): string {
  return `The verified path with the rules of Istio ${walkShown(scenario).release}.`;
}
