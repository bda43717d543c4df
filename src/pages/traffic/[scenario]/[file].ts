/** The files of the scenarios of the six types: see `src/site/addresses/scenario-files.ts`. */
import type { APIRoute } from 'astro';
import { scenarioFilePaths } from '../../../site/addresses/scenario-files.ts';

export const getStaticPaths = () => scenarioFilePaths('traffic');

export const GET: APIRoute = async ({ props }) => new Response(await props.make());
