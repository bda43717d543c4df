/** The parts of a configuration that somebody has made and not pasted: nothing else is looked for in them. */
import type { EnvoyConfig } from '../model/config.ts';
import { readAssignment, readCluster } from './cluster.ts';
import { type ConfigReading, fieldsOf, type MessageFields } from './fields.ts';
import { readListener } from './listener.ts';
import { domainsIn, lookupIn } from './lookup.ts';
import { readRouteTable } from './routes.ts';

export interface EnvoyParts {
  readonly listeners: readonly unknown[];
  readonly clusters: readonly unknown[];
  readonly routes: readonly unknown[];
  readonly endpoints: readonly unknown[];
}

/** What somebody has made can be read, and has nothing secret. */
const made: ConfigReading = { unreadable: () => {}, shown: (_key, value) => value };

/** As Envoy reads it; it says the same as `readEnvoyConfig` of these parts. */
export function readEnvoyParts(parts: EnvoyParts): EnvoyConfig {
  const fields = fieldsOf(made, { ...parts }, 'text');
  const each = <T>(part: keyof EnvoyParts, read: (one: MessageFields) => T): readonly T[] =>
    fields.messages(part).map(read);
  const config: EnvoyConfig = {
    has: { listeners: true, clusters: true, routes: true, endpoints: true },
    listeners: each('listeners', (one) => readListener(one, 'active')),
    clusters: each('clusters', (one) => readCluster(one, 'active')),
    routes: each('routes', readRouteTable),
    endpoints: each('endpoints', readAssignment),
    node: '',
    bind: null,
    runtime: {},
    rest: {},
  };
  lookupIn(config);
  for (const table of config.routes) domainsIn(table);
  return config;
}
