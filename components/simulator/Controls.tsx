/** Who calls whom, on which release, with which options. */
import { useState } from 'preact/hooks';
import {
  type Bound,
  exampleCalls,
  exampleSenders,
  handbookSetting,
  inFamilyOf,
  readEndpoint,
  type State,
} from '../../src/handbook/index.ts';
import { releases } from '../../src/istio/index.ts';
import type { Request } from '../../src/journey/index.ts';
import { printEndpoint, readAddress } from '../../src/netfilter/index.ts';
import { CheckField, NumberField, SelectField, TextField } from './Field.tsx';
import { OptionFields } from './OptionFields.tsx';

export interface ControlsProps {
  readonly state: State;
  readonly bound: Bound;
  /** The rules are a real pod's: release and options have no say. */
  readonly isLab: boolean;
  readonly onChange: (state: State) => void;
  /** For what changes only what is shown. */
  readonly onShow: (state: State) => void;
}

export function Controls({ state, bound, isLab, onChange, onShow }: ControlsProps) {
  const { request, setting } = bound;
  const ask = (change: Partial<Request>) => {
    onChange({ ...state, request: inFamilyOf({ ...request, ...change }) });
  };
  return (
    <div class="controls">
      <Sender request={request} onChange={(from) => ask({ from })} />
      <Destination request={request} hasV6={bound.pod.options.enableIPv6} onChange={ask} />
      {!isLab && (
        <>
          <SelectField
            label="Istio release"
            value={setting.release}
            choices={[
              ...(releases.some(({ name }) => name === setting.release) ? [] : [setting.release]),
              ...releases.toReversed().map(({ name }) => name),
            ].map((name) => ({ value: name, label: name }))}
            onChange={(release) => onChange({ ...state, release })}
          />
          {setting.release !== handbookSetting.release && (
            <p class="controls-note">This handbook speaks of {handbookSetting.release}.</p>
          )}
          <OptionFields
            options={bound.pod.options}
            changed={state.options ?? {}}
            onChange={(options) => onChange({ ...state, options })}
          />
        </>
      )}
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
  readonly onChange: (from: Request['from']) => void;
}

const anyOwner = 'any uid and gid';
const anyPeer = 'any peer';

function Sender({ request: { from }, onChange }: SenderProps) {
  const isPeer = 'address' in from;
  const known = exampleSenders.find(({ from: one }) =>
    'process' in from
      ? 'process' in one && one.process === from.process
      : isPeer && 'address' in one && one.name === from.name,
  );
  return (
    <>
      <SelectField
        label="Who calls"
        value={known?.label ?? (isPeer ? anyPeer : anyOwner)}
        choices={[...exampleSenders.map(({ label }) => label), anyOwner, anyPeer].map((label) => ({
          value: label,
          label: label === anyOwner || label === anyPeer ? `${label}…` : label,
        }))}
        onChange={(label) => {
          const chosen = exampleSenders.find((one) => one.label === label);
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
          isNumeric
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
  readonly hasV6: boolean;
  readonly onChange: (change: Partial<Request>) => void;
}

function Destination({ request, hasV6, onChange }: DestinationProps) {
  const [tries, setTries] = useState(0);
  const { address, port, protocol = 'tcp' } = request;
  const calls = exampleCalls.filter(({ isV6 }) => hasV6 || !isV6);
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
          onChange({ address: chosen.address, port: chosen.port, protocol: chosen.protocol });
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
