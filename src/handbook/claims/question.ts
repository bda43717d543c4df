/** What the words behind `path`, `iptables`, `iptables-save`, `nft` and `trace` ask for: `local-to-remote release=1.17 redirectDNS=true replies`. */
import {
  ambientRulesFor,
  checkOptions,
  defaultOptions,
  type Options,
  optionNames,
} from '../../istio/index.ts';
import { ambientIgnoredWords, ambientProblemWords, optionProblemText } from '../../words/index.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import type { ScenarioChange } from '../scenarios/scenario.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { isAmbientScenario, shownScenarioNamed, shownScenarios } from '../scenarios/shown.ts';

/** What the words behind `path` ask for. */
export interface PathQuestion {
  readonly scenario: string;
  readonly change: ScenarioChange;
  readonly replies: boolean;
}

/** What the words behind `iptables` ask for. */
export interface RulesQuestion {
  readonly chain: string;
  readonly table: string;
  readonly change: ScenarioChange;
}

/** What the words behind `iptables-save` ask for: all tables of a family, or one. */
export interface DumpQuestion {
  readonly family: 'v4' | 'v6';
  readonly table: string | undefined;
  readonly change: ScenarioChange;
}

/** What the words behind `nft` ask for: all of Istio's tables, one, or a chain. */
export interface NftQuestion {
  /** `nat` for the table `istio-proxy-nat`. */
  readonly table: string | undefined;
  readonly chain: string | undefined;
  readonly change: ScenarioChange;
}

/** What the words behind `trace` ask for: a whole journey, one of its legs, or what one chain was asked. */
export interface TraceQuestion {
  readonly scenario: string;
  /** Counted from 1. */
  readonly leg: number | undefined;
  readonly chain: string | undefined;
  readonly change: ScenarioChange;
}

function wrongScenario(name: string, language: string): string | null {
  if (name === '') return `found a ${language} fence without a scenario; write \`\`\`${language} SCENARIO`;
  if (shownScenarioNamed(name) !== undefined) return null;
  return unknown(
    'scenario',
    name,
    shownScenarios.map((scenario) => scenario.name),
  );
}

/** Reads `local-to-remote leg=2 chain=ISTIO_OUTPUT`; a text is what is wrong with it. */
export function readTraceQuestion(meta: string): TraceQuestion | string {
  const [name = '', ...words] = meta.trim().split(/\s+/);
  const wrong = wrongScenario(name, 'trace');
  if (wrong !== null) return wrong;
  const given = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const leg = given('leg');
  if (leg !== undefined && !/^[1-9]\d?$/.test(leg)) return `found leg "${leg}"; legs are counted from 1`;
  const change = readChangeOf(
    name,
    words.filter((word) => !/^(?:leg|chain)=/.test(word)),
  );
  if (typeof change === 'string') return change;
  return { scenario: name, leg: leg === undefined ? undefined : Number(leg), chain: given('chain'), change };
}

/** Reads `nat release=1.17` or `v6`; a text is what is wrong with it. */
export function readDumpQuestion(meta: string): DumpQuestion | string {
  const words = meta.split(/\s+/).filter((word) => word !== '');
  const plain = words.filter((word) => !word.includes('='));
  const table = plain.find((word) => word !== 'v6');
  const change = readChange(words.filter((word) => word.includes('=')));
  if (typeof change === 'string') return change;
  return { family: plain.includes('v6') ? 'v6' : 'v4', table, change: madeWith('iptables', change) };
}

/** Reads `istio-output release=1.28`, `mangle istio-divert` or nothing; a text is what is wrong with it. */
export function readNftQuestion(meta: string): NftQuestion | string {
  const words = meta.split(/\s+/).filter((word) => word !== '');
  const plain = words.filter((word) => !word.includes('='));
  const change = readChange(words.filter((word) => word.includes('=')));
  if (typeof change === 'string') return change;
  const isTable = (word: string) => ['raw', 'mangle', 'nat'].includes(word);
  return {
    table: plain.find(isTable),
    chain: plain.find((word) => !isTable(word)),
    change: madeWith('nft', change),
  };
}

/** A fence is of one tool, whatever the handbook is set to. */
function madeWith(tool: 'iptables' | 'nft', { setting }: ScenarioChange): ScenarioChange {
  return { setting: { ...setting, options: { ...setting?.options, nativeNftables: tool === 'nft' } } };
}

/** Reads `local-to-remote release=1.17`; a text is what is wrong with it. */
export function readPathQuestion(meta: string): PathQuestion | string {
  const [name = '', ...words] = meta.trim().split(/\s+/);
  const wrong = wrongScenario(name, 'path');
  if (wrong !== null) return wrong;
  const change = readChangeOf(
    name,
    words.filter((word) => word !== 'replies'),
  );
  return typeof change === 'string' ? change : { scenario: name, replies: words.includes('replies'), change };
}

/** Reads `ISTIO_OUTPUT release=1.17`, `mangle ISTIO_DIVERT`; a text is what is wrong with it. */
export function readRulesQuestion(meta: string): RulesQuestion | string {
  const words = meta.trim().split(/\s+/);
  const table = ['raw', 'mangle', 'nat', 'filter'].find((name) => name === words[0]);
  const [chain, ...others] = table === undefined ? words : words.slice(1);
  if (chain === undefined || chain === '') return 'found rules of no chain; write ```iptables CHAIN';
  const change = readChange(others);
  if (typeof change === 'string') return change;
  return { chain, table: table ?? 'nat', change: madeWith('iptables', change) };
}

/** A scenario of ambient mode has options of that mode, and none of a sidecar. */
function readChangeOf(name: string, words: readonly string[]): ScenarioChange | string {
  const scenario = shownScenarioNamed(name);
  if (scenario === undefined || !isAmbientScenario(scenario)) return readChange(words);
  const options: Record<string, boolean | string> = {};
  let release: string | undefined;
  for (const word of words) {
    const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(word) ?? [];
    if (name === '')
      return `found "${word}"; a scenario of ambient mode takes "replies", "release=1.30" or OPTION=VALUE`;
    if (name === 'release') release = value;
    else options[name] = value === 'true' || value === 'false' ? value === 'true' : value;
  }
  const { problems, ignored } = ambientRulesFor(release ?? handbookSetting.release, options);
  const refused = problems.find(({ code }) => code !== 'newer release' || release !== undefined);
  if (refused !== undefined) return ambientProblemWords(refused).why;
  const [unheeded] = ignored;
  if (unheeded !== undefined) return ambientIgnoredWords(unheeded).because;
  return {
    ...(release === undefined ? {} : { setting: { release } }),
    ...(Object.keys(options).length === 0 ? {} : { ambient: options }),
  };
}

function readChange(words: readonly string[]): ScenarioChange | string {
  let release: string | undefined;
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const word of words) {
    const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(word) ?? [];
    if (name === 'release') {
      release = value;
      continue;
    }
    const usual = Object.hasOwn(defaultOptions, name) ? defaultOptions[name as keyof Options] : undefined;
    if (name === '') return `found "${word}"; expected "replies", "release=1.17" or OPTION=VALUE`;
    if (usual === undefined) return unknown('option', name, ['release', 'replies', ...optionNames]);
    options[name] =
      typeof usual === 'boolean' ? value === 'true' : typeof usual === 'string' ? value : value.split(',');
  }
  if (words.length === 0) return {};
  const problems = checkOptions(release ?? handbookSetting.release, {
    ...handbookSetting.options,
    ...options,
  });
  // A release that a page names is one that somebody has seen; that of the handbook may be newer.
  const refused = problems.find(
    ({ severity, option }) => severity === 'error' || (option === 'release' && release !== undefined),
  );
  if (refused !== undefined) return optionProblemText(refused);
  const setting = {
    ...(release === undefined ? {} : { release }),
    ...(Object.keys(options).length === 0 ? {} : { options: options as Partial<Options> }),
  };
  return { setting };
}
