/** Who calls whom, on which release, with which options. */
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import {
  inFamilyOf,
  type Menu,
  readEndpoint,
  type State,
  type Walked,
} from '../../src/handbook/walk/index.ts';
import type { Request } from '../../src/journey/index.ts';
import { printEndpoint, readAddress } from '../../src/netfilter/index.ts';
import { CheckField, NumberField, SelectField, TextField } from './Field.tsx';

export interface ControlsProps {
  readonly walked: Walked;
  /** What is asked for, which is ahead of what is shown while it is being walked. */
  readonly state: State;
  /** What else can be changed; of a real pod, whose menu has no releases, the mesh around it alone. */
  readonly settings?: ComponentType<SettingsProps> | undefined;
  readonly onChange: (state: State) => void;
  /** For what changes only what is shown. */
  readonly onShow: (state: State) => void;
}

/** What the fields of the options are given. */
export interface SettingsProps {
  readonly walked: Walked;
  readonly state: State;
  readonly onChange: (state: State) => void;
}

export function Controls({ walked, state, settings: Settings, onChange, onShow }: ControlsProps) {
  const { menu, scenario } = walked;
  const request: Request = { ...scenario.request, ...state.request };
  // Ambient mode leaves the pod's IPv6 as it is, captured or not.
  const hasV6 = walked.ambient !== undefined || { ...walked.options, ...state.options }.enableIPv6 === true;
  const release = state.release ?? walked.release;
  const ask = (change: Partial<Request>) =>
    onChange({ ...state, request: inFamilyOf({ ...request, ...change }, menu) });
  return (
    <div class="controls">
      <Sender request={request} menu={menu} onChange={(from) => ask({ from })} />
      <Destination request={request} menu={menu} hasV6={hasV6} onChange={ask} />
      {Settings && menu.releases[0] && (
        <>
          <SelectField
            label="Istio release"
            value={release}
            choices={[...new Set(menu.releases).add(release)]
              .reverse()
              .map((name) => ({ value: name, label: name }))}
            onChange={(chosen) => onChange({ ...state, release: chosen })}
          />
          {release !== menu.release && <p class="controls-note">This handbook speaks of {menu.release}.</p>}
        </>
      )}
      {Settings && <Settings walked={walked} state={state} onChange={onChange} />}
      <CheckField
        label="Show the answers too"
        checked={state.replies === true}
        onChange={(replies) => onShow({ ...state, replies, step: 0 })}
      />
    </div>
  );
}

interface SenderProps {
  readonly request: Request;
  readonly menu: Menu;
  readonly onChange: (from: Request['from']) => void;
}

const anyOwner = 'any uid and gid';
const anyPeer = 'any peer';

function Sender({ request: { from }, menu: { senders }, onChange }: SenderProps) {
  const isPeer = 'address' in from;
  const alike = senders.filter(({ from: one }) =>
    'process' in from
      ? 'process' in one && one.process === from.process
      : isPeer && 'address' in one && one.name === from.name,
  );
  const known =
    alike.find(({ from: one }) => isPeer && 'address' in one && one.address === from.address) ?? alike[0];
  return (
    <>
      <SelectField
        label="Who calls"
        value={known?.label ?? (isPeer ? anyPeer : anyOwner)}
        choices={[...senders.map(({ label }) => label), anyOwner, anyPeer].map((label) => ({
          value: label,
          label: label === anyOwner || label === anyPeer ? `${label}…` : label,
        }))}
        onChange={(label) => {
          const chosen = senders.find((one) => one.label === label);
          if (chosen !== undefined) onChange(chosen.from);
          else if (label === anyOwner) onChange({ name: 'a process', uid: 1337, gid: 1337 });
          else onChange({ name: 'peer', address: '203.0.113.10' });
        }}
      />
      {'uid' in from && (
        <div class="controls-pair">
          <NumberField
            label="uid"
            value={from.uid}
            most={4294967295}
            onChange={(uid) => onChange({ ...from, uid })}
          />
          <NumberField
            label="gid"
            value={from.gid}
            most={4294967295}
            onChange={(gid) => onChange({ ...from, gid })}
          />
        </div>
      )}
      {isPeer && known === undefined && (
        <TextField
          label="Address of the peer"
          value={from.address}
          problemOf={(text) =>
            readAddress(text) === null ? `"${text}" is no address; write 203.0.113.10 or 2001:db8::10.` : null
          }
          onChange={(address) => onChange({ name: 'peer', address })}
        />
      )}
    </>
  );
}

interface DestinationProps {
  readonly request: Request;
  readonly menu: Menu;
  readonly hasV6: boolean;
  readonly onChange: (change: Partial<Request>) => void;
}

function Destination({ request, menu, hasV6, onChange }: DestinationProps) {
  const [tries, setTries] = useState(0);
  const { address, port, protocol = 'tcp' } = request;
  const calls = menu.calls.filter(({ isV6 }) => hasV6 || !isV6);
  const known = calls.find(
    (one) => one.address === address && one.port === port && one.protocol === protocol,
  );
  return (
    <>
      <SelectField
        label="Calls"
        value={known?.label ?? ''}
        choices={[
          ...(known === undefined ? [{ value: '', label: 'another address' }] : []),
          ...calls.map(({ label }) => ({ value: label, label })),
        ]}
        onChange={(label) => {
          const chosen = calls.find((one) => one.label === label);
          if (chosen === undefined) return;
          setTries(tries + 1);
          const { address, port, protocol, path } = chosen;
          onChange({ address, port, protocol, ...(path && { path }) });
        }}
      />
      <TextField
        key={tries}
        label="Address and port"
        value={printEndpoint(address, port)}
        problemOf={(text) =>
          readEndpoint(text) === null
            ? `"${text}" is no address and port; write 10.96.0.7:80 or [::1]:80.`
            : null
        }
        onChange={(text) => {
          const read = readEndpoint(text);
          if (read !== null) onChange(read);
        }}
      />
      <SelectField
        label="Protocol"
        value={protocol}
        choices={[...new Set(['tcp', 'udp', protocol])].map((value) => ({ value, label: value }))}
        onChange={(value) => onChange({ protocol: value })}
      />
    </>
  );
}
