/**
 * What the Envoy of the handbook's pod does with a connection, step by step. A door of its own: what reads and walks its
 * configuration is loaded where it is asked for.
 */
export { type EnvoyCall, type EnvoyCallName, envoyCallNamed, envoyCalls } from './calls.ts';
export { type EnvoyChoice, envoyChoices, envoyTexts } from './choice.ts';
export type { MeshChoice, MeshService } from './mesh.ts';
export { type DrawnChain, type DrawnListener, drawnMesh, type EnvoyPicture, pictureOf } from './picture.ts';
export { inboundPolicies, mutualTlsModes, outboundPolicies, sidecarKinds } from './policies.ts';
export { type EnvoyStop, envoyStopsOf, type OpenedStop, openStops, type WalkToOpen } from './stop.ts';
export {
  type AskedOfStops,
  hasSidecar,
  type ToldField,
  type ToldStop,
  type ToldStops,
  tellStops,
} from './told.ts';
export { configUnder, type InsideWalk, walkInside } from './walk.ts';
