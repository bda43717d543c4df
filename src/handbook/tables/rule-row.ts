import type { TableName } from '../../netfilter/model/ruleset.ts';

/** A rule, and what became of it in a journey. */
export interface RuleRow {
  readonly table?: TableName | undefined;
  readonly chain: string;
  /** From 1, as `iptables -L --line-numbers` counts. */
  readonly position: number;
  readonly rule: string;
  /** The rule's stable name: `output.proxy-self-call`. */
  readonly role?: string | undefined;
  /** What the rule is for, in a sentence. */
  readonly purpose?: string | undefined;
  readonly met: 'matched' | 'did not match' | 'not reached';
  /** Why it matched or did not. */
  readonly because?: string | undefined;
  /** The condition that failed, as it is written in the rule. */
  readonly failed?: string | undefined;
  /** Where the role is explained. */
  readonly href?: string | undefined;
  /** The row's own address. */
  readonly id?: string | undefined;
}
