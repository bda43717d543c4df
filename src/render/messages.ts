/**
 * A journey as the messages of a sequence: what a diagram draws and the list beside it says, in one order.
 */
import { type Journey, type PlacedPassage, passagesOf } from '../journey/index.ts';
import type { Hook, RuleEvent } from '../netfilter/index.ts';
import type { SaidLifeline, SaidMessage } from '../words/index.ts';
import { missesBefore } from './misses.ts';
import { asSender, type StopKind, type StopPlace } from './stop.ts';
import { endsInCircle, isRuleStop, type Showing } from './stops.ts';

/** Overview: the processes, and the kernel as one lifeline. Detail: a lifeline for each hook and chain. */
export type Level = 'overview' | 'detail';

/** `messageWords` of `src/words` says it in words. */
export interface Message extends StopPlace {
  /** A note stands over `to`. */
  readonly kind: 'message' | 'note';
  readonly says: SaidMessage;
  /** The kind of the stop that it is about: shapes and colours hang on it. */
  readonly stop: StopKind;
  readonly from: SaidLifeline;
  readonly to: SaidLifeline;
  readonly isReply: boolean;
}

const kernel: SaidLifeline = { kind: 'kernel' };

/** The messages of a level, in order. */
export function messages(
  journey: Journey,
  level: Level,
  { replies = false }: Showing = {},
): readonly Message[] {
  // Where a packet goes on from one host to the next, it is the same packet that comes in there.
  let from: SaidLifeline | null = null;
  return passagesOf(journey.legs, replies).flatMap((placed) => {
    const made = passageMessages(level, journey, placed, from);
    const { at, number } = placed;
    from = goesOn(journey, placed) ? (made.at(-1)?.to ?? null) : null;
    return made.map((message) => ({ ...message, leg: at, passage: number }));
  });
}

/** From the node into its pod, and back. */
function goesOn({ legs }: Journey, { leg, at, passage: { direction } }: PlacedPassage): boolean {
  return direction === 'request'
    ? leg.node !== undefined && legs[at + 1] !== undefined
    : leg.node === undefined && legs[at - 1]?.node !== undefined;
}

type Bare = Omit<Message, 'leg' | 'passage'>;

function passageMessages(
  level: Level,
  journey: Journey,
  placed: PlacedPassage,
  begun: SaidLifeline | null,
): readonly Bare[] {
  const { leg, passage, at: number } = placed;
  const inCircle = endsInCircle(journey, number);
  const isReply = passage.direction === 'reply';
  const on = (one: SaidLifeline): SaidLifeline =>
    leg.node !== undefined && (one.kind === 'kernel' || one.kind === 'hook' || one.kind === 'chain')
      ? { ...one, on: 'node' }
      : one;
  const [sender, receiver] = isReply ? [leg.server, leg.client] : [leg.client, leg.server];
  const { events } = passage.traversal;
  const made: Bare[] = [];
  let here: SaidLifeline = begun ?? (sender === null ? on(kernel) : asSender(sender));
  let stop: StopKind = here.kind === 'kernel' ? 'hook' : here.kind;
  const go = (event: number, by: SaidLifeline, says: SaidMessage) => {
    const to = on(by);
    made.push({ kind: 'message', says, stop, from: here, to, isReply, event });
    here = to;
  };
  const note = (event: number, says: SaidMessage) => {
    made.push({ kind: 'note', says, stop, from: here, to: here, isReply, event });
  };
  const goPastMisses = (event: number, at: SaidLifeline, to: SaidLifeline) => {
    const misses = missesBefore(events, event);
    if (misses !== null) go(event - 1, to, { code: 'misses', at, misses });
  };
  let entered = false;
  let base: string | null = null;
  for (const [at, event] of events.entries()) {
    switch (event.kind) {
      case 'hook': {
        const to: SaidLifeline = level === 'overview' ? kernel : { kind: 'hook', hook: event.hook };
        if (!entered) go(at, to, { code: 'sent', packet: event.packet });
        stop = 'hook';
        if (entered && level === 'detail') go(at, to, { code: 'hook', event });
        entered = true;
        break;
      }
      case 'table':
        base = event.chain;
        break;
      case 'rule':
        if (isRuleStop(event, base)) stop = 'chain';
        if (level === 'overview') {
          if (isRuleStop(event, base)) go(at, kernel, { code: 'rule', event });
        } else if (event.matched !== false) {
          const { table, verdict } = event;
          const own = chainLifeline(event, base);
          goPastMisses(at, own, own);
          const isLeft = verdict?.kind === 'jump' || verdict?.kind === 'goto';
          go(at, isLeft ? chainLifeline({ table, chain: verdict.chain }, base) : own, {
            code: 'rule',
            event,
          });
        }
        break;
      case 'return':
        if (level === 'detail') {
          const { table, chain, to, hook } = event;
          const own = chainLifeline({ table, chain }, base);
          goPastMisses(at, own, own);
          go(at, chainLifeline({ table, chain: to, hook }, base), { code: 'returns', event });
        }
        break;
      case 'policy':
        if (level === 'detail') {
          const hook: SaidLifeline = { kind: 'hook', hook: event.hook };
          goPastMisses(at, hook, here);
          go(at, hook, { code: 'policy', event });
        }
        break;
      case 'skip':
        if (level === 'detail') go(at, { kind: 'hook', hook: event.hook }, { code: 'not asked', event });
        break;
      case 'rewrite':
        note(at, { code: 'rewrite', event });
        break;
      case 'outcome': {
        const hasIt = event.outcome.kind === 'delivered' || event.outcome.kind === 'sent';
        if (hasIt && goesOn(journey, placed)) break;
        if (receiver !== null && hasIt) {
          const to = asSender(receiver);
          stop = to.kind;
          go(at, to, { code: 'received', packet: event.packet, inCircle: inCircle && !isReply });
        } else {
          stop = hasIt ? 'process' : 'drop';
          note(at, { code: 'ends', event });
        }
        break;
      }
      default:
        break;
    }
  }
  return made;
}

/** The chain that a hook itself asks, `base`, is its hook's lifeline, in every table. */
function chainLifeline(
  { table, chain, hook }: Pick<RuleEvent, 'table' | 'chain'> & { readonly hook?: Hook },
  base: string | null,
): SaidLifeline {
  return hook !== undefined && chain === base ? { kind: 'hook', hook } : { kind: 'chain', table, chain };
}
