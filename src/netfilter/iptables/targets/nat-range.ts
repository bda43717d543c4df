/** Where DNAT and SNAT rewrite to: `10.0.0.1`, `10.0.0.1-10.0.0.9:80-90`, `[fd00::1]:80`, `:80`. */
import type { AddressChoice } from '../../kernel/nat.ts';
import { printAddress } from '../../model/address.ts';
import type { Family } from '../../model/ruleset.ts';
import { type Action, type Option, type OptionForm, optionValue, targetOption } from '../extension.ts';
import {
  type AddressRange,
  nothing,
  oneWord,
  readAddressRange,
  readNumber,
  toPorts,
  type ValueRange,
} from '../values.ts';

export interface NatRange {
  readonly addresses?: AddressRange;
  readonly ports?: ValueRange;
  /** The port that the first of the range stands for. */
  readonly basePort?: number;
}

function read(text: string, family: Family): NatRange | null {
  const { address, ports } = apart(text, family);
  const addresses = address === '' ? undefined : readAddressRange(address, family);
  if (addresses === null) return null;
  if (ports === null) return addresses === undefined ? null : { addresses };
  const [range = '', base, more] = ports.split('/');
  const read = toPorts.read([range], family);
  const basePort = base === undefined ? undefined : readNumber(base, 65535);
  if (read === null || basePort === null || more !== undefined) return null;
  return {
    ...(addresses === undefined ? {} : { addresses }),
    ports: read,
    ...(basePort === undefined ? {} : { basePort }),
  };
}

function apart(text: string, family: Family): { readonly address: string; readonly ports: string | null } {
  if (family === 'v6' && !text.startsWith(':') && !text.startsWith('['))
    return { address: text, ports: null };
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    const rest = text.slice(end + 1);
    return {
      address: text.slice(1, end),
      ports: rest.startsWith(':') ? rest.slice(1) : rest === '' ? null : '?',
    };
  }
  if (family === 'v6' && text.startsWith('::')) return { address: text, ports: null };
  const colon = text.indexOf(':');
  return colon < 0
    ? { address: text, ports: null }
    : { address: text.slice(0, colon), ports: text.slice(colon + 1) };
}

function print({ addresses, ports, basePort }: NatRange, family: Family): string {
  const [first, last] = addresses ?? [];
  const address =
    first === undefined || last === undefined
      ? ''
      : first === last
        ? printAddress(family, first)
        : `${printAddress(family, first)}-${printAddress(family, last)}`;
  if (ports === undefined) return address;
  const text = `${toPorts.print(ports, family)}${basePort === undefined ? '' : `/${basePort}`}`;
  return `${address !== '' && family === 'v6' ? `[${address}]` : address}:${text}`;
}

export const natRange = oneWord<NatRange>('address, port or both', read, print);

export const randomOption: OptionForm = targetOption<null>({
  name: '--random',
  negatable: false,
  value: nothing,
});
export const fullyRandomOption: OptionForm = targetOption<null>({
  name: '--random-fully',
  negatable: false,
  value: nothing,
});
export const persistentOption: OptionForm = targetOption<null>({
  name: '--persistent',
  negatable: false,
  value: nothing,
});

export function isRandom(options: readonly Option[]): boolean {
  return options.some(({ name }) => name === '--random' || name === '--random-fully');
}

/** What the options ask NAT to write. */
export function natAction(options: readonly Option[], name: string, side: AddressChoice['side']): Action {
  const { addresses, ports, basePort } = optionValue<NatRange>(options, name) ?? {};
  return {
    verdict: { kind: 'accept' },
    nat: {
      side,
      ...(addresses === undefined ? {} : { addresses }),
      ...(ports === undefined ? {} : { ports }),
      ...(basePort === undefined ? {} : { basePort }),
      ...(isRandom(options) ? { isRandom: true } : {}),
    },
  };
}
