/** Istio's release whose rules are walked. */
import type { SettingsProps } from './Controls.tsx';
import { SelectField } from './Field.tsx';

export function ReleaseField({ walked: { menu, release: walked }, state, onChange }: SettingsProps) {
  const release = state.release ?? walked;
  return (
    <>
      <SelectField
        label="Istio release"
        value={release}
        choices={[...(menu.releases.includes(release) ? [] : [release]), ...menu.releases.toReversed()].map(
          (name) => ({ value: name, label: name }),
        )}
        onChange={(chosen) => onChange({ ...state, release: chosen })}
      />
      {release !== menu.release && <p class="controls-note">This handbook speaks of {menu.release}.</p>}
    </>
  );
}
