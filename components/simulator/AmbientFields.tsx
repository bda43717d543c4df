/** The mesh around the pod, and the options of ambient mode that the release heeds and that change where a connection goes. */
import type { AmbientOptionName } from '../../src/istio/index.ts';
import type { SettingsProps } from './Controls.tsx';
import { CheckField, SelectField, TextField } from './Field.tsx';
import { MeshFields } from './MeshFields.tsx';

export const ambientFields: readonly { readonly option: AmbientOptionName; readonly label: string }[] = [
  { option: 'nativeNftables', label: 'Native nftables' },
  { option: 'tproxyRedirection', label: 'Inbound by TPROXY, not REDIRECT' },
  { option: 'enableIPv6', label: 'IPv6 is captured' },
  { option: 'redirectDNS', label: 'Capture DNS' },
  { option: 'dnsProxy', label: 'DNS capture of this pod' },
  { option: 'ingressMode', label: 'Ingress mode: inbound is not captured' },
  { option: 'virtualInterfaces', label: 'Interfaces of a virtual machine' },
  { option: 'hostProbeSNATAddress', label: 'Address of probes' },
  { option: 'hostProbeV6SNATAddress', label: 'Address of probes, IPv6' },
];

const dnsSettings = ['unset', 'enabled', 'disabled'].map((value) => ({ value, label: value }));

export function AmbientFields(asked: SettingsProps) {
  return (
    <>
      <MeshFields {...asked} />
      <OfAmbient {...asked} />
    </>
  );
}

function OfAmbient({ walked: { ambient }, state, onChange }: SettingsProps) {
  if (ambient === undefined) return null;
  const changed = state.ambient ?? {};
  const options = { ...ambient.options, ...changed };
  const set = (option: AmbientOptionName, value: string | boolean) =>
    onChange({ ...state, ambient: { ...changed, [option]: value } });
  return (
    <details open={Object.keys(changed).length > 0}>
      <summary>Istio options</summary>
      {ambientFields.map(({ option, label }) => {
        if (!ambient.heeded.includes(option)) return null;
        const value = options[option];
        if (typeof value === 'boolean')
          return (
            <CheckField key={option} label={label} checked={value} onChange={(next) => set(option, next)} />
          );
        const field = { label, value, onChange: (next: string) => set(option, next) };
        return option === 'dnsProxy' ? (
          <SelectField key={option} {...field} choices={dnsSettings} />
        ) : (
          <TextField key={option} {...field} placeholder="none" />
        );
      })}
    </details>
  );
}
