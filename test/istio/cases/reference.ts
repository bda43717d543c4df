/**
 * Istio's own expected output, in the form of the case files. It is read from a folder beside this project,
 * which has what Istio's tools printed; the project carries the cases and does not need the folder.
 */
import { existsSync, readFileSync } from 'node:fs';
import { defaultOptions, type Options, releases } from '../../../src/istio/index.ts';
import type { Family } from '../../../src/netfilter/index.ts';
import { type Case, type CaseLine, commandsIn } from './form.ts';

const folder = new URL('../../../../shared/istio/', import.meta.url);

export const hasReference = existsSync(new URL('releases.json', folder));

function read(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8');
}

type Config = Readonly<Record<string, unknown>>;

/** Fields of Istio's configuration that shape no rule. */
const notOptions = ['dryRun'];

/** Istio's field names in camelCase: `DNSServersV4` is `dnsServersV4`, `EnableIPv6` is `enableIPv6`. */
function optionsOf(config: Config): Partial<Options> {
  return Object.fromEntries(
    Object.entries(config)
      .map(([name, value]) => [name.replace(/^(DNS|[A-Z])/, (head) => head.toLowerCase()), value] as const)
      .filter(([name]) => !notOptions.includes(name)),
  );
}

/** Only what differs from the defaults. */
function own(options: Partial<Options>): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(defaultOptions[name as keyof Options]),
    ),
  );
}

const names = releases.map(({ name }) => name);

/** Puts the rules of one more release into the history of a table: by their longest common sequence. */
function weave(
  history: readonly CaseLine[],
  commands: readonly string[],
  release: string,
  table: string,
): CaseLine[] {
  const rows = history.length;
  const columns = commands.length;
  const longest = Array.from({ length: rows + 1 }, () => Array<number>(columns + 1).fill(0));
  const cell = (row: number, column: number): number => longest[row]?.[column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const same = history[row]?.command === commands[column];
      (longest[row] as number[])[column] = same
        ? cell(row + 1, column + 1) + 1
        : Math.max(cell(row + 1, column), cell(row, column + 1));
    }
  }
  const woven: CaseLine[] = [];
  let row = 0;
  let column = 0;
  while (row < rows || column < columns) {
    const line = history[row];
    const command = commands[column];
    if (line !== undefined && command !== undefined && line.command === command) {
      woven.push({ ...line, releases: [...line.releases, release] });
      row++;
      column++;
    } else if (
      line !== undefined &&
      (command === undefined || cell(row + 1, column) >= cell(row, column + 1))
    ) {
      woven.push(line);
      row++;
    } else if (command !== undefined) {
      woven.push({ table, releases: [release], command });
      column++;
    }
  }
  return woven;
}

interface Span {
  readonly from: string;
  readonly to: string;
  readonly rules: readonly string[];
}

function minor(release: string): number {
  return release === 'master' ? names.length - 1 : names.indexOf(release.split('.').slice(0, 2).join('.'));
}

/** The rules of every release for the named configurations. */
export function releaseCases(): readonly Case[] {
  const { configs, rules } = JSON.parse(read('releases.json')) as {
    readonly configs: Readonly<Record<string, Config>>;
    readonly rules: Readonly<Record<string, readonly Span[]>>;
  };
  return Object.entries(rules).map(([key, spans]) => {
    const [name = '', family = ''] = key.split('/');
    const all = spans.flatMap(({ from, to, rules: list }) =>
      names.slice(minor(from), minor(to) + 1).map((release) => ({ release, list })),
    );
    if (all.length !== names.length) throw new Error(`${key} does not say the rules of every release`);
    const tables = [
      ...new Set(spans.flatMap((span) => span.rules.map((rule) => rule.split(' ')[1] ?? ''))),
    ].sort();
    const lines = tables.flatMap((table) =>
      all.reduce<CaseLine[]>(
        (history, { release, list }) =>
          weave(
            history,
            list
              .filter((rule) => rule.startsWith(`-t ${table} `))
              .map((rule) => rule.slice(`-t ${table} `.length)),
            release,
            table,
          ),
        [],
      ),
    );
    return { name, family: family as Family, options: own(optionsOf(configs[name] ?? {})), lines };
  });
}

/** What the golden configurations leave out is empty there, and not as in the default sidecar. */
const empty: Partial<Options> = {
  inboundInterceptionMode: '',
  inboundPortsInclude: '',
  inboundPortsExclude: '',
  outboundIPRangesInclude: '',
};

/** The rules of Istio's own tests, which are the newest release's: with the chains, family by family. */
export function goldenCases(): readonly Case[] {
  const cases = JSON.parse(read('golden/cases.json')) as readonly {
    readonly area: string;
    readonly name: string;
    readonly goldenFile: string;
    readonly config: Config;
  }[];
  // Istio's builder has not changed since 1.27.
  const since = names.slice(names.indexOf('1.27'));
  return cases
    .filter(({ area }) => area === 'iptables' || area === 'cni-plugin')
    .flatMap(({ area, name, goldenFile, config }) => {
      const options = own({
        ...empty,
        ...optionsOf(config),
        ...(area === 'cni-plugin' ? { cni: true } : {}),
      });
      const text = read(`golden/${goldenFile}`);
      // The second block of tables is IPv6: it begins where the first table comes again.
      const first = /^\* \w+$/m.exec(text)?.[0] ?? '';
      const second = text.indexOf(`\n${first}\n`, text.indexOf(first) + 1);
      const blocks: readonly (readonly [Family, string])[] =
        second < 0
          ? [['v4', text]]
          : [
              ['v4', text.slice(0, second)],
              ['v6', text.slice(second)],
            ];
      return blocks.map(([family, block]) => ({
        name: `${area}/${name}`,
        family,
        options,
        lines: commandsIn(block).map((command) => ({
          table: command.slice(0, command.indexOf(' ')),
          releases: since,
          command: command.slice(command.indexOf(' ') + 1),
        })),
      }));
    });
}
