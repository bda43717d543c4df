/** `sidetrack diff` and `sidetrack upgrade`: two sides, their rules, the connections whose fate differs, and all packets. */
import { existsSync } from 'node:fs';
import { readPaste } from '../analysis/index.ts';
import {
  ambientSideOf,
  areComparable,
  type ComparedPackets,
  type Comparison,
  comparePackets,
  comparing,
  comparingAmbient,
  inspectPaste,
  pastedAmbientSide,
  sidecarSide,
  type WalkableSide,
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
import { type AmbientSetting, ambientAsked } from './ambient.ts';
import { readInputs } from './input.ts';
import { yamlOf } from './inspect.ts';
import { checkedSetting, optionsSet, type SettingOptions, settingAsked } from './setting.ts';
import {
  complain,
  exitCodes,
  inOneLine,
  jsonText,
  lineAgain,
  type Paint,
  paintFor,
  type Terminal,
  UseError,
} from './terminal.ts';

export interface DiffOptions {
  readonly json?: boolean;
}

export interface UpgradeOptions extends Omit<SettingOptions, 'istio'>, DiffOptions {
  readonly from: string;
  readonly to: string;
  readonly ambient?: boolean;
  readonly node?: boolean;
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
  const read: Side[] = [];
  for (const side of sides) {
    const one = await sideOf(side, terminal);
    if (typeof one === 'string') {
      complain(terminal, `${side}: ${one}`);
      return exitCodes['cannot tell'];
    }
    read.push(one);
  }
  const [a, b] = read as [Side, Side];
  return tellComparison('diff', sides, comparedSides(a, b, terminal), [], options, terminal);
}

function comparedSides(a: Side, b: Side, terminal: Terminal): Compared {
  // A release beside a text is walked on the text's pod.
  if (a.kind === 'sidecar' && b.kind === 'sidecar')
    return compared(asPodOf(a.pod, b.pod), asPodOf(b.pod, a.pod), terminal);
  const [one, other] = [walkable(a, b), walkable(b, a)];
  if (!areComparable(one, other)) throw new UseError({ code: 'a pod and a node' });
  return finished(comparingAmbient(one, other), terminal);
}

/** What is compared: rules of a sidecar's pod, or of ambient mode. */
type Side =
  | { readonly kind: 'sidecar'; readonly pod: RealPod }
  | {
      readonly kind: 'ambient';
      readonly of: 'pod' | 'node';
      readonly setting: AmbientSetting;
    }
  | { readonly kind: 'pasted'; readonly side: WalkableSide; readonly pod: RealPod };

function walkable(side: Side, other: Side): WalkableSide {
  const like = other.kind === 'ambient' ? {} : other.pod;
  switch (side.kind) {
    case 'sidecar':
      return sidecarSide(asPodOf(side.pod, like));
    case 'ambient':
      return ambientSideOf(side.setting, side.of, like);
    case 'pasted':
      return side.side;
  }
}

/** What an upgrade does to the rules and to the connections. */
export async function upgradeCommand(options: UpgradeOptions, terminal: Terminal): Promise<number> {
  if (options.node === true && options.ambient !== true)
    throw new UseError({ code: 'a node without ambient' });
  if (options.ambient === true) return ambientUpgrade(options, terminal);
  const [before, after] = [
    await settingAsked({ ...options, istio: options.from }, terminal),
    await settingAsked({ ...options, istio: options.to }, { ...terminal, tell: () => {} }),
  ];
  const comparison = compared({ setting: before }, { setting: after }, terminal);
  const changes = changesBetween(before.release, after.release);
  return tellComparison('upgrade', [before.release, after.release], comparison, changes, options, terminal);
}

async function ambientUpgrade(options: UpgradeOptions, terminal: Terminal): Promise<number> {
  const { from, to, node } = options;
  const of = node === true ? 'node' : 'pod';
  const [before, after] = [
    await ambientAsked({ ...options, istio: from }, { ...terminal, tell: () => {} }),
    await ambientAsked({ ...options, istio: to }, terminal),
  ];
  const comparison = comparedSides(
    { kind: 'ambient', of, setting: before },
    { kind: 'ambient', of, setting: after },
    terminal,
  );
  return tellComparison('upgrade', [from, to], comparison, [], options, terminal);
}

/** `ambient:1.30?ingressMode=true`, what is programmed into an enrolled pod, or `node:1.30`, on its node. */
const ofAmbient = /^(ambient|node):([^?]*)(?:\?(.*))?$/s;

/** A file, `-`, or a release with options behind a question mark: `1.30?redirectDNS=true&outboundPortsExclude=80,81`. */
async function sideOf(side: string, terminal: Terminal): Promise<Side | string> {
  const [, mode, name = '', given] = ofAmbient.exec(side) ?? [];
  if (mode !== undefined && !existsSync(side)) {
    if (readRelease(name) === null) throw new UseError({ code: 'no release of ambient', text: side });
    const set = given === undefined ? [] : given.split('&');
    const setting = await ambientAsked({ istio: name, set }, terminal);
    return { kind: 'ambient', of: mode === 'node' ? 'node' : 'pod', setting };
  }
  const [release = '', set] = side.split('?', 2);
  if (side !== '-' && !existsSync(side) && readRelease(release) !== null) {
    const options = { ...handbookSetting.options, ...optionsSet(set === undefined ? [] : set.split('&')) };
    return { kind: 'sidecar', pod: { setting: checkedSetting({ release, options }) } };
  }
  const [input] = await readInputs([side], 'diff', terminal);
  const paste = readPaste(input?.text ?? '');
  const { inspection, pod } = inspectPaste(paste, 0, await yamlOf(paste, 0));
  const pasted = inspection.ambient === null ? null : pastedAmbientSide(pod, inspection.ambient);
  if (pasted !== null) return { kind: 'pasted', side: pasted, pod };
  return inspection.isWalkable ? { kind: 'sidecar', pod } : summary(inspection);
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
  return { ...finished(comparing(a, b), terminal), packets: comparePackets(a, b) };
}

function finished<Made>(run: Generator<number, Made>, terminal: Terminal): Made {
  for (;;) {
    const step = run.next();
    if (terminal.showsProgress) terminal.tell(lineAgain);
    if (step.done === true) return step.value;
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
        packets: packetsJson(packets, comparison.of),
      }),
    );
    return exit;
  }
  await terminal.write(asText(sides, comparison, changes, paintFor(terminal)));
  return exit;
}

/** `isAll`: every first packet of a connection that is in no case fares alike on both sides. */
function packetsJson({ cases, not }: ComparedPackets, of: Compared['of']): object {
  return {
    isAll: not.length === 0,
    because: not.length === 0 ? null : packetsComparedWords([], not),
    cases: cases.map(({ family, kind, packets, traversals, parting, open }) => ({
      family,
      difference: kind,
      where: entranceWords(packets, of),
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
  { packets: { cases, not }, of }: Pick<Compared, 'packets' | 'of'>,
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
      paint('bold', `${packetDifferenceWords[kind]}, ${entranceWords(packets, of)}:`),
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
          `  ${entranceWords(packets, of)}: ${set}: ${parting.map((rule) => (rule === null ? 'no rule' : ruleName(rule))).join(', then ')}`,
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
  const { differing, isOfTwoLanguages, isOfTwoModes, chains, connections } = comparison;
  return `${[
    paint('bold', differingWords(differing, isOfTwoLanguages, isOfTwoModes)),
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
    ...packetsText([a, b], comparison, paint),
  ]
    .map(inOneLine)
    .join('\n')}\n`;
}
