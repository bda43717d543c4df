/**
 * What commands and configuration on a page speak of: the ports, uids, chains and annotations in them must be
 * there as the handbook is set.
 */
import { findPort, proxyOwner } from '../../istio/index.ts';
import { nearest } from '../../netfilter/index.ts';
import { chainNamed, optionSetters } from '../places.ts';
import { handbookSetting, services, workload } from '../setting.ts';
import type { Exception, Fence } from './page.ts';
import { type ClaimProblem, problemAt } from './problem.ts';

interface Found {
  readonly pattern: RegExp;
  /** What is wrong with it, or null. */
  readonly check: (text: string) => string | null;
}

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

const inCode: readonly Found[] = [
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
    inCode.flatMap(({ pattern, check }) =>
      [...text.matchAll(pattern)].flatMap(({ 0: found, index }) => {
        const wrong = check(found);
        return wrong === null
          ? []
          : [problemAt(file, { line: fence.line + 1 + at, column: index + 1 }, wrong)];
      }),
    ),
  );
}
