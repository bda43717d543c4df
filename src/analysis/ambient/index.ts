/** The rules of ambient mode, in a pod and on its node: whose they are, and where they differ from Istio's. */
export {
  type AmbientDifference,
  type AmbientIdentification,
  type AmbientOrigin,
  identifyAmbient,
} from './identify.ts';
export type { AmbientSide } from './seen.ts';
