/** The options of Istio that change where a connection goes, each as the option itself wants it. */
import type { ShownOption } from '../../src/handbook/walk/index.ts';
import type { SettingsProps } from './Controls.tsx';
import { CheckField, SelectField, TextField } from './Field.tsx';

export const optionFields: readonly { readonly option: ShownOption; readonly label: string }[] = [
  { option: 'inboundPortsInclude', label: 'Inbound ports captured' },
  { option: 'inboundPortsExclude', label: 'Inbound ports excluded' },
  { option: 'outboundPortsInclude', label: 'Outbound ports captured too' },
  { option: 'outboundPortsExclude', label: 'Outbound ports excluded' },
  { option: 'outboundIPRangesInclude', label: 'Outbound ranges captured' },
  { option: 'outboundIPRangesExclude', label: 'Outbound ranges excluded' },
  { option: 'excludeInterfaces', label: 'Interfaces excluded' },
  { option: 'proxyUID', label: 'uid of the proxy' },
  { option: 'proxyGID', label: 'gid of the proxy' },
  { option: 'redirectDNS', label: 'Capture DNS' },
  { option: 'captureAllDNS', label: 'DNS to any server' },
  { option: 'dropInvalid', label: 'Drop invalid packets' },
  { option: 'enableIPv6', label: 'The pod has IPv6' },
  { option: 'cni', label: 'Set up by the CNI plugin' },
  { option: 'nativeNftables', label: 'Native nftables' },
];

export function OptionFields({ walked, state, onChange }: SettingsProps) {
  const { menu } = walked;
  const changed = state.options ?? {};
  if (walked.options === null) return null;
  const options = { ...walked.options, ...changed };
  const set = (option: ShownOption, value: string | boolean) => {
    const servers = option === 'redirectDNS' && value === true && options.dnsServersV4.length === 0;
    const next = { ...changed, [option]: value, ...(servers ? { dnsServersV4: [menu.dnsServer] } : {}) };
    onChange({ ...state, options: next });
  };
  return (
    <details open={Object.keys(changed).length > 0}>
      <summary>Istio options</summary>
      <SelectField
        label="Interception mode"
        value={options.inboundInterceptionMode}
        choices={menu.modes.map((mode) => ({ value: mode, label: mode }))}
        onChange={(mode) => set('inboundInterceptionMode', mode)}
      />
      {optionFields.map(({ option, label }) => {
        const value = options[option];
        return typeof value === 'boolean' ? (
          <CheckField
            key={option}
            label={label}
            checked={value}
            onChange={(checked) => set(option, checked)}
          />
        ) : (
          <TextField
            key={option}
            label={label}
            value={String(value)}
            placeholder="none"
            onChange={(text) => set(option, text)}
          />
        );
      })}
    </details>
  );
}
