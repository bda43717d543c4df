/**
 * What commands and configuration on a page speak of: the ports, uids, chains and annotations in them must be
 * there as the handbook is set.
 */
import { checkOptions, findPort, optionTable, proxyOwner } from '../../istio/index.ts';
import { nearest } from '../../netfilter/index.ts';
import { optionProblemText } from '../../words/index.ts';
import { ambientRulesUnder } from '../scenarios/ambient.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import { handbookSetting, services, workload } from '../scenarios/setting.ts';
import { chainNamed, optionSetters } from './names.ts';
import type { Exception, Fence } from './page-text.ts';
import { type ClaimProblem, problemAt } from './problem.ts';

interface Found {
  readonly pattern: RegExp;
  /** What is wrong with it, or null. */
  readonly check: (text: string, groups: Readonly<Record<string, string | undefined>>) => string | null;
  /** The languages of the fences in which it is looked for; absent: all. */
  readonly languages?: RegExp;
}

/** Fences that hold neither commands nor configuration: what stands there is told. */
const told = /^(?:|text|txt|plain|plaintext|console|output|mermaid|md|markdown)$/;
const yaml = /^ya?ml$/;
const shells = /^(?:sh|shell|bash)$/;

const setters = optionSetters.map(({ name }) => name);

function port(text: string): string | null {
  const number = Number(text);
  const own = [...workload.ports, ...Object.values(services)].some((one) => one.port === number);
  if (own || findPort(number) !== null) return null;
  return `found port ${text}, which neither Istio nor the pod of the handbook has`;
}

function uid(text: string): string | null {
  const { uid: proxy, gid } = proxyOwner(handbookSetting.options);
  const known = [proxy, gid, workload.uid, workload.gid, 0].map(String);
  return known.includes(text)
    ? null
    : `found uid or gid ${text}; the processes of the pod have ${[...new Set(known)].join(', ')}`;
}

function annotation(text: string): string | null {
  if (setters.includes(text)) return null;
  const meant = nearest(text, setters);
  return `found annotation "${text}", which shapes no rule${meant === null ? '' : `; did you mean "${meant}"?`}`;
}

function istioName(text: string): string | null {
  if (setters.includes(text)) return null;
  const found = chainNamed(text);
  if (typeof found !== 'string') return null;
  const meant = nearest(text, setters);
  return meant === null ? found : `found "${text}", which sets no option; did you mean "${meant}"?`;
}

const metadata = setters.filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name));

/** A name like one of Istio's, but for a slip. */
function misspelt(text: string): string | null {
  const meant = metadata.includes(text) ? null : nearest(text, metadata);
  return meant === null ? null : `found "${text}", which sets no option; did you mean "${meant}"?`;
}

/** The value that configuration gives to an option, as Istio would take it. */
function value(_: string, { name = '', value: given = '' }: Readonly<Record<string, string | undefined>>) {
  const option = optionSetters.find((one) => one.name === name)?.option;
  const plain = given.replace(/^(["'])(.*)\1$/, '$2');
  if (option === undefined || /[|>{[]/.test(plain[0] ?? '')) return null;
  if (optionTable[option].kind === 'switch') {
    return /^(?:true|false)$/.test(plain)
      ? null
      : `found "${plain}" for ${name}, which is a switch: true or false`;
  }
  const refused = checkOptions(handbookSetting.release, { ...handbookSetting.options, [option]: plain }).find(
    (problem) => problem.severity === 'error' && problem.option === option,
  );
  return refused === undefined ? null : optionProblemText(refused);
}

/** A chain that a command looks for in a table. */
function chainIn(_: string, { table = '', chain = '' }: Readonly<Record<string, string | undefined>>) {
  const found = chainNamed(chain);
  if (typeof found === 'string') return null;
  const { v4, v6 } = rulesUnder();
  const chains = [...v4.tables, ...(v6?.tables ?? [])]
    .filter(({ name }) => name === table)
    .flatMap((one) => one.chains.map(({ name }) => name));
  if (chains.length === 0) return `found table ${table}, in which Istio has no rule as the handbook is set`;
  return chains.includes(chain) ? null : unknown(`chain of ${table}`, chain, [...new Set(chains)]);
}

/** A command that prints rules, where the handbook's are in another place. */
function printed(text: string): string | null {
  return rulesUnder().nft === null || ambientRulesUnder().pod.nft === null
    ? null
    : `found ${text}, which prints nothing of native nftables; write nft list ruleset in <Where rules="nft">`;
}

const inCode: readonly Found[] = [
  {
    pattern: /(?<!nft list .*)\bip6?tables(?:-nft|-legacy)?-save\b(?!.*nft list )/g,
    languages: shells,
    check: printed,
  },
  {
    pattern: /-t (?<table>raw|mangle|nat|filter)\b[^|;&]*?\b(?<chain>ISTIO_[A-Z_]+)\b/g,
    check: chainIn,
  },
  {
    pattern: /\bistio_(?:output|inbound|in_redirect|redirect|tproxy|divert|drop)\w*\b/g,
    check: (text) => `found "${text}"; the name of a chain is written ${text.toUpperCase()}`,
  },
  { pattern: /\b(?!ISTIO_)[A-Z]+(?:_[A-Z0-9]+)+\b/g, check: misspelt },
  {
    pattern: /^\s*(?:- +)?(?<name>[\w./-]+):[ \t]+(?<value>[^#]*[^#\s])/g,
    languages: yaml,
    check: value,
  },
  { pattern: /(?<=\brunAs(?:User|Group): *)\d+/g, languages: yaml, check: uid },
  {
    pattern: /[-=]+>+.*|\b(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)[ \t]+>.*/g,
    languages: told,
    check: () => 'found a path in a fence that is bound to no scenario; write ```path SCENARIO',
  },
  {
    pattern: /\brules? (?:number |no\.? ?|#)?\d+\b/gi,
    languages: told,
    check: (text) => `found "${text}" in a fence; a position belongs in a path fence`,
  },
  {
    pattern: /\bChain (?:ISTIO_\w+|PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) \(.*/g,
    check: () => 'found a list of rules in a fence that is bound to no chain; write ```iptables CHAIN',
  },
  { pattern: /(?<![\d.])15\d{3}(?![\d.])/g, check: port },
  { pattern: /(?<=(?:--)?[ds]ports? (?:= :)?)(?!15\d{3}(?!\d))\d+/g, check: port },
  { pattern: /(?<=--[ug]id-owner )\d+/g, check: uid },
  { pattern: /\b(?:[a-z]+\.)*sidecar\.istio\.io\/[A-Za-z]\w*/g, check: annotation },
  { pattern: /\bISTIO_[A-Z0-9_]+\b/g, check: istioName },
  {
    pattern: /(?<=\bISTIO_[A-Z_]+) \d+\b/g,
    check: (text) => `found rule${text} of a chain in code; a position belongs in a path fence`,
  },
  {
    pattern: /-[AIDR] ISTIO_\w+/g,
    check: (text) => `found "${text}" in code; rules belong in a fence \`\`\`iptables CHAIN`,
  },
  {
    pattern: /(?:▸|→).*/g,
    check: () => 'found a path in a fence that is bound to no scenario; write ```path SCENARIO',
  },
];

/** A fence that says `unchecked="…"` with a reason is left alone and counted. */
export function exceptionOf({ meta, line, language }: Fence): Exception | null {
  const because = /\bunchecked="([^"]*)"/.exec(meta)?.[1];
  return because === undefined ? null : { line, text: `\`\`\`${language}`, because };
}

export function checkCode(file: string, fence: Fence): readonly ClaimProblem[] {
  const exception = exceptionOf(fence);
  if (exception !== null) {
    return exception.because.trim().length < 10
      ? [
          problemAt(
            file,
            { line: fence.line, column: 1 },
            'found unchecked="" without a reason that says why',
          ),
        ]
      : [];
  }
  return fence.body.flatMap((text, at) =>
    inCode.flatMap(({ pattern, check, languages }) =>
      [...(languages?.test(fence.language) === false ? [] : text.matchAll(pattern))].flatMap((match) => {
        const { 0: found, index, groups = {} } = match;
        const wrong = check(found, groups);
        return wrong === null
          ? []
          : [problemAt(file, { line: fence.line + 1 + at, column: index + 1 }, wrong)];
      }),
    ),
  );
}
