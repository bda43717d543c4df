/** What of ambient mode's options cannot be: a mistake is an error, and then no rule is made. */
import { nearest, readAddress } from '../../netfilter/index.ts';
import { isSince, type ReleaseNumber, readRelease } from '../history/release.ts';
import { acquaintance, newestRelease } from '../history/release-names.ts';
import { ambientChanges } from './changes.ts';
import { type AmbientOptionName, type AmbientOptions, ambientDefaults } from './options.ts';

export type AmbientProblem = {
  readonly severity: 'error' | 'warning';
  /** The option's name, or `release`. */
  readonly option: string;
  readonly value: string;
} & (
  | { readonly code: 'unknown release' | 'no address' | 'no uid' | 'no interface' | 'no DNS setting' }
  | { readonly code: 'before ambient'; readonly first: string }
  | { readonly code: 'newer release'; readonly newest: string }
  | { readonly code: 'unknown option'; readonly meant: string | null }
  | { readonly code: 'wrong type'; readonly wanted: 'boolean' | 'string' }
);

type Fault = AmbientProblem extends infer P ? (P extends { readonly code: infer C } ? C : never) : never;

const address =
  (family: 'v4' | 'v6') =>
  (value: string): Fault | null =>
    readAddress(value)?.family === family ? null : 'no address';

/** An interface's name in the kernel has at most 15 bytes, and no blank nor slash. */
const isInterface = (name: string): boolean => /^[^\s/]{1,15}$/.test(name);

/** The options that are texts. */
type TextOption = {
  [O in AmbientOptionName]: AmbientOptions[O] extends string ? O : never;
}[AmbientOptionName];

const looks: Readonly<Record<TextOption, (value: string) => Fault | null>> = {
  hostProbeSNATAddress: address('v4'),
  hostProbeV6SNATAddress: address('v6'),
  kubeletUID: (value) => (/^\d{1,10}$/.test(value) && Number(value) < 2 ** 32 - 1 ? null : 'no uid'),
  virtualInterfaces: (value) =>
    value.split(',').every((name) => name.trim() === '' || isInterface(name.trim())) ? null : 'no interface',
  dnsProxy: (value) => (['unset', 'enabled', 'disabled'].includes(value) ? null : 'no DNS setting'),
};

/** The release's number, null where there are no rules for it, and all that is wrong. Never throws. */
export function checkAmbient(
  release: string,
  options: Partial<AmbientOptions>,
): { readonly number: ReleaseNumber | null; readonly problems: readonly AmbientProblem[] } {
  const number = typeof release === 'string' ? readRelease(release) : null;
  const known = number === null ? 'unknown' : acquaintance(number);
  const asked = { severity: 'error', option: 'release', value: String(release) } as const;
  if (number === null || known === 'unknown')
    return { number: null, problems: [{ ...asked, code: 'unknown release' }] };
  if (!isSince(number, ambientChanges.inPod))
    return {
      number: null,
      problems: [{ ...asked, code: 'before ambient', first: ambientChanges.inPod.since }],
    };
  const notices: readonly AmbientProblem[] =
    known === 'newer'
      ? [{ ...asked, severity: 'warning', code: 'newer release', newest: newestRelease }]
      : [];
  const defaults = new Map<string, unknown>(Object.entries(ambientDefaults(number)));
  const faults = Object.entries(options ?? {}).flatMap(([option, value]): readonly AmbientProblem[] => {
    const said = { severity: 'error', option, value: String(value) } as const;
    const wanted = typeof defaults.get(option);
    if (value === undefined) return [];
    if (wanted !== 'boolean' && wanted !== 'string')
      return [
        {
          ...said,
          severity: 'warning',
          code: 'unknown option',
          meant: nearest(option, [...defaults.keys()]),
        },
      ];
    if (typeof value !== wanted) return [{ ...said, code: 'wrong type', wanted }];
    const code = typeof value === 'string' ? looks[option as TextOption](value) : null;
    return code === null ? [] : [{ ...said, code } as AmbientProblem];
  });
  return { number, problems: [...notices, ...faults] };
}
