/**
 * What stands at stable addresses for each scenario, beside its page: `/traffic/local-to-remote/diagram.svg`.
 * Runbooks and wikis link to these for years, so a name here is never changed; `moved.ts` is for what has to be.
 */
import { allScenarios, bind, type Scenario, settingOf } from '../../handbook/scenarios/index.ts';
import { mermaid, noteKinds, type TextForm, textFile, textForms } from '../../render/index.ts';
import { drawStandalone, type Theme } from '../drawing/index.ts';

export interface ScenarioFile {
  /** Below the scenario's address. */
  readonly name: string;
  /** What a reader finds there, in a few words. */
  readonly what: string;
  readonly make: (scenario: Scenario) => string | Promise<string>;
}

export const scenarioFiles: readonly ScenarioFile[] = [
  { name: 'diagram.svg', what: 'the diagram, light or dark as the reader’s system is', make: draw('auto') },
  { name: 'diagram-light.svg', what: 'the diagram, light', make: draw('light') },
  { name: 'diagram-dark.svg', what: 'the diagram, dark', make: draw('dark') },
  ...(Object.keys(textForms) as TextForm[])
    .map((form): ScenarioFile => {
      const { file, what } = textForms[form];
      return {
        name: file,
        what,
        make: (scenario) => textFile(form, bind(scenario).journey, scenario.title, verified(scenario)),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
];

/** The folder of `content/` that tells a scenario. */
export function scenarioFolder({ runbook }: Pick<Scenario, 'runbook'>): 'traffic' | 'runbooks' {
  return runbook === undefined ? 'traffic' : 'runbooks';
}

/** From the root of the handbook: `/traffic/local-to-remote/`, `/runbooks/probe-rewritten/`. */
export function scenarioAddress(scenario: Pick<Scenario, 'name' | 'runbook'>): string {
  return `/${scenarioFolder(scenario)}/${scenario.name}/`;
}

/** The page that tells a scenario: its own, or that of the main scenario of its type or runbook. */
export function scenarioPage(scenario: Scenario): string {
  const main = allScenarios.find(
    ({ isMain, type, runbook }) =>
      isMain && runbook === scenario.runbook && (runbook !== undefined || type === scenario.type),
  );
  return scenarioAddress(main ?? scenario);
}

/** The scenarios that a page tells, its main one first. Empty for a page that is no scenario's. */
export function scenariosOnPage(address: string): readonly Scenario[] {
  return allScenarios.filter((scenario) => scenarioPage(scenario) === address);
}

/** Every file of the scenarios of a folder, as the paths of a route `[scenario]/[file]`. */
export function scenarioFilePaths(folder: ReturnType<typeof scenarioFolder>) {
  return allScenarios
    .filter((scenario) => scenarioFolder(scenario) === folder)
    .flatMap((scenario) =>
      scenarioFiles.map((file) => ({
        params: { scenario: scenario.name, file: file.name },
        props: { make: () => file.make(scenario) },
      })),
    );
}

function draw(theme: Theme): ScenarioFile['make'] {
  return async (scenario) => {
    const { journey } = bind(scenario);
    const { svg } = await drawStandalone(
      mermaid(journey),
      {
        id: 'diagram',
        title: scenario.title,
        description: verified(scenario),
        noteKinds: noteKinds(journey),
      },
      theme,
    );
    return `${svg}\n`;
  };
}

/** What stands under a path: `The verified path with the rules of Istio 1.30.` */
export function verified(scenario: Scenario): string {
  return `The verified path with the rules of Istio ${settingOf(scenario).release}.`;
}
