/**
 * What can be said of a pasted text: what was read, whose rules these are, what is wrong with them, and how the six
 * types fare on them. The answer is small and plain, so that a worker can hand it over; the rules go apart.
 */
import {
  type AmbientIdentification,
  ambientSideOfRules,
  type Finding,
  findingsOf,
  type Identification,
  type InPlaceStep,
  identify,
  identifyPart,
  isState,
  type Kind,
  kinds,
  type Paste,
  type PastedPod,
  type Recognised,
  type Repair,
  readErrorLog,
  readPaste,
  recognise,
  releaseAmong,
  stepsInPlace,
} from '../../analysis/index.ts';
import { completeOptions, type FromYaml, type YamlMessageCode } from '../../istio/index.ts';
import type { Journey, Rulesets } from '../../journey/index.ts';
import { type Family, type NftProblem, type Problem, readNetwork } from '../../netfilter/index.ts';
import { pathLine, type StopLine, stopLines } from '../../render/index.ts';
import {
  type AlsoRead,
  type Doing,
  ending,
  headline,
  type KnownOfPod,
  nftProblemWords,
  outcomePhrase,
  type ProblemWords,
  problemWords,
  type SaidHeadline,
} from '../../words/index.ts';
import { bind } from '../scenarios/bind.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { type WayDifference, wayDifference } from '../scenarios/same-way.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { handbookSetting, type Setting } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';
import { openQuestion } from '../walk/open-question.ts';
import type { OpenQuestion } from '../walk/view.ts';
import { ambientGround, ambientOf, ambientWalks } from './ambient.ts';
import type { EnvoyPart } from './envoy/part.ts';
import { type Identified, identifiedNative, identifiedOf } from './identified.ts';
import { iptablesRules, readNft } from './native.ts';
import { asIstioMeansIt, knownOf, listenersIn, realPod } from './pod.ts';
import { chooseBackEnd, numbered, type ReadRules, readListed, readPart, stateOf } from './reading.ts';
import { type PastedConnections, trackedOf } from './tracked.ts';
import { usualConnection } from './usual-connection.ts';
import { weighed } from './weighed.ts';

export interface Inspection {
  /** The pods in the text; null for one without a name. The first is inspected unless another was asked for. */
  readonly pods: readonly (string | null)[];
  readonly chosen: number;
  /** What the text is of, with what shows it; what stands first decides what may be said. */
  readonly recognised: readonly [Recognised, ...Recognised[]];
  /** Whether the rules are a pod's over which the six types go. */
  readonly isWalkable: boolean;
  /** The scenario that a connection of the reader's own begins with; null where none is walked on these rules. */
  readonly asksWith: string | null;
  /** Whether the rules are a whole sidecar's, or should be: only those are compared with Istio's, and walked. */
  readonly isCompared: boolean;
  /** They would be, were there no rules that could not be read: they are walked, and a path splits at such a rule. */
  readonly isOnlyUnread: boolean;
  /** Whether the published paths can be asked about: they name chains of iptables, of a whole sidecar's rules for IPv4. */
  readonly asksPaths: boolean;
  /** What was taken off around the rules. */
  readonly repairs: readonly Repair[];
  /** Where rules seem to stand that could not be read as such. */
  readonly seeming: Paste['seeming'];
  readonly read: readonly ReadRules[];
  /** The first of what could not be read, and how many there are in all. */
  readonly problems: readonly (Pick<Problem | NftProblem, 'code' | 'line' | 'column' | 'text'> &
    ProblemWords)[];
  readonly problemCount: number;
  /** Lines that are no rules, no routes and no YAML. */
  readonly aside: { readonly count: number; readonly first: readonly AsideLine[] };
  /** What else was read. */
  readonly also: AlsoRead;
  /** What the walks know of the pod beside its rules, and what they take from the handbook's. */
  readonly known: KnownOfPod;
  /** The connections that conntrack has, each of which can be asked about where these rules are walked. */
  readonly tracked: PastedConnections;
  /** What YAML without rules asks for; null where the text has rules, or asks for nothing of a sidecar. */
  readonly asks: Setting | null;
  /** For each family in which there are rules of Istio's; one for both where they are of nft. */
  readonly identified: readonly Identified[];
  /** Whose the rules of ambient mode are; null where the text has none, or too few to say. */
  readonly ambient: AmbientIdentification | null;
  readonly findings: readonly Finding[];
  /** For each family that can be set right while the pod runs: the commands, in order. */
  readonly inPlace: readonly InPlace[];
  /** The setting that the paths are compared with: the nearest release, or the handbook's. */
  readonly expected: Setting;
  /**
   * Empty where there are no rules for IPv4, over which the six types are walked, and where the text is not of a sidecar's
   * rules. Null until they have been walked.
   */
  readonly walks: readonly InspectedWalk[] | null;
  /** What its Envoy was told; absent where the text has nothing of it. */
  readonly envoy?: EnvoyPart;
}

export interface AsideLine {
  /** From 1, in the whole text. */
  readonly line: number;
  readonly text: string;
}

export interface InPlace {
  readonly family: Family;
  /** Null where the text does not tell which. */
  readonly backEnd: ReadRules['backEnd'];
  readonly steps: readonly InPlaceStep[];
}

export interface InspectedWalk {
  readonly scenario: string;
  /** Of a type of ambient mode: the page that tells it, below the base path. */
  readonly page?: string;
  readonly title: string;
  readonly lines: readonly StopLine[];
  readonly ending: string;
  /** What is told first of it. */
  readonly headline: SaidHeadline;
  readonly arrived: boolean;
  /** What is to be answered before it can be walked on. */
  readonly question: OpenQuestion | null;
  /** How it differs from the way that the expected release would send it. */
  readonly verdict: WayDifference;
  readonly expected: string;
  /** What becomes of it, in a phrase, and what should. */
  readonly outcomes: readonly [here: string, expected: string];
}

export interface Inspected {
  readonly inspection: Inspection;
  /** The pod that the connections are walked on. */
  readonly pod: RealPod;
}

/** What a long inspection is at, from 0 to 1. */
export type Progress = (done: number, doing: Doing) => void;

const listedProblems = 50;
const listedAside = 20;

/** Reads a text, looks at one of its pods and walks the six types on it. Never throws for what the text says. */
export function inspect(text: string, pod = 0, yaml: FromYaml | null = null): Inspected {
  return withWalks(inspectRules(text, pod, yaml));
}

/** Walks the six types on what was inspected. */
export function withWalks({ inspection, pod }: Inspected): Inspected {
  const { ambient } = inspection;
  // What two that take the same connections do together is not known by the way through one of them.
  if (inspection.findings.some(({ id }) => id === 'ambient.beside-sidecar'))
    return { pod, inspection: { ...inspection, walks: [] } };
  if (ambient !== null) {
    const walks = ambientWalks(pod, ambient).map(({ scenario, here, expected }) => ({
      ...walkOf(scenario, here, expected, null),
      page: `/ambient/${scenario.page}/`,
    }));
    const isOtherwise = walks.some(({ verdict }) => verdict === 'ends otherwise');
    const findings = isOtherwise ? inspection.findings.map(heavier) : inspection.findings;
    return { pod, inspection: { ...inspection, walks, findings } };
  }
  const { v4, nft } = pod.rulesets ?? {};
  const walked =
    (inspection.isCompared || inspection.isOnlyUnread) && inspection.isWalkable && (v4 ?? nft) !== undefined
      ? scenarios.filter(({ isMain }) => isMain)
      : [];
  const walks = walked.map((one) => walk(one, pod, inspection.expected));
  const findings =
    walks.length === 0 ? inspection.findings : weighed(inspection.findings, pod, inspection.expected);
  return { pod, inspection: { ...inspection, walks, findings } };
}

/** Reads a text and looks at one of its pods, all but the walks. */
export function inspectRules(text: string, pod = 0, read: FromYaml | null = null): Inspected {
  return inspectPaste(readPaste(text), pod, read);
}

/** The same of a text that was cut already. `read` is what was read from the pod's YAML, where there is one. */
export function inspectPaste(
  paste: Paste,
  pod: number,
  read: FromYaml | null,
  progress: Progress = () => {},
): Inspected {
  const chosen = Math.min(Math.max(0, pod), paste.pods.length - 1);
  const pasted = paste.pods[chosen] as PastedPod;
  progress(0.15, 'rules');
  const listed = readListed(pasted.listing);
  const told = [...pasted.rules.map(readPart), ...(listed === null ? [] : [listed])];
  const native = readNft(pasted);
  const isTold = told.some(({ read }) => read.some(({ rules }) => rules > 0));
  const parts = isTold ? told : [...told, ...iptablesRules(pasted, native).map(readPart)];
  const texts = stateOf(parts);
  const network = pasted.routing.lines.length === 0 ? null : readNetwork(pasted.routing.lines);
  const found = [
    ...[...parts.flatMap((one) => one.problems), ...numbered(network?.problems ?? [], pasted.routing)].map(
      (one) => ({ ...one, ...problemWords(one) }),
    ),
    ...(native?.problems ?? []).map((one) => ({ ...one, ...nftProblemWords(one) })),
  ].sort((a, b) => a.line - b.line);
  progress(0.5, 'releases');
  const walked = chooseBackEnd(texts);
  const rulesets: Rulesets = {
    ...(walked?.v4 === undefined ? {} : { v4: walked.v4 }),
    ...(walked?.v6 === undefined ? {} : { v6: walked.v6 }),
  };
  const rules = (['v4', 'v6'] as const).flatMap((family) => rulesets[family] ?? []);
  const log = readErrorLog(pasted.aside.lines, pasted.aside.numbers, removing(pasted));
  const recognised = recognise({
    pod: pasted,
    rulesets: rules,
    others: texts.flatMap(({ v4, v6 }) =>
      [v4, v6].flatMap((one) => (one === undefined || rules.includes(one) ? [] : one)),
    ),
    nft: native?.ruleset ?? null,
    run: log.run,
    hasErrors: log.errors.length > 0,
  });
  const [{ kind }] = recognised;
  const isWhole = walked?.isWhole !== false;
  const ambient = ambientOf(kind, {
    ...rulesets,
    nft: native?.ruleset ?? null,
    isWhole: isWhole && native?.isWhole !== false,
  });
  const isSidecar = kind === 'sidecar';
  const isLost = !isWhole && walked !== undefined && isState(walked.from);
  const families = rules.map((ruleset) => {
    const identification = isSidecar ? identify(ruleset) : null;
    // What a text has lost is no option that takes rules away either.
    const takesAway = isLost && Object.values(identification?.options ?? {}).includes('');
    const isPart = isSidecar && !isWhole && (identification?.missing.length !== 0 || takesAway);
    return { ruleset, isWhole, identification: isPart ? identifyPart(ruleset) : identification };
  });
  const identification = families.find((one) => one.identification !== null)?.identification ?? null;
  const ownNative = kind === 'native nftables' ? (native?.identification ?? null) : null;
  const expected =
    ambient === null
      ? expectedSetting(identification ?? ownNative, read)
      : { release: ambient.releases.at(-1) ?? handbookSetting.release, options: {} };
  progress(0.75, 'findings');
  const findings = findingsOf({
    families,
    native,
    ambient,
    backEnds: texts,
    warnsOfLegacy: pasted.warnsOfLegacy,
    network,
    servers: pasted.servers,
    yaml: read === null ? null : { read, ...pasted.yaml },
    turning: paste.turning,
    lookAlikes: paste.lookAlikes,
    kind,
    isWithSidecar:
      ambient !== null &&
      recognised.some(isOfSidecar) &&
      (rules.some((one) => ambientSideOfRules(one) !== null) ||
        native?.ruleset.tables.some(({ name }) => name.startsWith('istio-ambient-')) === true),
    errors: log.errors,
  });
  const identified = kind === 'native nftables' ? identifiedNative(native) : families.flatMap(identifiedOf);
  const nft = ownNative === null && ambient === null ? undefined : native?.ruleset;
  const real = realPod({ ...rulesets, ...(nft && { nft }) }, expected, network, read, pasted);
  const isWalkable =
    kinds[kind].isWalkable && (kind === 'native nftables' ? nft !== undefined : rules.length > 0);
  const isMixed = findings.some(({ id }) => id === 'ambient.beside-sidecar');
  const ground = ambient === null || isMixed ? null : ambientGround(real, ambient);
  const isCompared =
    kinds[kind].isJudged &&
    (kind === 'native nftables' ? identified.length > 0 : rules.length > 0) &&
    findings.every(({ id }) => id !== 'rules.part' && id !== 'nft.part');
  return {
    pod: nft === undefined || ownNative === null ? real : { ...real, native: nft },
    inspection: {
      pods: paste.pods.map(({ name }) => name),
      chosen,
      recognised,
      isWalkable,
      asksWith: isWalkable ? usualConnection : (ground?.usual ?? null),
      isCompared,
      isOnlyUnread: isSidecar && walked?.isOnlyUnread === true,
      asksPaths: isSidecar && isCompared && isWalkable && rulesets.v4 !== undefined,
      repairs: paste.repairs,
      seeming: paste.seeming,
      read: [...texts.flatMap((one) => one.read), ...(native?.read ?? [])],
      problems: found.slice(0, listedProblems),
      problemCount: found.length,
      aside: {
        count: paste.aside.lines.length,
        first: paste.aside.lines.slice(0, listedAside).map(
          (line, at): AsideLine => ({
            line: paste.aside.numbers[at] ?? 0,
            text: line.trim().slice(0, 120),
          }),
        ),
      },
      also: {
        routing: pasted.routing.lines.length,
        listing: listed === null ? pasted.listing.lines.filter((line) => line.trim() !== '').length : 0,
        servers: pasted.servers.length,
        yaml: pasted.yaml.lines.length,
        connections: pasted.conntrack.lines.length,
        sockets: pasted.sockets.lines.length,
        sets: pasted.sets.lines.length,
        sysctls: pasted.sysctls.lines.length,
        object: read?.object ?? null,
      },
      known: knownOf(real, read, pasted),
      tracked: trackedOf(real, ground),
      asks: asking.has(kind) ? askedBy(read) : null,
      identified,
      ambient,
      findings,
      inPlace: families.flatMap((one): readonly InPlace[] => {
        const steps = stepsInPlace(one);
        return steps.length === 0
          ? []
          : [{ family: one.ruleset.family, backEnd: walked?.backEnd ?? null, steps }];
      }),
      expected,
      walks: null,
    },
  };
}

/** Rules that bring connections to a pod's own Envoy. That native nftables were chosen, a setting says of ambient mode, too. */
function isOfSidecar({ kind, signs }: Recognised): boolean {
  return kind === 'native nftables'
    ? signs.some(({ code }) => code === 'table of nft')
    : kind === 'sidecar' || kind === 'older sidecar';
}

/** The lines of commands that take chains and rules away. */
function removing({ rules }: PastedPod): ReadonlySet<number> {
  return new Set(
    rules.flatMap(({ from, lines, numbers }) =>
      from !== 'commands' ? [] : numbers.filter((_, at) => / -[DFXZ](?: |$)/.test(lines[at] ?? '')),
    ),
  );
}

/** What tells of options, and of no rules. */
const asking: ReadonlySet<Kind> = new Set(['pod as YAML', 'settings as YAML', 'description of a pod']);

/** Why a pod gets none, whatever its annotations ask for. */
const withoutRules: ReadonlySet<YamlMessageCode> = new Set([
  'injection off',
  'network of the node',
  'pod of a gateway',
]);

function askedBy(read: FromYaml | null): Setting | null {
  if (read === null || Object.keys(read.options).length === 0) return null;
  if (read.messages.some(({ code }) => withoutRules.has(code))) return null;
  const usual = new Map(Object.entries(completeOptions({})));
  const options = Object.fromEntries(
    Object.entries(read.options).filter(([name, value]) => String(usual.get(name)) !== String(value)),
  );
  return { release: read.release ?? handbookSetting.release, options };
}

/** The setting that the rules come from; where none is Istio's, the handbook's release. */
function expectedSetting(
  identification: Pick<Identification, 'releases' | 'options'> | null,
  read: FromYaml | null,
): Setting {
  if (identification === null) return { release: handbookSetting.release, options: {} };
  const { releases } = identification;
  // Where Envoy listens is not told by where the rules send to.
  const { proxyPort, inboundCapturePort, ...found } = identification.options;
  return {
    release: releaseAmong(read?.release ?? '', releases) ?? releases.at(-1) ?? handbookSetting.release,
    options: completeOptions({ ...found, ...listenersIn(read) }),
  };
}

/** A type on the pasted rules, beside the same as Istio means it. */
function walk(scenario: Scenario, pod: RealPod, setting: Setting): InspectedWalk {
  const bound = bind(scenario, {}, pod);
  const { journey } = bound;
  return walkOf(
    scenario,
    journey,
    bind(scenario, {}, asIstioMeansIt(pod, setting)).journey,
    openQuestion(bound),
  );
}

/** A difference in the rules of ambient mode by which a connection ends another way is wrong. */
function heavier(finding: Finding): Finding {
  return finding.id === 'ambient.rules-foreign' || finding.id === 'ambient.rules-moved'
    ? { ...finding, weight: 'wrong' }
    : finding;
}

function walkOf(
  { name, title }: Pick<Scenario, 'name' | 'title'>,
  journey: Journey,
  expected: Journey,
  question: OpenQuestion | null,
): InspectedWalk {
  return {
    scenario: name,
    title,
    lines: stopLines(journey),
    ending: ending(journey),
    headline: headline(journey),
    arrived: journey.arrived,
    question,
    expected: pathLine(expected),
    outcomes: [outcomePhrase(journey.outcome), outcomePhrase(expected.outcome)],
    verdict: wayDifference(journey, expected),
  };
}
