/** The parts of a link that an enrolled pod of ambient mode heeds. */
import { type AmbientOptions, ambientDefaults, type ReleaseNumber } from '../../istio/index.ts';
import { type AmbientMeshChoice, meshChoices } from '../scenarios/ambient-mesh.ts';

/** The options of ambient mode have the same names and kinds in every release. */
const anyRelease: ReleaseNumber = [1, 31, 0];

/** An option of ambient mode as a link says it; null where there is none of this name. */
export function readAmbientOption(name: string, text: string): Partial<AmbientOptions> | null {
  const usual = new Map(Object.entries(ambientDefaults(anyRelease))).get(name);
  if (usual === undefined) return null;
  return { [name]: typeof usual === 'boolean' ? text === 'true' : text };
}

/** A choice of the mesh as a link says it; null where there is none of this name and text. */
export function readAmbientMesh(name: string, text: string): AmbientMeshChoice | null {
  const choices = new Map<string, readonly string[]>(Object.entries(meshChoices)).get(name);
  return choices?.includes(text) === true ? { [name]: text } : null;
}
