/** `sidetrack diff` and `sidetrack upgrade`: two sides, their rules, and the the connections whose fate differs, and all packets. */
import { existsSync } from 'node:fs';
import { readPaste } from '../analysis/index.ts';
import {
  type ComparedPackets,
  type Comparison,
  comparePackets,
  comparing,
  inspectPaste,
} from '../handbook/lab/index.ts';
import { handbookSetting, type RealPod } from '../handbook/scenarios/index.ts';
import { type Change, changesBetween, readRelease } from '../istio/index.ts';
import type { Traversal } from '../netfilter/index.ts';
import { lineText } from '../render/index.ts';
import {
  connectionName,
  differingWords,
  entranceWords,
  packetDifferenceWords,
  packetEndWords,
  packetExampleWords,
  packetsComparedWords,
  packetsWords,
  ruleName,
  summary,
  waysWords,
} from '../words/index.ts';
import { readInputs } from './input.ts';
import { yamlOf } from './inspect.ts';
import { checkedSetting, optionsSet, type SettingOptions, settingAsked } from './setting.ts';
import { exitCodes, jsonText, type Paint, paintFor, type Terminal, UseError } from './terminal.ts';

export interface DiffOptions {
  readonly json?: boolean;
}

export interface UpgradeOptions extends Omit<SettingOptions, 'istio'>, DiffOptions {
  readonly from: string;
  readonly to: string;
}

/** The form of `diff --json` and `upgrade --json`; it grows, and a field keeps its meaning. */
export const diffVersion = 1;

/** Compares two texts, releases or settings. */
export async function diffCommand(
  sides: readonly [string, string],
  options: DiffOptions,
  terminal: Terminal,
): Promise<number> {
  if (sides[0] === '-' && sides[1] === '-') throw new UseError({ code: 'one pipe for two' });
  const pods: RealPod[] = [];
  for (const side of sides) {
    const pod = await sideOf(side, terminal);
    if (typeof pod === 'string') {
      terminal.tell(`sidetrack: ${side}: ${pod}\n`);
      return exitCodes['cannot tell'];
    }
    pods.push(pod);
  }
  const [a, b] = pods as [RealPod, RealPod];
  // A release beside a text is walked on the text's pod.
  const [one, other] = [asPodOf(a, b), asPodOf(b, a)];
  return tellComparison('diff', sides, compared(one, other, terminal), [], options, terminal);
}

/** What an upgrade does to the rules and to the connections. */
export async function upgradeCommand(options: UpgradeOptions, terminal: Terminal): Promise<number> {
  const [before, after] = [
    await settingAsked({ ...options, istio: options.from }, terminal),
    await settingAsked({ ...options, istio: options.to }, { ...terminal, tell: () => {} }),
  ];
  const comparison = compared({ setting: before }, { setting: after }, terminal);
  const changes = changesBetween(before.release, after.release);
  return tellComparison('upgrade', [before.release, after.release], comparison, changes, options, terminal);
}

/** A file, `-`, or a release with options behind a question mark: `1.30?redirectDNS=true&outboundPortsExclude=80,81`. */
async function sideOf(side: string, terminal: Terminal): Promise<RealPod | string> {
  const [release = '', set] = side.split('?', 2);
  if (side !== '-' && !existsSync(side) && readRelease(release) !== null) {
    const options = { ...handbookSetting.options, ...optionsSet(set === undefined ? [] : set.split('&')) };
    return { setting: checkedSetting({ release, options }) };
  }
  const [input] = await readInputs([side], 'diff', terminal);
  const paste = readPaste(input?.text ?? '');
  const { inspection, pod } = inspectPaste(paste, 0, await yamlOf(paste, 0));
  return inspection.isWalkable ? pod : summary(inspection);
}

function asPodOf(side: RealPod, other: RealPod): RealPod {
  if (side.rulesets !== undefined || other.rulesets === undefined) return side;
  return {
    ...side,
    ...(other.app === undefined ? {} : { app: other.app }),
    ...(other.network === undefined ? {} : { network: other.network }),
  };
}

interface Compared extends Comparison {
  readonly packets: ComparedPackets;
}

function compared(a: RealPod, b: RealPod, terminal: Terminal): Compared {
  const run = comparing(a, b);
  for (;;) {
    const step = run.next();
    if (terminal.showsProgress) terminal.tell('\r\u001b[K');
    if (step.done === true) return { ...step.value, packets: comparePackets(a, b) };
    if (terminal.showsProgress) terminal.tell(`Comparing… ${Math.floor(100 * step.value)} %`);
  }
}

async function tellComparison(
  command: 'diff' | 'upgrade',
  sides: readonly [string, string],
  comparison: Compared,
  changes: readonly Change[],
  { json }: DiffOptions,
  terminal: Terminal,
): Promise<number> {
  const { differing, different, chains, connections, walked, moved, otherwise, open, packets } = comparison;
  const exit = differing + different + packets.cases.length === 0 ? exitCodes.fine : exitCodes.findings;
  if (json === true) {
    await terminal.write(
      jsonText({
        schema: `sidetrack ${command}`,
        version: diffVersion,
        exit,
        a: sides[0],
        b: sides[1],
        ...(command === 'upgrade'
          ? { changes: changes.map(({ since, effect, subject }) => ({ since, effect, subject })) }
          : {}),
        differing,
        chains,
        walked,
        moved,
        different,
        otherwise,
        open,
        connections: connections.map(({ connection, request, difference, outcomes, a, b }) => ({
          connection: connectionName(connection),
          request,
          difference,
          outcomes,
          a: a.map(lineText),
          b: b.map(lineText),
        })),
        packets: packetsJson(packets),
      }),
    );
    return exit;
  }
  await terminal.write(asText(sides, comparison, changes, paintFor(terminal)));
  return exit;
}

/** `isAll`: every first packet of a connection that is in no case fares alike on both sides. */
function packetsJson({ cases, not }: ComparedPackets): object {
  return {
    isAll: not.length === 0,
    because: not.length === 0 ? null : packetsComparedWords([], not),
    cases: cases.map(({ family, kind, packets, traversals, parting, open }) => ({
      family,
      difference: kind,
      where: entranceWords(packets),
      sets: packetsWords(packets),
      conditions: packets.sets,
      example: packets.example,
      outcomes: traversals.map((one, at) => packetEndWords(one, parting[at] ?? null)),
      rules: parting,
      isExact: open.length === 0,
    })),
  };
}

/** Cases that are printed; --json has them all. */
const mostCases = 12;

function packetsText(
  [a, b]: readonly [string, string],
  { cases, not }: ComparedPackets,
  paint: Paint,
): readonly string[] {
  const heavy = cases.filter(({ kind }) => kind !== 'goes otherwise');
  const light = cases.filter(({ kind }) => kind === 'goes otherwise');
  const [shown, shortly] = [heavy.slice(0, mostCases), light.slice(0, mostCases)];
  const rest = cases.length - shown.length - shortly.length;
  return [
    paint('bold', packetsComparedWords(cases, not)),
    ...shown.flatMap(({ kind, packets, traversals, parting }) => [
      '',
      paint('bold', `${packetDifferenceWords[kind]}, ${entranceWords(packets)}:`),
      ...packetsWords(packets).map((set) => `  ${set}`),
      `  such as ${packetExampleWords(packets.example)}`,
      ...[a, b].map(
        (side, at) => `    ${side}: ${packetEndWords(traversals[at] as Traversal, parting[at] ?? null)}`,
      ),
    ]),
    ...(shortly.length === 0 ? [] : ['', paint('bold', `${packetDifferenceWords['goes otherwise']}:`)]),
    ...shortly.flatMap(({ packets, parting }) =>
      packetsWords(packets).map(
        (set) =>
          `  ${entranceWords(packets)}: ${set}: ${parting.map((rule) => (rule === null ? 'no rule' : ruleName(rule))).join(', then ')}`,
      ),
    ),
    ...(rest === 0 ? [] : ['', `And ${rest} more; --json has them all.`]),
  ];
}

/** What stands before a table of iptables, and before one of nft. */
const tableFamilies: Readonly<Record<Comparison['chains'][number]['family'], string>> = {
  v4: 'IPv4',
  v6: 'IPv6',
  inet: 'inet',
};

function asText(
  [a, b]: readonly [string, string],
  comparison: Compared,
  changes: readonly Change[],
  paint: Paint,
): string {
  const { differing, isOfTwoLanguages, chains, connections, packets } = comparison;
  return `${[
    paint('bold', differingWords(differing, isOfTwoLanguages)),
    ...changes.map(({ since, effect }) => `${since}: ${effect}`),
    ...chains.flatMap(({ family, table, chain, rows }) => [
      '',
      paint('bold', `${tableFamilies[family]} ${table} ${chain}`),
      ...rows.flatMap((row) =>
        row.kind === 'kept'
          ? []
          : [
              row.kind === 'gone'
                ? paint('red', `- ${row.position} ${row.rule}`)
                : paint('green', `+ ${row.position} ${row.rule}`),
            ],
      ),
    ]),
    '',
    paint('bold', waysWords(comparison)),
    ...connections.flatMap(({ connection, outcomes, a: before, b: after }) => [
      '',
      paint('bold', connectionName(connection)),
      `  ${a}: ${outcomes[0]}`,
      ...before.map((line) => `    ${lineText(line)}`),
      `  ${b}: ${outcomes[1]}`,
      ...after.map((line) => `    ${lineText(line)}`),
    ]),
    '',
    ...packetsText([a, b], packets, paint),
  ].join('\n')}\n`;
}
