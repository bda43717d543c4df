/** The way through one table, without why. */
import type { Action } from '../../iptables/extension.ts';
import type { Situation } from '../../iptables/situation.ts';
import type { Outcome } from '../../model/event.ts';
import { firstOpen, type KnownRule } from '../evaluate.ts';
import { deepest, whyNotFollowed } from '../passed.ts';
import type { HookState, StepEnd } from '../step.ts';
import { type Caller, type Next, type PassingPacket, TableWalk } from '../table-walk.ts';
import type { Numbers } from './numbers.ts';
import { does, type NumberedChain, noRule, type OtherRule, type TableProgram } from './program.ts';

/** A chain that is under way. */
interface Frame extends Caller {
  readonly numbered: NumberedChain;
  /** The next rule that asks the index for the packet's value. */
  own: number;
  /** The place, among the rules that are asked of every packet, of the next. */
  next: number;
}

/** So many events are not too many: only beyond them it is asked. */
const surelyFew = 100_000;

export class DecidingWalk extends TableWalk {
  private readonly program: TableProgram;
  /** No target of iptables writes one of these: NAT does, behind its table. */
  private readonly numbers: Numbers;
  private frame!: Frame;

  constructor(
    skb: PassingPacket,
    numbers: Numbers,
    program: TableProgram,
    base: NumberedChain,
    at: HookState,
  ) {
    super(skb, program.table, base.chain, at);
    this.program = program;
    this.numbers = numbers;
  }

  private begin(numbered: NumberedChain): Frame {
    const { chain, first, end, index } = numbered;
    // What is left out counts as asked: a walk that may be too long is put to the engine that explains.
    this.skb.events.length += end - first;
    if (index === null) return { chain, numbered, own: noRule, next: first };
    const own = index.heads.get(this.numbers[index.place] as number) ?? noRule;
    return { chain, numbered, own, next: 0 };
  }

  protected override run(): StepEnd {
    const { program, numbers } = this;
    for (;;) {
      const rule = this.following();
      if (rule !== noRule && !program.mayMatch(rule, numbers)) continue;
      const next = rule === noRule ? this.goBack() : this.follow(rule, program.doneBy(rule));
      if (next !== 'next') return next;
    }
  }

  /** The next rule of the chain that is to be asked. */
  private following(): number {
    const { frame } = this;
    const { index, end } = frame.numbered;
    if (index === null) return frame.next < end ? frame.next++ : noRule;
    const { own, next } = frame;
    const other = next < index.others.length ? (index.others[next] as number) : noRule;
    if (own < other) frame.own = this.program.nextLike(own);
    else frame.next++;
    return own < other ? own : other;
  }

  private follow(rule: number, done: number): Next {
    const { frame, program } = this;
    switch (done) {
      case does.nothing:
        return 'next';
      case does.accepts:
        return 'on';
      case does.returns:
        return this.goBack();
    }
    this.chain = frame.chain;
    this.position = rule - frame.numbered.first + 1;
    if (done === does.other) return this.ask(program.other(frame.numbered, rule));
    return this.jump(program.chain(done));
  }

  protected override place(): Frame {
    return this.frame;
  }

  /** To a caller, or to the beginning of a chain that a rule names. */
  protected override comeTo(to: Frame | Caller): void {
    if ('numbered' in to) this.frame = to;
    else this.frame = this.begin(this.program.chainNamed(to.chain.name));
  }

  private jump(to: NumberedChain): Next {
    const { callers, skb } = this;
    if (callers.length >= deepest || skb.events.length > surelyFew) {
      const stopped = whyNotFollowed(callers.length + 1, this.rule(), skb.events);
      if (stopped !== null) return stopped;
    }
    callers.push(this.frame);
    this.frame = this.begin(to);
    return 'next';
  }

  protected override test(rule: OtherRule): Action | Outcome | null {
    if (!rule.isWhole) this.seen ??= this.skb.situation(this.program.table.table.name, this.at);
    const matched = this.seen === null || rule.isWhole || decided(rule, this.seen);
    if (matched === false) return null;
    const { action } = rule;
    if (matched === null || action === null || action.hooks?.includes(this.at.hook) === false)
      return super.test(rule);
    this.skb.heed(action);
    return action;
  }
}

/** Null: it depends on something that the engine was not told. */
function decided({ rule, matches }: KnownRule, situation: Situation): boolean | null {
  let matched: boolean | null = rule.unread === undefined ? true : null;
  for (const match of matches) {
    const open = firstOpen(match, situation);
    if (open?.matched === false) return false;
    if (open !== null) matched = null;
  }
  return matched;
}
