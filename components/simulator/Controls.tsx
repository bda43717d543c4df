/** Who calls whom, on which release, with which options. */
import { useState } from 'preact/hooks';
import {
  type Bound,
  handbookSetting,
  peers,
  pod,
  readEndpoint,
  type State,
  services,
} from '../../src/handbook/index.ts';
import { type OptionName, releases } from '../../src/istio/index.ts';
import type { Request } from '../../src/journey/index.ts';
import { printEndpoint } from '../../src/netfilter/index.ts';

export interface ControlsProps {
  readonly state: State;
  readonly bound: Bound;
  /** The rules are a real pod's: release and options have no say. */
  readonly isLab: boolean;
  readonly onChange: (state: State) => void;
  /** For what changes only what is shown. */
  readonly onShow: (state: State) => void;
}

const senders: readonly { readonly key: string; readonly label: string; readonly from: Request['from'] }[] = [
  { key: 'app', label: 'the app', from: { process: 'app' } },
  { key: 'Envoy', label: 'Envoy', from: { process: 'Envoy' } },
  { key: 'pilot-agent', label: 'pilot-agent', from: { process: 'pilot-agent' } },
  { key: 'remote', label: 'a remote pod', from: peers.remote },
  { key: 'prometheus', label: 'Prometheus', from: peers.prometheus },
];

const destinations: readonly { readonly label: string; readonly address: string; readonly port: number }[] = [
  { label: 'another Service', ...services.remote },
  { label: 'its own Service', ...services.own },
  { label: 'the address of the pod', ...pod },
  { label: 'localhost', address: '127.0.0.1', port: pod.port },
  { label: 'istiod', ...services.istiod },
];

const texts: readonly { readonly option: OptionName; readonly label: string }[] = [
  { option: 'inboundPortsExclude', label: 'Inbound ports excluded' },
  { option: 'outboundPortsExclude', label: 'Outbound ports excluded' },
  { option: 'outboundIPRangesInclude', label: 'Outbound ranges included' },
  { option: 'outboundIPRangesExclude', label: 'Outbound ranges excluded' },
];

export function Controls({ state, bound, isLab, onChange, onShow }: ControlsProps) {
  const { request, setting } = bound;
  const ask = (change: Partial<Request>) => onChange({ ...state, request: { ...state.request, ...change } });
  const sender = senderKey(request.from);
  return (
    <div class="controls">
      <label>
        <span>Who calls</span>
        <select
          value={sender}
          onChange={(event) => {
            const { value } = event.currentTarget;
            const known = senders.find(({ key }) => key === value);
            ask({ from: known?.from ?? { name: 'a process', uid: 1337, gid: 1337 } });
          }}
        >
          {senders.map(({ key, label }) => (
            <option value={key} key={key}>
              {label}
            </option>
          ))}
          <option value="custom">any uid and gid…</option>
        </select>
      </label>
      {'uid' in request.from && <OwnerFields from={request.from} onChange={(from) => ask({ from })} />}
      <Destination
        key={printEndpoint(request.address, request.port)}
        address={request.address}
        port={request.port}
        onChange={ask}
      />
      {!isLab && (
        <>
          <label>
            <span>Istio release</span>
            <select
              value={setting.release}
              onChange={(event) => onChange({ ...state, release: event.currentTarget.value })}
            >
              {releases.some(({ name }) => name === setting.release) ? null : (
                <option value={setting.release}>{setting.release}</option>
              )}
              {releases.toReversed().map(({ name }) => (
                <option value={name} key={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <details open={Object.keys(state.options ?? {}).length > 0}>
            <summary>Istio options</summary>
            {texts.map(({ option, label }) => (
              <OptionField
                key={`${option} ${String(bound.pod.options[option])}`}
                label={label}
                value={String(bound.pod.options[option])}
                onChange={(value) => onChange({ ...state, options: { ...state.options, [option]: value } })}
              />
            ))}
          </details>
        </>
      )}
      <label class="controls-check">
        <input
          type="checkbox"
          checked={state.replies === true}
          onChange={(event) => onShow({ ...state, replies: event.currentTarget.checked, step: 0 })}
        />
        <span>Show the answers too</span>
      </label>
      {!isLab && setting.release !== handbookSetting.release && (
        <p class="controls-note">This handbook speaks of {handbookSetting.release}.</p>
      )}
    </div>
  );
}

function senderKey(from: Request['from']): string {
  if ('process' in from) return from.process;
  if ('address' in from)
    return senders.find((one) => 'address' in one.from && one.from.address === from.address)?.key ?? 'custom';
  return 'custom';
}

interface OwnerFieldsProps {
  readonly from: Extract<Request['from'], { readonly uid: number }>;
  readonly onChange: (from: Request['from']) => void;
}

function OwnerFields({ from, onChange }: OwnerFieldsProps) {
  const field = (name: 'uid' | 'gid') => (
    <label>
      <span>{name}</span>
      <input
        type="number"
        min={0}
        max={4294967295}
        value={from[name]}
        onChange={(event) => {
          const value = Number(event.currentTarget.value);
          if (Number.isInteger(value) && value >= 0 && value <= 4294967295)
            onChange({ ...from, [name]: value });
        }}
      />
    </label>
  );
  return (
    <div class="controls-pair">
      {field('uid')}
      {field('gid')}
    </div>
  );
}

interface DestinationProps {
  readonly address: string;
  readonly port: number;
  readonly onChange: (change: { readonly address: string; readonly port: number }) => void;
}

function Destination({ address, port, onChange }: DestinationProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const known = destinations.find((one) => one.address === address && one.port === port);
  return (
    <>
      <label>
        <span>Calls</span>
        <select
          value={known?.label ?? ''}
          onChange={(event) => {
            const chosen = destinations.find(({ label }) => label === event.currentTarget.value);
            if (chosen !== undefined) onChange({ address: chosen.address, port: chosen.port });
          }}
        >
          {known === undefined && <option value="">another address</option>}
          {destinations.map(({ label }) => (
            <option value={label} key={label}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Address and port</span>
        <input
          type="text"
          inputMode="url"
          spellcheck={false}
          autocomplete="off"
          value={printEndpoint(address, port)}
          aria-invalid={problem !== null}
          onChange={(event) => {
            const read = readEndpoint(event.currentTarget.value);
            setProblem(
              read === null
                ? `"${event.currentTarget.value}" is no address and port; write 10.96.0.7:80 or [::1]:80.`
                : null,
            );
            if (read !== null) onChange(read);
          }}
        />
      </label>
      {problem !== null && (
        <p class="controls-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

interface OptionFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function OptionField({ label, value, onChange }: OptionFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="text"
        spellcheck={false}
        autocomplete="off"
        value={value}
        placeholder="none"
        onChange={(event) => onChange(event.currentTarget.value.trim())}
      />
    </label>
  );
}
