/**
 * What there is to say of a path and of a diagram, as data: a language has words for each of these.
 */
import type { OptionProblem } from '../istio/index.ts';
import type { Headline, JourneyOutcome, Party } from '../journey/index.ts';
import type { Event, Hook, Outcome, Packet, TableRef } from '../netfilter/index.ts';

/** A process of the pod, or somebody outside of it. */
export interface SaidParty {
  readonly kind: 'process' | 'envoy' | 'network';
  /** Null for a socket of which nobody knows whose it is. */
  readonly name: string | null;
  /** Of a process that sends: the rules look at it. */
  readonly uid?: number;
  /** Of a process that receives. */
  readonly port?: number;
}

/** Where a packet was, and how its way ended where nobody has it. */
export type SaidStop =
  | SaidParty
  | { readonly kind: 'hook'; readonly hook: Hook }
  | {
      readonly kind: 'chain';
      readonly table: TableRef;
      readonly chain: string;
      /** Counts from 1, as `iptables -L --line-numbers` does. */
      readonly position: number;
    }
  | { readonly kind: 'drop'; readonly outcome: Outcome['kind'] | CircleKind };

/** How a path says that it turns in a circle. */
type CircleKind = Extract<JourneyOutcome['kind'], 'in a circle'>;

/** Where two paths of a scenario part: the stop of each, null where it has none any more. */
export interface SaidOutlook {
  readonly before: SaidStop | null;
  readonly after: SaidStop | null;
}

/** What is told first of a journey, with the sentences that need its events. */
export interface SaidHeadline extends Headline {
  /** How it ended. */
  readonly ending: string;
  /** Why the rule that was asked last behind a jump in vain does not apply; '' where none was. */
  readonly because: string;
}

/** Rules of one packet that were tested and did not match, as one. */
export interface SaidMisses {
  /** Where its first and its last rule stand. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Who or what has a lifeline in a diagram. */
export type SaidLifeline =
  | SaidParty
  | ((
      | { readonly kind: 'kernel' }
      | { readonly kind: 'hook'; readonly hook: Hook }
      | { readonly kind: 'chain'; readonly table: TableRef; readonly chain: string }
    ) & {
      /** Of the pod where it is absent. */
      readonly on?: 'node';
    });

/** Why a stop of a published path is another one, is never met, or was left out. */
export type SaidUnmet =
  /** The rule of the stop that was left out. */
  | { readonly code: 'rule' | 'does not match' | 'decides before'; readonly event: Of<'rule'> }
  | { readonly code: 'never asked'; readonly event: Of<'skip'> }
  | { readonly code: 'no packet there' }
  /** The connection goes elsewhere: by which rule, where one decides. */
  | { readonly code: 'no connection there'; readonly event: Of<'rule'> | null }
  | { readonly code: 'answer elsewhere'; readonly client: Party };

type Of<Kind extends Event['kind']> = Extract<Event, { readonly kind: Kind }>;

/** What a message of a diagram says. */
export type SaidMessage =
  /** Somebody sends a packet. */
  | { readonly code: 'sent'; readonly packet: Packet }
  /** Somebody has it; `inCircle`: the journey is ended here, because it would go on for ever. */
  | { readonly code: 'received'; readonly packet: Packet; readonly inCircle: boolean }
  | { readonly code: 'hook'; readonly event: Of<'hook'> }
  | { readonly code: 'not asked'; readonly event: Of<'skip'> }
  | { readonly code: 'misses'; readonly at: SaidLifeline; readonly misses: SaidMisses }
  | { readonly code: 'rule'; readonly event: Of<'rule'> }
  | { readonly code: 'returns'; readonly event: Of<'return'> }
  | { readonly code: 'policy'; readonly event: Of<'policy'> }
  | { readonly code: 'rewrite'; readonly event: Of<'rewrite'> }
  /** Nobody of whom the journey knows has the packet. */
  | { readonly code: 'ends'; readonly event: Of<'outcome'> };

/** What is wrong with a link. */
export type LinkProblem =
  | { readonly code: 'no version' }
  | { readonly code: 'another version'; readonly version: string }
  | { readonly code: 'link too long'; readonly length: number; readonly most: number }
  /** A part that was cut off in the middle of a letter, say. */
  | { readonly code: 'damaged part'; readonly part: string }
  | { readonly code: 'no such scenario'; readonly scenario: string }
  /** A call of a pod of another kind than the one that is walked on. */
  | { readonly code: 'scenario elsewhere'; readonly scenario: string }
  | { readonly code: 'no such release'; readonly release: string }
  | { readonly code: 'no such option'; readonly name: string }
  /** Of what is chosen at Envoy's stop. */
  | {
      readonly code: 'no such choice';
      readonly of: 'envoy' | 'mesh';
      readonly name: string;
      readonly text: string;
    }
  | {
      readonly code:
        | 'no sender'
        | 'no destination'
        | 'no protocol'
        | 'no source'
        | 'no source port'
        | 'no path'
        | 'no answer'
        | 'no step';
      readonly text: string;
    }
  | {
      readonly code: 'answered twice';
      readonly table: TableRef;
      readonly chain: string;
      readonly position: number;
    };

/** What is wrong in `handbook.config.ts`: at a key such as `pod.port`, what stands there and what was expected. */
export type SettingProblem =
  | {
      readonly code: 'no such key';
      readonly key: string;
      readonly meant: string | null;
      readonly known: readonly string[];
    }
  | { readonly code: 'key missing'; readonly key: string; readonly expected: SettingKind }
  | {
      readonly code: 'another kind';
      readonly key: string;
      readonly found: string;
      readonly expected: SettingKind;
    }
  | {
      readonly code: 'no such file';
      readonly key: string;
      readonly found: string;
      readonly meant: string | null;
    }
  | {
      readonly code: 'little contrast';
      readonly key: string;
      readonly found: string;
      readonly ground: string;
      readonly contrast: number;
      readonly least: number;
    }
  | {
      readonly code: 'release unknown';
      readonly key: string;
      readonly found: string;
      readonly oldest: string;
      readonly newest: string;
      readonly nearest: readonly string[];
    }
  | {
      readonly code: 'option problem';
      readonly key: string;
      readonly found: string;
      readonly problem: OptionProblem;
    };

/** What a key of `handbook.config.ts` takes. */
export type SettingKind =
  | 'text'
  | 'switch'
  | 'record'
  | 'host'
  | 'base'
  | 'file'
  | 'colour'
  | 'address of the web'
  | 'link'
  | 'release'
  | 'options'
  | 'address of a pod'
  | 'port'
  | 'id';
