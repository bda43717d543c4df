/**
 * The way through one table at one hook: from its built-in chain through user chains to a verdict.
 */
import { knownTarget } from '../iptables/catalogue.ts';
import type { Action } from '../iptables/extension.ts';
import { printCondition } from '../iptables/print.ts';
import type { Situation } from '../iptables/situation.ts';
import type { AddressChoice } from '../kernel/nat.ts';
import type { Answer, Event, Outcome, Question, RuleName, Verdict } from '../model/event.ts';
import type { Packet } from '../model/packet.ts';
import type { Chain, Rule, TableName } from '../model/ruleset.ts';
import { type KnownRule, missOf, testRule } from './evaluate.ts';
import { type Passed, stoppedBy, whyNotFollowed } from './passed.ts';
import type { IndexedTable } from './ruleset-index.ts';
import type { HookState, StepEnd, WithoutPacket } from './step.ts';

/** Another rule of the table is asked; or the table is done with, and the way goes on or ends. */
export type Next = 'next' | StepEnd;

export interface Caller {
  readonly chain: Chain;
  /** The place of the rule that it goes on with. */
  readonly next: number;
}

export const untouched: Passed = { step: 'on', choice: null };

/** What a walk through a table has to do with of the packet that is under way (`Skb`). */
export interface PassingPacket {
  packet: Packet;
  readonly events: Event[];
  readonly answers: readonly Answer[];
  readonly tracking: { close(): void };
  situation(table: TableName, at: HookState): Situation;
  heed(action: Action): void;
  push(event: WithoutPacket<Event>): void;
}

export class TableWalk {
  protected readonly skb: PassingPacket;
  protected readonly at: HookState;
  protected chain: Chain;
  private rules: readonly KnownRule[] = [];
  /** That of the rule that was asked last. */
  protected position = 0;
  private readonly indexed: IndexedTable;
  private readonly base: Chain;
  protected readonly callers: Caller[] = [];
  /** What a rule of the table sees by now; made when one asks. */
  protected seen: Situation | null = null;
  private choice: AddressChoice | null = null;

  constructor(skb: PassingPacket, indexed: IndexedTable, base: Chain, at: HookState) {
    this.skb = skb;
    this.indexed = indexed;
    this.at = at;
    this.base = base;
    this.chain = base;
  }

  passed(): Passed {
    this.comeTo({ chain: this.base, next: 0 });
    const step = this.run();
    return { step, choice: this.choice };
  }

  protected run(): StepEnd {
    this.skb.push({
      kind: 'table',
      hook: this.at.hook,
      table: this.indexed.table.name,
      chain: this.base.name,
    });
    for (;;) {
      const known = this.rules[this.position++];
      const next = known === undefined ? this.end() : this.ask(known);
      if (next !== 'next') return next;
    }
  }

  /** The rules of a chain are at their end. One that was entered by goto ends for its callers, at last for the built-in one. */
  private end(): Next {
    const { chain } = this;
    if (chain !== this.base) {
      const to = (this.callers.at(-1)?.chain ?? this.base).name;
      this.skb.push({
        kind: 'return',
        hook: this.at.hook,
        table: this.indexed.table.name,
        chain: chain.name,
        to,
      });
    }
    return this.goBack();
  }

  protected goBack(): Next {
    const caller = this.callers.pop();
    if (caller === undefined) return this.meetPolicy();
    this.comeTo(caller);
    return 'next';
  }

  /** Where it goes on when it comes back to this chain. */
  protected place(): Caller {
    return { chain: this.chain, next: this.position };
  }

  protected comeTo({ chain, next }: Caller): void {
    this.chain = chain;
    this.rules = this.indexed.rulesOf(chain);
    this.position = next;
  }

  private meetPolicy(): StepEnd {
    const { base } = this;
    const table = this.indexed.table.name;
    const verdict: Verdict = { kind: base.policy === 'DROP' ? 'drop' : 'accept' };
    this.skb.push({ kind: 'policy', hook: this.at.hook, table, chain: base.name, verdict });
    return verdict.kind === 'accept'
      ? 'on'
      : { kind: 'dropped', reason: { code: 'policy', table, chain: base.name } };
  }

  /** One rule, and where its verdict leads. */
  protected ask(known: KnownRule): Next {
    const action = this.test(known);
    if (action === null) return 'next';
    if ('kind' in action) return action;
    const { verdict } = action;
    switch (verdict.kind) {
      case 'continue':
        this.seen = null;
        return 'next';
      case 'accept':
        this.choice = action.nat ?? null;
        return 'on';
      case 'drop':
        return stoppedBy('drop', this.rule(), action.reason);
      case 'reject':
        if (verdict.with === 'tcp-reset') this.skb.tracking.close();
        return stoppedBy(verdict, this.rule());
      case 'return':
        return this.goBack();
      case 'jump':
      case 'goto':
        return this.goTo(verdict.chain, verdict.kind, known.rule);
    }
  }

  private goTo(name: string, kind: 'jump' | 'goto', rule: Rule): Next {
    const { callers, chain } = this;
    const next = this.indexed.chains.get(name);
    if (next === undefined)
      return { kind: 'cannot tell', reason: { ...this.rule(), code: 'no such chain', to: name } };
    if (this.indexed.loops.has(rule)) {
      const chains = [...callers.map((caller) => caller.chain.name), chain.name, name];
      return { kind: 'cannot tell', reason: { ...this.rule(), code: 'loop', chains } };
    }
    const stopped = whyNotFollowed(callers.length + 1, this.rule(), this.skb.events);
    if (stopped !== null) return stopped;
    if (kind === 'jump') callers.push(this.place());
    this.comeTo({ chain: next, next: 0 });
    return 'next';
  }

  /** One rule: what it does where it matches, null where it does not, an outcome where that cannot be told. */
  protected test(known: KnownRule): Action | Outcome | null {
    const { skb, position } = this;
    this.seen ??= skb.situation(this.indexed.table.name, this.at);
    const situation = this.seen;
    const { hook, table } = situation;
    const chain = this.chain.name;
    const { packet } = skb;
    const { first } = known;
    const miss = first === null ? null : missOf(first, situation);
    // nearly all rules of a large ruleset come this way: the event and its reason, and nothing else
    if (first !== null && miss !== null) {
      skb.events.push({
        kind: 'rule',
        hook,
        table,
        chain,
        position,
        matched: false,
        reason: miss,
        failed: first.condition,
        packet,
      });
      return null;
    }
    const { matched: told, reason, failed } = testRule(known, situation);
    const at = { hook, table, chain, position };
    const question: Question | null =
      told === null && failed !== undefined
        ? { ...at, condition: printCondition(situation.family, failed) }
        : null;
    const matched = question === null ? told : this.answerTo(question);
    if (question !== null && matched === null) {
      skb.events.push({ kind: 'rule', ...at, matched, reason, ...(failed && { failed }), packet });
      const untold = { ...this.rule(), code: 'condition not told', condition: reason } as const;
      return { kind: 'cannot tell', reason: untold, question };
    }
    const why = { reason, ...(question && { answered: true as const }) };
    if (matched !== true) {
      skb.events.push({ kind: 'rule', ...at, matched: false, ...why, ...(failed && { failed }), packet });
      return null;
    }
    const action = act(known.rule, situation);
    if (action.packet !== undefined) skb.packet = action.packet;
    const { reason: effect, unknown, verdict } = action;
    skb.push({ kind: 'rule', ...at, matched: true, ...why, ...(effect && { effect }), verdict });
    if (unknown !== undefined)
      return { kind: 'cannot tell', reason: { ...this.rule(), code: 'target not told', target: unknown } };
    skb.heed(action);
    return action;
  }

  private answerTo(question: Question): boolean | null {
    const { table, chain, position } = question;
    const answer = this.skb.answers.find(
      (one) => one.table === table && one.chain === chain && one.position === position,
    );
    return answer?.matches ?? null;
  }

  /** The rule that was asked last. */
  protected rule(): RuleName {
    return { table: this.indexed.table.name, chain: this.chain.name, position: this.position };
  }
}

function act({ target }: Rule, situation: Situation): Action {
  if (target === null) return { verdict: { kind: 'continue' } };
  if (target.kind === 'chain')
    return { verdict: { kind: target.goto ? 'goto' : 'jump', chain: target.chain } };
  const extension = knownTarget(target.name, situation.family)?.extension;
  if (extension === undefined)
    return { verdict: { kind: 'continue' }, unknown: { code: 'unknown target', target: target.name } };
  const { tables, hooks } = extension;
  if (tables?.includes(situation.table as TableName) === false || hooks?.includes(situation.hook) === false) {
    const places = [...(tables ?? []), ...(hooks ?? [])];
    const unknown = { code: 'not in this place', target: target.name, places } as const;
    return { verdict: { kind: 'continue' }, unknown };
  }
  return extension.act(target.options, situation);
}
