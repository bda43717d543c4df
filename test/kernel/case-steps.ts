/** The engine's case files as questions to the kernel. */
import { type Host, type Packet, parseRuleset, type Traversal } from '../../src/netfilter/index.ts';
import type { Case } from '../netfilter/case-file.ts';
import { hostAfter, packetOf, traverseAnswered } from '../netfilter/trace-lines.ts';
import type { Crafted } from './crafted.ts';

export interface KernelStep {
  readonly line: number;
  readonly crafted: Crafted;
  readonly traversal: Traversal;
}

export interface Steps {
  readonly steps: readonly KernelStep[];
  /** Why the kernel is not asked about the rest; null when all is asked. */
  readonly leftOut: string | null;
}

/**
 * The packets of a case in turn, with the engine's answers, up to the first one that the kernel cannot be asked
 * about.
 */
export function stepsOf(one: Case): Steps {
  const { v4, v6 } = one.rules;
  const parsed = {
    ...(v4 === undefined ? {} : { v4: parseRuleset(v4.text, 'v4') }),
    ...(v6 === undefined ? {} : { v6: parseRuleset(v6.text, 'v6') }),
  };
  if ((parsed.v4?.problems.length ?? 0) + (parsed.v6?.problems.length ?? 0) > 0)
    return { steps: [], leftOut: 'some of its rules cannot be read' };
  let host: Host = {
    ...one.host,
    rulesets: {
      ...(parsed.v4 === undefined ? {} : { v4: parsed.v4.ruleset }),
      ...(parsed.v6 === undefined ? {} : { v6: parsed.v6.ruleset }),
    },
  };
  const steps: KernelStep[] = [];
  let first: Packet | null = null;
  let last: Traversal | null = null;
  let connection = 0;
  for (const step of one.steps) {
    const { kind } = step.question;
    if (kind === 'problems' || kind === 'print') continue;
    const packet: Packet = packetOf(step, first, last);
    if (kind === 'packet') {
      first = packet;
      connection += 1;
    }
    last = traverseAnswered(host, packet, step.answers);
    host = hostAfter(host, last);
    const reason = unaskable(packet, last);
    if (reason !== null) return { steps, leftOut: `line ${step.line}: ${reason}` };
    const direction = kind === 'reply' ? 'reply' : 'original';
    steps.push({ line: step.line, crafted: { packet, direction, connection }, traversal: last });
  }
  return { steps, leftOut: null };
}

function unaskable(packet: Packet, { outcome }: Traversal): string | null {
  if (outcome.kind === 'cannot tell') return 'the engine cannot tell';
  if ('kernel' in packet.from) return 'the kernel itself cannot be told what to send';
  if ('interface' in packet.from && packet.from.interface === 'lo')
    return 'nothing is put into lo from outside';
  return null;
}
