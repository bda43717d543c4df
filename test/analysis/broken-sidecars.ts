/** Sidecars as they break: Istio's own rules, put out of order in one of the ways that are seen in clusters. */
import { type Options, releases, rulesFor } from '../../src/istio/index.ts';
import type { Draw } from '../kernel/draw.ts';

export interface BrokenSidecar {
  readonly release: string;
  readonly options: Partial<Options>;
  /** How it was broken, in order. */
  readonly ways: readonly string[];
  /** For `iptables-restore`. */
  readonly text: string;
}

interface Lines {
  readonly lines: string[];
  readonly draw: Draw;
}

const isRule = (line: string) => line.startsWith('-A ');
const chainOf = (line: string) => line.split(' ')[1] ?? '';
const natRules = ({ lines }: Lines) => {
  const start = lines.indexOf('* nat');
  const end = lines.indexOf('COMMIT', start);
  return lines.flatMap((line, at) => (at > start && at < end && isRule(line) ? [at] : []));
};

const strangers = [
  '-d 10.96.0.0/12 -j RETURN',
  '-p tcp -m tcp --dport 9999 -j RETURN',
  '-p tcp -m tcp --dport 5432 -m comment --comment "it\'s $(reboot) by \\"Bob\\"" -j ACCEPT',
  '-s 192.0.2.0/24 -j ACCEPT',
  '-p udp -m udp --dport 53 -j ACCEPT',
  '-p tcp -m multiport --dports 80,443 -j RETURN',
];

function stranger(all: Lines): void {
  const at = all.draw.pick(natRules(all));
  const chain = chainOf(all.lines[at] as string);
  all.lines.splice(at + all.draw.below(2), 0, `-A ${chain} ${all.draw.pick(strangers)}`);
}

function lost(all: Lines): void {
  all.lines.splice(all.draw.pick(natRules(all)), 1);
}

function jump(all: Lines): number | undefined {
  return one(
    all.draw,
    natRules(all).filter((at) => /^-A (?:OUTPUT|PREROUTING) .*ISTIO_/.test(all.lines[at] ?? '')),
  );
}

/** Each breaks the lines in its way. */
const ways: Readonly<Record<string, (all: Lines) => void>> = {
  'an extra rule': stranger,
  'two extra rules': (all) => {
    stranger(all);
    stranger(all);
  },
  'a missing rule': lost,
  'a missing rule and an extra one': (all) => {
    lost(all);
    stranger(all);
  },
  'a chain programmed twice': (all) => {
    const chain = chainOf(all.lines[all.draw.pick(natRules(all))] as string);
    const own = natRules(all).filter((at) => chainOf(all.lines[at] as string) === chain);
    const rules = own.map((at) => all.lines[at] as string);
    all.lines.splice((own.at(-1) as number) + 1, 0, ...rules);
  },
  'two rules that changed places': (all) => {
    const at = all.draw.pick(natRules(all));
    const other = natRules(all).find(
      (one) => one > at && chainOf(all.lines[one] as string) === chainOf(all.lines[at] as string),
    );
    if (other === undefined) return;
    [all.lines[at], all.lines[other]] = [all.lines[other] as string, all.lines[at] as string];
  },
  'a jump twice': (all) => {
    const at = jump(all);
    if (at !== undefined) all.lines.splice(at, 0, all.lines[at] as string);
  },
  'a rule to a wrong port': (all) => {
    const at = one(
      all.draw,
      natRules(all).filter((at) => /--to-ports? \d+/.test(all.lines[at] ?? '')),
    );
    if (at !== undefined)
      all.lines[at] = (all.lines[at] as string).replace(
        /(--to-ports?) \d+/,
        `$1 ${all.draw.pick([15000, 15010, 8080])}`,
      );
  },
  'a rule for a wrong user': (all) => {
    const at = one(
      all.draw,
      natRules(all).filter((at) => /--uid-owner \d+/.test(all.lines[at] ?? '')),
    );
    if (at !== undefined)
      all.lines[at] = (all.lines[at] as string).replace(/--uid-owner \d+/, '--uid-owner 1000');
  },
  'broken off half way': (all) => {
    const rules = natRules(all);
    const from = all.draw.pick(rules);
    all.lines.splice(from, (rules.at(-1) as number) - from + 1);
  },
};

const optionSets: readonly Partial<Options>[] = [
  {},
  {},
  { cni: true },
  { redirectDNS: true, captureAllDNS: true },
  { outboundPortsExclude: '3306,6379' },
  { inboundPortsExclude: '8081', outboundIPRangesExclude: '10.1.0.0/16' },
  { inboundInterceptionMode: 'TPROXY' },
];

/** One of them, where there is any. */
function one(draw: Draw, places: readonly number[]): number | undefined {
  return places.length === 0 ? undefined : draw.pick(places);
}

/** A sidecar of a release that is in use, broken in one way or two. */
export function brokenSidecar(draw: Draw): BrokenSidecar {
  const release = draw.pick(releases.slice(-10, -1)).name;
  const options = draw.pick(optionSets);
  const lines = rulesFor(release, options).text.v4.trimEnd().split('\n');
  const chosen = Array.from({ length: draw.between(1, 2) }, () => draw.pick(Object.keys(ways)));
  for (const way of chosen) if (natRules({ lines, draw }).length > 3) ways[way]?.({ lines, draw });
  return { release, options, ways: chosen, text: `${lines.join('\n')}\n` };
}

export const wayNames = Object.keys(ways);
