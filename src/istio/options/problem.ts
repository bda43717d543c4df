/**
 * What is wrong or surprising in an option, as data. `src/words` says what of Istio or iptables forbids or ignores it,
 * and how to fix it.
 */
import type { Family } from '../../netfilter/index.ts';
import type { OptionName } from './options.ts';

/** What is the matter, by a name that stays when the sentences change. */
export type OptionProblemCode = OptionFault['code'];

export type OptionProblem = OptionFault & {
  /** An error: no rule is programmed and the pod does not start. A warning: it does, and this is what happens. */
  readonly severity: 'error' | 'warning';
  /** The option's name, or `release`. */
  readonly option: string;
};

/** What is the matter with a value, and what a sentence needs to tell it. */
export type OptionFault = {
  /** The value, or the part of it that is meant. */
  readonly value: string;
} & OptionFaultDetails;

type OptionFaultDetails =
  | {
      readonly code:
        | 'all beside groups'
        | 'all beside ports'
        | 'all beside ranges'
        | 'all excluded'
        | 'all included anyway'
        | 'all servers anyway'
        | 'excluded too'
        | 'interface name refused'
        | 'interface name too long'
        | 'interface named *'
        | 'loopback included'
        | 'mark of every packet'
        | 'mark of self calls'
        | 'mode unknown to CNI'
        | 'no IPv6'
        | 'no address'
        | 'no all in the list'
        | 'no group included'
        | 'no interface name'
        | 'no loopback range'
        | 'no owner'
        | 'no port'
        | 'no record'
        | 'no rule by itself'
        | 'only with DNS capture'
        | 'owner by name'
        | 'owner left out'
        | 'port too high'
        | 'range of ports'
        | 'root as proxy'
        | 'table of the kernel';
    }
  | {
      readonly code:
        | 'blank in a range'
        | 'empty part'
        | 'no number'
        | 'no table for IPv6'
        | 'not the mark of Envoy'
        | 'one port for both directions'
        | 'unknown mode';
      /** What to write in its place. */
      readonly write: string;
    }
  /** Null where nobody can tell what was meant. */
  | { readonly code: 'no range'; readonly write: string | null }
  /** The range as iptables takes it, and the one address that is written. */
  | { readonly code: 'host bits'; readonly taken: string; readonly alone: string }
  | { readonly code: 'id too high'; readonly most: number }
  | {
      readonly code: 'too many groups' | 'too many groups for a line';
      readonly count: number;
      readonly most: number;
    }
  | { readonly code: 'address of the other family'; readonly family: Family }
  /** What is captured in any case, where the list of what is included tells. */
  | { readonly code: 'only with all included'; readonly captured: string | null }
  /** True where the release writes rules around the DNS capture all the same. */
  | { readonly code: 'no servers'; readonly leavesRules: boolean }
  | { readonly code: 'always on'; readonly since: string }
  | {
      readonly code: 'unknown release';
      readonly nearest: readonly string[];
      readonly first: string;
      readonly last: string;
    }
  /** Istio's script names a place or a chain that is not there, so that nft takes nothing of it. */
  | { readonly code: 'refused by nft'; readonly why: 'place not there' | 'chain not there' }
  /** Newer than the newest one that is known, as which it is taken. */
  | { readonly code: 'newer release'; readonly newest: string }
  | { readonly code: 'unknown option'; readonly meant: OptionName | null }
  | {
      readonly code: 'wrong type';
      readonly wanted: 'addresses' | 'boolean' | 'string';
      readonly example: string;
    };

/** A fault of an option whose name is known where the fault is found. */
export type Fault = OptionFault & { readonly severity: 'error' | 'warning' };

export function error(fault: OptionFault): Fault {
  return { severity: 'error', ...fault };
}

export function warning(fault: OptionFault): Fault {
  return { severity: 'warning', ...fault };
}
