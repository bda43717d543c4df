/** The files of the scenarios of ambient mode: see `src/site/addresses/scenario-files.ts`. */
import type { APIRoute } from 'astro';
import { scenarioFilePaths } from '../../../site/addresses/scenario-files.ts';

export const getStaticPaths = () => scenarioFilePaths('ambient');

export const GET: APIRoute = async ({ props }) => new Response(await props.make());
