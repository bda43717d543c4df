/** What is said of an Envoy's configuration: whose it is, and what is wrong. A door of its own: pages load it when it is asked for. */
export { type AroundEnvoy, type EnvoyFinding, type EnvoyFindingId, envoyFindings } from './findings.ts';
export { addressIn, type EnvoyOrigin, envoyOrigins, originOf } from './origin.ts';
