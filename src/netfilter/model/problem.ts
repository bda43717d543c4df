/**
 * Something in a text that could not be read, as data: what it is, and what stands there. `src/words` says what was
 * found, what was expected and how to fix it.
 */
import type { Family, TableName } from './ruleset.ts';

export type Problem = ProblemDetails & {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** The whole line, so that what was not read is not lost. */
  readonly text: string;
};

export type ProblemCode = ProblemDetails['code'];

/** What is the matter, by a name that stays when the sentences change, and what a sentence needs to tell it. */
export type ProblemDetails =
  // the text as a whole
  | { readonly code: 'text too long'; readonly length: number; readonly most: number }
  // what is more than one text may ask
  | {
      readonly code: 'rule too long';
      readonly words: number;
      readonly most: number;
    }
  | {
      readonly code: 'too many of lists';
      readonly rules: number;
      readonly most: { readonly line: number; readonly text: number };
    }
  | { readonly code: 'too many passed' }
  // a line of iptables-save, or a command
  | { readonly code: 'line unknown' | 'command missing' }
  | { readonly code: 'line goes on'; readonly word: string }
  | { readonly code: 'line cut off'; readonly behind: CutOff }
  | { readonly code: 'counters unreadable'; readonly counters: string; readonly option: '-c' | null }
  | {
      readonly code: 'command without chain' | 'command without effect';
      readonly command: string;
    }
  // tables and chains
  | {
      readonly code: 'table unknown';
      readonly table: string;
      readonly meant: string | null;
      /** The table that the lines behind it are read as. */
      readonly readAs: TableName;
    }
  | {
      readonly code: 'chain unknown';
      readonly chain: string;
      readonly table: TableName;
      readonly meant: string | null;
    }
  | { readonly code: 'chain name not allowed' | 'rule not there'; readonly chain: string }
  | { readonly code: 'chain not empty' | 'chain built in'; readonly chain: string; readonly rules: number }
  | {
      readonly code: 'chain used before it was made';
      readonly chain: string;
      readonly table: TableName;
    }
  | { readonly code: 'chains in a loop'; readonly from: string; readonly to: string }
  | {
      readonly code: 'policy not allowed';
      readonly policy: string;
      readonly chain: string;
      readonly isBuiltIn: boolean;
    }
  | {
      readonly code: 'position not there';
      /** As it is written; for `-I` without a number, 1. */
      readonly position: string;
      readonly chain: string;
      readonly rules: number;
      /** True for `-I`, which may name the place behind the last rule. */
      readonly inserts: boolean;
    }
  | { readonly code: 'replaced by several'; readonly rules: number }
  // the parts of a rule
  | {
      readonly code: 'name not allowed';
      readonly name: string;
      readonly wanted: 'match' | 'target' | 'chain';
    }
  | { readonly code: 'match unknown'; readonly match: string; readonly meant: string | null }
  | {
      readonly code: 'target unknown' | 'jump to a built-in chain';
      readonly target: string;
      readonly table: TableName;
      readonly meant: string | null;
    }
  | {
      readonly code: 'option unknown';
      readonly option: string;
      readonly meant: string | null;
      /** What has to stand before this option: `-p tcp`. */
      readonly before: string | null;
    }
  | {
      readonly code: 'option cannot be negated';
      readonly option: string;
      /** Set where an address option is negated that lists several. */
      readonly addresses: string | null;
    }
  | {
      readonly code: 'value unreadable' | 'value of the other family';
      readonly value: string;
      readonly option: string;
      readonly wanted: ValueName;
      /** That of the ruleset. */
      readonly family: Family;
    }
  // a listing of iptables -L
  | { readonly code: 'listed table unknown'; readonly readAs: TableName }
  | {
      readonly code: 'listed row unknown';
      /** What is not understood of a row, which ends too early where it is ''; null for a line that is none. */
      readonly rest: string | null;
    }
  // an entry of conntrack
  | {
      readonly code: 'connection unreadable';
      /** The word that is not what stands there; '' where the line ends too early. */
      readonly word: string;
    }
  // a line of iproute2
  | { readonly code: 'route with several next hops' | 'routing rule without table' }
  | { readonly code: 'route type unknown'; readonly type: string }
  | { readonly code: 'route destination unreadable'; readonly destination: string }
  | { readonly code: 'routing rule unknown'; readonly word: string };

/** Where a line ends too early: behind a chain's name, behind a `!`, or behind an option that takes a value. */
export type CutOff =
  | { readonly kind: 'chain'; readonly chain: string; readonly policy: 'ACCEPT' | 'DROP' | null }
  | { readonly kind: 'negation' }
  | { readonly kind: 'option'; readonly option: string; readonly wanted: ValueName };

/** What a word of a rule has to be. */
export type ValueName =
  | SimpleValueName
  | { readonly oneOf: readonly string[] }
  | { readonly listOf: readonly string[] }
  | { readonly wholeNumberTo: number }
  | { readonly numberTo: number }
  | { readonly numberOrRangeTo: number }
  | { readonly levelOr: readonly string[] };

export type SimpleValueName =
  | 'address or prefix'
  | 'address or range'
  | 'address, port or both'
  | 'chain'
  | 'counters'
  | 'date'
  | 'extension headers'
  | 'group'
  | 'hardware address'
  | 'ICMP type'
  | 'id or range'
  | 'interface'
  | 'local address'
  | 'mark'
  | 'match'
  | 'milliseconds'
  | 'nothing'
  | 'port'
  | 'port or range of a match'
  | 'port or range of a target'
  | 'ports and ranges'
  | 'probability'
  | 'protocol'
  | 'protocol or number'
  | 'rate'
  | 'SCTP chunks'
  | 'set'
  | 'target'
  | 'TCP flags'
  | 'TCP option'
  | 'TCP options'
  | 'text'
  | 'time of day'
  | 'traffic class'
  | 'type of service'
  | 'word'
  | 'zone';
