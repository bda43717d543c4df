/**
 * Options that Istio or iptables refuses, ignores, or understands otherwise than one would think.
 */
import { nearest } from '../../netfilter/index.ts';
import { at, type ReleaseNumber, readRelease } from '../history/release.ts';
import { acquaintance, nearestReleases, newestRelease, releaseNames } from '../history/release-names.ts';
import { optionKinds } from './kinds.ts';
import { checks } from './one-option.ts';
import { completeOptions, defaultOptions, type OptionName, type Options, optionNames } from './options.ts';
import type { OptionProblem } from './problem.ts';
import { combinations } from './together.ts';
import { understoodOptions } from './understood.ts';

/**
 * All that is wrong or surprising in options for a release, in the order of the options. Never throws, also for
 * values of other types than `Options` allows. Options that the release does not heed are not looked at: they
 * are `ignored` in what `rulesFor` answers. `newest` is the newest release that is known.
 */
export function checkOptions(
  release: string,
  options: Partial<Options> = {},
  newest: string = newestRelease,
): readonly OptionProblem[] {
  const number = typeof release === 'string' ? readRelease(release) : null;
  const known = number === null ? 'unknown' : acquaintance(number, newest);
  if (number === null || known === 'unknown') return [unknownRelease(print(release))];
  const notices: readonly OptionProblem[] = known === 'newer' ? [newerRelease(release, newest)] : [];
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return [
      ...notices,
      {
        severity: 'error',
        code: 'no record',
        option: 'options',
        value: print(given),
      },
    ];
  }
  const strange = Object.keys(given)
    .filter((name) => !(optionNames as readonly string[]).includes(name))
    .map((name) => unknownOption(name, (given as Record<string, unknown>)[name]));
  const wrongTypes = optionNames.flatMap((name) => checkType(name, (given as Record<string, unknown>)[name]));
  if (wrongTypes.length > 0) return [...notices, ...strange, ...wrongTypes];

  const complete = completeOptions(options);
  const looked = optionNames.filter((name) => isHeeded(name, number, complete) && isRead(name, complete));
  const alone = looked.flatMap((name) =>
    checks[optionKinds[name].kind](String(complete[name]), complete[name], name, number).map(
      (fault): OptionProblem => ({ ...fault, option: name }),
    ),
  );
  const understood = understoodOptions(complete, number);
  const together = alone.some(({ severity }) => severity === 'error')
    ? []
    : combinations.flatMap(([option, check]) =>
        looked.includes(option)
          ? check(understood, number).map((fault): OptionProblem => ({ ...fault, option }))
          : [],
      );
  return [...notices, ...strange, ...alone, ...together];
}

/** Mark and table are read in TPROXY mode alone: configureTProxyRoutes of tools/common/tproxy/run_linux.go, and the rules. */
function isRead(name: OptionName, { inboundInterceptionMode }: Options): boolean {
  const isOfTproxy = name === 'inboundTProxyMark' || name === 'inboundTProxyRouteTable';
  return !isOfTproxy || inboundInterceptionMode === 'TPROXY';
}

function unknownRelease(release: string): OptionProblem {
  return {
    severity: 'error',
    code: 'unknown release',
    option: 'release',
    value: release,
    nearest: nearestReleases(release),
    first: releaseNames[0] as string,
    last: newestRelease,
  };
}

function newerRelease(release: string, newest: string): OptionProblem {
  return { severity: 'warning', code: 'newer release', option: 'release', value: release, newest };
}

function unknownOption(name: string, value: unknown): OptionProblem {
  return {
    severity: 'warning',
    code: 'unknown option',
    option: name,
    value: print(value),
    meant: nearest(name, optionNames) as OptionName | null,
  };
}

function print(value: unknown): string {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? value.join(',') : 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function checkType(name: OptionName, value: unknown): readonly OptionProblem[] {
  if (value === undefined) return [];
  const example = defaultOptions[name];
  const wrong = (wanted: 'addresses' | 'boolean' | 'string'): readonly OptionProblem[] => [
    {
      severity: 'error',
      code: 'wrong type',
      option: name,
      value: print(value),
      wanted,
      example: String(example),
    },
  ];
  if (Array.isArray(example)) {
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? [] : wrong('addresses');
  }
  if (typeof value === typeof example) return [];
  return wrong(typeof example === 'boolean' ? 'boolean' : 'string');
}

/** True where a release heeds an option for one family at least, and the CNI plugin does where it is asked. */
function isHeeded(name: OptionName, release: ReleaseNumber, options: Options): boolean {
  const { since } = optionKinds[name];
  if (since !== undefined && at(since, release, 'v4') === null && at(since, release, 'v6') === null)
    return false;
  return !(options.cni && notOfCni.includes(name));
}

const notOfCni: readonly OptionName[] = [
  'ownerGroupsInclude',
  'ownerGroupsExclude',
  'hostIPv4LoopbackCidr',
  'captureAllDNS',
  'dnsServersV4',
  'dnsServersV6',
];
