/** What to paste where a scenario is to be shown elsewhere. `address` makes a whole address of one from the root. */
import type { ShownScenario } from '../../src/handbook/scenarios/index.ts';
import { scenarioAddress } from '../../src/site/addresses/scenario-files.ts';

type Whole = (address: string) => string;

/** For a wiki that takes HTML. */
export function frameSnippet({ name, title }: ShownScenario, address: Whole): string {
  const source = address(`/embed/${name}/`);
  return `<iframe src="${source}" title="${title}" width="100%" height="640" loading="lazy"></iframe>`;
}

/** For one that takes Markdown. */
export function imageSnippet(scenario: ShownScenario, address: Whole): string {
  return `![${scenario.title}](${address(`${scenarioAddress(scenario)}diagram.svg`)})`;
}
