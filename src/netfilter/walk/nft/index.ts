/** The way through one base chain of nft: from it through other chains to a verdict (nft_do_chain). */
import type { AddressChoice } from '../../kernel/nat.ts';
import type { Outcome, Question, RuleName, Verdict } from '../../model/event.ts';
import type { RuleReason, TargetReason } from '../../model/rule-reason.ts';
import type { Done } from '../../nftables/evaluate/done.ts';
import { needsCondition } from '../../nftables/evaluate/rejection.ts';
import { perform, question } from '../../nftables/evaluate/statement.ts';
import type { BaseChain } from '../../nftables/hooked/index.ts';
import type {
  NftChain,
  NftRule,
  NftRuleset,
  NftStatement,
  NftTable,
  NftTableName,
} from '../../nftables/model.ts';
import { printStatement } from '../../nftables/print.ts';
import type { NftConditionReason } from '../../nftables/reason.ts';
import { priorities } from '../hook-entry.ts';
import { type Passed, stoppedBy, whyNotFollowed } from '../passed.ts';
import type { HookState, Skb, StepEnd } from '../skb.ts';

export { type NftOrder, nftOrder } from './order.ts';

type Next = 'next' | StepEnd;

interface Caller {
  readonly chain: NftChain;
  readonly next: number;
}

/** Why a rule matched, or the verdict that it came to. */
interface Decided {
  readonly verdict: Verdict;
  readonly reason?: TargetReason;
  readonly nat?: AddressChoice;
}

export type WalkBaseChain = (skb: Skb, base: BaseChain, at: HookState) => Passed;

export const walkBaseChain: WalkBaseChain | null = (skb, base, at) => {
  const walk = new ChainWalk(skb, base, at);
  const step = walk.run();
  return { step, choice: walk.choice };
};

const otherTables = ['raw', 'mangle', 'filter', 'security'] as const;

class ChainWalk {
  choice: AddressChoice | null = null;
  private readonly skb: Skb;
  private readonly base: BaseChain;
  private readonly at: HookState;
  private readonly name: NftTableName;
  private readonly callers: Caller[] = [];
  private table: NftTable;
  private chain: NftChain;
  private position = 0;
  /** Chains that were gone to without a way back, to see a loop of them. */
  private gone: string[] = [];

  constructor(skb: Skb, base: BaseChain, at: HookState) {
    this.skb = skb;
    this.base = base;
    this.at = at;
    this.name = base.name;
    this.table = tableOf(skb, base);
    this.chain = base.chain;
  }

  run(): StepEnd {
    const { type, priority } = this.base.chain.base;
    const like = type === 'nat' ? type : otherTables.find((name) => priorities[name] === priority);
    this.skb.push({ kind: 'table', ...this.place(), ...(like && { like }) });
    for (;;) {
      const rule = this.chain.rules[this.position];
      const next = rule === undefined ? this.end() : this.ask(rule);
      if (next !== 'next') return next;
    }
  }

  private place() {
    return { hook: this.at.hook, table: this.name, chain: this.chain.name };
  }

  private end(): Next {
    if (this.chain.name !== this.base.chain.name) {
      const to = (this.callers.at(-1)?.chain ?? this.base.chain).name;
      this.skb.push({ kind: 'return', ...this.place(), to });
    }
    return this.goBack();
  }

  private goBack(): Next {
    const caller = this.callers.pop();
    if (caller === undefined) return this.meetPolicy();
    this.chain = caller.chain;
    this.position = caller.next;
    return 'next';
  }

  private meetPolicy(): StepEnd {
    const { chain } = this.base;
    const verdict: Verdict = { kind: chain.base.policy };
    const place = { hook: this.at.hook, table: this.name, chain: chain.name };
    this.skb.push({ kind: 'policy', ...place, verdict });
    return verdict.kind === 'accept'
      ? 'on'
      : { kind: 'dropped', reason: { code: 'policy', table: this.name, chain: chain.name } };
  }

  private ask(rule: NftRule): Next {
    this.position++;
    const decided = this.test(rule);
    if (decided === null) return 'next';
    if ('kind' in decided) return decided;
    const { verdict } = decided;
    switch (verdict.kind) {
      case 'continue':
        return 'next';
      case 'accept':
        this.choice = decided.nat ?? null;
        return 'on';
      case 'drop':
        return stoppedBy('drop', this.rule(), decided.reason);
      case 'reject':
        if (verdict.with === 'tcp-reset') this.skb.tracking.close();
        return stoppedBy(verdict, this.rule());
      case 'return':
        return this.goBack();
      case 'jump':
      case 'goto':
        return this.goTo(verdict.chain, verdict.kind);
    }
  }

  private goTo(name: string, kind: 'jump' | 'goto'): Next {
    const { callers, chain, position } = this;
    const next = this.table.chains.find((one) => one.name === name);
    if (next === undefined)
      return { kind: 'cannot tell', reason: { ...this.rule(), code: 'no such chain', to: name } };
    const stopped = whyNotFollowed(callers.length + 1, this.rule(), this.skb.events);
    if (stopped !== null) return stopped;
    if (kind === 'jump') {
      callers.push({ chain, next: position });
      this.gone = [];
    } else {
      this.gone.push(chain.name);
      if (this.gone.length > this.table.chains.length)
        return { kind: 'cannot tell', reason: { ...this.rule(), code: 'loop', chains: this.gone } };
    }
    this.chain = next;
    this.position = 0;
    return 'next';
  }

  /** One rule, statement by statement: what was done before the one that ends it stays done. */
  private test(rule: NftRule): Decided | Outcome | null {
    const held: NftConditionReason[] = [];
    let open: { readonly question: Question; readonly reason: NftConditionReason } | null = null;
    let effect: TargetReason | undefined;
    const kept = this.keptOut(rule);
    for (const statement of rule.statements) {
      if (kept !== null && statement.kind !== 'match') {
        const reason = question(kept, 'not told');
        this.tell(rule, { matched: false, reason: { ...reason, code: 'nft fails' }, failed: kept });
        return null;
      }
      const done = this.perform(statement);
      if (done.kind === 'goes on' || done.kind === 'breaks') effect = done.effect ?? effect;
      if (done.kind === 'holds') held.push(done.reason);
      if (done.kind === 'asks') {
        open ??= { question: this.question(statement), reason: done.reason };
        const answer = this.answerTo(open.question);
        if (answer === null) {
          this.tell(rule, { matched: null, reason: done.reason, failed: statement });
          const condition = done.reason;
          return {
            kind: 'cannot tell',
            reason: { ...this.rule(), code: 'condition not told', condition },
            question: open.question,
          };
        }
        if (!answer) {
          this.tell(rule, { matched: false, reason: done.reason, failed: statement, isAnswered: true });
          return null;
        }
        held.push(done.reason);
      }
      if (done.kind === 'breaks') {
        const reason = done.reason ?? question(statement, 'not told');
        this.tell(rule, {
          matched: false,
          reason: done.reason ?? { ...reason, code: 'nft fails' },
          failed: statement,
          ...(effect && { effect }),
        });
        return null;
      }
      if (done.kind === 'unknown') {
        this.tell(rule, { matched: true, reason: all(held), isAnswered: open !== null });
        const target = done.open ?? { code: 'statement not known', statement: printStatement(statement) };
        return { kind: 'cannot tell', reason: { ...this.rule(), code: 'target not told', target } };
      }
      if (done.kind === 'verdict') {
        if (done.looked !== undefined) held.push(done.looked);
        const { verdict, reason, nat } = done;
        this.tell(rule, {
          matched: true,
          reason: all(held),
          isAnswered: open !== null,
          ...(reason === undefined ? effect && { effect } : { effect: reason }),
          verdict,
        });
        return { verdict, ...(reason && { reason }), ...(nat && { nat }) };
      }
    }
    const verdict: Verdict = { kind: 'continue' };
    this.tell(rule, {
      matched: true,
      reason: all(held),
      isAnswered: open !== null,
      ...(effect && { effect }),
      verdict,
    });
    return { verdict };
  }

  private keptOut({ statements }: NftRule): NftStatement | null {
    const last = statements.at(-1);
    if (last === undefined || !needsCondition(last, statements)) return null;
    const { skb, table } = this;
    const done = perform(last, { situation: skb.situation(this.name, this.at), table });
    return done.kind === 'breaks' ? last : null;
  }

  private perform(statement: NftStatement): Done {
    const { skb, table } = this;
    const done = perform(statement, { situation: skb.situation(this.name, this.at), table });
    if (done.kind !== 'goes on') return done;
    if (done.does !== undefined) {
      if (done.does.packet !== undefined) skb.packet = done.does.packet;
      skb.heed({ verdict: { kind: 'continue' }, ...done.does });
    }
    if (done.table !== undefined) {
      this.table = done.table;
      skb.changeTable(done.table);
    }
    return done;
  }

  private tell(
    rule: NftRule,
    told: {
      readonly matched: boolean | null;
      readonly reason: RuleReason;
      readonly failed?: NftStatement;
      readonly isAnswered?: boolean;
      readonly effect?: TargetReason;
      readonly verdict?: Verdict;
    },
  ): void {
    const { matched, reason, failed, isAnswered, effect, verdict } = told;
    this.skb.push({
      kind: 'rule',
      ...this.place(),
      position: this.position,
      ...(rule.handle === undefined ? {} : { handle: rule.handle }),
      matched,
      reason,
      ...(failed === undefined ? {} : { failed: { written: printStatement(failed) } }),
      ...(isAnswered === true ? { answered: true as const } : {}),
      ...(effect === undefined ? {} : { effect }),
      ...(verdict === undefined ? {} : { verdict }),
    });
  }

  private question(statement: NftStatement): Question {
    return { ...this.rule(), condition: printStatement(statement) };
  }

  private answerTo({ table, chain, position }: Question): boolean | null {
    const answer = this.skb.answers.find(
      (one) => one.table === table && one.chain === chain && one.position === position,
    );
    return answer?.matches ?? null;
  }

  private rule(): RuleName {
    return { table: this.name, chain: this.chain.name, position: this.position };
  }
}

/** The table as it is by now: a rule may have changed its sets. */
function tableOf(skb: Skb, { table }: BaseChain): NftTable {
  const ruleset: NftRuleset | undefined = skb.host.rulesets.nft;
  return ruleset?.tables.find((one) => one.family === table.family && one.name === table.name) ?? table;
}

function all(of: readonly NftConditionReason[]): RuleReason {
  return of.length === 0 ? { code: 'no condition' } : { code: 'nft all hold', of };
}
