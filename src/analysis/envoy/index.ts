/** What is said of an Envoy's configuration: whose it is, and what is wrong. A door of its own: pages load it when it is asked for. */
export {
  type AroundEnvoy,
  declaredPorts,
  type EnvoyFinding,
  type EnvoyFindingId,
  envoyFindings,
  sureFindings,
} from './findings.ts';
export { acceptingListeners, addressIn, type EnvoyOrigin, envoyOrigins, originOf } from './origin.ts';
