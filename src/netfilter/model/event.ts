/**
 * What happens to a packet on its way: the events in order, and how it ends.
 */
import type { NftRuleset } from '../nftables/model.ts';
import type { IpSet, Socket } from './host.ts';
import type { Connection, ConnectionState, Packet } from './packet.ts';
import type {
  ConntrackReason,
  DropReason,
  HashReason,
  NoListenerReason,
  RewriteReason,
  RouteReason,
  SkipReason,
  TtlReason,
} from './reason.ts';
import type { RuleReason, TargetQuestion, TargetReason } from './rule-reason.ts';
import type { Condition, Hook, TableName, TableRef } from './ruleset.ts';

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly kind: 'reject'; readonly with: string }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

/** How a packet ends. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly socket: Socket | null }
  | { readonly kind: 'sent'; readonly interface: string; readonly via?: string }
  | { readonly kind: 'dropped'; readonly reason: DropReason | RuleDecision }
  | { readonly kind: 'rejected'; readonly with: string; readonly reason: TtlReason | RuleDecision }
  | { readonly kind: 'refused'; readonly reason: NoListenerReason }
  | {
      readonly kind: 'cannot tell';
      readonly reason: HashReason | RuleDecision;
      readonly question?: Question;
    };

/** What a rule did to a packet that goes no further, or why that cannot be told. */
export type RuleDecision = RuleName &
  (
    | { readonly code: 'rejects' }
    | { readonly code: 'drops'; readonly target?: TargetReason }
    | { readonly code: 'condition not told'; readonly condition: RuleReason }
    | { readonly code: 'target not told'; readonly target: TargetQuestion }
    | { readonly code: 'no such chain'; readonly to: string }
    | { readonly code: 'loop'; readonly chains: readonly string[] }
    | { readonly code: 'too deep'; readonly depth: number; readonly most: number }
    /** `to`: the chain that was entered most often, so many times. */
    | {
        readonly code: 'too many events';
        readonly most: number;
        readonly to: string;
        readonly times: number;
      }
  );

/** Where a rule stands; positions count from 1. */
export interface RuleName {
  readonly table: TableRef;
  readonly chain: string;
  readonly position: number;
}

/** A rule whose match depends on something that the engine was not told. */
export interface Question extends RuleName {
  readonly condition: string;
}

/** A reader's answer to a question that a traversal ended with. */
export interface Answer extends Omit<Question, 'condition'> {
  readonly matches: boolean;
}

/** The devices that a hook sees. */
export interface Devices {
  readonly in?: string;
  readonly out?: string;
}

interface At {
  readonly hook: Hook;
  /** The packet after this event. */
  readonly packet: Packet;
}
interface InTable extends At {
  readonly table: TableRef;
}
interface InChain extends InTable {
  readonly chain: string;
}

/** The packet comes to a hook, by these devices. */
export interface HookEvent extends At, Devices {
  readonly kind: 'hook';
}
/** Conntrack looks the packet up. */
export interface ConntrackEvent extends At {
  readonly kind: 'conntrack';
  readonly state: ConnectionState;
  readonly direction: 'original' | 'reply' | null;
  readonly reason: ConntrackReason;
}
/** A table exists at this hook and is not asked: nat, or a chain of type nat of nft. */
export interface SkipEvent extends InTable {
  readonly kind: 'skip';
  readonly reason: SkipReason;
}
/** A built-in chain begins, or a base chain of nft. */
export interface TableEvent extends InChain {
  readonly kind: 'table';
  /** Of a base chain of nft: the table of iptables in whose place it is asked, where it is that of one. */
  readonly like?: TableName;
}
/** One rule was tested. */
export interface RuleEvent extends InChain {
  readonly kind: 'rule';
  readonly position: number;
  /** Of a rule of nft, where its text told it. */
  readonly handle?: number;
  /** Null: it depends on something that the engine was not told; the outcome says on what. */
  readonly matched: boolean | null;
  readonly reason: RuleReason;
  /** The condition that failed, or that could not be told. */
  readonly failed?: Condition;
  /** The engine could not tell: `matched` is what the reader said. */
  readonly answered?: true;
  /** What its target made of the packet, where the packet decides that. */
  readonly effect?: TargetReason;
  /** Set when it matched. */
  readonly verdict?: Verdict;
}
/** A user chain ended, and its caller goes on. */
export interface ReturnEvent extends InChain {
  readonly kind: 'return';
  readonly to: string;
}
/** A built-in chain ended, or a base chain of nft. */
export interface PolicyEvent extends InChain {
  readonly kind: 'policy';
  readonly verdict: Verdict;
}
/** NAT rewrote the packet. */
export interface RewriteEvent extends InTable {
  readonly kind: 'rewrite';
  readonly before: Packet;
  readonly reason: RewriteReason;
}
/** A route was looked up. */
export interface RouteEvent extends At {
  readonly kind: 'route';
  /** Null: to a local socket. */
  readonly out: string | null;
  readonly reason: RouteReason;
}
/** The last event. */
export interface OutcomeEvent extends At {
  readonly kind: 'outcome';
  readonly outcome: Outcome;
}

export type Event =
  | HookEvent
  | ConntrackEvent
  | SkipEvent
  | TableEvent
  | RuleEvent
  | ReturnEvent
  | PolicyEvent
  | RewriteEvent
  | RouteEvent
  | OutcomeEvent;

export interface Traversal {
  readonly events: readonly Event[];
  readonly outcome: Outcome;
  /** Conntrack's entries after the packet: pass them on with the next packet's host. */
  readonly connections: readonly Connection[];
  /** The ipsets after the packet, where the host told them. */
  readonly sets?: Readonly<Record<string, IpSet>>;
  /** The ruleset of nft after the packet, where a rule changed the elements of a set. */
  readonly nft?: NftRuleset;
}
