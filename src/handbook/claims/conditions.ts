/**
 * For which settings a page or a passage holds. A writer states it as attributes of `<Where>`, or below `where:` in
 * the front matter of a page; each is judged by the engine's own data, and all of them have to hold:
 *
 *     <Where option="inboundInterceptionMode=TPROXY" since="selfCallMark">
 */
import {
  allPlaces,
  ambientRulesFor,
  checkOptions,
  completeOptions,
  isOptionName,
  isRole,
  isSince,
  newestRelease,
  type OptionName,
  optionNames,
  readRelease,
  roles,
  rulesFor,
  type SidecarRules,
} from '../../istio/index.ts';
import { optionProblemText } from '../../words/index.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import { handbookSetting, type Setting } from '../scenarios/setting.ts';
import { milestone } from './names.ts';

/** One condition, as the writer states it. */
export interface StatedCondition {
  readonly kind: ConditionKind;
  readonly value: string;
}

export type ConditionKind = keyof typeof kinds;

/** True where it holds, false where it does not; a text is what is wrong with it. */
type Judge = (value: string, setting: Setting) => boolean | string;

const kinds = {
  /** `redirectDNS=true`, `inboundInterceptionMode!=TPROXY`; several, apart by spaces, must all be so. */
  option: (value, setting) => all(value, (word) => optionIs(word, setting)),
  /** The rules have this role. */
  rule: (value, setting) => all(value, (role) => hasRule(role, setting)),
  /** The rules do not have this role. */
  noRule: (value, setting) => all(value, (role) => not(hasRule(role, setting))),
  /** The rules are made with this, where there are any. */
  rules: (value, setting) => areMadeWith(value, setting),
  /** The release is this one or a later one: a release, or the name of a change. */
  since: (value, setting) => isReleaseSince(value, setting),
  /** The release is an earlier one. */
  before: (value, setting) => not(isReleaseSince(value, setting)),
} as const satisfies Readonly<Record<string, Judge>>;

export const conditionKinds = Object.keys(kinds) as readonly ConditionKind[];

export function isConditionKind(name: string): name is ConditionKind {
  return Object.hasOwn(kinds, name);
}

/** Whether a condition holds under a setting; a text is what is wrong with the condition. */
export function judgeCondition(
  { kind, value }: StatedCondition,
  setting: Setting = handbookSetting,
): boolean | string {
  return kinds[kind](value, setting);
}

/** Whether all hold. A condition that cannot be judged counts as one that does: its passage is checked then. */
export function allHold(conditions: readonly StatedCondition[], setting: Setting = handbookSetting): boolean {
  return conditions.every((condition) => judgeCondition(condition, setting) !== false);
}

function all(value: string, one: (word: string) => boolean | string): boolean | string {
  const words = value.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return 'found a condition that says nothing';
  const answers = words.map(one);
  return answers.find((answer) => typeof answer === 'string') ?? !answers.includes(false);
}

function not(answer: boolean | string): boolean | string {
  return typeof answer === 'string' ? answer : !answer;
}

/** `redirectDNS=true` in its parts; an empty operator where it is none. */
function readOption(word: string) {
  const [, name = '', operator = '', value = ''] = /^(\w+)(!?=)(.*)$/.exec(word) ?? [];
  return { name, operator, value };
}

function optionIs(word: string, { options }: Setting): boolean | string {
  const { name, operator, value: expected } = readOption(word);
  if (operator === '') return `found "${word}"; expected OPTION=VALUE or OPTION!=VALUE`;
  if (!isOptionName(name)) return unknown('option', name, optionNames);
  const value = completeOptions(options)[name];
  if (typeof value === 'boolean' && expected !== 'true' && expected !== 'false') {
    return `found "${word}"; ${name} is a switch: true or false`;
  }
  const refused = refusedValue(name, Array.isArray(value) ? expected.split(',') : expected);
  if (refused !== undefined) return refused;
  const is = Array.isArray(value) ? value.join(',') : String(value);
  return (is === expected) === (operator === '=');
}

/** What is wrong with a value that no pod could have. */
function refusedValue(name: OptionName, value: string | readonly string[]): string | undefined {
  if (value === 'true' || value === 'false') return undefined;
  const problems = checkOptions(newestRelease, { [name]: value });
  const refused = problems.find(({ severity, option }) => severity === 'error' && option === name);
  return refused === undefined ? undefined : optionProblemText(refused);
}

function hasRule(role: string, setting: Setting): boolean | string {
  if (!isRole(role)) return unknown('role', role, roles);
  return allPlaces(ofSetting(setting)).some((placed) => placed.role === role);
}

function ofSetting(setting: Setting): SidecarRules {
  return setting === handbookSetting ? rulesUnder() : rulesFor(setting.release, setting.options);
}

/** What can make the rules of a sidecar's pod, and those of ambient mode. */
const makers = {
  iptables: (setting) => ofSetting(setting).nft === null,
  nft: (setting) => ofSetting(setting).nft !== null,
  'ambient iptables': (setting) => !isAmbientNative(setting),
  'ambient nft': (setting) => isAmbientNative(setting),
} as const satisfies Readonly<Record<string, (setting: Setting) => boolean>>;

const makerWords: Readonly<Record<keyof typeof makers, string>> = {
  iptables: 'with rules of iptables',
  nft: 'with native nftables',
  'ambient iptables': 'with rules of iptables',
  'ambient nft': 'with native nftables',
};

function isAmbientNative({ release, options: { nativeNftables = false } }: Setting): boolean {
  return ambientRulesFor(release, { nativeNftables }).pod.nft !== null;
}

function isMaker(name: string): name is keyof typeof makers {
  return Object.hasOwn(makers, name);
}

function areMadeWith(value: string, setting: Setting): boolean | string {
  return isMaker(value) ? makers[value](setting) : unknown('maker of rules', value, Object.keys(makers));
}

function isReleaseSince(value: string, { release }: Setting): boolean | string {
  const since = /^\d/.test(value) ? knownRelease(value) : milestone(value);
  if (typeof since === 'string') return since;
  const number = readRelease(release);
  return number !== null && isSince(number, since.release);
}

function knownRelease(value: string): { readonly release: string } | string {
  const refused = checkOptions(value).find(({ option }) => option === 'release');
  return refused === undefined ? { release: value } : optionProblemText(refused);
}

/** For which settings, in words that go on after "holds": `with redirectDNS`, `since Istio 1.11`. */
export function conditionWords({ kind, value }: StatedCondition): string {
  switch (kind) {
    case 'option':
      return value.trim().split(/\s+/).map(optionWords).join(' and ');
    case 'rule':
      return `where there is a rule ${value}`;
    case 'noRule':
      return `where there is no rule ${value}`;
    case 'rules':
      return isMaker(value) ? makerWords[value] : value;
    case 'since':
      return `since Istio ${releaseIn(value)}`;
    case 'before':
      return `before Istio ${releaseIn(value)}`;
  }
}

function optionWords(word: string): string {
  const { name, operator, value } = readOption(word);
  if (value === 'true' || value === 'false') {
    return `${(value === 'true') === (operator === '=') ? 'with' : 'without'} ${name}`;
  }
  const said = value === '' ? 'empty' : value;
  return operator === '=' ? `with ${name} ${said}` : `with another ${name} than ${said}`;
}

function releaseIn(value: string): string {
  const found = milestone(value);
  return typeof found === 'string' ? value : found.release;
}
