/** The files of a scenario: see `src/site/addresses/scenario-files.ts`. */
import type { APIRoute } from 'astro';
import { scenarios } from '../../../handbook/index.ts';
import { scenarioFiles } from '../../../site/addresses/scenario-files.ts';

export function getStaticPaths() {
  return scenarios.flatMap((scenario) =>
    scenarioFiles.map((file) => ({
      params: { scenario: scenario.name, file: file.name },
      props: { make: () => file.make(scenario) },
    })),
  );
}

export const GET: APIRoute = async ({ props }) => new Response(await props.make());
