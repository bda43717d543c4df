/** What the words behind `path` and `iptables` ask for: `local-to-remote release=1.17 redirectDNS=true replies`. */
import {
  checkOptions,
  defaultOptions,
  type Options,
  optionNames,
  printOptionProblem,
} from '../../istio/index.ts';
import { unknown } from '../places.ts';
import type { Change } from '../scenario.ts';
import { allScenarios, scenarioNamed } from '../scenarios.ts';
import { handbookSetting } from '../setting.ts';

/** What the words behind `path` ask for. */
export interface PathQuestion {
  readonly scenario: string;
  readonly change: Change;
  readonly replies: boolean;
}

/** What the words behind `iptables` ask for. */
export interface RulesQuestion {
  readonly chain: string;
  readonly table: string;
  readonly change: Change;
}

/** Reads `local-to-remote release=1.17`; a text is what is wrong with it. */
export function readPathQuestion(meta: string): PathQuestion | string {
  const [name, ...words] = meta.trim().split(/\s+/);
  if (name === undefined || name === '')
    return 'found a path fence without a scenario; write ```path SCENARIO';
  if (scenarioNamed(name) === undefined) {
    return unknown(
      'scenario',
      name,
      allScenarios.map((scenario) => scenario.name),
    );
  }
  const change = readChange(words.filter((word) => word !== 'replies'));
  return typeof change === 'string' ? change : { scenario: name, replies: words.includes('replies'), change };
}

/** Reads `ISTIO_OUTPUT release=1.17`, `mangle ISTIO_DIVERT`; a text is what is wrong with it. */
export function readRulesQuestion(meta: string): RulesQuestion | string {
  const words = meta.trim().split(/\s+/);
  const table = ['raw', 'mangle', 'nat', 'filter'].find((name) => name === words[0]);
  const [chain, ...others] = table === undefined ? words : words.slice(1);
  if (chain === undefined || chain === '') return 'found rules of no chain; write ```iptables CHAIN';
  const change = readChange(others);
  return typeof change === 'string' ? change : { chain, table: table ?? 'nat', change };
}

function readChange(words: readonly string[]): Change | string {
  let release: string | undefined;
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const word of words) {
    const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(word) ?? [];
    if (name === 'release') {
      release = value;
      continue;
    }
    const usual = defaultOptions[name as keyof Options];
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
  const refused = problems.find(({ severity }) => severity === 'error');
  if (refused !== undefined) return printOptionProblem(refused).replace(/^error: /, '');
  const setting = {
    ...(release === undefined ? {} : { release }),
    ...(Object.keys(options).length === 0 ? {} : { options: options as Partial<Options> }),
  };
  return { setting };
}
