/** The mesh around an enrolled pod: what no rule in it says, and what decides all the same. */
import { type AmbientMeshChoice, meshChoices } from '../../src/handbook/scenarios/index.ts';
import type { SettingsProps } from './Controls.tsx';
import { SelectField } from './Field.tsx';

export const meshFields: readonly { readonly choice: keyof AmbientMeshChoice; readonly label: string }[] = [
  { choice: 'peerAuthentication', label: 'PeerAuthentication' },
  { choice: 'waypoint', label: 'Waypoint' },
  { choice: 'ztunnel', label: 'ztunnel' },
];

export function MeshFields({ walked: { ambient }, state, onChange }: SettingsProps) {
  if (ambient?.mesh === undefined) return null;
  const mesh = { ...ambient.mesh, ...state.mesh };
  return (
    <>
      {meshFields.map(({ choice, label }) => (
        <SelectField
          key={choice}
          label={label}
          value={mesh[choice]}
          choices={meshChoices[choice].map((value) => ({ value, label: value }))}
          onChange={(value) => onChange({ ...state, mesh: { ...state.mesh, [choice]: value } })}
        />
      ))}
    </>
  );
}
