/** Whether a `handbook.config.ts` can be published: every key, before anything is made of it. */
import type { Handbook } from '../../../handbook.config.ts';
import { checkOptions, newestRelease, optionNames, releases } from '../../istio/index.ts';
import { nearest, readAddress } from '../../netfilter/index.ts';
import type { SettingKind, SettingProblem } from '../../words/index.ts';
import { contrast, readColour } from './colour.ts';

/** What a setting is compared with. */
export interface SettingPlace {
  /** The files in `public/`, each with a slash in front: `/logo.svg`. */
  readonly files: readonly string[];
  /** The page's ground, as CSS colours. */
  readonly ground: { readonly light: string; readonly dark: string };
}

interface Key {
  readonly kind: SettingKind;
  readonly isOptional?: boolean;
  readonly keys?: Keys;
}
type Keys = Readonly<Record<string, Key>>;

const colour: Key = { kind: 'colour' };

/** Every key of a record; one that may be absent says so. */
type KeysOf<R> = {
  readonly [K in keyof R]-?: Key & (object extends Pick<R, K> ? { readonly isOptional: true } : unknown);
};

const settingKeys: KeysOf<Handbook> = {
  title: { kind: 'text' },
  description: { kind: 'text' },
  site: { kind: 'host', isOptional: true },
  base: { kind: 'base' },
  logo: { kind: 'file', isOptional: true },
  accent: {
    kind: 'record',
    isOptional: true,
    keys: { light: colour, dark: colour } satisfies KeysOf<NonNullable<Handbook['accent']>>,
  },
  editBase: { kind: 'address of the web', isOptional: true },
  lastChange: { kind: 'switch', isOptional: true },
  contact: {
    kind: 'record',
    isOptional: true,
    keys: { text: { kind: 'text' }, href: { kind: 'link', isOptional: true } } satisfies KeysOf<
      NonNullable<Handbook['contact']>
    >,
  },
  offline: { kind: 'switch', isOptional: true },
  release: { kind: 'release' },
  options: { kind: 'options' },
  pod: {
    kind: 'record',
    keys: {
      name: { kind: 'text' },
      address: { kind: 'address of a pod' },
      port: { kind: 'port' },
      uid: { kind: 'id' },
      gid: { kind: 'id' },
    } satisfies KeysOf<Handbook['pod']>,
  },
};

const leastContrast = 4.5;

/** All that is wrong, in the order of the keys. Never throws, whatever stands in the file. */
export function checkSettings(settings: unknown, place: SettingPlace): readonly SettingProblem[] {
  if (!isRecord(settings)) return [anotherKind('handbook', settings, 'record')];
  const shape = checkKeys(settings, settingKeys, '');
  const wrong = new Set(shape.map(({ key }) => key));
  const isSound = (key: string) => !wrong.has(key);
  return [
    ...shape,
    ...(isSound('logo') ? checkFile(settings.logo, place.files) : []),
    ...checkAccent(settings.accent, isSound, place.ground),
    ...(isSound('release') && isSound('options') ? checkRelease(settings.release, settings.options) : []),
  ];
}

function checkKeys(record: Readonly<Record<string, unknown>>, keys: Keys, above: string): SettingProblem[] {
  const known = Object.keys(keys);
  const strange = Object.keys(record)
    .filter((name) => !known.includes(name))
    .map((name): SettingProblem => {
      const isOption = above === '' && (optionNames as readonly string[]).includes(name);
      const meant = isOption ? `options.${name}` : nearest(name, known);
      return { code: 'no such key', key: above + name, meant, known };
    });
  const wrong = Object.entries(keys).flatMap(
    ([name, { kind, isOptional, keys: inner }]): SettingProblem[] => {
      const key = above + name;
      const value = record[name];
      if (value === undefined)
        return isOptional === true ? [] : [{ code: 'key missing', key, expected: kind }];
      if (!accepts[kind](value)) return [anotherKind(key, value, kind)];
      return inner !== undefined && isRecord(value) ? checkKeys(value, inner, `${key}.`) : [];
    },
  );
  return [...strange, ...wrong];
}

const accepts: Readonly<Record<SettingKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value.trim() !== '',
  switch: (value) => typeof value === 'boolean',
  record: isRecord,
  options: isRecord,
  host: (value) => isWeb(value) && new URL(value).pathname === '/' && !/[?#]/.test(value),
  base: (value) => typeof value === 'string' && /^\/(?:[\w.~-]+\/)*$/.test(value) && !/\/\.\.?\//.test(value),
  file: (value) => typeof value === 'string' && /^\/[^?#]+$/.test(value),
  colour: (value) => typeof value === 'string' && readColour(value) !== null,
  'address of the web': isWeb,
  link: (value) =>
    isWeb(value) || (typeof value === 'string' && /^(?:mailto:[^\s@]+@\S+|\/(?!\/)\S*|#\S+)$/.test(value)),
  release: (value) => typeof value === 'string' && value.trim() !== '',
  'address of a pod': (value) => {
    const [, address = '', bits] = /^([\d.]+)\/(\d{1,2})$/.exec(typeof value === 'string' ? value : '') ?? [];
    return readAddress(address)?.family === 'v4' && Number(bits) <= 32;
  },
  port: (value) => isWhole(value, 1, 65535),
  id: (value) => isWhole(value, 0, 4294967294),
};

function checkFile(logo: unknown, files: readonly string[]): SettingProblem[] {
  if (typeof logo !== 'string' || files.includes(logo)) return [];
  return [{ code: 'no such file', key: 'logo', found: logo, meant: nearest(logo, files) }];
}

function checkAccent(
  accent: unknown,
  isSound: (key: string) => boolean,
  ground: SettingPlace['ground'],
): SettingProblem[] {
  if (!isRecord(accent)) return [];
  return (['light', 'dark'] as const).flatMap((scheme): SettingProblem[] => {
    const key = `accent.${scheme}`;
    const found = accent[scheme];
    const [one, other] = [typeof found === 'string' ? readColour(found) : null, readColour(ground[scheme])];
    if (!isSound(key) || one === null || other === null) return [];
    const seen = contrast(one, other);
    if (seen >= leastContrast) return [];
    const least = leastContrast;
    return [
      { code: 'little contrast', key, found: String(found), ground: ground[scheme], contrast: seen, least },
    ];
  });
}

function checkRelease(release: unknown, options: unknown): SettingProblem[] {
  const problems = checkOptions(String(release), options as object);
  return problems.flatMap((problem): SettingProblem[] => {
    // A newer release has rules that nobody has compared: published, they would be guesses.
    if (problem.code === 'unknown release' || problem.code === 'newer release') {
      const nearestOnes = problem.code === 'unknown release' ? problem.nearest : [newestRelease];
      const range = { oldest: releases[0]?.name ?? '', newest: newestRelease };
      return [
        { code: 'release unknown', key: 'release', found: String(release), ...range, nearest: nearestOnes },
      ];
    }
    if (problem.severity !== 'error' && problem.code !== 'unknown option') return [];
    const found = JSON.stringify((options as Readonly<Record<string, unknown>>)[problem.option]);
    return [{ code: 'option problem', key: `options.${problem.option}`, found, problem }];
  });
}

function anotherKind(key: string, value: unknown, expected: SettingKind): SettingProblem {
  return {
    code: 'another kind',
    key,
    found: typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? 'undefined'),
    expected,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWeb(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/[^\s/]/.test(value) && URL.canParse(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
