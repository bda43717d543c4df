/**
 * What a reader sees of a whole walk, as plain data: made in the build, in a worker or in a test, and shown by a page that
 * has no engine. Everything hangs on the number of a step. What holds for many steps is said once, from its first
 * step on, and what a walk of very many steps has too much of is left out until it is asked for.
 */
import type { AmbientOptionName, AmbientOptions, AmbientRole, Options, Role } from '../../istio/index.ts';
import type { JourneyOutcome, Request } from '../../journey/index.ts';
import type { Hook, Question, TableRef } from '../../netfilter/index.ts';
import type { StopLine } from '../../render/index.ts';
import type { HeadlineWords, OptionProblemWords } from '../../words/index.ts';
import type { AmbientMeshChoice } from '../scenarios/ambient-mesh.ts';
import type { ExampleCall, ExamplePeer, ExampleSender } from '../scenarios/examples.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { State } from './permalink.ts';

/** A walk as it is shown, with what is wrong with its options. */
export interface Walked extends View {
  /** With an error among them the pod has no rules. */
  readonly problems: readonly ShownProblem[];
}

/** What is wrong with an option, or with the release. */
export interface ShownProblem extends OptionProblemWords {
  readonly severity: 'error' | 'warning';
  readonly option: string;
}

/** Options of ambient mode. */
export interface AmbientSettings {
  /** As they are in force. */
  readonly options: AmbientOptions;
  /** Those that the release heeds. */
  readonly heeded: readonly AmbientOptionName[];
  /** How the mesh is around the pod; absent on a node, whose rules know nothing of it. */
  readonly mesh?: Required<AmbientMeshChoice>;
}

/** The options that the simulator has a field for, or asks about. */
export type ShownOption =
  | 'inboundInterceptionMode'
  | 'inboundPortsInclude'
  | 'inboundPortsExclude'
  | 'outboundPortsInclude'
  | 'outboundPortsExclude'
  | 'outboundIPRangesInclude'
  | 'outboundIPRangesExclude'
  | 'excludeInterfaces'
  | 'proxyUID'
  | 'proxyGID'
  | 'redirectDNS'
  | 'captureAllDNS'
  | 'dnsServersV4'
  | 'dropInvalid'
  | 'enableIPv6'
  | 'cni'
  | 'nativeNftables';

export interface View {
  /** What was walked; its step is the one to begin with. */
  readonly state: State;
  readonly scenario: WalkedScenario;
  readonly menu: Menu;
  /** Istio's release that is in force. */
  readonly release: string;
  /** Istio's options of a sidecar as they are in force; null for a pod of ambient mode. Others than these are not shown. */
  readonly options: Pick<Options, ShownOption> | null;
  /** Absent for a pod with a sidecar. */
  readonly ambient?: AmbientSettings;
  readonly lines: readonly StopLine[];
  readonly arrived: boolean;
  /** How it ended, in a sentence. */
  readonly ending: string;
  /** What is told first of it. */
  readonly head: HeadlineWords & { readonly outcome: Pick<JourneyOutcome, 'kind'> };
  /** What is to be answered before it can be walked on. */
  readonly question?: OpenQuestion;
  /** Who called whom: the names of both ends, null where nobody took the connection. */
  readonly legs: readonly { readonly client: string; readonly server: string | null }[];
  /** How many steps there are. A step is an event of the journey. */
  readonly length: number;
  readonly passages: readonly WalkedPassage[];
  /** The packet, from this step on. */
  readonly packets: Runs<ShownPacket>;
  /** The hook that the events speak of, from this step on. */
  readonly hooks: Runs<Hook>;
  /** The steps at which the packet comes to a hook. */
  readonly visits: readonly number[];
  /** The steps of rules that matched. */
  readonly matches: readonly number[];
  /** The steps at which something happened: no rule that did not match, and no bookkeeping. */
  readonly stops: readonly number[];
  readonly chains: readonly WalkedChain[];
  /** Which of the chains the packet is in, from this step on, or comes to next; null where none is asked. */
  readonly inChain: Runs<number | null>;
  /** Rules of one chain that were tested one after the other. */
  readonly tested: readonly TestedRules[];
  readonly words: { readonly [step: number]: StepWords };
}

/** A rule of which nobody can judge beforehand whether it matches. */
export interface OpenQuestion extends Question {
  /** Why that is so, as a phrase. */
  readonly because: string;
  /** The step that asks. */
  readonly step: number;
  /** The way ahead if it matches, and if it does not: from where the two part, and how it ends. */
  readonly yes: string;
  readonly no: string;
}

/** Values by the step from which on they hold. */
export type Runs<T> = readonly (readonly [from: number, value: T])[];

/** A scenario as far as it is walked: its request and experiments have the addresses of the pod that it is walked on. */
export interface WalkedScenario extends Pick<Scenario, 'name' | 'title' | 'request' | 'setting' | 'pod'> {
  readonly experiments: readonly OfferedExperiment[];
}

export interface OfferedExperiment {
  readonly title: string;
  readonly says: string;
  readonly state: State;
  /** The rule that it begins at; absent: it begins at the start. */
  readonly meets?: Role | AmbientRole;
}

/** What a reader can choose from. */
export interface Menu {
  /** The release that the handbook speaks of. */
  readonly release: string;
  readonly releases: readonly string[];
  readonly senders: readonly ExampleSender[];
  readonly calls: readonly ExampleCall[];
  /** The last one stands for any other. */
  readonly peers: readonly ExamplePeer[];
  readonly modes: readonly string[];
  /** The DNS server of the examples. */
  readonly dnsServer: string;
}

/** One packet of a leg, the first or its answer, from its first step on. */
export interface WalkedPassage {
  readonly leg: number;
  readonly passage: number;
  readonly first: number;
}

export interface ShownPacket {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly sentBy?: { readonly uid: number; readonly gid: number };
  readonly mark?: number;
}

export interface WalkedChain {
  readonly table: TableRef;
  readonly chain: string;
  readonly policy: string | null;
  /** How many rules it has. */
  readonly count: number;
  readonly rules: WalkedRules;
}

export interface WalkedRules {
  readonly [position: number]: {
    readonly text: string;
    /** What Istio has it for, by name. */
    readonly role?: Role | AmbientRole;
  };
}

export interface TestedRules {
  readonly step: number;
  readonly chain: number;
  readonly position: number;
  readonly count: number;
}

/** A step in words. */
export interface StepWords {
  readonly text: string;
  /** '' where there is nothing to give a reason for. */
  readonly reason: string;
  /** The reason as a phrase, where that is written in another way. */
  readonly because?: string;
  /** The condition of the rule that failed, as it is written. */
  readonly failed?: string;
}

/** A message or note of a sequence diagram of the walk, and the step that it tells of. */
export interface MessagePlace {
  readonly step: number;
  readonly isNote?: true;
}

/** What a long walk leaves out, for the steps around one. */
export interface Around {
  readonly words: Walked['words'];
  /** By the number of the chain. */
  readonly rules: { readonly [chain: number]: WalkedRules };
}

/** A request whose peer, where it comes from one, has an address of the destination's family. */
export function inFamilyOf(request: Request, { peers }: Pick<Menu, 'peers'>): Request {
  const { from, address } = request;
  const isV6 = address.includes(':');
  if (!('address' in from) || from.address.includes(':') === isV6) return request;
  const peer = peers.find(({ name }) => name === from.name) ?? peers.at(-1);
  return peer === undefined ? request : { ...request, from: { ...from, address: isV6 ? peer.v6 : peer.v4 } };
}

/** The walk with more of its words and rules. */
export function withMore(walked: Walked, { words, rules }: Around): Walked {
  return {
    ...walked,
    words: { ...walked.words, ...words },
    chains: walked.chains.map((chain, at) => {
      const more = rules[at];
      return more === undefined ? chain : { ...chain, rules: { ...chain.rules, ...more } };
    }),
  };
}
