/**
 * What the Envoy of the handbook's pod does with a connection, step by step. A door of its own: what reads and walks its
 * configuration is loaded where it is asked for.
 */
export { type EnvoyCall, type EnvoyCallName, envoyCallNamed, envoyCalls } from './calls.ts';
export { type MeshChoice, type MeshService, mutualTlsModes, outboundPolicies } from './mesh.ts';
export { type DrawnChain, type DrawnListener, drawnMesh, type EnvoyPicture, pictureOf } from './picture.ts';
export { configUnder, type InsideWalk, walkInside } from './walk.ts';
