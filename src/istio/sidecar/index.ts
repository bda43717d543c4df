/** What istiod tells the Envoy of a pod. */
export type { EnvoyMessage } from './messages.ts';
export { type SidecarConfig, type SidecarPod, sidecarConfig } from './sidecar-config.ts';
