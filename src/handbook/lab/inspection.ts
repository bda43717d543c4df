/**
 * What can be said of a pasted text: what was read, whose rules these are, what is wrong with them, and how the six
 * types fare on them. The answer is small and plain, so that a worker can hand it over; the rules go apart.
 */
import {
  askedFindings,
  byWeight,
  type ChainDifference,
  type Finding,
  findingsOf,
  type Identification,
  identify,
  isIstioChain,
  type Paste,
  type PastedPart,
  type PastedPod,
  type PodYaml,
  readPaste,
  releaseAmong,
  resolverFindings,
  routingFindings,
  shortenedDifference,
} from '../../analysis/index.ts';
import { completeOptions, type FromYaml, type Options } from '../../istio/index.ts';
import type { Rulesets } from '../../journey/index.ts';
import {
  type Family,
  findChain,
  type Network,
  type Problem,
  parseDumps,
  printRule,
  type Ruleset,
  readNetwork,
} from '../../netfilter/index.ts';
import { pathLine, type StopLine, stopLines } from '../../render/index.ts';
import { ending } from '../../words/index.ts';
import { bind } from '../scenarios/bind.ts';
import { type RealPod, workloadOf } from '../scenarios/real-pod.ts';
import { sameWay } from '../scenarios/same-way.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { pod as handbookPod, handbookSetting, type Setting, workload } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';
import { openQuestion } from '../walk/open-question.ts';
import type { OpenQuestion } from '../walk/view.ts';

export interface Inspection {
  /** The pods in the text; null for one without a name. The first is inspected unless another was asked for. */
  readonly pods: readonly (string | null)[];
  readonly chosen: number;
  readonly read: readonly ReadRules[];
  /** The first of what could not be read, and how many there are in all. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  /** Lines that are no rules, no routes and no YAML. */
  readonly aside: { readonly count: number; readonly first: readonly AsideLine[] };
  /** What else was read: `Pod reviews-v1`, `3 lines of ip rule, ip route or ip address`. */
  readonly also: readonly string[];
  /** What the walks know of the pod beside its rules, and what they take from the handbook's; each a sentence. */
  readonly taken: readonly string[];
  /** For each family in which there are rules of Istio's. */
  readonly identified: readonly Identified[];
  readonly findings: readonly Finding[];
  /** The setting that the paths are compared with: the nearest release, or the handbook's. */
  readonly expected: Setting;
  /** Empty where there are no IPv4 rules: the six types are walked over IPv4. Null until they have been walked. */
  readonly walks: readonly InspectedWalk[] | null;
}

export interface AsideLine {
  /** From 1, in the whole text. */
  readonly line: number;
  readonly text: string;
}

export interface ReadRules {
  readonly family: Family;
  readonly backEnd: 'nft' | 'legacy' | null;
  readonly tables: number;
  readonly chains: number;
  readonly rules: number;
}

export interface Identified extends Pick<Identification, 'releases' | 'options' | 'others'> {
  readonly family: Family;
  /** How many rules are Istio's and not there. */
  readonly missing: number;
  /** How many are there and not Istio's, or not in place. */
  readonly foreign: number;
  /** From Istio's rules to these; long ones cut off. */
  readonly chains: readonly ChainDifference[];
  /** How many of `foreign` are Istio's own rules a second time. */
  readonly twice: number;
}

export interface InspectedWalk {
  readonly scenario: string;
  readonly title: string;
  readonly lines: readonly StopLine[];
  readonly ending: string;
  readonly arrived: boolean;
  /** What is to be answered before it can be walked on. */
  readonly question: OpenQuestion | null;
  /**
   * Whether it goes the way that the expected release would send it; `moved`: by the same rules at other positions,
   * `cannot tell`: that depends on the answer to its question.
   */
  readonly verdict: 'as expected' | 'moved' | 'another way' | 'cannot tell';
  readonly expected: string;
}

export interface Inspected {
  readonly inspection: Inspection;
  /** The pod that the connections are walked on. */
  readonly pod: RealPod;
}

/** What a long inspection is at, from 0 to 1. */
export type Progress = (done: number, doing: string) => void;

const listedProblems = 50;
const listedAside = 20;
const listedRows = 300;

/** Reads a text, looks at one of its pods and walks the six types on it. Never throws for what the text says. */
export function inspect(text: string, pod = 0, yaml: FromYaml | null = null): Inspected {
  return withWalks(inspectRules(text, pod, yaml));
}

/** Walks the six types on what was inspected. */
export function withWalks({ inspection, pod }: Inspected): Inspected {
  const { v4, v6 } = pod.rulesets ?? {};
  const walked = v4 === undefined && v6 !== undefined ? [] : scenarios.filter(({ isMain }) => isMain);
  const walks = walked.map((one) => walk(one, pod, inspection.expected));
  return { pod, inspection: { ...inspection, walks } };
}

/**
 * Reads a text and looks at one of its pods, all but the walks. `read` is what was read from the pod's YAML, where there is one.
 */
export function inspectRules(
  text: string,
  pod = 0,
  read: FromYaml | null = null,
  progress: Progress = () => {},
): Inspected {
  progress(0.05, 'Reading the text');
  const paste = readPaste(text);
  const chosen = Math.min(Math.max(0, pod), paste.pods.length - 1);
  const pasted = paste.pods[chosen] as PastedPod;
  progress(0.15, 'Reading the rules');
  const texts = pasted.rules.map((part) => readPart(part));
  const network = pasted.routing.lines.length === 0 ? null : readNetwork(pasted.routing.lines);
  const problems = [
    ...paste.problems,
    ...texts.flatMap((one) => one.problems),
    ...numbered(network?.problems ?? [], pasted.routing),
  ].sort((a, b) => a.line - b.line);
  progress(0.5, 'Comparing with every release of Istio');
  const walked = chooseBackEnd(texts);
  const rulesets: Rulesets = {
    ...(walked?.v4 === undefined ? {} : { v4: walked.v4 }),
    ...(walked?.v6 === undefined ? {} : { v6: walked.v6 }),
  };
  const families = (['v4', 'v6'] as const).flatMap((family) => {
    const ruleset = rulesets[family];
    return ruleset === undefined ? [] : [{ family, ruleset, identification: identify(ruleset) }];
  });
  const main = families.find(({ identification }) => identification !== null);
  const identification = main?.identification ?? null;
  const yaml: PodYaml | null = read === null ? null : { read, ...pasted.yaml };
  const { proxyPort, inboundCapturePort, ...found } = identification?.options ?? {};
  const expected: Setting = {
    release:
      releaseAmong(read?.release ?? '', identification?.releases ?? []) ??
      identification?.releases.at(-1) ??
      handbookSetting.release,
    // Where Envoy listens is not told by where the rules send to.
    options: identification === null ? {} : completeOptions({ ...found, ...portsOf(read) }),
  };
  progress(0.75, 'Looking for what is wrong');
  const findings = byWeight([
    ...turning(paste),
    ...backEnds(texts, pasted.warnsOfLegacy),
    ...wrongFamily(families),
    ...(yaml === null ? [] : askedFindings(yaml, main?.ruleset, identification)),
    ...families.flatMap((one) =>
      one.identification === null || network === null
        ? []
        : routingFindings(one.ruleset, one.identification, network),
    ),
    ...families.flatMap((one) =>
      one.identification === null ? [] : resolverFindings(one.ruleset, one.identification, pasted.servers),
    ),
    ...(families.length === 0
      ? findingsOf({ family: 'v4', tables: [] }, null)
      : families.flatMap((one) =>
          one.identification === null && main !== undefined && one.family !== main.family
            ? []
            : findingsOf(one.ruleset, one.identification),
        )),
  ]);
  const real = realPod(rulesets, expected, network, read);
  return {
    pod: real,
    inspection: {
      pods: paste.pods.map(({ name }) => name),
      chosen,
      read: texts.flatMap((one) => one.read),
      problems: problems.slice(0, listedProblems),
      problemCount: problems.length,
      aside: {
        count: paste.aside.lines.length,
        first: paste.aside.lines.slice(0, listedAside).map(
          (line, at): AsideLine => ({
            line: paste.aside.numbers[at] ?? 0,
            text: line.trim().slice(0, 120),
          }),
        ),
      },
      also: alsoRead(pasted, read),
      taken: taken(real, read),
      identified: families.flatMap((one): readonly Identified[] => {
        if (one.identification === null) return [];
        const { releases, options, others, missing, foreign, expected: own } = one.identification;
        const twice = foreign.filter(({ table, chain, rule }) =>
          findChain(own, table, chain)?.rules.some((other) => printRule(one.family, other) === rule),
        ).length;
        return [
          {
            family: one.family,
            releases,
            options,
            others,
            missing: missing.length,
            foreign: foreign.length,
            twice,
            chains: shortenedDifference(one.identification.chains, listedRows).chains,
          },
        ];
      }),
      findings,
      expected,
      walks: null,
    },
  };
}

/** Envoy's own ports, where the YAML names others. */
function portsOf(read: FromYaml | null): Partial<Options> {
  const { proxyPort, inboundCapturePort } = read?.options ?? {};
  return {
    ...(proxyPort === undefined ? {} : { proxyPort }),
    ...(inboundCapturePort === undefined ? {} : { inboundCapturePort }),
  };
}

/** What the walks know of the pod. */
function realPod(
  rulesets: Rulesets,
  setting: Setting,
  network: Network | null,
  read: FromYaml | null,
): RealPod {
  const { uid, gid, ports = [], addresses = [], netBindService } = read?.workload ?? {};
  return {
    rulesets,
    setting,
    ...(network === null ? {} : { network }),
    app: {
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(ports.length === 0 ? {} : { ports: ports.map((port) => ({ port })) }),
      ...(addresses.length === 0
        ? {}
        : { addresses: addresses.map((one) => `${one}/${one.includes(':') ? 128 : 32}`) }),
      ...(netBindService === true ? { netBindService } : {}),
    },
  };
}

/** What is known of the pod beside its rules, by where it was told; then what was told by nothing. */
function taken({ app = {}, network }: RealPod, read: FromYaml | null): readonly string[] {
  const listed = network?.interfaces?.filter(({ name, addresses }) => name !== 'lo' && addresses.length > 0);
  const hasAddress = (listed?.length ?? 0) > 0;
  const owner = [
    ...(app.uid === undefined ? [] : [`uid ${app.uid}`]),
    ...(app.gid === undefined ? [] : [`gid ${app.gid}`]),
  ];
  const ofApp = [
    ...(owner.length === 0 ? [] : [`the app runs as ${owner.join(' and ')}`]),
    ...(app.ports === undefined ? [] : [`it listens on ${app.ports.map(({ port }) => port).join(', ')}`]),
    ...(app.addresses === undefined || hasAddress
      ? []
      : [`its address is ${app.addresses.map((one) => one.split('/')[0]).join(', ')}`]),
  ];
  const interfaces = (listed ?? []).map(({ name, addresses }) => `${name} has ${addresses.join(', ')}`);
  const routing = [
    ...(network?.rules === undefined
      ? []
      : [`${count(network.rules.length, 'routing rule')} beside the kernel’s own`]),
    ...(network?.routes === undefined ? [] : [count(network.routes.length, 'route')]),
  ];
  const assumed = [
    ...(hasAddress || app.addresses !== undefined ? [] : [`the address ${handbookPod.address}`]),
    ...(app.uid === undefined ? [`the app’s uid ${workload.uid}`] : []),
    ...(app.gid === undefined ? [`its gid ${workload.gid}`] : []),
    ...(app.ports === undefined ? [`its port ${handbookPod.port}`] : []),
  ];
  return [
    ...(ofApp.length === 0 ? [] : [`From ${read?.object ?? 'the YAML'}: ${ofApp.join(', ')}.`]),
    ...(interfaces.length === 0 ? [] : [`From ip address or ip route: ${interfaces.join('; ')}.`]),
    ...(routing.length === 0 ? [] : [`From ip rule and ip route: ${routing.join(' and ')}.`]),
    ...(assumed.length === 0
      ? []
      : [`Not told by this text, and taken from the handbook’s example: ${assumed.join(', ')}.`]),
  ];
}

interface ReadText {
  readonly backEnd: 'nft' | 'legacy' | null;
  readonly v4?: Ruleset;
  readonly v6?: Ruleset;
  readonly problems: readonly Problem[];
  readonly read: readonly ReadRules[];
}

function readPart({ lines, numbers, backEnd }: PastedPod['rules'][number]): ReadText {
  const { v4, v6, problems } = parseDumps(lines.join('\n'));
  const rulesets = [v4, v6].filter((one) => one !== undefined && one.tables.length > 0) as readonly Ruleset[];
  return {
    backEnd,
    ...(v4 === undefined || v4.tables.length === 0 ? {} : { v4 }),
    ...(v6 === undefined || v6.tables.length === 0 ? {} : { v6 }),
    problems: numbered(problems, { numbers }),
    read: rulesets.map((ruleset): ReadRules => {
      const chains = ruleset.tables.flatMap((table) => table.chains);
      return {
        family: ruleset.family,
        backEnd,
        tables: ruleset.tables.length,
        chains: chains.length,
        rules: chains.reduce((sum, chain) => sum + chain.rules.length, 0),
      };
    }),
  };
}

/** Problems with the lines of the whole text. */
function numbered(
  problems: readonly Problem[],
  { numbers }: Pick<PastedPart, 'numbers'>,
): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, line: numbers[problem.line - 1] ?? problem.line }));
}

function hasIstio(ruleset: Ruleset | undefined): boolean {
  return ruleset?.tables.some(({ chains }) => chains.some(isIstioChain)) === true;
}

/** The back end whose rules are walked: the one that has Istio's. */
function chooseBackEnd(texts: readonly ReadText[]): ReadText | undefined {
  return (
    texts.findLast(({ v4 }) => hasIstio(v4)) ??
    texts.findLast(({ v6 }) => hasIstio(v6)) ??
    texts.findLast(({ read }) => read.some(({ rules }) => rules > 0)) ??
    texts.at(-1)
  );
}

function backEnds(texts: readonly ReadText[], warnsOfLegacy: boolean): readonly Finding[] {
  const withRules = texts.filter(
    ({ backEnd, read }) => backEnd !== null && read.some(({ rules }) => rules > 0),
  );
  const both = withRules.filter(({ v4, v6 }) => hasIstio(v4) || hasIstio(v6));
  if (both.length > 1) {
    return [
      {
        weight: 'wrong',
        kind: 'back ends',
        says: 'OUTPUT 1, -j ISTIO_OUTPUT, stands in the rules of iptables-legacy and of iptables-nft, and the kernel asks both, so what one of them lets pass the other may still capture',
        mend: 'delete the pod, and have one image program it: the same version of istio-init or the CNI plugin on every node',
      },
    ];
  }
  if (withRules.length > 1) {
    return [
      {
        weight: 'doubtful',
        kind: 'back ends',
        says: 'Rules stand in iptables-legacy and in iptables-nft, and the kernel asks both; the paths below know only those of Istio’s back end',
        mend: 'find out which program writes to the other one, and let both use the same',
      },
    ];
  }
  if (!warnsOfLegacy) return [];
  return [
    {
      weight: 'doubtful',
      kind: 'back ends',
      says: 'iptables itself warns that iptables-legacy has tables, too, and they are not in this text',
      mend: 'paste the output of iptables-legacy-save with it, because the kernel asks both',
    },
  ];
}

function wrongFamily(
  families: readonly { readonly family: Family; readonly identification: Identification | null }[],
): readonly Finding[] {
  const v4 = families.find(({ family }) => family === 'v4');
  const v6 = families.find(({ family }) => family === 'v6');
  if (v6?.identification == null || v4?.identification != null) return [];
  return [
    {
      weight: 'wrong',
      kind: 'family',
      says: 'Istio’s rules stand in IPv6 alone: OUTPUT 1, -j ISTIO_OUTPUT, is missing in IPv4, so IPv4 connections of this pod do not go through Envoy',
      mend:
        v4 === undefined
          ? 'paste the output of iptables-save, too, and if it is empty delete the pod'
          : 'see that the pod has an IPv4 address when it is set up, and delete it',
    },
  ];
}

/** Text that reads otherwise than it is may be there to deceive. */
function turning({ turning: found }: Paste): readonly Finding[] {
  if (found === null) return [];
  return [
    {
      weight: 'doubtful',
      kind: 'text',
      says: `Line ${found.line} holds characters that turn the direction of text (${found.characters}), so that it looks otherwise than it is; here they are written out`,
      mend: 'find out who named a chain or wrote a comment so',
    },
  ];
}

function alsoRead({ routing, yaml, servers }: PastedPod, read: FromYaml | null): readonly string[] {
  return [
    ...(routing.lines.length === 0
      ? []
      : [`${count(routing.lines.length, 'line')} of ip rule, ip route or ip address`]),
    ...(servers.length === 0 ? [] : [`${count(servers.length, 'server')} of resolv.conf`]),
    ...(yaml.lines.length === 0
      ? []
      : [
          read?.object == null ? `${count(yaml.lines.length, 'line')} of YAML` : `the YAML of ${read.object}`,
        ]),
  ];
}

function walk(scenario: Scenario, pod: RealPod, setting: Setting): InspectedWalk {
  const bound = bind(scenario, {}, pod);
  const { journey } = bound;
  const question = openQuestion(bound);
  const expected = bind(scenario, {}, asIstioMeansIt(pod, setting)).journey;
  const way = sameWay(journey, expected);
  const verdict =
    way === 'as it is' ? 'as expected' : way === 'another way' && question !== null ? 'cannot tell' : way;
  return {
    scenario: scenario.name,
    title: scenario.title,
    lines: stopLines(journey),
    ending: ending(journey),
    arrived: journey.arrived,
    question,
    expected: pathLine(expected),
    verdict,
  };
}

/** The same pod with Istio's own rules and routing. */
export function asIstioMakesIt(pod: RealPod): RealPod {
  const { addresses } = workloadOf(pod, false);
  return { ...(pod.setting === undefined ? {} : { setting: pod.setting }), app: { ...pod.app, addresses } };
}

/** With Istio's own rules, and an app that is not taken for the proxy. */
function asIstioMeansIt(pod: RealPod, { options }: Setting): RealPod {
  const { app = {}, ...made } = asIstioMakesIt(pod);
  const { uid, gid, ...rest } = app;
  const { proxyUID, proxyGID } = completeOptions(options);
  const isProxys = (ids: string, id: number | undefined) => ids.split(',').includes(String(id));
  return {
    ...made,
    app: {
      ...rest,
      ...(uid === undefined || isProxys(proxyUID, uid) ? {} : { uid }),
      ...(gid === undefined || isProxys(proxyGID, gid) ? {} : { gid }),
    },
  };
}

/** What else would have made these rules, each in a phrase: `Istio 1.10 to 1.12 with …`. */
export function otherOrigins({ identified: [main] }: Inspection): readonly string[] {
  return (main?.others ?? []).map((origin) => `${releaseWords(origin.releases)} ${optionWords(origin)}`);
}

/** The verdict on a text in one plain sentence. */
export function summary({ identified, findings, read }: Inspection): string {
  const [main] = identified;
  const rules = read.reduce((sum, one) => sum + one.rules, 0);
  if (main === undefined) {
    return rules === 0
      ? 'There are no rules in this text: a pod with these rules captures nothing.'
      : 'None of these rules is Istio’s.';
  }
  const by = `${releaseWords(main.releases)} ${optionWords(main)}`;
  const wrong = findings.filter(({ weight }) => weight === 'wrong').length;
  if (main.missing + main.foreign === 0)
    return `${wrong > 0 ? 'By themselves these are' : 'These are'} the rules of ${by}.`;
  const others = main.foreign - (main.missing > 0 ? 0 : main.twice);
  const parts = [
    ...(main.missing === 0
      ? []
      : [`${count(main.missing, 'rule')} ${main.missing === 1 ? 'is' : 'are'} missing`]),
    ...(main.missing > 0 || main.twice === 0
      ? []
      : [`${count(main.twice, 'rule')} ${main.twice === 1 ? 'stands' : 'stand'} there twice`]),
    ...(others === 0
      ? []
      : [`${count(others, 'rule')} ${others === 1 ? 'is' : 'are'} not Istio’s or not in place`]),
  ];
  return `These rules come nearest to ${by}: ${parts.join(', and ')}.`;
}

function releaseWords(releases: readonly string[]): string {
  return releases.length < 2 ? `Istio ${releases[0]}` : `Istio ${releases[0]} to ${releases.at(-1)}`;
}

/** `with its default options`, `with outboundPortsExclude 3306 and DNS capture`. */
export function optionWords({ options }: Pick<Identified, 'options'>): string {
  const { enableIPv6, redirectDNS, captureAllDNS, dnsServersV4, dnsServersV6, cni, ...rest } = options;
  const servers = [...(dnsServersV4 ?? []), ...(dnsServersV6 ?? [])];
  const words = [
    ...(cni === true ? ['the CNI plugin'] : []),
    ...(redirectDNS === true
      ? [servers.length > 0 ? `DNS capture for ${servers.join(', ')}` : 'DNS capture']
      : []),
    ...Object.entries(rest).map(
      ([name, value]) => `${name} ${String(value) === '' ? 'empty' : String(value)}`,
    ),
  ];
  if (words.length === 0) return 'with its default options';
  const last = words.pop() as string;
  return `with ${words.length === 0 ? last : `${words.join(', ')} and ${last}`}`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
