/** What stands in each scenario's `trace.json`. */
import type { APIRoute } from 'astro';
import { traceSchema } from '../render/index.ts';

export const GET: APIRoute = () => new Response(`${JSON.stringify(traceSchema, null, 2)}\n`);
