/** What istiod tells the Envoy of a pod. */
export { oldestTold } from './by-release.ts';
export type { EnvoyMessage } from './messages.ts';
export { type OwnParts, type OwnPort, ownParts, ownPaths, ownPorts } from './own-listeners.ts';
export {
  type Scoping,
  type SidecarConfig,
  type SidecarPod,
  type SidecarProxy,
  sidecarConfig,
  sidecarConfigAmongServices,
} from './sidecar-config.ts';
