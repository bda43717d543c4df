/**
 * The form of the case files: a sidecar's options, and what Istio programs for them.
 *
 *     == dns v4
 *     {"redirectDNS":true}
 *     * nat
 *     1.5-         -A OUTPUT …
 *     1.7-1.12     -A ISTIO_INBOUND …
 *
 * A rule carries the releases that have it; a release's rules are the lines that name it, in their order.
 */
import { type Options, releases } from '../../../src/istio/index.ts';
import type { Family } from '../../../src/netfilter/index.ts';

export interface CaseLine {
  readonly table: string;
  /** Names of releases: `1.17`. */
  readonly releases: readonly string[];
  /** `-A OUTPUT -j ISTIO_OUTPUT` */
  readonly command: string;
}

export interface Case {
  readonly name: string;
  readonly family: Family;
  readonly options: Partial<Options>;
  readonly lines: readonly CaseLine[];
}

const names = releases.map(({ name }) => name);
const newest = names.length - 1;

function readSpans(text: string): readonly string[] {
  return text.split(',').flatMap((span) => {
    const [first = '', last] = span.split('-');
    const from = names.indexOf(first);
    const to = last === undefined ? from : last === '' ? newest : names.indexOf(last);
    if (from < 0 || to < from)
      throw new Error(`"${span}" is no span of releases: write 1.5-1.12, 1.13- or 1.24`);
    return names.slice(from, to + 1);
  });
}

function printSpans(list: readonly string[]): string {
  const spans: string[] = [];
  let start: number | null = null;
  for (let at = 0; at <= names.length; at++) {
    const has = at < names.length && list.includes(names[at] as string);
    if (has && start === null) start = at;
    if (!has && start !== null) {
      const last = at - 1;
      spans.push(
        last === start ? `${names[start]}` : `${names[start]}-${last === newest ? '' : names[last]}`,
      );
      start = null;
    }
  }
  return spans.join(',');
}

/** Reads a case file. Throws with the line of what it cannot read. */
export function readCases(text: string): readonly Case[] {
  const cases: { name: string; family: Family; options: Partial<Options>; lines: CaseLine[] }[] = [];
  let table = '';
  for (const [index, line] of text.split('\n').entries()) {
    const last = cases.at(-1);
    const heading = /^== (\S+) (v4|v6)$/.exec(line);
    const rule = /^(\S+) +(-[NAI] .*)$/.exec(line);
    if (heading !== null) {
      cases.push({ name: heading[1] as string, family: heading[2] as Family, options: {}, lines: [] });
    } else if (line.startsWith('{') && last !== undefined) {
      last.options = JSON.parse(line) as Partial<Options>;
    } else if (line.startsWith('* ')) {
      table = line.slice(2);
    } else if (rule !== null && last !== undefined) {
      last.lines.push({ table, releases: readSpans(rule[1] as string), command: rule[2] as string });
    } else if (line !== '' && !line.startsWith('#')) {
      throw new Error(`line ${index + 1}: "${line}" is no heading, no options, no table and no rule`);
    }
  }
  return cases;
}

export function printCases(cases: readonly Case[]): string {
  return cases
    .map(({ name, family, options, lines }) => {
      let table = '';
      const body = lines.map((line) => {
        const heading = line.table === table ? '' : `* ${line.table}\n`;
        table = line.table;
        return `${heading}${printSpans(line.releases).padEnd(10)} ${line.command}\n`;
      });
      return `== ${name} ${family}\n${JSON.stringify(options)}\n${body.join('')}`;
    })
    .join('\n');
}

/** The commands of a release, table by table: `nat -A OUTPUT …`. */
export function commandsOf({ lines }: Case, release: string): readonly string[] {
  return lines
    .filter((line) => line.releases.includes(release))
    .map(({ table, command }) => `${table} ${command}`);
}

/** The same of a text in restore form. */
export function commandsIn(text: string): readonly string[] {
  let table = '';
  const commands: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('* ')) table = line.slice(2);
    else if (/^-[NAI] /.test(line)) commands.push(`${table} ${line}`);
  }
  return commands;
}

/** The cases of one configuration as a text that Istio prints: each table in restore form, IPv4 and then IPv6. */
export function textOf(cases: readonly Case[]): string {
  return cases
    .map(({ lines }) => {
      let table = '';
      const body = lines.map((line) => {
        const end = table === '' ? '' : 'COMMIT\n';
        const heading = line.table === table ? '' : `${end}* ${line.table}\n`;
        table = line.table;
        return `${heading}${line.command}\n`;
      });
      return `${body.join('')}${table === '' ? '' : 'COMMIT\n'}`;
    })
    .join('');
}
