/** The pods of a text while it is cut: parts that still grow. */
import type { BackEnd } from '../../netfilter/index.ts';
import type { OtherPart } from './line-kinds.ts';
import type { PastedPart, RulesFrom } from './pasted.ts';

export interface OpenPart {
  lines: string[];
  numbers: number[];
  isTorn?: true;
}

export type OpenRules = OpenPart & { backEnd: BackEnd | null; from: RulesFrom };

export type OpenPod = {
  name: string | null;
  rules: OpenRules[];
  servers: string[];
  warnsOfLegacy: boolean;
  aside: OpenPart;
} & { [part in OtherPart]: OpenPart };

const parts = [
  'routing',
  'yaml',
  'listing',
  'nft',
  'conntrack',
  'sockets',
  'sets',
  'sysctls',
] as const satisfies readonly OtherPart[];

export function emptyPod(name: string | null): OpenPod {
  const empty = Object.fromEntries(parts.map((part) => [part, { lines: [], numbers: [] }]));
  return {
    name,
    rules: [],
    servers: [],
    warnsOfLegacy: false,
    aside: { lines: [], numbers: [] },
    ...(empty as unknown as Record<OtherPart, OpenPart>),
  };
}

/** Pods of which something was read. What stands by itself is told of the pod before it, or else of the first. */
export function withTheirLines(pods: readonly OpenPod[]): readonly OpenPod[] {
  const kept: OpenPod[] = [];
  const before: OpenPart = { lines: [], numbers: [] };
  for (const pod of pods) {
    if (!isEmpty(pod)) kept.push(pod);
    else join(kept.at(-1)?.aside ?? before, pod.aside);
  }
  const [first] = kept;
  if (first !== undefined) first.aside = join(before, first.aside);
  return kept;
}

export function join(part: OpenPart, other: PastedPart): OpenPart {
  for (const [at, line] of other.lines.entries()) add(part, line, other.numbers[at] as number);
  return part;
}

export function isEmpty(pod: OpenPod): boolean {
  return (
    pod.rules.length === 0 && pod.servers.length === 0 && parts.every((part) => pod[part].lines.length === 0)
  );
}

export function add(part: OpenPart, line: string, number: number): void {
  part.lines.push(line);
  part.numbers.push(number);
}
